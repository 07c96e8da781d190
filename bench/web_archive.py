"""Makes the archive that the site is asked for under load: 80,000 entities now, and a year of some.

    python bench/web_archive.py --entities 80000 --folder SOMEWHERE

Eight days and a half of all entities as an observatory leaves them, what `darkhours detect all` finds in
them, and a year before that of 4,096 of them, not of all: a file of a month has as many, so that a year of
one entity is read from as many files as in a whole archive. What is not measured so: the 228 other files of
such an archive, whose footers do not all find room in memory (`store/footers.py`): for places drawn at random
more than half of them would be parsed anew, some 0.7 ms each, and bytes be read that the system has not in
memory.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from datetime import timedelta
from pathlib import Path

from archive_reads import DAYS, PER_FILE, PER_HOUR, YEAR_MONTHS, store
from made_points import BINS_PER_DAY, START, STEP, Crowd

from darkhours.app.detect import detect, make_wish
from darkhours.store import open_archive


def main() -> int:
    """Make it, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=80_000)
    parser.add_argument("--folder", type=Path, required=True, help="where it is made, and left")
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    begun = time.monotonic()
    until = fill_recent(asked.folder, asked.entities)
    filled = time.monotonic()
    found = detect(make_wish(["all"], asked.folder, (None, None), (), (2, None)))
    detected = time.monotonic()
    fill_year(asked.folder, min(PER_FILE, asked.entities))
    told = {
        "filled_s": filled - begun,
        "detected_s": detected - filled,
        "year_s": time.monotonic() - detected,
        "outages": len(found.events),
        "until_bin": until,
    }
    print(json.dumps(told, indent=1))
    return 0


def months() -> list[tuple[int, int]]:
    """Return first bin and bins of each month of the year, and where the next begins."""
    out, at = [], START
    for _ in range(YEAR_MONTHS):
        until = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
        out.append(((at - START) // STEP, (until - at) // STEP))
        at = until
    return out


def fill_recent(folder: Path, n_entities: int) -> int:
    """Store eight days and a half of all entities after the year; return the number of the next bin."""
    crowd, first = Crowd(n_entities), sum(months()[-1])
    with open_archive(folder, create=True) as archive:
        for day in range(DAYS + 1):
            store(archive, crowd, first + day * BINS_PER_DAY, BINS_PER_DAY)
        first += (DAYS + 1) * BINS_PER_DAY
        for hour in range(12):
            store(archive, crowd, first + hour * PER_HOUR, PER_HOUR)
    return first + 12 * PER_HOUR


def fill_year(folder: Path, n_entities: int) -> None:
    """Store the year before that of some entities; detection does not look at it."""
    crowd = Crowd(n_entities)
    with open_archive(folder) as archive:
        for first, n_bins in months():
            store(archive, crowd, first, n_bins)


if __name__ == "__main__":
    raise SystemExit(main())
