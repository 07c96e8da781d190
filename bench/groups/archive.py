"""The archive.

Made-up counts of 80,000 entities in bins of five minutes: they swing by day, have noise, gaps and
outages, and half of them are below a dozen. A month of them is written bin by bin, each durable before
the next, compacted by the hour, and detected. `DARKHOURS_BENCH_ENTITIES` says how many entities that month
has: 8,000, a tenth, unless told; `DARKHOURS_BENCH_MONTH` names what `bench/archive_month.py` printed before,
for a whole one takes half an hour.
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
MONTH_ENTITIES = int(os.environ.get("DARKHOURS_BENCH_ENTITIES", "8000"))
KEPT = os.environ.get("DARKHOURS_BENCH_MONTH")
TASKS = [Task("darkhours store --help", promised_s=0.3)]
PROMISED = {
    "append": ("one bin of 80,000 entities, durable", 20),
    "latest": ("the latest bin of all 80,000", 10),
    "latest cold": ("the same, the first time: 80,000 entities are named", None),
    "week": ("the last week of one entity, before midnight", 30),
    "week cold": ("the same, the archive opened anew", None),
    "year": ("a year of one entity", 100),
    "year cold": ("the same, the archive opened anew", None),
    "fsync": ("a file of 100 kB made durable, which an append waits for", None),
}
PARTS = {
    "append": "append bin by bin",
    "compact": "compact by hour, day and month",
    "read": "read all of it in batches",
    "detect": "`detect all`, two processes",
}


def describe() -> str:
    """Return what single acts take, what peers take for the same, and what a month costs."""
    with tempfile.TemporaryDirectory(prefix="darkhours-bench-") as name:
        folder = Path(name)
        acts = run("archive_reads.py", "--folder", str(folder / "reads"))
        peers = {
            peer: time_peer(peer, folder / "reads" / "recent")
            for peer in ("darkhours", "polars", "duckdb", "pandas")
        }
        step = run("watch_step.py", "--folder", str(folder / "step"))
        month = measure_month(folder / "month")
    return "\n".join([tabulate_acts(acts), tabulate_peers(peers), tell_step(step), tabulate_month(month)])


def tell_step(step: dict[str, Any]) -> str:
    """Return what one more bin costs under a watch."""
    telling = ", ".join(f"{each:.0f} ms" for each in step["step_that_tells_ms"])
    told = (
        f"One more bin of {step['entities']:,} places, five minutes wide, states in memory: appended and "
        f"durable in {step['append_ms']:.0f} ms, taken by `watch` and kept in "
        f"{step['step_ms']:.0f} ms (longest {step['step_worst_ms']:.0f} ms); {telling} for the bin with "
        f"which {step['told']} changes are told with their edges. What is known of all places is read in "
        f"{step['current_ms']:.1f} ms. Peak memory: {step['peak_mb'] / 1000:.1f} GB."
    )
    return f"### A step of a watch\n\n{told}\n"


def measure_month(folder: Path) -> dict[str, Any]:
    """Return what a month costs: measured now, or by a run of archive_month.py that was kept in a file."""
    if KEPT:
        told: dict[str, Any] = json.loads(Path(KEPT).read_text(encoding="utf-8"))
        return told
    return run("archive_month.py", "--entities", str(MONTH_ENTITIES), "--folder", str(folder))


def run(script: str, *words: str) -> dict[str, Any]:
    """Return what a script of the bench prints."""
    ran = subprocess.run([sys.executable, BENCH / script, *words], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def time_peer(peer: str, folder: Path) -> dict[str, Any]:
    """Return what one way to roll up a day takes, the second time."""
    report = folder.parent / "report.json"
    command: list[str | Path] = [
        sys.executable,
        BENCH / "launch.py",
        report,
        sys.executable,
        BENCH / "archive_peers.py",
        peer,
        folder,
    ]
    subprocess.run(command, capture_output=True, check=False)
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        return {"found": "not installed", "wall_s": 0.0}
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return told | {"found": ran.stdout.strip()}


def tabulate_acts(acts: dict[str, Any]) -> str:
    """Return single acts as a table."""
    rows = [
        f"| {words} | {f'< {promised} ms' if promised else ''} | {acts[name]['wall_ms']:.1f} ms "
        f"| {acts[name]['cpu_ms']:.1f} ms | {acts[name]['worst_ms']:.1f} ms |"
        for name, (words, promised) in PROMISED.items()
    ]
    packed = f"A point of a month's file takes {acts['bytes_per_point']:.2f} bytes (promised: 1 at most)."
    head = "| one act | promised | median | processor | longest |\n|---|--:|--:|--:|--:|"
    return "\n".join(["### Single acts\n", head, *rows, "", packed, ""])


def tabulate_peers(peers: dict[str, dict[str, Any]]) -> str:
    """Return the roll-up of a day by each peer as a table."""
    rows = [
        f"| {name} | {told['wall_s']:.2f} s | {told.get('processor_s', 0):.2f} s "
        f"| {told.get('peak_mb', 0):.0f} MB | {told['found']} |"
        for name, told in peers.items()
    ]
    head = "| whole process | wall | processor | peak memory | found |\n|---|--:|--:|--:|---|"
    return "\n".join(["### Hourly means of a day of 80,000 entities, from the same file\n", head, *rows, ""])


def tabulate_month(month: dict[str, Any]) -> str:
    """Return what a month costs, per point and for a year."""
    rows = [
        f"| {words} | {month['ns_per_point'][name]:.0f} ns | {month['year'][name]} |"
        for name, words in PARTS.items()
    ]
    head = "| part | per point | a year of it |\n|---|--:|--:|"
    size = f"{month['bytes_per_point']:.2f} bytes a point: {month['year_gb']:.1f} GB a year."
    memory = (
        f"Peak memory: {month['peak_compacting_mb']:.0f} MB writing and compacting, "
        f"{month['peak_reading_mb']:.0f} MB reading batches of 4,096 entities. {size}"
    )
    took = f"{month['detect_s']:.0f} s ({month['detect_processor_s']:.0f} s of processor)"
    again = f"{month['detect_after_one_more_bin_s']:.0f} s"
    detected = (
        f"{month['outages']:,} outages were found in {took}. After one more bin `detect all` took {again}: "
        f"the day or two behind each state again, and {month['places_anew_then']:,} places from their first "
        "bin on, whose last outage is open and of which no state from before it is held."
    )
    n_entities = round(month["n_points"] / (31 * 288))
    title = f"### A month of {n_entities:,} entities, {month['n_points'] / 1e6:,.0f} million points\n"
    apart = "The month was measured by a run of its own, beside other work." if KEPT else ""
    return "\n".join([title, head, *rows, "", memory, "", detected, "", apart, ""])
