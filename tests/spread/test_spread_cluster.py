"""A real Dask scheduler with two workers gives the bytes of the serial run, also when one is killed."""

from __future__ import annotations

import pytest
import spread_work
from dask_parts import dask_of

from darkhours.model.errors import ConfigError, SourceUnavailable
from darkhours.spread import Batch, Place, cluster, run_batches

pytestmark = pytest.mark.slow
BATCHES = [Batch(f"local:{k}", str(k).encode()) for k in range(60)]
EXPECTED = [spread_work.digest(batch.data) for batch in BATCHES]


@pytest.fixture
def dask(tmp_path):
    with dask_of(tmp_path) as parts:
        yield parts


def wait_for_workers(address, n):
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(n, timeout=60)


def test_a_worker_that_is_killed_in_the_middle_changes_no_byte(dask):
    address, workers = dask
    wait_for_workers(address, 2)
    results = []
    for result in run_batches(spread_work.slow_digest, BATCHES, Place(scheduler=address)):
        results.append(result)
        if len(results) == 10:
            workers[0].kill()
            workers[0].wait()
    assert results == EXPECTED
    assert results == list(run_batches(spread_work.slow_digest, BATCHES))


def test_an_error_on_a_worker_names_its_batch(dask):
    with pytest.raises(ValueError, match="anything but a seven") as caught:
        list(run_batches(spread_work.refuse_seven, BATCHES, Place(scheduler=dask[0])))
    assert caught.value.__notes__ == ["batch 8 (local:7)"]


def test_a_worker_of_another_version_is_refused(dask, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "0.0.0")
    with pytest.raises(ConfigError, match=r"expected darkhours 0\.0\.0, got"):
        list(run_batches(spread_work.digest, BATCHES, Place(scheduler=dask[0])))


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE_S", 1)
    with pytest.raises(SourceUnavailable, match="expected an answer"):
        list(run_batches(spread_work.digest, BATCHES, Place(scheduler="tcp://127.0.0.1:9")))


def test_an_address_that_is_none_is_told():
    with pytest.raises(ConfigError, match=r"tcp://10\.0\.0\.1"):
        list(run_batches(spread_work.digest, BATCHES, Place(scheduler="nonsense://x")))
