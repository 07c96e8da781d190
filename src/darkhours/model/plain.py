"""Text that others wrote, made harmless to a terminal."""

from __future__ import annotations

import unicodedata

_RISKY = {"Cc", "Cf", "Co", "Cs"}
"""Unicode categories of control, format (direction marks among them), private and half characters."""
_MARK = "\N{REPLACEMENT CHARACTER}"


def harmless(line: str) -> str:
    """Return a line with every character that a terminal obeys replaced by a mark.

    An escape sequence can rewrite the screen, and a mark that turns the reading direction
    can swap what is said.
    """
    return "".join(_MARK if unicodedata.category(char) in _RISKY else char for char in line)


def plain(text: str) -> str:
    r"""Return ``text`` on one line, harmless to a terminal.

    >>> plain("a\tb  c"), plain("Алматы"), plain(chr(27) + "[31m") == chr(0xFFFD) + "[31m"
    ('a b c', 'Алматы', True)
    """
    return harmless(" ".join(text.split()))
