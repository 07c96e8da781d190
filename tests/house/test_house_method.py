"""The page on the method names every default of the inference from signals, as it is."""

from __future__ import annotations

import re

import pytest
from tree import ROOT

from darkhours.infer.signals.tuning import Tuning

PAGE = (ROOT / "docs" / "explanation" / "method.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z_.]+)` \| ([^|]+) \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE))


@pytest.mark.parametrize(("name", "value"), Tuning().named().items())
def test_a_default_stands_in_the_table_with_its_value(name, value):
    assert ROWS[name] == f"{value:.3g}"


def test_the_table_invents_no_default():
    assert set(ROWS) == set(Tuning().named())
