"""Makes the archive that the site is asked for under load: 80,000 entities now, and a year of some.

    python bench/web_archive.py --entities 80000 --folder SOMEWHERE

Eight days of all entities as an observatory leaves them, a year before that of 4,096 of them (a file of a
month has as many, so that a year of one entity is read from as many files as in a whole archive), and what
`darkhours detect all` finds in the eight days.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from datetime import timedelta
from pathlib import Path

from archive_reads import DAYS, PER_FILE, PER_HOUR, YEAR_MONTHS, store, when
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
    until = make(asked.folder, asked.entities)
    filled = time.monotonic()
    since = f"{when(until - DAYS * BINS_PER_DAY):%Y-%m-%dT%H:%MZ}"
    found = detect(make_wish(["all"], asked.folder, (since, None), (), (2, None)))
    told = {
        "filled_s": filled - begun,
        "detected_s": time.monotonic() - filled,
        "outages": len(found.events),
        "until_bin": until,
    }
    print(json.dumps(told, indent=1))
    return 0


def make(folder: Path, n_entities: int) -> int:
    """Fill the archive; return the number of the bin that comes next."""
    few, all_of_them = Crowd(min(PER_FILE, n_entities)), Crowd(n_entities)
    with open_archive(folder, create=True) as archive:
        at = START
        for _ in range(YEAR_MONTHS):
            until = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
            store(archive, few, (at - START) // STEP, (until - at) // STEP)
            at = until
        first = (at - START) // STEP
        for day in range(DAYS):
            store(archive, all_of_them, first + day * BINS_PER_DAY, BINS_PER_DAY)
        first += DAYS * BINS_PER_DAY
        for hour in range(12):
            store(archive, all_of_them, first + hour * PER_HOUR, PER_HOUR)
    return first + 12 * PER_HOUR


if __name__ == "__main__":
    raise SystemExit(main())
