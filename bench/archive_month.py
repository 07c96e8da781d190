"""A month of points written bin by bin, compacted, detected: what each costs per point.

    python bench/archive_month.py --entities 80000 --days 31 --folder SOMEWHERE

Every bin is durable before the next is made; compaction runs every hour, as it would in an observatory.
The last part is `darkhours detect all`, first over everything, then again after one more bin. Prints one JSON
document; the time that it takes to make the values up is told apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from made_points import BINS_PER_DAY, START, STEP, Crowd

from darkhours.app.detect import Wish, detect
from darkhours.model.signal import describe_signal
from darkhours.spread import Place
from darkhours.store import Archive, Series, open_archive

YEAR_DAYS = 365


def main() -> int:
    """Run all parts and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=8000)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--folder", type=Path, required=True, help="where the archive is made, and left")
    parser.add_argument("--processes", type=int, default=2, help="that detect")
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    crowd = Crowd(asked.entities)
    with open_archive(asked.folder, create=True) as archive:
        signal = describe_signal("probing.slash24_up_cnt")
        series = archive.declare(signal, "made.probing", "made", STEP)
        told = write(archive, series, crowd, asked.days * BINS_PER_DAY)
        told |= finish(archive, series, asked.days * BINS_PER_DAY)
        told |= read_through(archive, series)
    told |= find_outages(asked.folder, asked.processes)
    with open_archive(asked.folder) as archive:
        bin_ = asked.days * BINS_PER_DAY
        archive.append(series, START + bin_ * STEP, crowd.ids, crowd.bin(bin_))
    again = find_outages(asked.folder, asked.processes)
    told |= {"detect_after_one_more_bin_s": again["detect_s"], "places_anew_then": again["places_anew"]}
    told["processes"] = asked.processes
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


def read_through(archive: Archive, series: Series) -> dict[str, Any]:
    """Read every batch of the archive."""
    begun = time.perf_counter()
    total = sum(float(np.nansum(panel.values)) for panel in archive.batches(series))
    return {"read_s": time.perf_counter() - begun, "peak_reading_mb": peak_mb(), "sum": total}


def find_outages(folder: Path, processes: int) -> dict[str, Any]:
    """Detect in all of it, as the command does."""
    begun, worked = time.perf_counter(), processor_s()
    found = detect(Wish(folder, place=Place(processes)))
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "detect_s": time.perf_counter() - begun,
        "detect_processor_s": processor_s() - worked,
        "peak_mb": peak_mb(),
        "peak_worker_mb": workers,
        "outages": len(found.events),
        "places_anew": found.worked[1],
    }


def processor_s() -> float:
    """Return the seconds of processor that this process and its children have taken."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


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
