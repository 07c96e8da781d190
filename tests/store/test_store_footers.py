"""Footers in memory: bounded by what they take, shared by threads, forgotten with their file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="the extra archive is not installed")

from darkhours.model.signal import describe_signal
from darkhours.store import Footers, open_archive
from darkhours.store.footers import UNPACKED
from darkhours.store.jobs import Event

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)


def footer(size):
    return SimpleNamespace(serialized_size=size)


def test_the_footer_asked_for_least_lately_is_forgotten_first():
    kept = Footers(most=UNPACKED * 30)
    for name in "abc":
        kept.keep(name, footer(10))

    assert kept.find("a") is not None
    kept.keep("d", footer(10))

    assert [name for name in "abcd" if kept.find(name)] == ["a", "c", "d"]


def test_a_footer_that_alone_is_too_large_is_not_kept():
    kept = Footers(most=UNPACKED * 30)
    kept.keep("large", footer(31))

    assert kept.find("large") is None


def test_room_comes_back_with_a_file_that_is_gone():
    kept = Footers(most=UNPACKED * 30)
    kept.keep("a", footer(30))
    kept.forget("a")
    kept.forget("never there")
    kept.keep("b", footer(30))

    assert kept.find("b") is not None


@pytest.fixture
def archive(tmp_path):
    """Fifty entities over a day in one file, values with gaps."""
    rng = np.random.default_rng(5)
    values = rng.integers(0, 90, (50, 288)).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[7] = np.nan
    with open_archive(tmp_path / "archive", create=True, footers=Footers()) as made:
        series = made.declare(describe_signal("probing.slash24_up_cnt"), "own.probing", "own", STEP)
        ids = tuple(f"asn:{number}" for number in range(1, 51))
        for at in range(0, 288, 96):
            made.append(series, START + at * STEP, ids, values[:, at])
        yield made, series, ids, values


@pytest.mark.parametrize("number", [0, 7, 31, 49])
def test_one_entity_reads_as_it_does_among_all(archive, number):
    made, series, ids, _ = archive
    until = START + 288 * STEP

    alone = made.read(series, [ids[number]], START, until).values[0]

    np.testing.assert_array_equal(alone, made.read(series, ids, START, until).values[number])


def test_entities_are_counted_as_they_come(archive):
    made, series, ids, _ = archive
    assert made.count_entities() == 50

    made.append(series, START + 288 * STEP, (*ids, "country:KZ"), np.ones(51))

    assert made.count_entities() == 51
    assert [each.id for each in made.entities("country:")] == ["country:KZ"]
    assert len(made.entities("asn:4")) == 11


def test_the_newest_write_of_a_span_is_not_that_of_another(archive):
    made, series, ids, _ = archive
    hour = timedelta(hours=1)
    before = made.newest_within(series, START, START + hour)

    version = made.append(series, START + 288 * STEP, ids, np.ones(50))

    assert made.newest_within(series, START, START + hour) == before
    assert made.newest_within(series, START, START + 289 * STEP) == version
    assert made.newest_within(series, START - hour, START) == 0


def test_events_of_a_place_are_found_whatever_job_found_them(archive):
    made, _, ids, _ = archive
    for job in ("b", "a", "c"):
        made.record_events(job, [Event(ids[0], job, START), Event(ids[1], job, START)])

    assert [each.key for each in made.events(entity=ids[0])] == ["a", "b", "c"]
    assert [each.key for each in made.events("b", ids[0])] == ["b"]
    assert made.events(entity="asn:9999") == ()
