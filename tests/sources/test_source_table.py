"""Tables are read by rule: times, zones, numbers, duplicates, gaps and names, one row for each."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.model.errors import InputError
from darkhours.sources import TableOptions
from darkhours.sources.table import parse

PLAIN = TableOptions(time="t", value="v")
NAN = float("nan")
HOUR = timedelta(hours=1)


def read(text, options=PLAIN, file="town.csv", **changes):
    return parse(text.encode(), replace(options, **changes), file)


def rows(*lines, header="t,v"):
    return "\n".join([header, *lines]) + "\n"


def hourly(*values, header="t,v"):
    return rows(*(f"2022-01-05 {hour:02}:00,{value}" for hour, value in enumerate(values)), header=header)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fail(text, **changes):
    with pytest.raises(InputError) as caught:
        read(text, **changes)
    return str(caught.value)


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


@pytest.mark.parametrize(
    ("cell", "expected", "unreadable"),
    [
        pytest.param("0", 0, 0, id="zero-is-zero"),
        pytest.param("", NAN, 0, id="empty-is-not-measured"),
        pytest.param("NaN", NAN, 0, id="nan"),
        pytest.param("null", NAN, 0, id="null"),
        pytest.param("N/A", NAN, 0, id="na"),
        pytest.param(" 7 ", 7, 0, id="blanks-around"),
        pytest.param("1e2", 100, 0, id="exponent"),
        pytest.param("-0.5", NAN, 1, id="negative"),
        pytest.param("inf", NAN, 1, id="infinite"),
        pytest.param("1_000", NAN, 1, id="underscore"),
        pytest.param("many", NAN, 1, id="word"),
        pytest.param("5 ms", NAN, 1, id="unit"),
    ],
)
def test_a_cell_is_a_number_nothing_or_named(cell, expected, unreadable):
    found = read(hourly(1, 2, 3, cell, 5))
    assert found.panels[0].values[0, 3] == pytest.approx(expected, nan_ok=True)
    assert sum(each.count for each in found.unreadable) == unreadable


def test_strict_stops_at_the_first_row_that_cannot_be_read():
    message = fail(hourly(1, "many", 3), strict=True)
    assert message.startswith("town.csv:3:")
    assert "v: expected a number" in message
    assert "'many'" in message


def test_a_column_that_is_no_number_is_an_error():
    assert "expected a number" in fail(hourly("a", "b", "c", 4))


def test_a_row_of_another_width_is_counted_and_a_blank_line_is_nothing():
    found = read(hourly(1, 2, 3) + "\n2022-01-05 03:00\n2022-01-05 04:00,5\n")
    assert [(each.count, each.first_line) for each in found.unreadable] == [(1, 6)]
    assert found.panels[0].values[0] == pytest.approx([1, 2, 3, NAN, 5], nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("count", 9, id="largest-count"),
        pytest.param("gauge", 6, id="mean-gauge"),
        pytest.param("index", 6, id="mean-index"),
    ],
)
def test_one_instant_told_differently_follows_the_rule_of_its_kind(kind, expected):
    text = hourly(1, 2) + "2022-01-05 02:00,9\n2022-01-05 02:00,3\n2022-01-05 03:00,4\n"
    found = read(text, kind=kind)
    assert found.panels[0].values.tolist() == [[1, 2, expected, 4]]
    assert any("different values" in note for note in found.notes)


def test_one_instant_told_twice_alike_counts_once():
    text = rows("2022-01-05 00:00,7", "2022-01-05 00:00,7", "2022-01-05 01:00,8", "2022-01-05 02:00,9")
    found = read(text)
    assert found.panels[0].values.tolist() == [[7, 8, 9]]
    assert any("one value" in note for note in found.notes)


def test_an_absent_row_is_not_measured_and_never_zero():
    text = rows("2022-01-05 00:00,1", "2022-01-05 01:00,2", "2022-01-05 04:00,3", "2022-01-05 05:00,3")
    assert read(text).panels[0].values[0] == pytest.approx([1, 2, NAN, NAN, 3, 3], nan_ok=True)


@pytest.mark.parametrize(
    ("seconds", "step_s"),
    [
        pytest.param(range(0, 6000, 600), 600, id="regular"),
        pytest.param(range(0, 4200, 420), 420, id="a-rhythm-of-its-own-of-whole-minutes"),
        pytest.param([0, 601, 1198, 1803, 2399, 3002, 3600], 600, id="jitter-is-snapped"),
        pytest.param([0, 600, 1200, 3000, 3600, 9000, 9600], 600, id="gaps-do-not-count"),
    ],
)
def test_the_step_is_the_most_common_gap(seconds, step_s):
    (panel,) = read(rows(*(f"{1641340800 + each},1" for each in seconds))).panels
    assert panel.grid.step == timedelta(seconds=step_s)
    assert panel.grid.start == at("2022-01-05T00:00")


def test_rows_a_little_off_the_beat_stand_in_the_bin_of_the_nearest():
    seconds = [3, 601, 1198, 1803, 2399, 3002, 3600, 4199]
    found = read(rows(*(f"{1641340800 + each},{at}" for at, each in enumerate(seconds))))
    assert found.panels[0].values.tolist() == [list(range(8))]
    assert any("nearest" in note for note in found.notes)


def test_a_longer_step_takes_the_mean_of_its_instants():
    found = read(hourly(2, 4, 6, 8), step=timedelta(hours=2))
    assert found.panels[0].values.tolist() == [[3, 7]]


def test_counted_rows_are_the_value_and_silence_is_zero_only_while_the_file_was_written():
    text = rows(
        "2022-01-05 00:05,a",
        "2022-01-05 00:06,b",
        "2022-01-05 00:31,a",
        "2022-01-05 00:39,a",
        header="t,place",
    )
    counted = TableOptions(time="t", count=True, entity=("place",), step=timedelta(minutes=10))
    (panel,) = read(text, counted).panels
    assert panel.grid.start == at("2022-01-05T00:00")
    assert panel.values.tolist() == [[1, 0, 0, 2], [1, 0, 0, 0]]
    assert panel.counted
    assert panel.partial.tolist() == [True, False, False, True]
    assert panel.signal.kind == "count"


def test_counted_rows_of_rounds_are_not_cut_finer_than_the_rounds():
    text = rows(*(f"2022-01-05 {hour:02}:00,a" for hour in range(8) for _ in range(50)), header="t,place")
    (panel,) = read(text, TableOptions(time="t", count=True, entity=("place",))).panels
    assert panel.grid.step == HOUR


def test_an_entity_that_goes_back_in_time_is_an_error_unless_told():
    text = rows("2022-01-05 02:00,3", "2022-01-05 01:00,2", "2022-01-05 00:00,1")
    assert fail(text).startswith("town.csv:3: t:")
    assert read(text, unordered=True).panels[0].values.tolist() == [[1, 2, 3]]


def test_columns_of_names_combine_to_local_entities_that_contain_each_other():
    text = rows(
        "2022-01-05 00:00,Kerman,Bam,1,29.1,58.4",
        "2022-01-05 01:00,Kerman,Bam,2,29.1,58.4",
        "2022-01-05 00:00,A/B,C D,3,,",
        "2022-01-05 01:00,A/B,C D,4,,",
        header="t,province,county,v,lat,lon",
    )
    (panel,) = read(text, entity=("province", "county"), tz="Asia/Tehran").panels
    bam, other = panel.entities
    assert (bam.id, bam.name, bam.within) == ("local:Kerman/Bam", "Bam", ("local:Kerman",))
    assert (bam.latitude, bam.longitude, bam.tz) == (29.1, 58.4, "Asia/Tehran")
    assert (other.id, other.within, other.latitude) == ("local:A%2FB/C%20D", ("local:A%2FB",), None)


@pytest.mark.parametrize(
    ("column", "cells", "ids"),
    [
        pytest.param("place", ("city:1526384", "asn:9198"), ["city:1526384", "asn:9198"], id="ids"),
        pytest.param("country", ("KZ", "IR"), ["country:KZ", "country:IR"], id="codes-of-countries"),
        pytest.param("state", ("KZ", "IR"), ["local:KZ", "local:IR"], id="codes-elsewhere"),
        pytest.param("country", ("KZ", "XX"), ["local:KZ", "local:XX"], id="no-such-country"),
        pytest.param(
            "place", ("Almaty", "Astana"), ["local:Almaty", "local:Astana"], id="names-are-not-guessed"
        ),
    ],
)
def test_names_that_are_ids_are_taken_as_such(column, cells, ids):
    lines = [f"2022-01-05 {hour:02}:00,{cell},1" for hour in range(2) for cell in cells]
    found = read(rows(*lines, header=f"t,{column},v"), entity=(column,))
    assert [entity.id for entity in found.panels[0].entities] == ids
    assert found.unrelated == all(each.startswith("country:") for each in ids)


def test_a_file_without_entities_is_one_by_its_name_or_as_told():
    assert read(hourly(1, 2), file="my town.csv.gz").panels[0].entities[0].id == "local:my%20town"
    told = read(hourly(1, 2), as_entity="city:1526384").panels[0].entities[0]
    assert (told.name, told.tz) == ("Almaty", "Asia/Almaty")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "t;v\n2022-01-05 00:00;1,5\n2022-01-05 01:00;2\n", [1.5, 2], id="semicolon-with-decimal-comma"
        ),
        pytest.param("t\tv\n2022-01-05 00:00\t1.5\n2022-01-05 01:00\t2\n", [1.5, 2], id="tab"),
        pytest.param("\ufefft,v\n2022-01-05 00:00,1.5\n2022-01-05 01:00,2\n", [1.5, 2], id="byte-order-mark"),
        pytest.param(
            '"t","v"\r\n"2022-01-05 00:00","1.5"\r\n"2022-01-05 01:00","2"\r\n', [1.5, 2], id="quoted"
        ),
        pytest.param("t,v\n2022-01-05 00:00,1.5\n2022-01-05 01:00,2", [1.5, 2], id="no-last-line-end"),
    ],
)
def test_ways_of_writing_a_csv_give_one_panel(text, expected):
    assert read(text).panels[0].values.tolist() == [expected]


def test_a_packed_file_and_utf_16_are_read_as_what_they_hold():
    text = hourly(1, 2, 3)
    for data in (gzip.compress(text.encode()), text.encode("utf-16")):
        assert parse(data, PLAIN, "town.csv").panels[0].values.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"  \n\n", "empty", id="blank"),
        pytest.param(b"<!DOCTYPE html><p>Sorry", "HTML", id="html"),
        pytest.param(b'{"a": 1}', "JSON", id="json"),
        pytest.param(b"PK\x03\x04rest", "spreadsheet", id="spreadsheet"),
        pytest.param(b"t,v\n\x00\x01\x02", "binary", id="binary"),
        pytest.param("t,v\nStraße,1\n".encode("latin-1"), "UTF-8", id="latin-1"),
        pytest.param(gzip.compress(hourly(1, 2).encode())[:-12], "ends early", id="truncated-gzip"),
        pytest.param(b"\x1f\x8b\x08\x00rubbish-rubbish", "gzip", id="broken-gzip"),
        pytest.param(b"t,v\n", "rows under the header", id="header-alone"),
        pytest.param(b"t,v\n2022-01-05 00:00,1\n", "two instants", id="one-row"),
        pytest.param(b"t,v\n" + b"x" * (2 << 20), "lines of at most", id="endless-line"),
        pytest.param(b't,v\n2022-01-05 00:00,"1\n2022-01-05 01:00,2\n', "quote left open", id="open-quote"),
        pytest.param(b"a,b\n1,2\n", "no column 't'", id="no-such-column"),
        pytest.param(b"t,v,v\n1,2,3\n", "has 2", id="a-column-twice"),
    ],
)
def test_a_file_that_is_no_table_is_an_error_that_says_so(data, said):
    with pytest.raises(InputError) as caught:
        parse(data, PLAIN, "town.csv")
    assert str(caught.value).startswith("town.csv")
    assert said in str(caught.value)


def test_one_wrong_year_is_told_with_its_line_instead_of_filling_the_memory():
    text = rows("1990-01-01 00:00:00,1", *(f"2022-01-05 00:00:{second:02},1" for second in range(30)))
    message = fail(text)
    assert "1990-01-01 (line 2)" in message
    assert "--step" in message


def test_columns_that_can_be_no_other_need_no_naming():
    text = hourly(1, 2, header="Timestamp,anything")
    assert read(text, TableOptions()).panels[0].signal.name == "anything"
    with pytest.raises(InputError, match="--value COLUMN or --count"):
        read("time,a,b\n2022-01-05,1,2\n", TableOptions())


def test_a_second_read_gives_equal_panels_and_the_provenance_of_the_bytes():
    first, second = read(hourly(1, "", 0)), read(hourly(1, "", 0))
    np.testing.assert_array_equal(first.panels[0].values, second.panels[0].values)
    assert first.origin == second.origin
    assert len(first.origin.sha256) == 64
    assert first.origin.parser.startswith("darkhours ")


def test_lines_stay_right_where_cells_hold_line_breaks():
    text = 't,v,note\n2022-01-05 00:00,1,"a\nb"\n2022-01-05 01:00,many,c\n'
    text += "2022-01-05 02:00,3,d\n2022-01-05 03:00,3,d\n"
    (unreadable,) = read(text).unreadable
    assert unreadable.first_line == 4
