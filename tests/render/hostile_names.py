"""Names that others could have written to break a form: each must stay a name."""

from __future__ import annotations

import pytest
from odd_fixtures import HOSTILE

HOSTILE_NAMES = [
    pytest.param(HOSTILE, id="markup-turns-and-controls"),
    pytest.param("\"' onload='alert(1)' x=\"", id="quotes"),
    pytest.param("\u202eKazakhstan\u2066", id="turns"),
    pytest.param("\x00\x01\x1f\ud800\ufffe]]>&#0;", id="no-xml"),
    pytest.param("=cmd|' /C calc'!A0", id="formula"),
    pytest.param("a\r\nBEGIN:VEVENT\r\nUID:x;y,z\\", id="lines-of-a-calendar"),
    pytest.param("x" * 10_000, id="ten-kilobytes"),
    pytest.param("қ" * 5_000, id="ten-kilobytes-of-two-octets"),
    pytest.param("", id="empty"),
]
"""Parameters of a test that takes a name."""
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"
"""Characters that turn the reading direction; the isolates that we put ourselves are U+2068 and U+2069."""
