"""What it takes to append a bin, and to read the latest, a week and a year, of a well-filled archive.

    python bench/archive_reads.py --entities 80000 --folder SOMEWHERE

The first archive holds eight days as an observatory leaves them five minutes before midnight, the worst
moment to read a week: seven files of a day, 23 of an hour, 11 of a bin. The second holds a year of as many
entities as a file of a month has (4,096). Prints one JSON document: milliseconds. "Cold" opens the
archive anew, in the same process; the files are in the memory of the system either way.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from made_points import BINS_PER_DAY, START, STEP, Crowd

from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.store import Archive, LocalFiles, open_archive
from darkhours.store.files import Sink, publish

SIGNAL = describe_signal("probing.slash24_up_cnt")
DAYS, PER_HOUR, PER_FILE, RUNS = 7, 12, 4096, 25
YEAR_MONTHS = 12
WEEK = timedelta(days=7)
Taken = tuple[float, float]


def main() -> int:
    """Fill two archives, measure, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=80_000)
    parser.add_argument("--folder", type=Path, required=True, help="where the archives are made, and left")
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    told = measure_recent(asked.folder / "recent", Crowd(asked.entities))
    told |= measure_year(asked.folder / "year", Crowd(PER_FILE))
    print(json.dumps(told, indent=1))
    return 0


def measure_recent(folder: Path, crowd: Crowd) -> dict[str, Any]:
    """Return what appending a bin and reading recent ones take."""
    with open_archive(folder, create=True) as archive:
        for day in range(DAYS):
            store(archive, crowd, day * BINS_PER_DAY, BINS_PER_DAY)
        first = DAYS * BINS_PER_DAY
        for hour in range(23):
            store(archive, crowd, first + hour * PER_HOUR, PER_HOUR)
        series = archive.find_series(SIGNAL.name)
        first += 23 * PER_HOUR
        appends, latests = [], []
        for at in range(PER_HOUR - 1):
            values = crowd.bin(first + at)
            appends.append(clock(archive.append, series, when(first + at), crowd.ids, values))
            latests.append(clock(archive.latest, series))
        end = when(first + PER_HOUR - 1)
        week = [clock(archive.read, series, [each], end - WEEK, end) for each in choose(crowd)]
    cold_week = [clock(_read_cold, folder, each, end - WEEK, end) for each in choose(crowd)]
    return {
        "append": middle(appends[1:]),
        "fsync": measure_fsync(folder),
        "latest": middle(latests[1:]),
        "latest cold": middle(latests[:1]),
        "week": middle(week),
        "week cold": middle(cold_week),
    }


def measure_year(folder: Path, crowd: Crowd) -> dict[str, Any]:
    """Return what reading a year takes, and how many bytes a point has there."""
    with open_archive(folder, create=True) as archive:
        at = START
        for _ in range(YEAR_MONTHS):
            until = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
            store(archive, crowd, (at - START) // STEP, (until - at) // STEP)
            at = until
        series = archive.find_series(SIGNAL.name)
        year = [clock(archive.read, series, [each], START, at) for each in choose(crowd)]
        (row,) = archive.info(series)
    cold = [clock(_read_cold, folder, each, START, at) for each in choose(crowd)]
    return {
        "year": middle(year),
        "year cold": middle(cold),
        "bytes_per_point": row["n_bytes"] / row["n_points"],
        "year_points": row["n_points"],
        "year_bins": (at - START) // STEP,
    }


def store(archive: Archive, crowd: Crowd, first: int, n_bins: int) -> None:
    """Store so many bins as one file for each month that they touch."""
    entities = tuple(Entity(id_, id_, "UTC") for id_ in crowd.ids)
    grid = Grid(when(first), STEP, n_bins)
    panel = Panel(SIGNAL, "made.probing", "made", entities, grid, crowd.bins(first, n_bins))
    archive.add(Recording((panel,), Origin("made", "made", "", "")))


def when(number: int) -> datetime:
    """Return the start of a bin."""
    return START + number * STEP


def choose(crowd: Crowd) -> list[str]:
    """Return entities from everywhere in the crowd."""
    rng = np.random.default_rng(5)
    return [crowd.ids[at] for at in rng.integers(0, crowd.size, RUNS)]


def _read_cold(folder: Path, entity: str, start: datetime, until: datetime) -> Panel:
    with open_archive(folder) as archive:
        return archive.read(SIGNAL.name, [entity], start, until)


def clock(act: Callable[..., object], *words: object) -> Taken:
    """Return what an act takes."""
    wall, processor = time.perf_counter(), time.process_time()
    act(*words)
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3


def middle(taken: Sequence[Taken]) -> dict[str, float]:
    """Return the medians of wall and processor, and the longest wall."""
    walls, processors = zip(*taken, strict=True)
    return {
        "wall_ms": statistics.median(walls),
        "cpu_ms": statistics.median(processors),
        "worst_ms": max(walls),
    }


def measure_fsync(folder: Path) -> dict[str, float]:
    """Return what this disk takes, now, to make 100 kB and their name durable; an append waits so, twice."""
    files = LocalFiles(folder / "fsync")

    def fill(sink: Sink) -> int:
        return sink.write(bytes(100_000))

    taken = [clock(publish, files, f"{n}", fill) for n in range(RUNS)]
    return middle(taken)


if __name__ == "__main__":
    sys.exit(main())
