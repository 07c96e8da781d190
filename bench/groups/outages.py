"""Files of measured values.

The whole command, from a file of rows to its accounts or its page. The files are made up: a swing of 20 % by
day, noise of 5 %, and one place in five (of the 73: every place) goes dark. The recordings are read where the
evidence is here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from task import Task

START, HOUR = datetime(2024, 1, 1, tzinfo=UTC), timedelta(hours=1)
COLUMNS = "--time time --entity place --value value --signal probing.slash24_up_cnt"
SHARED = os.environ.get("DARKHOURS_SHARED_DATA")


def make_file(folder: Path, name: str, places: int, bins: int, every: int) -> None:
    """Write a made-up hourly file, in which every so manieth place goes dark."""
    rng = np.random.default_rng(1)
    swing = 1 + 0.2 * np.sin(np.arange(bins) / 24 * 2 * np.pi)
    values = 1000 * swing * np.exp(rng.normal(0, 0.05, (places, bins)))
    for number, place in enumerate(range(0, places, every)):
        begin = int(0.7 * bins) + number % 24
        values[place, begin : begin + int(0.06 * bins)] *= 0.02
    with (folder / name).open("w", encoding="utf-8") as file:  # line by line: a child begins with our memory
        file.write("time,place,value\n")
        for t in range(bins):
            time = (START + t * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
            file.writelines(f"{time},AS{1000 + p},{values[p, t]:.1f}\n" for p in range(places))


def _link(folder: Path, *, source: Path) -> None:
    (folder / source.name).symlink_to(source)


def _made(places: int, bins: int, every: int) -> Callable[[Path], None]:
    return partial(make_file, name="made.csv", places=places, bins=bins, every=every)


def _recorded() -> list[Task]:
    if not SHARED:
        return []
    files = [
        Path(SHARED, "monash-ip-observatory", "irn-2019-11-11_gif.csv"),
        Path(SHARED, "monash-ip-observatory", "ven-2019-07-22_gif.csv"),
        Path(SHARED, "iran-2026-ioda", "ioda-iran-2025-12-01_2026-01-29.csv"),
    ]
    return [
        Task(f"darkhours outages {file.name} --json", promised_s=2.5, prepare=partial(_link, source=file))
        for file in files
    ]


TASKS = [
    Task(
        f"darkhours outages made.csv {COLUMNS} --json",
        promised_s=2.5,
        prepare=_made(73, 336, 1),
        shown="darkhours outages … --json, 73 places × 336 hours",
    ),
    Task(
        f"darkhours outages made.csv {COLUMNS} --unrelated --json",
        promised_s=6.0,
        prepare=_made(190, 1600, 5),
        shown="darkhours outages … --unrelated --json, 190 × 1,600, with the gate",
    ),
    Task(
        f"darkhours outages made.csv {COLUMNS} --html page.html",
        prepare=_made(73, 336, 1),
        shown="darkhours outages … --html, 73 × 336",
    ),
    Task(
        f"darkhours outages made.csv {COLUMNS} --html page.html",
        prepare=_made(3000, 168, 5),
        shown="darkhours outages … --html, 3,000 × 168",
    ),
    *_recorded(),
]
