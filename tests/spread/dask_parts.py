"""A real Dask scheduler with two workers on loopback, as tests start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent


def start(*words, folder):
    """Start a part of Dask that serves nothing but loopback, and writes what it says beside the test."""
    told = dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    told |= {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"}
    with (folder / f"{words[0]}.log").open("ab") as log:
        command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
        return subprocess.Popen(command, env=told, cwd=folder, stdout=log, stderr=log)


@contextmanager
def dask_of(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler and the processes of its two workers."""
    told = folder / "scheduler.json"
    begun = [start("scheduler", "--port", "0", "--scheduler-file", str(told), folder=folder)]
    while not told.exists() or not told.read_text(encoding="utf-8").strip():
        assert begun[0].poll() is None, (folder / "scheduler.log").read_text(encoding="utf-8")
        time.sleep(0.05)
    address = json.loads(told.read_text(encoding="utf-8"))["address"]
    begun += [start("worker", address, "--nthreads", "1", "--no-nanny", folder=folder) for _ in range(2)]
    try:
        yield address, begun[1:]
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()
