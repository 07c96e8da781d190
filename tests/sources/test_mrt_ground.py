"""Which files hold when: the newest of each registry, those of one day together, before them the oldest."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from darkhours.model.errors import ConfigError
from darkhours.sources.mrt.ground import DatedFile, Ground


def at(ground, day, hour=0):
    """Return the countries of 10.0.0.0 and 11.0.0.0 at an hour of January 2022."""
    held = ground.at(int(datetime(2022, 1, day, hour, tzinfo=UTC).timestamp()))
    spans, names = held.places.spans, ground.names()
    told = {
        int(begin) >> 56: names[held.places.country[code]]
        for begin, code in zip(spans.begin, spans.code, strict=True)
    }
    return [told.get(net, "").removeprefix("country:") for net in (10, 11)]


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of places, and gives it with its day."""

    def run(name, day, *, net=10, country="KZ", source=None):
        file = tmp_path / name
        text = f"{net}.0.0.0,{net}.255.255.255,{country}\n"
        if source:
            text = f"2|{source}|1|1|19830705|202201{day:02}|+0000\n"
            text += f"{source}|{country}|ipv4|{net}.0.0.0|16777216|20100101|allocated\n"
        file.write_text(text)
        return DatedFile(file, None if source or day is None else date(2022, 1, day))

    return run


def test_the_newest_that_is_not_younger_holds_from_midnight_on(write):
    ground = Ground([write("b", 10, country="RU"), write("a", 5)])
    assert [at(ground, *when)[0] for when in ((4, 0), (5, 0), (9, 23), (10, 0), (30, 0))] == ["KZ"] * 3 + [
        "RU"
    ] * 2
    uses = ground.uses()
    assert [(use.file.path.name, use.is_early()) for use in uses] == [("a", True), ("b", False)]
    assert uses[0].last_s < uses[1].first_s == int(datetime(2022, 1, 10, tzinfo=UTC).timestamp())


def test_nothing_is_read_before_its_time(write):
    later = write("later", 10)
    later.path.write_text("nonsense\nmore\n")
    ground = Ground([later, write("a", 5)])
    assert at(ground, 6) == ["KZ", ""]
    assert ground.at(0) is ground.at(0)


def test_files_of_one_day_hold_together(write):
    ground = Ground([write("v4", 5), write("v6", 5, net=11, country="RU"), write("next", 10, country="UZ")])
    assert [at(ground, 6), at(ground, 11)] == [["KZ", "RU"], ["UZ", ""]]


def test_files_without_a_day_hold_together_always(write):
    ground = Ground([write("v4", None), write("v6", None, net=11, country="RU")])
    assert at(ground, 6) == ["KZ", "RU"]
    assert [use.is_early() for use in ground.uses()] == [False, False]


def test_each_registry_follows_its_own_days(write):
    files = [
        write("r5", 5, source="ripencc"), write("r10", 10, source="ripencc", country="UZ"),
        write("a4", 4, source="apnic", net=11, country="JP"),
    ]  # fmt: skip
    ground = Ground(files)
    assert [at(ground, 6), at(ground, 10)] == [["KZ", "JP"], ["UZ", "JP"]]
    assert [(use.file.path.name, use.file.since.day) for use in ground.uses()] == [
        ("r5", 5),
        ("a4", 4),
        ("r10", 10),
    ]
    assert ground.uses()[1].last_s == ground.uses()[2].last_s


def test_where_only_some_have_a_day_it_is_asked_for(write):
    with pytest.raises(ConfigError, match="others have a day and a has none: write 2022-01-31=a"):
        Ground([write("a", None), write("b", 5)])


def test_without_files_nothing_lies_anywhere():
    held = Ground().at(0)
    assert (held.places.spans.begin.size, held.networks.spans.begin.size) == (0, 0)
