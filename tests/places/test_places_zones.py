"""Zones and containment: local time of the date, and what a sample of the gazetteer's cities lies in."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from darkhours.places import containers, local, lookup, resolve, valid_zone, zone_name_offset
from darkhours.places.gazetteer import zones  # the room's own `zones` is its submodule
from darkhours.places.resolver import _find_candidates
from darkhours.places.table import load_table

OLD, NEW = datetime(2022, 1, 5, tzinfo=UTC), datetime(2025, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "instant", "expected"),
    [
        pytest.param("Almaty", OLD, "UTC+6", id="almaty-then"),
        pytest.param("Almaty", NEW, "UTC+5", id="almaty-under-the-rules-of-2024"),
        pytest.param("Astana", OLD, "UTC+6", id="capital-then"),
        pytest.param("Aktau", OLD, "UTC+5", id="aktau-then"),
        pytest.param("Atyrau", OLD, "UTC+5", id="atyrau-then"),
        pytest.param("London", OLD, "UTC+0", id="london-in-winter"),
        pytest.param("London", datetime(2022, 7, 5, tzinfo=UTC), "UTC+1", id="london-in-summer"),
        pytest.param("New York City", OLD, "UTC−5", id="west-of-greenwich"),
        pytest.param("Kathmandu", OLD, "UTC+5:45", id="three-quarters-of-an-hour"),
    ],
)
def test_a_place_has_the_offset_of_the_date(place, instant, expected):
    assert zone_name_offset(instant, resolve(place).tz) == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2024-02-29T17:59:00", "2024-02-29T23:59:00+06:00", id="last-minute-of-the-old-offset"),
        pytest.param("2024-02-29T18:00:00", "2024-02-29T23:00:00+05:00", id="clocks-go-back"),
    ],
)
def test_local_time_follows_the_change_of_the_clocks(instant, expected):
    assert local(datetime.fromisoformat(instant).replace(tzinfo=UTC), "Asia/Almaty").isoformat() == expected


def test_a_naive_instant_has_no_local_time():
    with pytest.raises(ValueError, match="naive"):
        local(datetime(2022, 1, 5), "Asia/Almaty")  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    "name", ["", "Asia", "Asia/Nowhere", "../tzdata", "Asia/../Asia/Almaty", "a\x00b", "Asia/"]
)
def test_what_is_no_zone_is_none(name):
    assert not valid_zone(name)


def test_the_country_names_the_zone_of_most_of_its_people_first():
    assert zones("country:KZ")[0] == "Asia/Almaty"
    assert {"Asia/Aqtau", "Asia/Atyrau"} <= set(zones("country:KZ"))


def sample_of_cities() -> list[str]:
    keys = [key for key, _ in load_table("places.bin").scan("city:")]
    return sorted(Random(2022).sample(keys, 300))


@pytest.fixture(scope="module")
def cities():
    return [lookup(entity) for entity in sample_of_cities()]


def test_every_container_of_a_city_exists_and_the_last_is_its_country(cities):
    for city in cities:
        assert city.within == containers(city.id)
        assert [lookup(outer).id for outer in city.within] == list(city.within)
        assert city.within[-1].startswith("country:")


def test_every_city_has_a_zone_a_place_and_people(cities):
    for city in cities:
        assert valid_zone(city.tz), city
        assert city.tz in zones(city.within[-1]), city
        assert -90 <= city.latitude <= 90
        assert -180 <= city.longitude <= 180
        assert city.population is not None
        assert city.population >= 0


def test_a_city_is_found_by_its_id_and_is_among_those_that_its_name_means(cities):
    for city in cities:
        assert resolve(city.id) == city
    named = {city.id: [each.record.id for each in _find_candidates(city.name)] for city in cities}
    lost = [entity for entity, found in named.items() if entity not in found]
    assert len(lost) <= 1, lost
