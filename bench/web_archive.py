"""Makes the archive that the site is asked for under load: 80,000 entities now, and a year of some.

    python bench/web_archive.py --entities 80000 --folder SOMEWHERE

Eight days and a half of all entities as an observatory leaves them, what `darkhours detect all` finds in
them, and a year before that: of 4,096, as many as a file of a month has, unless `--year-of` says more. A
year of all 80,000 is 8.4 billion points in 240 files and takes some twenty minutes and 5 GB. A year of one
entity is read from as many files either way, but the footers of 240 files do not all find room in memory
(`store/footers.py`), so that it is the whole archive that shows what a site takes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from dataclasses import dataclass
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
    parser.add_argument("--year-of", type=int, default=PER_FILE, help="entities that have a year")
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    begun = time.monotonic()
    until = fill_recent(asked.folder, asked.entities)
    filled = time.monotonic()
    found = detect(make_wish(["all"], asked.folder, (None, None), (), (2, None)))
    detected = time.monotonic()
    fill_year(asked.folder, asked.entities, asked.year_of)
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


@dataclass(frozen=True)
class Part(Crowd):
    """Some entities of a crowd, with chances of their own.

    Args:
        ids: which.
    """

    ids: tuple[str, ...] = ()


def fill_year(folder: Path, n_entities: int, year_of: int, skip: int = 0) -> None:
    """Store the year before that of the first entities, a file of each month at a time.

    Detection does not look at it. The first ``skip`` have theirs already.
    """
    everyone = Crowd(n_entities).ids[:year_of]
    with open_archive(folder) as archive:
        for at in range(skip, len(everyone), PER_FILE):
            ids = everyone[at : at + PER_FILE]
            for first, n_bins in months():
                store(archive, Part(len(ids), 1 + at, ids), first, n_bins)


if __name__ == "__main__":
    raise SystemExit(main())
