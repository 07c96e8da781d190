"""Raw BGP archives.

A recording of 577,740 elements, as it is and eight times over in one file. The others: polars over what
`bgpdump -m` prints, pybgpkit-parser, mrtparse, and for visibility a program in plain Python over what
`bgpdump -m` prints. Whole processes in the table, with all that they load; below it the work alone, in a
process that has loaded it. All count the same elements for each peer, and both programs print the same
visible /24s. Measured where the recording, bgpdump and the peers are.

The promises, ten times bgpdump + polars and fifty times pybgpkit-parser, were set by rates into columns,
million elements a second: they are about the work alone, and stand in its table. In whole processes the
start of Python and its libraries, most of our time on a file of this size, counts on both sides: the table
of ratios shows what is left of them there, on this file and on the eightfold one.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from task import Task

BENCH = Path(__file__).resolve().parent.parent
SHARED = os.environ.get("DARKHOURS_SHARED_DATA")
NAME = "updates.et-header.2015.gz"
LARGE, TIMES = "eightfold.gz", 8
FULL = 100
OTHERS = {"polars": "bgpdump + polars", "pybgpkit": "pybgpkit-parser", "mrtparse": "mrtparse"}
PROMISED = {"polars": 10, "pybgpkit": 50}
"""How many times as fast into columns the project holds itself to be."""
VISIBLE_PROMISED = 8
ROUNDS = 5
_HERE = (
    SHARED is not None
    and shutil.which("bgpdump") is not None
    and all(importlib.util.find_spec(name) for name in ("polars", "pybgpkit_parser", "mrtparse", "numba"))
)


def _prepare(folder: Path, *, times: int = 1) -> None:
    source = Path(SHARED or "", "mrt", NAME)
    if times == 1:
        (folder / NAME).symlink_to(source)
        return
    with gzip.open(source) as packed, gzip.open(folder / LARGE, "wb", 1) as made:
        data = packed.read()
        for _ in range(times):
            made.write(data)


def _read(reader: str, file: str, shown: str, *, cold: bool = False) -> Task:
    name = f"python {BENCH / 'mrt_readers.py'} {reader} {file}"
    times = TIMES if file == LARGE else 1
    return Task(name, cold=cold, prepare=partial(_prepare, times=times), shown=shown)


def _tasks() -> list[Task]:
    if not _HERE:
        return []
    ours = f"darkhours mrt elements {NAME} --json"
    seen = f"darkhours mrt visibility {NAME} --full-ipv4 {FULL}"
    slowly = f"python {BENCH / 'visibility_by_bgpdump.py'} {FULL} 10 slash24 - asn {NAME}"
    return [
        Task(ours, cold=True, prepare=_prepare),
        *(_read(reader, NAME, f"{OTHERS[reader]} {NAME}", cold=reader in PROMISED) for reader in OTHERS),
        Task(ours.replace(NAME, LARGE), prepare=partial(_prepare, times=TIMES)),
        *(_read(reader, LARGE, f"{OTHERS[reader]} {LARGE}") for reader in PROMISED),
        Task(seen, cold=True, prepare=_prepare),
        Task(slowly, cold=True, prepare=_prepare, shown=f"bgpdump + Python, visibility of {NAME}"),
    ]


TASKS = _tasks()
_RATIO_HEADS = "| whole process, others over ours | warm | processor | first run | peak memory |"


def compare(results: list[Any]) -> str:
    """Return how many times as long, and as much memory, the others took as ours before them."""
    rows: list[str] = [_RATIO_HEADS, "|---|--:|--:|--:|--:|"]
    ours: Any = None
    for result in results:
        if result.task.name.startswith("darkhours"):
            ours = result
            continue
        columns = [
            _times(result.warm, ours.warm, "wall_s"), _times(result.warm, ours.warm, "processor_s"),
            _times(result.cold, ours.cold, "wall_s"), _times(result.warm, ours.warm, "peak_mb"),
        ]  # fmt: skip
        rows.append(f"| `{result.task.shown}` | {' | '.join(columns)} |")
    return "\n".join(rows) if ours else ""


def _times(others: tuple[Any, ...], ours: tuple[Any, ...], what: str) -> str:
    """Return the ratio of two medians, nothing where one was not measured."""
    medians = [statistics.median(getattr(run, what) for run in runs) for runs in (others, ours) if runs]
    return f"{medians[0] / medians[1]:.1f}" if len(medians) > 1 else ""


_HEADS = " | median | least and most | ours is faster | promised |"
_RULE = "|---|--:|--:|--:|--:|"
_INSIDE = """
import json, sys, time
sys.path.insert(0, {bench!r})
{setup}
for _ in range({rounds} + 1):
    began = time.perf_counter(), time.process_time()
    got = {call}
    print(json.dumps([time.perf_counter() - began[0], time.process_time() - began[1], got]))
"""
_READ = "from mrt_readers import READERS"
_SEE = f"""
from pathlib import Path
from darkhours.sources.mrt.visibility import Rule, Watch
def see(path):
    watch = Watch(Rule(full=({FULL}, 10)))
    views = list(watch.views([Path(path)], lambda *told: None))
    values = views[-1].equivalents[0]
    return dict(sorted((name, value) for name, value in zip(watch.names(), values.tolist()) if value > 0))
"""
_SLOWLY = f"""
import visibility_by_bgpdump as slow
def see(path):
    slow.parse_prefix.cache_clear(), slow.find_origin.cache_clear()
    table = slow.Table()
    for fields in slow.read_lines([path]):
        table.take(fields)
    return dict(sorted(slow.view(table, "slash24", {FULL}, slow.Places(), {{"asn"}}).items()))
"""


def _inside(setup: str, call: str, rounds: int) -> tuple[list[float], object]:
    """Return seconds of each round but the first, of a process of its own, and what came out."""
    script = _INSIDE.format(bench=str(BENCH), setup=setup, call=call, rounds=rounds)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return [line[0] for line in lines[1:]], lines[-1][2]


def describe() -> str:
    """Return the table of the work alone, with how many times as fast ours is."""
    if not _HERE:
        return "Not measured here: it needs the shared recordings, bgpdump and the peers of the bench."
    path = str(Path(SHARED or "", "mrt", NAME))
    ours, counted = _inside(_READ, f"READERS['ours']({path!r})", 3 * ROUNDS)
    rows = ["The work alone, in a process that has loaded it and done it once:\n"]
    rows += [f"| into columns, counted by peer{_HEADS}", _RULE]
    rows.append(_row("ours", ours, None, None))
    for reader, shown in OTHERS.items():
        rounds = 1 if reader == "mrtparse" else ROUNDS
        taken, got = _inside(_READ, f"READERS[{reader!r}]({path!r})", rounds)
        _expect_same(shown, counted, got)
        rows.append(_row(shown, taken, ours, PROMISED.get(reader)))
    seen, values = _inside(_SEE, f"see({path!r})", 3 * ROUNDS)
    slowly, other = _inside(_SLOWLY, f"see({path!r})", ROUNDS)
    _expect_same("visible /24s", values, other)
    rows += ["", f"| visible /24s of every network{_HEADS}", _RULE]
    rows += [_row("ours", seen, None, None), _row("bgpdump + Python", slowly, seen, VISIBLE_PROMISED)]
    return "\n".join(rows)


def _row(name: str, taken: list[float], ours: list[float] | None, promised: int | None) -> str:
    median = statistics.median(taken)
    ratio = "" if ours is None else f"{median / statistics.median(ours):.1f} times"
    bound = "" if promised is None else f"≥ {promised}"
    return f"| {name} | {median:.3f} s | {min(taken):.3f} to {max(taken):.3f} | {ratio} | {bound} |"


def _expect_same(what: str, ours: object, other: object) -> None:
    if ours != other:
        message = f"{what}: expected what ours counts; the comparison means nothing until that is settled"
        raise RuntimeError(message)
