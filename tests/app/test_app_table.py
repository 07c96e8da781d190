"""Tables for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest
from hand_made import account, verdict

from darkhours.render.table import TABLES, write_table


def rows(name, **more):
    """Return a table as dictionaries."""
    return list(csv.DictReader(io.StringIO(write_table(account(verdicts=(verdict(),), **more), name))))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_full_row_for_each_thing(name):
    expected = {"windows": 3, "totals": 9, "days": 1, "verdicts": 1}[name]
    found = rows(name)
    assert len(found) == expected
    assert all(None not in row and None not in row.values() for row in found)


def test_times_stand_in_utc_and_in_local_time():
    dark = rows("windows")[1]
    assert (dark["start_utc"], dark["start_local"]) == ("2022-01-04T18:00:00Z", "2022-01-05 00:00")


def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_kept_a_text():
    text = write_table(account(verdicts=(verdict(note="=HYPERLINK()"),)), "verdicts")
    assert ",'=HYPERLINK()" in text


def test_a_table_that_there_is_not_is_a_programming_mistake():
    with pytest.raises(ValueError, match="expected one of windows"):
        write_table(account(), "evidence")
