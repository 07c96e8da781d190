"""Batches come back in order and with the same bytes, here or on all cores, whatever happens to a process."""

from __future__ import annotations

import itertools

import pytest
import spread_work

from darkhours.model.errors import ConfigError, SourceUnavailable
from darkhours.spread import Batch, Place, run_batches

PLACES = [
    pytest.param(Place(), id="here"),
    pytest.param(Place(2), id="two-processes", marks=pytest.mark.slow),
]


def batches(n):
    return [Batch(f"local:{k}", str(k).encode()) for k in range(n)]


def expected(n):
    return [spread_work.digest(batch.data) for batch in batches(n)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("n", [0, 1, 9])
def test_results_come_in_the_order_of_the_batches(place, n):
    told = []
    assert list(run_batches(spread_work.digest, batches(n), place, told.append)) == expected(n)
    assert told == list(range(1, n + 1))


@pytest.mark.parametrize("place", PLACES)
def test_an_error_keeps_its_kind_and_names_its_batch(place):
    running = run_batches(spread_work.refuse_seven, batches(9), place)
    assert list(itertools.islice(running, 7)) == expected(7)
    with pytest.raises(ValueError, match="anything but a seven") as caught:
        next(running)
    assert caught.value.__notes__ == ["batch 8 (local:7)"]


@pytest.mark.parametrize("place", PLACES)
def test_no_more_batches_are_held_than_are_worked_on(place):
    asked = []

    def watched():
        for batch in batches(40):
            asked.append(batch.name)
            yield batch

    for done, _ in enumerate(run_batches(spread_work.digest, watched(), place)):
        assert len(asked) <= done + 1 + 2 * place.processes


@pytest.mark.slow
def test_a_lost_process_costs_only_its_batch(tmp_path):
    names = [str(tmp_path / f"{k}{'.once' if k in {2, 6} else ''}") for k in range(9)]
    told = [Batch(name, name.encode()) for name in names]
    results = list(run_batches(spread_work.die_once, told, Place(2)))
    assert results == [spread_work.digest(name.encode()) for name in names]


@pytest.mark.slow
def test_a_batch_that_takes_every_process_along_names_itself():
    running = run_batches(spread_work.die_always, batches(9), Place(2))
    with pytest.raises(SourceUnavailable, match=r"batch 4 \(local:3\).*lost 3"):
        list(running)


@pytest.mark.slow
def test_who_stops_early_leaves_no_process_behind():
    import multiprocessing

    running = run_batches(spread_work.slow_digest, batches(20), Place(2))
    next(running)
    running.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("processes", [0, -1])
def test_a_number_of_processes_that_is_none_is_told(processes):
    with pytest.raises(ConfigError, match="at least 1"):
        list(run_batches(spread_work.digest, batches(1), Place(processes)))
