"""Many entities on a terminal: counts first, twenty shown, the rest by number, no line too wide."""

from __future__ import annotations

import data_fixture as data
import odd_fixtures as odd
import pytest
from rich.cells import cell_len

from darkhours.render.terminal import Look
from darkhours.render.terminal_many import TOP, tell_many


@pytest.mark.parametrize("number", [1, 5, 30, 73, 3000])
@pytest.mark.parametrize("look", [Look(), Look(60, 24, ascii_only=True)], ids=["wide", "narrow-ascii"])
def test_it_fits_the_terminal(number, look):
    lines = tell_many(data.data_set(number), look, ["The page  a.html"]).plain.splitlines()
    assert max(map(cell_len, lines)) <= look.width
    assert len(lines) <= TOP + 12
    assert not look.ascii_only or all(line.isascii() for line in lines)


def test_counts_come_first_and_the_rest_is_told_by_number():
    text = tell_many(data.data_set(3000), Look()).plain
    assert text.startswith("2,700 of 3,000 places went dark; the median onset was Sat 16 Nov")
    assert "2,680 more that fell, not shown" in text


def test_nobody_fell():
    text = tell_many([data.untouched(at, 0) for at in range(30)], Look()).plain
    assert text.startswith("0 of 30 places went dark")
    assert "10 more, not shown" in text


def test_curfews_are_counted():
    assert "9 with a nightly curfew" in tell_many(data.curfews(9), Look()).plain


def test_hostile_names_do_nothing():
    text = tell_many(data.hostile(), Look()).plain
    assert "\u202e" not in text
    assert "\x07" not in text


def test_odd_accounts_are_told():
    assert tell_many([made() for made in odd.ODD.values()], Look()).plain


def test_no_account_is_an_error():
    with pytest.raises(ValueError, match="expected at least one account"):
        tell_many([], Look())
