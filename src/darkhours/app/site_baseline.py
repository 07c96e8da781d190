"""Baselines of one place over a span: what its signals would be held against, worked out when a page asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar

import numpy as np

from darkhours.app.site_baseline_long import Later
from darkhours.app.site_entity import Line, PlaceView, read_place
from darkhours.infer.choose import has_kernels, infer_all
from darkhours.infer.signals.timelines import Asked
from darkhours.model.errors import InputError, StoreBusy
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel, Trace
from darkhours.model.timeline import Floats
from darkhours.render.envelope import bucket_edges, envelope
from darkhours.render.span_picture import POINTS
from darkhours.store import Archive

HISTORY = timedelta(days=28)
"""What is read before the span: ours, four weeks, so that each hour of the week was seen four times."""
LONGEST = timedelta(days=31)
"""The longest span for whose baselines a page waits: ours, some hundredths of a second by kernels at five
minutes; of longer ones they are there when the page is loaded again."""
READABLE = 2_500
"""Bins up to which the readable code works them out: ours, below a second; of a longer span a reader sees no
baseline for the half minute in which kernels are compiled."""
KEPT = 64
"""Spans that are kept: ours, a month of three signals at five minutes takes 200 kB."""

_Key = tuple[str, datetime, datetime, int]
_Asked = tuple[str, datetime, datetime]
_Kept = TypeVar("_Kept")
_FEWEST = Asked(n_samples=1)
"""Baselines are the same however many histories are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What the signals of a place over a span would be held against.

    Args:
        since: begin of the first bin that somebody measured, from which on was learned.
        baselines: of each signal and family, shape of the values of its line; NaN where too little was known.
            Of a long span the middle of each bucket that is drawn.
    """

    since: datetime
    baselines: Mapping[tuple[str, str], Floats]

    def of(self, line: Line) -> Floats | None:
        """Return the baseline of a line, None where it has none."""
        found = self.baselines.get((line.signal.name, line.family))
        if found is None or found.size == line.grid.n_bins:
            return found
        return np.repeat(found, np.diff(bucket_edges(line.grid.n_bins, POINTS)))


Elsewhere: TypeAlias = Callable[[str, datetime, datetime], Learned | None]


@dataclass(frozen=True, slots=True)
class BaselineShelf:
    """Baselines that were worked out: the same place, span and version once.

    Kernels work them out where they are ready; until they are compiled, which begins with the first
    question and happens beside it, the readable code does. The figures are the same.

    Args:
        opens: gives the archive, open in the thread that calls it.
        leaves: closes it there.
        elsewhere: does `work_out` where another process does; None where this one does.
        soon: the same for what a page waits for, bin by bin; `StoreBusy` where it would wait for long.
    """

    opens: Callable[[], Archive]
    leaves: Callable[[], None] = lambda: None
    elsewhere: Elsewhere | None = None
    soon: Elsewhere | None = None
    _kept: OrderedDict[_Key, Learned | None] = field(default_factory=OrderedDict)
    _missed: OrderedDict[_Key, None] = field(default_factory=OrderedDict)
    _later: list[Later[_Key, _Asked, Learned | None]] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _ready: threading.Event = field(default_factory=threading.Event)
    _begun: threading.Event = field(default_factory=threading.Event)

    def learn(self, archive: Archive, view: PlaceView) -> Learned | None:
        """Return the baselines of a view, None where nothing was measured before it or they come later.

        Args:
            archive: open.
            view: the place over its span.
        """
        if not view.lines:
            return None
        if is_long(view):
            return self._long().ask(_long_key(archive, view), (view.entity.id, view.start, view.until))
        key = (view.entity.id, view.start, view.until, view.version)
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        try:
            found = self._here(archive, view) if self.soon is None else self.soon(*key[:3])
        except StoreBusy:
            self._keep(self._missed, key, None)
            return None
        self._keep(self._kept, key, found)
        return found

    def _keep(self, shelf: OrderedDict[_Key, _Kept], key: _Key, found: _Kept) -> None:
        with self._guard:
            shelf[key] = found
            while len(shelf) > KEPT:
                shelf.popitem(last=False)

    def _here(self, archive: Archive, view: PlaceView) -> Learned | None:
        """Return the baselines of a short span, worked out by whatever code is ready.

        Raises:
            StoreBusy: none is.
        """
        panels = _panels(archive, view)
        self._make_ready(panels)
        bulk = self._ready.is_set()
        if not bulk and max((panel.grid.n_bins for panel in panels), default=0) > READABLE:
            raise StoreBusy("expected kernels, they are being compiled; ask again in a moment")
        return _learn(panels, view, bulk=bulk)

    def is_pending(self, archive: Archive, view: PlaceView) -> bool:
        """Return whether the baselines of a view will be there soon: they, or kernels, are being made."""
        if is_long(view):
            return bool(view.lines) and not self._long().is_done(_long_key(archive, view))
        key = (view.entity.id, view.start, view.until, view.version)
        return key in self._missed and key not in self._kept

    def _long(self) -> Later[_Key, _Asked, Learned | None]:
        with self._guard:
            if not self._later:
                self._later.append(Later(self._work_out, self.leaves))
            return self._later[0]

    def _work_out(self, asked: _Asked) -> Learned | None:
        return (
            work_out(self.opens(), asked[0], asked[1:]) if self.elsewhere is None else self.elsewhere(*asked)
        )

    def _make_ready(self, panels: list[Panel]) -> None:
        """Have the kernels compiled beside everything else, once."""
        if self._begun.is_set() or not panels or not has_kernels():
            return
        self._begun.set()

        def compile_them() -> None:
            list(infer_all(panels, Asked(), bulk=True))
            self._ready.set()

        threading.Thread(target=compile_them, name="kernels", daemon=True).start()


def work_out(
    archive: Archive, entity: str, span: tuple[datetime, datetime], *, fine: bool = False
) -> Learned | None:
    """Return the baselines of a place over a span, None without any.

    Args:
        archive: open.
        entity: id of the place.
        span: its begin and end, UTC.
        fine: whether bin by bin; else as coarse as a long span is drawn.
    """
    view = read_place(archive, entity, span, ())
    found = _learn(_panels(archive, view), view, bulk=has_kernels())
    if found is None or fine:
        return found
    return replace(found, baselines={key: _coarse(base) for key, base in found.baselines.items()})


def is_long(view: PlaceView) -> bool:
    """Return whether no page waits for the baselines of a view."""
    return view.until - view.start > LONGEST


def _long_key(archive: Archive, view: PlaceView) -> _Key:
    """Return what a long span is kept by: what was written to it, or to its history, and not elsewhere."""
    span = (view.start - HISTORY, view.until)
    written = max((archive.newest_within(series, *span) for series in archive.series()), default=0)
    return view.entity.id, view.start, view.until, written


def _coarse(baseline: Floats) -> Floats:
    """Return the middle of each bucket that is drawn."""
    if baseline.size <= POINTS:
        return baseline
    env = envelope(baseline, POINTS)
    return (env.low + env.high) / 2


def _panels(archive: Archive, view: PlaceView) -> list[Panel]:
    """Return the signals of a place over its span and the history before it, as far as it was kept."""
    found = []
    for series in archive.series():
        start = view.start - HISTORY
        if series.kept_from is not None:
            start = max(start, series.start_of(series.kept_from))
        try:
            panel = archive.read(series, [view.entity.id], start, view.until)
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
    inferred = next(infer_all(panels, _FEWEST, bulk=bulk))
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
