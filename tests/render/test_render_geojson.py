"""GeoJSON and CSV: longitude first, rings that turn as the standard has it, cells that nobody runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from almaty_fixture import almaty
from data_fixture import data_set, hostile
from hostile_names import HOSTILE_NAMES, TURNS
from notice_fixture import PUBLISHER

from darkhours.model.state import State
from darkhours.places.outlines import spot
from darkhours.places.table import load_table
from darkhours.render import data_set_csv
from darkhours.render.cells import RISKY, guard, write_csv
from darkhours.render.geojson import account_geojson, geometry, states_geojson
from darkhours.render.map_marks import MapMark
from darkhours.render.table import TABLES, write_table

AS_OF = datetime(2022, 1, 5, 12, tzinfo=UTC)


def mark(entity, state=State.DARK, name="Place", **more):
    return MapMark(entity, name, state, "ongoing", f"/entity/{entity}", **more)


def turn(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def test_an_account_is_a_feature_with_its_totals():
    whole = json.loads(account_geojson(almaty(), PUBLISHER, "/cases/almaty-2022"))
    (feature,) = whole["features"]
    assert whole["type"] == "FeatureCollection"
    assert whole["attribution"] == "Outlines: Natural Earth"
    assert feature["geometry"] == {"type": "Point", "coordinates": [76.9115, 43.2525]}
    told = feature["properties"]
    assert told["totals"]["dark_h"]["value"] == almaty().totals["dark_h"].value
    assert (told["status"], told["state"], told["synthetic"]) == ("ended", "up", False)
    assert told["url"] == "https://example.org/dark/cases/almaty-2022"


def test_rings_are_closed_and_turn_as_the_standard_has_it():
    for country, _ in load_table("places.bin").scan("country:"):
        where, _ = geometry(country)
        if where is None:
            assert country == "country:AQ"
            continue
        for shell, *holes in where["coordinates"]:
            assert shell[0] == shell[-1]
            assert len(shell) >= 4
            assert turn(shell) >= 0
            assert all(turn(hole) <= 0 for hole in holes)
            assert all(-180 <= east <= 180 and -90 <= north <= 90 for east, north in shell)


def test_a_country_around_another_has_a_hole():
    where, _ = geometry("country:ZA")
    assert any(len(polygon) > 1 for polygon in where["coordinates"]), "Lesotho lies in South Africa"


@pytest.mark.parametrize("entity", ["asn:9198", "asn:9198@KZ", "local:Kerman/Bam"])
def test_what_lies_nowhere_has_no_geometry_and_is_told_all_the_same(entity):
    (feature,) = json.loads(states_geojson([mark(entity)], PUBLISHER, AS_OF))["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["state"] == "dark"


def test_states_come_worst_first_and_say_what_their_borders_also_hold():
    marks = [mark("region:KZ-63", State.UP), mark("region:KZ-10", State.DARK, synthetic=True)]
    young, old = json.loads(states_geojson(marks, PUBLISHER, AS_OF))["features"]
    assert young["id"] == "region:KZ-10"
    assert young["geometry"]["type"] == "Point"
    assert young["properties"]["synthetic"] is True
    assert old["properties"]["outline_also_covers"] == ["region:KZ-10"]
    assert old["properties"]["as_of"] == "2022-01-05T12:00:00Z"


def test_points_in_place_of_outlines_lie_inside_them_and_are_small():
    text = states_geojson([mark("country:KZ")], PUBLISHER, AS_OF, points=True)
    (feature,) = json.loads(text)["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": list(reversed(spot("country:KZ")))}
    assert "outline_also_covers" not in feature["properties"]
    assert len(text) < 500 < len(states_geojson([mark("country:KZ")], PUBLISHER, AS_OF))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_a_name(name):
    text = states_geojson([mark("city:1526384", name=name)], PUBLISHER, AS_OF)
    text += account_geojson(replace(almaty(), name=name), PUBLISHER, "/x")
    text.encode()
    assert not any(char in text for char in TURNS)
    assert len(text) < 3_000
    assert len([json.loads(line) for line in text.splitlines()]) == 2


@pytest.mark.parametrize("first", RISKY)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(first):
    assert guard(f"{first}1+1") == f"'{first}1+1"
    assert guard(f"  {first}1+1") == f"'  {first}1+1"
    assert guard(f"a{first}") == f"a{first}"


@pytest.mark.parametrize("number", [-1, -0.5, 0, None, True])
def test_a_number_stays_a_number(number):
    assert guard(number) is number


def test_cells_with_commas_quotes_and_lines_come_back_whole():
    row = ['a,"b"', "c\nd", "'", "x;y"]
    assert list(csv.reader(io.StringIO(write_csv([row])))) == [row]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_table_that_we_write_holds_a_formula(name):
    risky = "=1+1 " + name
    account = replace(
        almaty(), windows=tuple(replace(w, detail=risky, evidence=(risky,)) for w in almaty().windows)
    )
    texts = [write_table(account, table) for table in TABLES]
    texts.append(data_set_csv([replace(one, name=risky) for one in data_set(6)]))
    for text in texts:
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(RISKY) and not _is_number(cell)]
    assert "=1+1" in "".join(texts)


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_hostile_places_make_a_table_of_as_many_rows():
    rows = list(csv.reader(io.StringIO(data_set_csv(hostile()))))
    assert len(rows) == len(hostile()) + 1
    assert len({len(row) for row in rows}) == 1
