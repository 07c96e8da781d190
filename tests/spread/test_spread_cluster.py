"""A real Dask scheduler with two workers gives the bytes of the serial run, also when one is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spread_work

from darkhours.model.errors import ConfigError, SourceUnavailable
from darkhours.spread import Batch, Place, cluster, run_batches

pytestmark = pytest.mark.slow
HERE = Path(__file__).resolve().parent
BATCHES = [Batch(f"local:{k}", str(k).encode()) for k in range(60)]
EXPECTED = [spread_work.digest(batch.data) for batch in BATCHES]


def start(*words, folder):
    """Start a part of Dask that serves nothing but loopback, and writes what it says beside the test."""
    told = dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    told |= {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"}
    with (folder / f"{words[0]}.log").open("ab") as log:
        command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
        return subprocess.Popen(command, env=told, cwd=folder, stdout=log, stderr=log)


@pytest.fixture
def dask(tmp_path):
    """Give the address of a scheduler and the processes of its two workers."""
    told = tmp_path / "scheduler.json"
    begun = [start("scheduler", "--port", "0", "--scheduler-file", str(told), folder=tmp_path)]
    while not told.exists() or not told.read_text(encoding="utf-8").strip():
        assert begun[0].poll() is None, (tmp_path / "scheduler.log").read_text(encoding="utf-8")
        time.sleep(0.05)
    address = json.loads(told.read_text(encoding="utf-8"))["address"]
    begun += [start("worker", address, "--nthreads", "1", "--no-nanny", folder=tmp_path) for _ in range(2)]
    yield address, begun[1:]
    for process in reversed(begun):
        process.kill()
        process.wait()


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
