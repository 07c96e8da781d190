"""Passes that go on where they stopped: a state in, new bins in, a state and what the bins said out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from darkhours.infer.bulk.block import begin_pass, clock_of, floor_of, make_knobs
from darkhours.infer.bulk.forward import run_pass
from darkhours.infer.bulk.sweep import Swept, finish, pass_over
from darkhours.infer.bulk.values import BACK, UP, Kinds, Knobs, Learned, Pass
from darkhours.infer.signals.rows import LARGEST, Rows, goodness, lay, slots_of_day
from darkhours.infer.signals.timelines import NOTHING
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.warmup import Warm
from darkhours.model.evidence import Grid
from darkhours.model.panel import Coverage, Panel
from darkhours.model.signal import describe_signal
from darkhours.model.timeline import Codes, Floats, Mask

Array = TypeVar("Array", Floats, Codes)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a pass over some entities has come to: all that it needs to go on as if it had never stopped.

    Args:
        grid: bins that it has taken.
        entities: ids.
        series: signal and family of each row; rows are sorted by entity.
        tuning: every default that it was made with.
        kinds: what never changes of each row.
        learned: what it has learned.
        floor: what stands for zero in each row where logs are taken, shape (n_rows,).
        begun: level of each row at its warm-up, shape (n_rows,).
        values: of the last bins, as many as the admission lag keeps back, shape (n_rows, lag).
        coverage: of the same bins.
        gated: whether the control gate compares the entities.
    """

    grid: Grid
    entities: tuple[str, ...]
    series: tuple[tuple[str, str], ...]
    tuning: Tuning
    kinds: Kinds
    learned: Learned
    floor: Floats
    begun: Floats
    values: Floats
    coverage: Codes
    gated: bool

    @property
    def knobs(self) -> Knobs:
        """Return every default as the kernels take it."""
        return make_knobs(self.tuning, self.grid.step_h, slots_of_day(self.grid), gated=self.gated)


def begin(rows: Rows, tuning: Tuning, *, unrelated: bool = False) -> tuple[State, Pass]:
    """Return the state after the bins of ``rows``, and what they said without look-ahead.

    The warm-up takes a quarter of what is there, at most seven days: from 28 days on a state is the same
    whenever it was begun. A row that has no value yet is not known to it: begin another one then.

    Args:
        rows: all values on one grid.
        tuning: every default.
        unrelated: whether the entities share no fate, so that the control gate may compare them.
    """
    swept = pass_over(rows, tuning, unrelated=unrelated)
    lag, order = swept.knobs.lag, swept.order
    state = State(
        grid=rows.grid,
        entities=tuple(entity.id for entity in rows.entities),
        series=tuple((rows.signals[r].name, rows.families[r]) for r in order.tolist()),
        tuning=tuning,
        kinds=swept.kinds,
        learned=swept.learned,
        floor=floor_of(swept.warm, order),
        begun=np.array(swept.warm.level[order], dtype=np.float64),
        values=_last(swept.told.values, lag, np.nan),
        coverage=_last(swept.told.coverage, lag, Coverage.NONE),
        gated=unrelated,
    )
    return state, swept.told


def _last(bins: Array, lag: int, empty: float) -> Array:
    """Return the last bins, as many as are kept back; empty ones before where there are not so many."""
    out = np.full((bins.shape[0], lag), empty, dtype=bins.dtype)
    n = min(lag, bins.shape[1])
    out[:, lag - n :] = bins[:, bins.shape[1] - n :]
    return out


def feed(state: State, values: Floats, *, reuse: bool = False) -> tuple[State, Pass]:
    """Return the state after more bins, and what they said without look-ahead.

    In what portions bins are fed changes nothing, to the last bit.

    Args:
        state: what the pass has come to.
        values: goodness as `values_for` has it, shape (n_rows, n_new).
        reuse: whether ``state`` may be written over: it is worth nothing afterwards, and nothing is copied.
    """
    lag, n_bins, knobs = state.values.shape[1], state.grid.n_bins, state.knobs
    learned = (
        state.learned
        if reuse
        else Learned(**{name: each.copy() for name, each in state.learned._asdict().items()})
    )
    told = begin_pass(
        np.concatenate([state.values, values], axis=1),
        state.floor,
        clock_of(state.grid, n_bins - lag, n_bins + values.shape[1]),
        len(state.entities),
        zero=n_bins - lag,
    )
    told.coverage[:, :lag] = state.coverage
    run_pass(state.kinds, knobs, learned, told, lag)
    after = replace(
        state,
        grid=replace(state.grid, n_bins=n_bins + values.shape[1]),
        learned=learned,
        values=_last(told.values, lag, np.nan),
        coverage=_last(told.coverage, lag, Coverage.NONE),
    )
    return after, _from(told, lag)


def _copy(learned: Learned) -> Learned:
    return Learned(**{name: each.copy() for name, each in learned._asdict().items()})


def _from(told: Pass, lag: int) -> Pass:
    """Return a pass without what was kept back before it."""
    by_bin = {
        name: np.ascontiguousarray(each[:, lag:])
        for name, each in told._asdict().items()
        if name not in ("zero", "slots", "hours")
    }
    return told._replace(
        zero=told.zero + lag, slots=told.slots[lag:].copy(), hours=told.hours[lag:].copy(), **by_bin
    )


def settled(state: State) -> Mask:
    """Return the entities that are up for certain and have been for the admission lag, shape (n_entities,).

    What comes after such a state owes nothing to what was before it: smoothed accounts may begin there.
    """
    up = state.learned.state[:, UP] + state.learned.state[:, BACK]
    lag = state.values.shape[1]
    return np.asarray((up > 1 - NOTHING) & (state.learned.unclean < state.grid.n_bins - lag))


def look_back(state: State, panels: Sequence[Panel]) -> tuple[State, Swept]:
    """Return the state after the bins of panels that are new to it, and the sweep over them, smoothed.

    `entity.infer_entity` makes the account of each entity out of it. Its histories are, bin for bin, those of
    a sweep over everything: a draw belongs to a bin, and backward they need nothing from before. Only a
    window that was open at ``state`` is cut there, so take one at which the entity was `settled`.

    Args:
        state: an old one, such as of a fortnight ago.
        panels: signals of its entities; bins that it has taken already are left out.
    """
    rows = rows_for(state, panels)
    after, told = feed(state, rows.values)
    kinds, nothing = state.kinds, np.zeros((state.floor.size, 0), dtype=bool)
    warm = Warm(
        kinds.first, kinds.until, state.begun, state.learned.scale, state.learned.memory, kinds.quantum,
        kinds.thin, nothing,
    )  # fmt: skip
    order, up = np.arange(state.floor.size), np.empty(len(state.entities))
    return after, finish(Swept(rows, order, warm, kinds, state.knobs, after.learned, told, up))


def rows_for(state: State, panels: Sequence[Panel]) -> Rows:
    """Return the rows of a state with the bins that panels have beyond it; what they do not have is no value.

    Args:
        state: whose rows.
        panels: signals of its entities.

    Raises:
        ValueError: there is no panel, or none of them has one of its entities.
    """
    until = max((panel.grid.until for panel in panels), default=state.grid.until)
    n_new = max(0, round((until - state.grid.until) / state.grid.step))
    grid = Grid(state.grid.until, state.grid.step, n_new)
    known = {entity.id: entity for panel in panels for entity in panel.entities}
    if not known.keys() >= set(state.entities):
        missing = min(set(state.entities) - known.keys())
        msg = f"expected panels of every entity of the state, got none of {missing}"
        raise ValueError(msg)
    laid = [lay(panel, grid)[0] for panel in panels]
    places: dict[tuple[str, str, str], list[tuple[Panel, Floats]]] = {}
    for panel, values in zip(panels, laid, strict=True):
        for entity, line in zip(panel.entities, values, strict=True):
            key = (entity.id, panel.signal.name, panel.family)
            places.setdefault(key, []).append((panel, np.minimum(line, LARGEST)))
    of = np.repeat(np.arange(len(state.entities)), np.diff(state.kinds.first_row))
    nothing = np.full(n_new, np.nan)
    signals, raw, smoothed = [], [], []
    for e, (name, family) in zip(of.tolist(), state.series, strict=True):
        told = places.get((state.entities[e], name, family))
        its, line = told.pop(0) if told else (None, nothing)
        signals.append(describe_signal(name) if its is None else its.signal)
        raw.append(line)
        smoothed.append(0.0 if its is None else its.smoothed.total_seconds() / 3600)
    kinds = state.kinds
    return Rows(
        grid=grid,
        entities=tuple(known[name] for name in state.entities),
        entity=of,
        signals=tuple(signals),
        families=tuple(family for _, family in state.series),
        values=np.array([goodness(line, kind) for line, kind in zip(raw, signals, strict=True)]),
        raw=np.array(raw),
        weight=kinds.weight,
        counted=np.array([kind.kind == "count" for kind in signals]),
        floor=kinds.floor,
        least_shape=np.exp(kinds.least_shape),
        one_way=kinds.one_way,
        smoothed=np.array(smoothed),
    )
