"""States of many entities put together, and parts of them: thousands in a few arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from darkhours.infer.bulk.resume import State
from darkhours.infer.bulk.sweep import Swept
from darkhours.infer.bulk.values import Kinds, Learned, Pass
from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.warmup import Warm
from darkhours.model.entity import Entity
from darkhours.model.signal import describe_signal
from darkhours.model.timeline import Bins, Mask

BY_ENTITY = ("state", "unclean")
"""Arrays of `Learned` that have a row for each entity; the others have one for each signal of it."""

OF_BIN = ("zero", "slots", "hours")
OF_ENTITY = ("said", "alpha")


def take(state: State, which: Sequence[int]) -> State:
    """Return a state of some of its entities, in the order asked for, as if no others had been there.

    Args:
        state: of many entities that the gate does not compare.
        which: indices of entities.

    Raises:
        ValueError: the gate compares them: what it saw of one moves with the others.
    """
    if state.gated:
        msg = "expected a state whose entities the gate does not compare, got one that it does"
        raise ValueError(msg)
    chosen = np.asarray(which, dtype=np.int64)
    rows = rows_of(state.kinds, chosen)
    names = [state.series[r][1] for r in rows.tolist()]
    families = list(dict.fromkeys(names))
    sizes = np.diff(state.kinds.first_row)[chosen]
    kinds = {name: each[rows] for name, each in state.kinds._asdict().items() if name not in KINDS_APART}
    return replace(
        state,
        entities=tuple(state.entities[e] for e in chosen.tolist()),
        series=tuple(state.series[r] for r in rows.tolist()),
        kinds=Kinds(
            first_row=np.concatenate([[0], sizes.cumsum()]).astype(np.int64),
            n_groups=state.kinds.n_groups[chosen],
            family=np.array([families.index(name) for name in names], dtype=np.int64),
            n_families=len(families),
            **kinds,
        ),
        learned=Learned(
            **{
                name: each[chosen if name in BY_ENTITY else rows]
                for name, each in state.learned._asdict().items()
            }
        ),
        floor=state.floor[rows],
        begun=state.begun[rows],
        values=state.values[rows],
        coverage=state.coverage[rows],
    )


KINDS_APART = ("first_row", "n_groups", "family", "n_families")


def rows_of(kinds: Kinds, entities: Bins) -> Bins:
    """Return the rows of some entities, one entity after the other."""
    spans = [np.arange(kinds.first_row[e], kinds.first_row[e + 1]) for e in entities.tolist()]
    return np.concatenate([np.zeros(0, dtype=np.int64), *spans]).astype(np.int64)


def join(states: Sequence[State]) -> State:
    """Return one state of the entities of several, which have taken the same bins.

    Args:
        states: one at least; none that the gate compares unless it is alone.

    Raises:
        ValueError: they have taken other bins, or were made with other defaults.
    """
    if len(states) == 1:
        return states[0]
    first = states[0]
    if any(s.grid != first.grid or s.tuning != first.tuning or s.gated for s in states):
        msg = "expected states of the same bins and defaults, none compared by the gate"
        raise ValueError(msg)
    sizes = np.concatenate([np.diff(s.kinds.first_row) for s in states])
    names = [family for s in states for _, family in s.series]
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    kinds = {
        name: _joined([getattr(s.kinds, name) for s in states])
        for name in Kinds._fields
        if name not in ("first_row", "family", "n_families")
    }
    return replace(
        first,
        entities=tuple(name for s in states for name in s.entities),
        series=tuple(series for s in states for series in s.series),
        kinds=Kinds(
            first_row=np.concatenate([[0], sizes.cumsum()]).astype(np.int64),
            family=np.array([number[name] for name in names], dtype=np.int64),
            n_families=len(number),
            **kinds,
        ),
        learned=Learned(
            **{name: _joined([getattr(s.learned, name) for s in states]) for name in Learned._fields}
        ),
        **{name: _joined([getattr(s, name) for s in states]) for name in PLAIN},
    )


PLAIN = ("floor", "begun", "values", "coverage")


def _joined(arrays: Sequence[Any]) -> Any:  # noqa: ANN401 — arrays of any kind, all alike
    return np.concatenate(arrays)


def cut_pass(told: Pass, rows: slice | Bins, entities: slice | Bins, bins: slice) -> Pass:
    """Return some rows, entities and bins of a pass; its arrays are copies.

    Args:
        told: what a pass said.
        rows: of signals.
        entities: the entities of these rows.
        bins: positions, with a begin.
    """
    out = {}
    for name, each in told._asdict().items():
        if name in OF_BIN:
            continue
        out[name] = np.ascontiguousarray(each[entities if name in OF_ENTITY else rows][:, bins])
    return Pass(told.zero + bins.start, told.slots[bins].copy(), told.hours[bins].copy(), **out)


def join_passes(parts: Sequence[Pass]) -> Pass:
    """Return several passes, one after the other, as one."""
    if len(parts) == 1:
        return parts[0]
    names = [name for name in Pass._fields if name != "zero"]
    joined = (np.concatenate(each, axis=min(1, each[0].ndim - 1)) for each in _fields(parts, names))
    return Pass(parts[0].zero, *joined)


def _fields(parts: Sequence[Pass], names: Sequence[str]) -> list[list[Any]]:
    return [[getattr(part, name) for part in parts] for name in names]


def sweep_of(state: State, e: int, entity: Entity, told: Pass) -> Swept:
    """Return what a pass found of one entity as a sweep, not yet finished, of which accounts can be made.

    Args:
        state: after the last of the bins, or a later one: of it only what seldom changes is told.
        e: index of the entity.
        entity: the same.
        told: its bins, with no other rows than its own.
    """
    rows = np.arange(state.kinds.first_row[e], state.kinds.first_row[e + 1])
    kinds = Kinds(
        first_row=np.array([0, rows.size], dtype=np.int64),
        n_groups=state.kinds.n_groups[e : e + 1],
        n_families=state.kinds.n_families,
        **{name: getattr(state.kinds, name)[rows] for name in Kinds._fields if name not in APART_HERE},
    )
    grid = replace(
        state.grid, start=state.grid.start + told.zero * state.grid.step, n_bins=told.values.shape[1]
    )
    learned = Learned(
        **{
            name: each[e : e + 1] if name in BY_ENTITY else each[rows[0] : rows[-1] + 1]
            for name, each in state.learned._asdict().items()
        }
    )
    signals = tuple(describe_signal(state.series[r][0]) for r in rows.tolist())
    laid = Rows(
        grid=grid,
        entities=(entity,),
        entity=np.zeros(rows.size, dtype=np.int64),
        signals=signals,
        families=tuple(state.series[r][1] for r in rows.tolist()),
        values=told.values,
        raw=told.values,
        weight=kinds.weight,
        counted=np.array([kind.kind == "count" for kind in signals]),
        floor=kinds.floor,
        least_shape=np.exp(kinds.least_shape),
        one_way=kinds.one_way,
        smoothed=np.zeros(rows.size),
    )
    nothing: Mask = np.zeros((rows.size, 0), dtype=bool)
    warm = Warm(
        kinds.first, kinds.until, state.begun[rows], learned.scale, learned.memory, kinds.quantum,
        kinds.thin, nothing,
    )  # fmt: skip
    return Swept(laid, np.arange(rows.size), warm, kinds, state.knobs, learned, told, np.empty(1))


APART_HERE = ("first_row", "n_groups", "n_families")
