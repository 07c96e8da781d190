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
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import numpy as np
from archive_reads import DAYS, PER_FILE, SIGNAL, when
from made_points import BINS_PER_DAY, Crowd

from darkhours.store import Archive, open_archive

RATE = 50
WARM_S = 4
"""Seconds in which each thread of the site opens the archive for the first time."""
SETTLED_S = 20
"""Seconds from its start to the first request: by then the site has weighed its cases and indexed names."""
PROCESSES = 2
"""Processes of the site, one for each core of what was promised."""
API = "/api/v1/entities"
YEAR = timedelta(days=365)
Path_ = Callable[[np.random.Generator], str]
EVERY_S = 30.0
"""Seconds from one bin to the next: ten times as often as an observatory of five minutes has them."""


def main() -> int:
    """Serve, write, ask, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--entities", type=int, default=80_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument(
        "--plain", type=Path, help="where the files of the plain route are made; it is asked too"
    )
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds from one bin to the next")
    parser.add_argument("--write", type=int, help="bin from which on to write; for the bench itself")
    asked = parser.parse_args()
    if asked.write is not None:
        return write(asked.archive, asked.entities, asked.write, asked.every)
    print(json.dumps(measure(asked), indent=1))
    return 0


def write(folder: Path, n_entities: int, first: int, every_s: float) -> int:
    """Append a bin of all entities every few seconds until told to stop."""
    crowd = Crowd(n_entities)
    with open_archive(folder) as archive:
        series = archive.find_series(SIGNAL.name)
        while True:
            archive.append(series, when(first), crowd.ids, crowd.bin(first))
            first += 1
            time.sleep(every_s)


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Return the times of each kind of page, and the memory of the site."""
    folder, n_entities, seconds, plain = asked.archive, asked.entities, asked.seconds, asked.plain
    with open_archive(folder) as archive:
        span, series = archive.span(SIGNAL.name), archive.find_series(SIGNAL.name)
        if span is None:
            raise ValueError(f"{folder}: expected a filled archive; make it with bench/web_archive.py")
        ids = with_year(archive, Crowd(n_entities).ids)
    offset = series.bin_at(span[1]) - series.bin_at(when(0))
    port = free_port()
    command = [sys.executable, "-m", "darkhours", "serve", str(folder), "--port", str(port)]
    command += ["--rate", "10000", "--processes", str(PROCESSES)]
    writer = [sys.executable, __file__, "--archive", str(folder), "--entities", str(n_entities)]
    writer += ["--every", str(asked.every)]
    recent = offset - DAYS * BINS_PER_DAY
    year = f"from={when(recent) - YEAR:%Y-%m-%dT%H:%MZ}&until={when(recent):%Y-%m-%dT%H:%MZ}"
    kinds: dict[str, Path_] = {
        "now": lambda _: "/",
        "entity, a year": lambda rng: f"/entity/{ids[rng.integers(len(ids))]}?{year}",
        "entity, a week": lambda rng: f"/entity/{ids[rng.integers(len(ids))]}",
        "a year as JSON": lambda rng: f"{API}/{ids[rng.integers(len(ids))]}/signals?{year}&points=480",
    }
    told: dict[str, Any] = {"asked": {}, "processes": PROCESSES, "every_s": asked.every}
    told |= {"year_of": len(ids), "entities": n_entities}
    with running(command, port) as serving, running([*writer, "--write", str(offset)]):
        time.sleep(SETTLED_S)
        for name, path in kinds.items():
            told["asked"][name] = asyncio.run(ask(port, path, seconds))
        told["memory_mb"], told["held_mb"] = memory_mb(serving), held_mb(serving)
    if plain is not None:
        told |= measure_plain(plain, told["asked"], ids[:PER_FILE], seconds)
    return told


def with_year(archive: Archive, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return those that have a year: all, or as many as a file of a month has."""
    values = archive.read(SIGNAL.name, [ids[-1]], when(0), when(BINS_PER_DAY)).values
    return ids if np.isfinite(values).any() else ids[:PER_FILE]


def measure_plain(
    folder: Path, asked: dict[str, Any], ids: tuple[str, ...], seconds: float
) -> dict[str, Any]:
    """Add the times of the plain route to what was asked, and return its memory."""
    route = [sys.executable, str(Path(__file__).parent / "web_plain.py")]
    subprocess.run([*route, "make", str(folder)], check=True)
    port = free_port()
    last = (when(0) + YEAR - when(0)) // (when(1) - when(0))

    def path(rng: np.random.Generator) -> str:
        return f"/signals/{ids[rng.integers(len(ids))]}?first=0&until={last}"

    with running([*route, "serve", str(folder), str(port)], port) as serving:
        asked["as JSON, plain FastAPI and polars"] = asyncio.run(ask(port, path, seconds))
        return {"plain_mb": memory_mb(serving)}


def free_port() -> int:
    """Return a port of loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str], port: int | None = None) -> Iterator[int]:
    """Run a program, once it answers where a port is told; give its number, and end it."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            if port is not None:
                wait_for(port)
            yield process.pid
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until the site answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("the site did not start within a minute")


async def ask(port: int, path: Path_, seconds: float) -> dict[str, float]:
    """Return the times of so many seconds of requests, milliseconds; the first seconds are not counted."""
    rng = np.random.default_rng(3)
    began, tasks = time.perf_counter() + 0.05, []
    for number in range(round(RATE * (seconds + WARM_S))):
        at = began + number / RATE
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(one(port, path(rng), at)))
    done = await asyncio.gather(*tasks)
    times = [took for took, _ in done[RATE * WARM_S :]]
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
    """Return the most memory that a process and those that it started have held, together, MB.

    Each at its own peak, and what they share counted for each.
    """
    return sum(_kilobytes(folder / "status", "VmHWM") for folder in family(pid)) / 1e3


def held_mb(pid: int) -> float:
    """Return the memory that they hold now, what they share counted once, MB."""
    return sum(_kilobytes(folder / "smaps_rollup", "Pss:") for folder in family(pid)) / 1e3


def family(pid: int) -> list[Path]:
    """Return what the system tells of a process and of those that it started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            if pid in {int(folder.name), parent}:
                found.append(folder)
    return found


def _kilobytes(file: Path, name: str) -> int:
    with contextlib.suppress(OSError):
        lines = file.read_text(encoding="utf-8").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
    return 0  # ended meanwhile


if __name__ == "__main__":
    raise SystemExit(main())
