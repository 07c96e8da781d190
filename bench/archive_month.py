"""A month of points written bin by bin, compacted, read through: what each costs per point.

    python bench/archive_month.py --entities 80000 --days 31 --folder SOMEWHERE

Every bin is durable before the next is made; compaction runs every hour, as it would in an observatory.
The last part hands batches of entities to whatever detects: ``--detect MODULE:FUNCTION`` names a function
that takes a `Panel`; without it each batch is read and summed. Prints one JSON document; the time that it
takes to make the values up is told apart.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from made_points import BINS_PER_DAY, START, STEP, Crowd

from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal
from darkhours.store import Archive, Series, open_archive

YEAR_DAYS = 365


def main() -> int:
    """Run all parts and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=8000)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--folder", type=Path, required=True, help="where the archive is made, and left")
    parser.add_argument("--detect", help="MODULE:FUNCTION that takes a Panel")
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    crowd = Crowd(asked.entities)
    with open_archive(asked.folder, create=True) as archive:
        signal = describe_signal("probing.slash24_up_cnt")
        series = archive.declare(signal, "made.probing", "made", STEP)
        told = write(archive, series, crowd, asked.days * BINS_PER_DAY)
        told |= finish(archive, series, asked.days * BINS_PER_DAY)
        told |= read_through(archive, series, find_detector(asked.detect))
    told["n_points"] = asked.entities * asked.days * BINS_PER_DAY
    print(json.dumps(told | extrapolate(told, asked), indent=1))
    return 0


def write(archive: Archive, series: Series, crowd: Crowd, n_bins: int) -> dict[str, Any]:
    """Append every bin, compacting by the hour."""
    appends: list[float] = []
    compacting, made = 0.0, 0.0
    for number in range(n_bins):
        begun = time.perf_counter()
        values = crowd.bin(number)
        made += time.perf_counter() - begun
        begun = time.perf_counter()
        archive.append(series, START + number * STEP, crowd.ids, values)
        appends.append(time.perf_counter() - begun)
        if number % 12 == 0:
            begun = time.perf_counter()
            archive.compact(START + number * STEP)
            compacting += time.perf_counter() - begun
        if number % BINS_PER_DAY == 0:
            day = f"day {number // BINS_PER_DAY}, {statistics.median(appends) * 1e3:.1f} ms a bin"
            print(f"{day}, compacting {compacting:.1f} s, {peak_mb():.0f} MB", file=sys.stderr)
    return {
        "append_first_s": appends[0],
        "append_median_ms": statistics.median(appends) * 1e3,
        "append_p95_ms": float(np.quantile(appends, 0.95)) * 1e3,
        "append_s": sum(appends),
        "compact_while_writing_s": compacting,
        "making_values_s": made,
        "peak_writing_mb": peak_mb(),
    }


def finish(archive: Archive, series: Series, n_bins: int) -> dict[str, Any]:
    """Merge the month, as the first compaction of the next month does."""
    begun = time.perf_counter()
    archive.compact(START + n_bins * STEP)
    taken = time.perf_counter() - begun
    rows = archive.info(series)
    return {"compact_month_s": taken, "peak_compacting_mb": peak_mb(), "files": rows}


def read_through(archive: Archive, series: Series, detect: Callable[[Panel], object]) -> dict[str, Any]:
    """Read every batch of the archive and hand it to a detector."""
    reading = detecting = 0.0
    begun = time.perf_counter()
    for panel in archive.batches(series):
        reading += time.perf_counter() - begun
        begun = time.perf_counter()
        detect(panel)
        detecting += time.perf_counter() - begun
        begun = time.perf_counter()
    return {"read_s": reading, "detect_s": detecting, "peak_mb": peak_mb()}


def find_detector(name: str | None) -> Callable[[Panel], object]:
    """Return the function of that name; a sum where none is told."""
    if name is None:
        return lambda panel: float(np.nansum(panel.values))
    module, _, function = name.partition(":")
    found: Callable[[Panel], object] = getattr(importlib.import_module(module), function)
    return found


def extrapolate(told: dict[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    """Return what each part costs per point, and a year of it."""
    parts = {
        "append": told["append_s"],
        "compact": told["compact_while_writing_s"] + told["compact_month_s"],
        "read": told["read_s"],
        "detect": told["detect_s"],
    }
    n_bytes = sum(row["n_bytes"] for row in told["files"])
    return {
        "ns_per_point": {name: 1e9 * spent / told["n_points"] for name, spent in parts.items()},
        "bytes_per_point": n_bytes / told["n_points"],
        "year": {name: f"{spent * YEAR_DAYS / asked.days / 3600:.2f} h" for name, spent in parts.items()},
        "year_gb": n_bytes * YEAR_DAYS / asked.days / 1e9,
    }


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
