"""Rows: every signal of every entity on one grid, as arrays that one pass over time works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.infer.signals.tuning import Tuning
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import SignalKind
from darkhours.model.timeline import Bins, Floats, Mask

DAY = timedelta(days=1)
MONDAY = datetime(2018, 1, 1, tzinfo=UTC)
"""Any Monday: hours of the week are counted from it."""

MOST_SLOTS = 288
"""Slots of a day at most: five minutes each."""


LARGEST = 1e100
"""Values are taken for no more than this, so that sums of them stay numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Values of every (entity, signal) on one grid.

    Args:
        grid: bins of time; the finest step among the panels.
        entities: whom the rows are about.
        entity: index into `entities`, shape (n_rows,).
        signals: what each row measures.
        families: sensing system of each row.
        values: goodness, shape (n_rows, n_bins): lower is worse in every row; NaN where nobody measured.
        raw: the values as measured, same shape.
        weight: share of a bin's evidence that a bin of this grid carries, shape (n_rows,).
        counted: rows of counts, which are scored as counts where they are few, shape (n_rows,).
        floor: least scatter, in log units, shape (n_rows,).
        least_shape: least share of its level that a slot can have, shape (n_rows,).
        one_way: rows in which trouble cannot show as darkness, shape (n_rows,).
        smoothed: width over which the publisher smoothed, shape (n_rows,), in hours.
    """

    grid: Grid
    entities: tuple[Entity, ...]
    entity: Bins
    signals: tuple[SignalKind, ...]
    families: tuple[str, ...]
    values: Floats
    raw: Floats
    weight: Floats
    counted: Mask
    floor: Floats
    least_shape: Floats
    one_way: Mask
    smoothed: Floats

    @property
    def slots(self) -> int:
        """Return how many slots a day has."""
        return slots_of_day(self.grid)

    def slot(self, bins: Bins) -> Bins:
        """Return the slot of the day, UTC, of each bin."""
        return slot_at(self.grid, bins)

    def hour_of_week(self, bins: Bins) -> Bins:
        """Return the hour of the week, UTC, of each bin: 0 … 167."""
        return hour_at(self.grid, bins)


def slots_of_day(grid: Grid) -> int:
    """Return how many slots a day has."""
    return min(MOST_SLOTS, max(1, round(DAY / grid.step)))


def slot_at(grid: Grid, bins: Bins) -> Bins:
    """Return the slot of the day, UTC, of each bin."""
    return np.asarray((_seconds(grid, bins) % 86400) // (86400 / slots_of_day(grid)), dtype=np.int64)


def hour_at(grid: Grid, bins: Bins) -> Bins:
    """Return the hour of the week, UTC, of each bin: 0 … 167."""
    return np.asarray(_seconds(grid, bins) // 3600 % 168, dtype=np.int64)


def _seconds(grid: Grid, bins: Bins) -> Floats:
    start_s = (grid.start - MONDAY).total_seconds()
    return np.asarray(start_s + bins * grid.step.total_seconds(), dtype=np.float64)


def make_rows(panels: Sequence[Panel], tuning: Tuning, grid: Grid | None = None) -> Rows:
    """Lay panels onto one grid; coarser ones repeat their value and share its evidence out.

    A bin takes what a panel has at its middle, whatever the panel's step and phase.

    A row that never holds more than zero tells nothing: nobody knows what is ordinary there.

    Args:
        panels: signals of one or many entities.
        tuning: every default.
        grid: the common one of these panels, or of more.

    Raises:
        ValueError: there is no panel.
    """
    if not panels:
        msg = "expected at least one panel"
        raise ValueError(msg)
    grid = common_grid(panels) if grid is None else grid
    entities = tuple({e.id: e for panel in panels for e in panel.entities}.values())
    place = {e.id: i for i, e in enumerate(entities)}
    parts = [lay(panel, grid) for panel in panels]
    raw = np.concatenate([values for values, _ in parts])
    of = [(panel, e) for panel in panels for e in panel.entities]
    signals = tuple(panel.signal for panel, _ in of)
    raw = np.where((raw > 0).any(axis=1, keepdims=True), np.minimum(raw, LARGEST), np.nan)
    values = np.array([goodness(line, s) for line, s in zip(raw, signals, strict=True)])
    counted = np.array([panel.signal.kind == "count" for panel, _ in of])
    return Rows(
        grid=grid,
        entities=entities,
        entity=np.array([place[e.id] for _, e in of]),
        signals=signals,
        families=tuple(panel.family for panel, _ in of),
        values=values,
        raw=raw,
        weight=np.concatenate([np.full(len(p.entities), w) for p, (_, w) in zip(panels, parts, strict=True)]),
        counted=counted,
        floor=np.array([tuning.scale_floor[s.sense] for s in signals]),
        least_shape=np.array([tuning.shape_floor[s.sense] for s in signals]),
        one_way=np.array([s.worse == "higher" for s in signals]),
        smoothed=np.array([panel.smoothed.total_seconds() / 3600 for panel, _ in of]),
    )


def common_grid(panels: Sequence[Panel]) -> Grid:
    """Return the grid of the finest step that covers every panel."""
    step = min(panel.grid.step for panel in panels)
    start = min(panel.grid.start for panel in panels)
    until = max(panel.grid.until for panel in panels)
    return Grid(start, step, max(1, round((until - start) / step)))


def lay(panel: Panel, grid: Grid) -> tuple[Floats, float]:
    """Return a panel's values on ``grid`` and the share of its evidence that each bin carries."""
    values = panel.values
    if panel.partial is not None:
        values = np.where(panel.partial[None, :], np.nan, values)
    # By time, not by counting bins: no step may run away from the clock.
    step_s, coarse_s = grid.step.total_seconds(), panel.grid.step.total_seconds()
    late_s = (grid.start - panel.grid.start).total_seconds()
    at = np.floor((late_s + (np.arange(grid.n_bins) + 0.5) * step_s) / coarse_s).astype(np.int64)
    inside = (at >= 0) & (at < panel.grid.n_bins)
    out = np.full((values.shape[0], grid.n_bins), np.nan)
    out[:, inside] = values[:, at[inside]]
    return out, step_s / coarse_s


def goodness(line: Floats, signal: SignalKind) -> Floats:
    """Turn a row so that lower is worse: a share of loss to what is left, anything else to its inverse."""
    if signal.worse == "lower":
        return line
    if signal.name.endswith("_pct"):
        return np.asarray(100.0 - line)
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(line > 0, 1.0 / line, np.nan))
