"""Steps of a watch over many entities: the first over all that is known, each next one over what is new."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from darkhours.infer.bulk.block import sort_rows
from darkhours.infer.bulk.resume import State, begin, feed, rows_for, settled
from darkhours.infer.bulk.sweep import Swept, finish, sweep
from darkhours.infer.bulk.values import Pass
from darkhours.infer.signals.rows import Rows, make_rows
from darkhours.infer.signals.timelines import Asked
from darkhours.infer.signals.warmup import Warm
from darkhours.model.panel import Panel
from darkhours.model.timeline import Mask

LEAST_DAYS = 28.0
"""Days from which a state is kept: with fewer the warm-up depends on how many there are (`resume.begin`)."""

MARGIN_H = 24.0
"""How far behind its last bin a state is kept, in hours: ours, many times the admission lag, so that what a
next step smooths anew owes nothing to what was before."""

LEAST_MARGIN_H = 6.0
"""Least hours between a state and the outage that is told from it: ours, three times the admission lag."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What a step found.

    Args:
        state: to go on from; None where there is too little to keep one; the old one where less than a day
            has come beyond the margin.
        swept: bins that are smoothed by this step: all at first, those after the old state later.
        whole: entities of which the sweep tells all: the others were not up for certain where the old state
            stands, and must be read anew from their first bin; shape (n_entities,).
    """

    state: State | None
    swept: Swept
    whole: Mask


def first_step(panels: Sequence[Panel], asked: Asked) -> Step:
    """Sweep over everything that is known.

    Args:
        panels: signals of some entities from their first bins on.
        asked: seed, defaults, and whether the gate compares the entities.
    """
    rows = make_rows(panels, asked.tuning)
    whole = np.ones(len(rows.entities), dtype=bool)
    cut = rows.grid.n_bins - _margin(rows.grid.step_h)
    if cut * rows.grid.step_h < 24 * LEAST_DAYS:
        return Step(None, sweep(rows, asked.tuning, unrelated=asked.unrelated), whole)
    part = replace(
        rows, grid=replace(rows.grid, n_bins=cut), values=rows.values[:, :cut], raw=rows.raw[:, :cut]
    )
    state, before = begin(part, asked.tuning, unrelated=asked.unrelated)
    ordered = _sorted(rows)
    after, told = feed(state, ordered.values[:, cut:])
    return Step(state, _swept(ordered, after, _join(before, told)), whole)


def next_step(state: State, panels: Sequence[Panel]) -> Step:
    """Sweep over the bins that are new since a state.

    Args:
        state: what the last step left.
        panels: signals of its entities; bins that it has taken already are left out.
    """
    rows = rows_for(state, panels)
    ready = settled(state)
    margin = _margin(rows.grid.step_h)
    cut = rows.grid.n_bins - margin
    if cut < margin:  # it stays where it is until a day is full: moving it costs more than a day again
        after, told = feed(state, rows.values)
        return Step(state, _swept(rows, after, told), ready)
    kept, before = feed(state, rows.values[:, :cut])
    after, told = feed(kept, rows.values[:, cut:])
    return Step(kept, _swept(rows, after, _join(before, told)), ready)


def state_before(panels: Sequence[Panel], begun: datetime, asked: Asked) -> State | None:
    """Return a state of one entity from before an outage, None where there is none to go on from.

    It stands a day before the outage, or less where it would be too young, and the entity is settled there.

    Args:
        panels: signals of the entity from their first bins on.
        begun: begin of the outage.
        asked: defaults; the gate compares nobody.
    """
    rows = make_rows(panels, asked.tuning)
    grid = rows.grid
    bin_ = int((begun - grid.start) // grid.step)
    cut = max(bin_ - _margin(grid.step_h), math.ceil(24 * LEAST_DAYS / grid.step_h))
    if bin_ - cut < round(LEAST_MARGIN_H / grid.step_h):
        return None
    part = replace(rows, grid=replace(grid, n_bins=cut), values=rows.values[:, :cut], raw=rows.raw[:, :cut])
    state, _ = begin(part, asked.tuning)
    return state if bool(settled(state).all()) else None


def _margin(step_h: float) -> int:
    return max(1, round(MARGIN_H / step_h))


def _sorted(rows: Rows) -> Rows:
    """Return rows in the order of their entities, as a state has them."""
    order = sort_rows(rows)
    numbers = order.tolist()
    return replace(
        rows,
        entity=rows.entity[order],
        signals=tuple(rows.signals[r] for r in numbers),
        families=tuple(rows.families[r] for r in numbers),
        values=rows.values[order],
        raw=rows.raw[order],
        weight=rows.weight[order],
        counted=rows.counted[order],
        floor=rows.floor[order],
        least_shape=rows.least_shape[order],
        one_way=rows.one_way[order],
        smoothed=rows.smoothed[order],
    )


def _join(before: Pass, after: Pass) -> Pass:
    """Return two passes, one after the other, as one."""
    names = [name for name in Pass._fields if name != "zero"]
    both = ((getattr(before, name), getattr(after, name)) for name in names)
    return Pass(before.zero, *(np.concatenate(pair, axis=min(1, pair[0].ndim - 1)) for pair in both))


def _swept(rows: Rows, state: State, told: Pass) -> Swept:
    """Return what a pass found in sorted rows, smoothed."""
    kinds = state.kinds
    nothing = np.zeros((state.floor.size, 0), dtype=bool)
    warm = Warm(
        kinds.first, kinds.until, state.begun, state.learned.scale, state.learned.memory, kinds.quantum,
        kinds.thin, nothing,
    )  # fmt: skip
    order, up = np.arange(state.floor.size), np.empty(len(state.entities))
    return finish(Swept(rows, order, warm, kinds, state.knobs, state.learned, told, up))
