"""Asks a site 50 times a second while another process writes, and tells how long the answers took.

    python bench/web_load.py --archive FOLDER --seconds 20

The archive is that of bench/web_archive.py. Requests start at their time whether or not earlier ones are
answered, and are timed from when they should have started, so that a site that stalls is not spared. Prints
one JSON document.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import numpy as np
from archive_reads import DAYS, PER_FILE, SIGNAL, when
from made_points import BINS_PER_DAY, Crowd

from darkhours.store import open_archive

RATE = 50
EVERY_S = 5.0
"""Seconds from one bin to the next: sixty times as often as an observatory of five minutes has them."""


def main() -> int:
    """Serve, write, ask, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--entities", type=int, default=80_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--write", type=int, help="bin from which on to write; for the bench itself")
    asked = parser.parse_args()
    if asked.write is not None:
        return write(asked.archive, asked.entities, asked.write)
    print(json.dumps(measure(asked.archive, asked.entities, asked.seconds), indent=1))
    return 0


def write(folder: Path, n_entities: int, first: int) -> int:
    """Append a bin of all entities every few seconds until told to stop."""
    crowd = Crowd(n_entities)
    with open_archive(folder) as archive:
        series = archive.find_series(SIGNAL.name)
        while True:
            archive.append(series, when(first), crowd.ids, crowd.bin(first))
            first += 1
            time.sleep(EVERY_S)


def measure(folder: Path, n_entities: int, seconds: float) -> dict[str, object]:
    """Return the times of each kind of page, and the memory of the site."""
    with open_archive(folder) as archive:
        span, series = archive.span(SIGNAL.name), archive.find_series(SIGNAL.name)
    if span is None:
        raise ValueError(f"{folder}: expected a filled archive; make it with bench/web_archive.py")
    offset = series.bin_at(span[1]) - series.bin_at(when(0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = [sys.executable, "-m", "darkhours", "serve", str(folder), "--port", str(port), "--rate", "10000"]
    writer = [sys.executable, __file__, "--archive", str(folder), "--entities", str(n_entities)]
    with contextlib.ExitStack() as stack:
        serving = stack.enter_context(subprocess.Popen(site))
        stack.callback(serving.terminate)
        wait_for(port)
        writing = stack.enter_context(subprocess.Popen([*writer, "--write", str(offset)]))
        stack.callback(writing.terminate)
        recent = offset - DAYS * BINS_PER_DAY
        year = (
            f"from={when(recent) - timedelta(days=365):%Y-%m-%dT%H:%MZ}&until={when(recent):%Y-%m-%dT%H:%MZ}"
        )
        ids = Crowd(min(PER_FILE, n_entities)).ids
        kinds = {
            "now": lambda _: "/",
            "entity, a year": lambda rng: f"/entity/{ids[rng.integers(len(ids))]}?{year}",
            "entity, a week": lambda rng: f"/entity/{ids[rng.integers(len(ids))]}",
        }
        told: dict[str, object] = {}
        for name, path in kinds.items():
            told[name] = asyncio.run(ask(port, path, seconds))
        told["memory_mb"] = memory_mb(serving.pid)
    return told


def wait_for(port: int) -> None:
    """Wait until the site answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("the site did not start within a minute")


async def ask(port: int, path: object, seconds: float) -> dict[str, float]:
    """Return the times of so many seconds of requests, milliseconds; the first second is not counted."""
    rng = np.random.default_rng(3)
    began, tasks = time.perf_counter() + 0.05, []
    for number in range(round(RATE * (seconds + 1))):
        at = began + number / RATE
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(one(port, path(rng), at)))  # type: ignore[operator]
    done = await asyncio.gather(*tasks)
    times = [took for took, _ in done[RATE:]]
    cuts = statistics.quantiles(times, n=100)
    wrong = sum(status != HTTPStatus.OK for _, status in done)
    return {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "n": len(times), "wrong": wrong}


async def one(port: int, path: str, at: float) -> tuple[float, int]:
    """Ask once on a connection of its own; return milliseconds since it should have begun, and the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode())
    answer = await reader.read(-1)
    writer.close()
    return (time.perf_counter() - at) * 1e3, int(answer[9:12])


def memory_mb(pid: int) -> float:
    """Return the most memory that a process has held, MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3


if __name__ == "__main__":
    raise SystemExit(main())
