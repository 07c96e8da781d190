"""One more bin of very many places under a watch: from appending it to having kept what changed.

    python bench/watch_step.py --entities 80000 --folder SOMEWHERE

States are those of a hundred made-up places after 28 days of five minutes, as often as it takes; the points,
the step and what is told are real. Fifty places go dark, so that edges are made from histories too. Prints
one JSON document: milliseconds, medians of the bins but for those in which places are told.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from bulk_rates import make_panel, peak_mb, repeat

from darkhours.app import watch_book
from darkhours.app.measured import Question
from darkhours.app.watch_crowd import Crowd
from darkhours.app.watch_load import Source
from darkhours.infer.bulk.resume import begin
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.panel import Panel
from darkhours.store import open_archive

FEW, KNOWN, BINS, FALLEN, FALLS_AT, CROWD = 100, 28 * 288, 16, 50, 6, 4000


def main() -> int:
    """Make an archive and states, then append bins and take them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=80_000)
    parser.add_argument("--folder", type=Path, required=True, help="where the archive is made, and left")
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    some = make_panel(FEW, KNOWN + BINS + 1, out=0.0)
    known = begin(make_rows([_cut(some, 0, KNOWN)], Tuning()), Tuning())[0]
    size = min(CROWD, asked.entities)
    crowds = [Crowd(repeat(known, size // FEW, first=at), None) for at in range(0, asked.entities, size)]
    ids = tuple(id_ for crowd in crowds for id_ in crowd.state.entities)
    with open_archive(asked.folder, create=True) as writer, open_archive(asked.folder) as reader:
        series = writer.declare(some.signal, some.family, some.datasource, some.grid.step)
        values = np.tile(some.values[:, KNOWN:], (len(ids) // FEW, 1))
        values[:FALLEN, FALLS_AT:] *= 0.01
        start = some.grid.start + KNOWN * some.grid.step
        writer.append(series, start, ids, values[:, 0])
        source = Source(reader, (series,), (), start, Question(form="live"))
        setattr(watch_book, "load_crowds", lambda *_: crowds)  # noqa: B010 — states that are made up
        watcher = watch_book.Watcher(source)
        stop = threading.Event()
        for _ in watcher.take(stop):
            pass
        appends, steps, telling = list[float](), list[float](), list[float]()
        for at in range(1, BINS):
            begun = time.perf_counter()
            writer.append(series, start + at * some.grid.step, ids, values[:, at])
            appended = time.perf_counter()
            told = sum(len(changes) for changes in watcher.take(stop))
            done = time.perf_counter()
            appends.append(appended - begun)
            (telling if told else steps).append(done - appended)
        begun = time.perf_counter()
        now = reader.current()
        read = time.perf_counter() - begun
    found = {
        "entities": len(ids),
        "append_ms": 1e3 * statistics.median(appends),
        "step_ms": 1e3 * statistics.median(steps),
        "step_worst_ms": 1e3 * max(steps),
        "step_that_tells_ms": [1e3 * each for each in telling],
        "told": len(reader_changes(asked.folder)),
        "current_ms": 1e3 * read,
        "rows": len(now),
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found, indent=1))
    return 0


def reader_changes(folder: Path) -> tuple[object, ...]:
    """Return all that was told."""
    with open_archive(folder) as archive:
        return archive.changes(0, 10_000)


def _cut(panel: Panel, first: int, until: int) -> Panel:
    grid = replace(panel.grid, start=panel.grid.start + first * panel.grid.step, n_bins=until - first)
    return replace(panel, grid=grid, values=panel.values[:, first:until])


if __name__ == "__main__":
    sys.exit(main())
