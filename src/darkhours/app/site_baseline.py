"""Baselines of one place over a span: what its signals would be held against, worked out when a page asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from darkhours.app.site_entity import Line, PlaceView
from darkhours.infer.choose import has_kernels, infer_all
from darkhours.infer.signals.timelines import Asked
from darkhours.model.errors import InputError
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel, Trace
from darkhours.model.timeline import Floats
from darkhours.store import Archive

HISTORY = timedelta(days=28)
"""What is read before the span: ours, four weeks, so that each hour of the week was seen four times."""
LONGEST = timedelta(days=31)
"""The longest span that is drawn with baselines: ours, 0.2 s by kernels at five minutes."""
READABLE = 2_500
"""Bins up to which the readable code works them out: ours, below a second; of a longer span a reader sees no
baseline for the half minute in which kernels are compiled."""
KEPT = 64
"""Spans that are kept: ours, a month of three signals at five minutes takes 200 kB."""

_Key = tuple[str, datetime, datetime, int]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What the signals of a place over a span would be held against.

    Args:
        since: begin of the first bin that somebody measured, from which on was learned.
        baselines: of each signal and family, shape of the values of its line; NaN where too little was known.
    """

    since: datetime
    baselines: Mapping[tuple[str, str], Floats]

    def of(self, line: Line) -> Floats | None:
        """Return the baseline of a line, None where it has none."""
        return self.baselines.get((line.signal.name, line.family))


@dataclass(frozen=True, slots=True)
class BaselineShelf:
    """Baselines that were worked out: the same place, span and version once.

    Kernels work them out where they are ready; until they are compiled, which begins with the first
    question and happens beside it, the readable code does. The figures are the same.
    """

    _kept: OrderedDict[_Key, Learned | None] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _ready: threading.Event = field(default_factory=threading.Event)
    _begun: threading.Event = field(default_factory=threading.Event)

    def learn(self, archive: Archive, view: PlaceView) -> Learned | None:
        """Return the baselines of a view, None where the span is long or nothing was measured before it.

        Args:
            archive: open.
            view: the place over its span.
        """
        if view.until - view.start > LONGEST or not view.lines:
            return None
        key = (view.entity.id, view.start, view.until, view.version)
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        panels = _panels(archive, view)
        self._make_ready(panels)
        bulk = self._ready.is_set()
        if not bulk and max((panel.grid.n_bins for panel in panels), default=0) > READABLE:
            return None  # soon
        found = _learn(panels, view, bulk=bulk)
        with self._guard:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def is_pending(self, view: PlaceView) -> bool:
        """Return whether the baselines of a view will be there soon: kernels are being compiled."""
        key = (view.entity.id, view.start, view.until, view.version)
        return self._begun.is_set() and not self._ready.is_set() and key not in self._kept

    def _make_ready(self, panels: list[Panel]) -> None:
        """Have the kernels compiled beside everything else, once."""
        if self._begun.is_set() or not panels or not has_kernels():
            return
        self._begun.set()

        def compile_them() -> None:
            list(infer_all(panels, Asked(), bulk=True))
            self._ready.set()

        threading.Thread(target=compile_them, name="kernels", daemon=True).start()


def _panels(archive: Archive, view: PlaceView) -> list[Panel]:
    """Return the signals of a place over its span and the history before it."""
    found = []
    for series in archive.series():
        try:
            panel = archive.read(series, [view.entity.id], view.start - HISTORY, view.until)
        except InputError:
            continue
        measured = np.isfinite(panel.values[0])
        if measured.any():
            found.append(_from(panel, int(measured.argmax())))
    return found


def _from(panel: Panel, first: int) -> Panel:
    """Return a panel from a bin on: what nobody measured before teaches nothing, and takes time."""
    grid = Grid(panel.grid.at(first), panel.grid.step, panel.grid.n_bins - first)
    return replace(panel, grid=grid, values=panel.values[:, first:])


def _learn(panels: list[Panel], view: PlaceView, *, bulk: bool) -> Learned | None:
    firsts = [panel.grid.at(int(np.isfinite(panel.values[0]).argmax())) for panel in panels]
    since = min(firsts, default=view.until)
    if since >= view.start:
        return None
    inferred = next(infer_all(panels, Asked(), bulk=bulk))
    traces = {(trace.signal.name, trace.family): trace for trace in inferred.traces}
    found = {
        key: cut(traces[key], line.grid)
        for line in view.lines
        if (key := (line.signal.name, line.family)) in traces
    }
    return Learned(since, found)


def cut(trace: Trace, grid: Grid) -> Floats:
    """Return the baseline of a trace on another grid: of each bin that of the bin in which it begins.

    Args:
        trace: on the finest grid of all signals.
        grid: of one signal.
    """
    steps = (grid.start - trace.grid.start) / trace.grid.step + np.arange(grid.n_bins) * (
        grid.step / trace.grid.step
    )
    bins = np.floor(steps + 1e-9).astype(np.int64)
    inside = (bins >= 0) & (bins < trace.grid.n_bins)
    out = np.full(grid.n_bins, np.nan)
    out[inside] = trace.baseline[bins[inside]]
    return out
