"""Measures the same batches in one process, in two, and on a Dask cluster of two workers; JSON on stdout.

Run by groups/bulk.py. Wall seconds, for that is what more processes are for, start and end of them counted;
`load` says what else ran.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from bulk_rates import make_panel, peak_mb

from darkhours.app.detect_batch import pack, work
from darkhours.app.measured import Question
from darkhours.spread import Batch, Place, run_batches

N_BATCHES, DIFFERENT, PLACES, N_BINS = 300, 20, 64, 4032


def make_batches(n: int) -> Iterator[Batch]:
    """Yield batches as a detection makes them: a tenth of the places goes dark."""
    question = Question(unrelated=False)
    data = [pack([make_panel(PLACES, N_BINS, seed=seed)], b"", question) for seed in range(min(n, DIFFERENT))]
    for number in range(n):
        yield Batch(f"batch {number}", data[number % DIFFERENT])


def processor_s() -> float:
    """Return the processor seconds of this process and of those children that have ended."""
    told = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in told)


def run(place: Place, n: int) -> tuple[float, str]:
    """Return the wall seconds that batches took, and the checksum of what came of them."""
    batches = list(make_batches(n))
    begun, told = time.perf_counter(), hashlib.sha256()
    for result in run_batches(work, batches, place):
        told.update(result)
    return time.perf_counter() - begun, told.hexdigest()


@contextmanager
def dask_of_two() -> Iterator[str]:
    """Give the address of a scheduler on loopback with two workers of a thread each."""
    with tempfile.TemporaryDirectory(prefix="darkhours-bench-") as name:
        told, begun = Path(name) / "scheduler.json", []

        def start(*words: str) -> None:
            command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
            quiet, one = subprocess.DEVNULL, {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            told_env = dict(os.environ) | one  # as a nanny of Dask would have it
            begun.append(subprocess.Popen(command, cwd=name, env=told_env, stdout=quiet, stderr=quiet))

        start("scheduler", "--port", "0", "--scheduler-file", str(told))
        while not told.exists() or not told.read_text(encoding="utf-8").strip():
            time.sleep(0.05)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        for _ in range(2):
            start("worker", address, "--nthreads", "1", "--no-nanny")
        try:
            yield address
        finally:
            for process in reversed(begun):
                process.terminate()
                process.wait()


def main() -> None:
    """Measure the three, and print wall seconds, bins a second and whether the bytes are the same."""
    run(Place(), 2)
    ways, marks = {}, [processor_s()]
    ways["one process"] = run(Place(), N_BATCHES)
    alone = peak_mb()
    marks.append(processor_s())
    ways["two processes"] = run(Place(2), N_BATCHES)
    marks.append(processor_s())
    with dask_of_two() as address:
        _wait_for_two(address)
        ways["Dask, two workers"] = run(Place(scheduler=address), N_BATCHES)
    marks.append(processor_s())
    bins, spent = N_BATCHES * PLACES * N_BINS, [until - first for first, until in pairwise(marks)]
    out = {
        name: {"wall_s": wall, "bins": bins / wall, "processor_s": seconds}
        for (name, (wall, _)), seconds in zip(ways.items(), spent, strict=True)
    }
    same = len({digest for _, digest in ways.values()}) == 1
    told = {"ways": out, "same": same, "batches": N_BATCHES, "places": PLACES, "peak_mb": alone}
    print(json.dumps(told | {"load": os.getloadavg()[0]}))


def _wait_for_two(address: str) -> None:
    from distributed import Client  # noqa: PLC0415 — an extra

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2)


if __name__ == "__main__":
    main()
