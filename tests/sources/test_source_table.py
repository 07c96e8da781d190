"""Tables are read by rule: cells, names, ways of writing, and files that are none."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from small_tables import HOUR, NAN, PLAIN, fail, hourly, read, rows

from darkhours.model.errors import InputError
from darkhours.sources import TableOptions
from darkhours.sources.table import parse


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
        pytest.param(
            "sep=;\nt;v\n2022-01-05 00:00;1.5\n2022-01-05 01:00;2\n", [1.5, 2], id="told-by-a-spreadsheet"
        ),
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


def test_names_that_differ_only_in_blanks_around_them_are_one_entity():
    text = rows("2022-01-05 00:00,a ,1", "2022-01-05 01:00, a,2", "2022-01-05 02:00,b,3", header="t,place,v")
    (panel,) = read(text, entity=("place",), step=HOUR).panels
    assert [entity.id for entity in panel.entities] == ["local:a", "local:b"]
    np.testing.assert_array_equal(panel.values, [[1, 2, NAN], [NAN, NAN, 3]])


def test_entities_of_one_name_are_told_apart_by_what_contains_them():
    lines = [f"2022-01-05 {hour:02}:00,{outer},Center,1" for hour in range(2) for outer in ("North", "South")]
    (panel,) = read(rows(*lines, header="t,outer,place,v"), entity=("outer", "place")).panels
    assert [entity.name for entity in panel.entities] == ["Center, North", "Center, South"]


def test_a_name_that_no_id_can_hold_is_an_error():
    text = rows(
        "2022-01-05 00:00,y,1", *(f"2022-01-05 {h:02}:00,{'x' * 300},1" for h in (1, 2)), header="t,place,v"
    )
    said = fail(text, entity=("place",))
    assert ":3: place: expected a name of at most 200 letters" in said


def test_the_order_of_entities_in_the_file_does_not_change_their_values():
    lines = [f"2022-01-05 {hour:02}:00,{place},{hour}" for hour in range(3) for place in "ab"]
    by_entity = sorted(lines, key=lambda line: line.split(",")[1])
    one = read(rows(*lines, header="t,place,v"), entity=("place",)).panels[0]
    other = read(rows(*by_entity, header="t,place,v"), entity=("place",)).panels[0]
    assert one.entities == other.entities
    np.testing.assert_array_equal(one.values, other.values)


def test_the_line_of_an_error_is_right_deep_in_a_long_file():
    lines = [f"{1641340800 + 60 * at},{at}" for at in range(30_000)]
    lines[20_000] = "1642540800,many"
    (unreadable,) = read(rows(*lines)).unreadable
    assert unreadable.first_line == 20_002


def test_a_row_without_a_readable_time_brings_no_entity_into_being():
    lines = [f"2022-01-05 {hour:02}:00,a,1" for hour in range(3)]
    found = read(rows(*lines, "t,place,v", header="t,place,v"), entity=("place",))
    assert [entity.id for entity in found.panels[0].entities] == ["local:a"]
    assert [each.first_line for each in found.unreadable] == [5]


def test_names_are_looked_up_only_where_told_and_what_is_not_known_stays_local():
    cells = [("KZ", "Almaty"), ("KZ", "Nowhere At All"), ("KZ", "Алма-Ата Юг")]
    lines = [f"2022-01-05 {hour:02}:00,{','.join(cell)},1" for hour in range(2) for cell in cells]
    text = rows(*lines, header="t,land,place,v")
    told = read(text, entity=("land", "place"), places=True).panels[0].entities
    assert [entity.id for entity in told][:2] == ["city:1526384", "local:KZ/Nowhere%20At%20All"]
    untold = read(text, entity=("land", "place")).panels[0].entities
    assert untold[0].id == "local:KZ/Almaty"


def test_two_names_of_one_place_stay_two_entities():
    lines = [f"2022-01-05 {hour:02}:00,{name},1" for hour in range(2) for name in ("Almaty", "Алматы")]
    (panel,) = read(rows(*lines, header="t,place,v"), entity=("place",), places=True).panels
    assert [entity.id for entity in panel.entities] == ["local:Almaty", "local:Алматы"]
