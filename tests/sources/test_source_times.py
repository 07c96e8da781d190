"""Times of a table are read by rule: forms, zones, clocks that turn."""

from __future__ import annotations

import pytest
from small_tables import HOUR, at, fail, hourly, read, rows


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(("2022-01-05T11:00:00Z", "2022-01-05T12:00:00Z"), id="iso-utc"),
        pytest.param(("2022-01-05T17:00+06:00", "2022-01-05T18:00+06:00"), id="iso-offset"),
        pytest.param(("2022-01-05T17:00+06:00", "2022-01-05T12:00Z"), id="offsets-may-differ"),
        pytest.param(("2022-01-05 11:00", "2022-01-05 12:00"), id="iso-naive-is-utc"),
        pytest.param(("2022/01/05 11:00", "2022/01/05 12:00"), id="year-first-with-slashes"),
        pytest.param(("05-Jan-2022 11:00:00", "05-Jan-2022 12:00:00"), id="month-in-letters"),
        pytest.param(("5 January 2022 11:00", "5 January 2022 12:00"), id="month-in-full"),
        pytest.param(("Jan 5 2022 11:00", "Jan 5 2022 12:00"), id="month-first-in-letters"),
        pytest.param(("05/Jan/2022:11:00:00 +0000", "05/Jan/2022:12:00:00 +0000"), id="web-server"),
        pytest.param(("Wed 05 Jan 2022 11:00:00 GMT", "Wed 05 Jan 2022 12:00:00 GMT"), id="mail"),
        pytest.param(("1641380400", "1641384000"), id="epoch-s"),
        pytest.param(("1641380400.0", "1641384000.0"), id="epoch-s-fraction"),
        pytest.param(("1641380400000", "1641384000000"), id="epoch-ms"),
        pytest.param(("1641380400000000", "1641384000000000"), id="epoch-us"),
        pytest.param(("1641380400000000000", "1641384000000000000"), id="epoch-ns"),
    ],
)
def test_an_instant_is_read_by_its_form(times):
    (panel,) = read(rows(*(f"{time},1" for time in times))).panels
    assert panel.grid.start == at("2022-01-05T11:00")
    assert panel.grid.step == HOUR


@pytest.mark.parametrize(
    "cell",
    [
        "05/01/2022 11:00",
        "13/01/2022",
        "2022-13-05",
        "2022-01-05 25:00",
        "now",
        "12345",
        "5000000000000000000000",
        "-5",
        "",
        "2022-01-05T11:00+6",
    ],
)
def test_what_has_no_one_meaning_is_no_instant(cell):
    text = hourly(1, 2, 3) + f'"{cell}",4\n'
    (unreadable,) = read(text).unreadable
    assert (unreadable.count, unreadable.first_line, unreadable.example) == (1, 5, cell)


def test_a_date_of_unknown_order_asks_for_a_format_and_a_format_settles_it():
    text = rows("05/01/2022 10:00,1", "05/01/2022 11:00,2")
    message = fail(text)
    assert "--time-format" in message
    assert message.startswith("town.csv:2:")
    (panel,) = read(text, time_format="%d/%m/%Y %H:%M").panels
    assert panel.grid.start == at("2022-01-05T10:00")


@pytest.mark.parametrize(
    ("time_format", "cell", "expected"),
    [
        pytest.param("epoch-s", "1641380400", "2022-01-05T11:00", id="seconds"),
        pytest.param("epoch-ms", "1641380400000", "2022-01-05T11:00", id="milliseconds"),
        pytest.param("local-epoch-s", "1641402000", "2022-01-05T11:00", id="counted-on-local-clocks"),
    ],
)
def test_an_epoch_may_be_told(time_format, cell, expected):
    later = int(cell) + 3600 * (1000 if "ms" in time_format else 1)
    text = rows(f"{cell},1", f"{later},2")
    (panel,) = read(text, time_format=time_format, tz="Asia/Almaty").panels
    assert panel.grid.start == at(expected)


def test_naive_times_are_in_the_zone_of_their_date_and_aware_ones_are_not_moved():
    assert read(hourly(1, 2), tz="Asia/Almaty").panels[0].grid.start == at("2022-01-04T18:00")
    aware = rows("2022-01-05T00:00Z,1", "2022-01-05T01:00Z,2")
    assert read(aware, tz="Asia/Almaty").panels[0].grid.start == at("2022-01-05T00:00")


def test_a_column_may_name_the_zone_of_each_row():
    text = rows(
        "2022-01-05 06:00,1,Asia/Almaty,a",
        "2022-01-05 00:00,2,UTC,b",
        "2022-01-05 07:00,3,Asia/Almaty,a",
        "2022-01-05 01:00,4,UTC,b",
        header="t,v,zone,place",
    )
    (panel,) = read(text, tz="zone", entity=("place",)).panels
    assert panel.values.tolist() == [[1, 3], [2, 4]]
    assert [entity.tz for entity in panel.entities] == ["Asia/Almaty", "UTC"]


def test_a_row_of_an_unknown_zone_is_named():
    text = rows(
        "2022-01-05 06:00,1,UTC", "2022-01-05 07:00,1,UTC", "2022-01-05 08:00,1,Mars", header="t,v,zone"
    )
    (unreadable,) = read(text, tz="zone").unreadable
    assert (unreadable.first_line, unreadable.example) == (4, "Mars")


def test_times_with_and_without_a_zone_do_not_go_together():
    message = fail(rows("2022-01-05T00:00Z,1", "2022-01-05 01:00,2"))
    assert "line 3" in message
    assert "write the zone everywhere" in message


def test_clocks_that_jump_ahead_and_back_are_followed_and_noted():
    spring = rows(*(f"2022-03-27 {clock},1" for clock in ("00:00", "01:00", "03:00", "04:00")))
    assert read(spring, tz="Europe/Berlin").panels[0].grid.n_bins == 4
    skipped = rows(*(f"2022-03-27 {clock},1" for clock in ("00:00", "01:00", "02:00", "04:00")))
    assert any("jumped over" in note for note in read(skipped, tz="Europe/Berlin").notes)
    autumn = rows(*(f"2022-10-30 {clock},1" for clock in ("01:00", "02:00", "02:00", "03:00")))
    read_autumn = read(autumn, tz="Europe/Berlin")
    assert read_autumn.panels[0].values.tolist() == [[1, 1, 1, 1]]
    assert any("showed twice" in note for note in read_autumn.notes)
