"""The site.

First load: what a browser with an empty cache takes for a page of the demonstration, over a slow line
(Lighthouse's slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, emulated by Chromium) against
loopback. Load: 50 requests a second, started at their time whether or not earlier ones are answered, while
another process appends a bin of all entities every half minute, ten times as often as an observatory does.
The site has run for twenty seconds by then, and has weighed its cases and indexed the names of places.
The archive is made by `bench/web_archive.py`; `DARKHOURS_BENCH_WEB` names one that is there already. It has
all entities over its last eight days and a half; how many have a year is said below, and `--year-of 80000`
gives one to all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from task import Task

BENCH = Path(__file__).resolve().parent.parent
TASKS = [Task("darkhours serve --help", promised_s=0.3)]
KEPT = os.environ.get("DARKHOURS_BENCH_WEB")
PROMISED_MS = {"now": 100, "entity, a year": 150}


def describe() -> str:
    """Return first loads, and answers under load beside those of a plain route."""
    with tempfile.TemporaryDirectory(prefix="darkhours-bench-") as name:
        folder = Path(KEPT) if KEPT else Path(name) / "archive"
        if not KEPT:
            run("web_archive.py", "--folder", str(folder))
        first = run("web_first_load.py")
        load = run("web_load.py", "--archive", str(folder), "--plain", str(Path(name) / "plain"))
    return "\n".join([tabulate_first(first), tabulate_load(load)])


def run(script: str, *words: str) -> dict[str, Any]:
    """Return what a script of the bench prints."""
    ran = subprocess.run([sys.executable, BENCH / script, *words], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def tabulate_first(told: dict[str, Any]) -> str:
    """Return first loads as a table."""
    if "why_not" in told:
        return f"### First load\n\nNot measured: {told['why_not']}.\n"
    rows = [
        f"| {page['name']} | {page['bytes'] / 1000:.1f} kB | {page['script_bytes'] / 1000:.1f} kB "
        f"| {page['requests']} | {page['other_origins']} | {page['largest_paint_ms']:.0f} ms |"
        for page in told["pages"]
    ]
    head = "| page | transferred | of it scripts | requests | to others | paint |\n|---|--:|--:|--:|--:|--:|"
    promise = (
        "Promised of the Almaty account: below 120 kB, scripts below 30 kB, nobody else, paint below 1 s."
    )
    return "\n".join(["### First load\n", head, *rows, "", promise, ""])


def tabulate_load(told: dict[str, Any]) -> str:
    """Return answers under load as a table."""
    rows = []
    for name, times in told["asked"].items():
        promised = f"< {PROMISED_MS[name]} ms" if name in PROMISED_MS else ""
        rows.append(
            f"| {name} | {promised} | {times['p50_ms']:.0f} ms | {times['p95_ms']:.0f} ms "
            f"| {times['p99_ms']:.0f} ms | {times['wrong']:.0f} of {times['n']:.0f} |"
        )
    head = "| 50 a second | p95 promised | p50 | p95 | p99 | not answered |\n|---|--:|--:|--:|--:|--:|"
    memory = (
        f"A bin of all entities every {told['every_s']:.0f} s; the year is one of {told['year_of']:,} of the "
        f"{told['entities']:,} entities, drawn at random. Most memory of the site's {told['processes']} "
        f"processes and of the one that started them, each at its peak, together: {told['memory_mb']:.0f} MB "
        f"(promised: below 1 GB), at the end {told['held_mb']:.0f} MB with what they share counted once; of "
        f"the plain route, which has a year of 4,096: {told.get('plain_mb', 0):.0f} MB."
    )
    return "\n".join(["### Under load\n", head, *rows, "", memory, ""])
