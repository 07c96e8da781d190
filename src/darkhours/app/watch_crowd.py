"""A crowd: many places whose states are held in memory, taken on by one bin after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from darkhours.account.outage import LONGEST_PROBATION_H, PROBATION_H, PROBATION_TIMES
from darkhours.infer.bulk.crowd import cut_pass, join, join_passes, rows_of, sweep_of
from darkhours.infer.bulk.entity import infer_entity
from darkhours.infer.bulk.resume import State, feed
from darkhours.infer.bulk.standing import (
    CAME_BACK,
    IS_DARK,
    NO_BIN,
    PASSED,
    Standing,
    begin_standing,
    make_rules,
    move_standing,
)
from darkhours.infer.bulk.values import BACK, DEGRADED, UP, Pass
from darkhours.infer.signals.timelines import Asked
from darkhours.model.entity import Entity
from darkhours.model.timeline import Codes, Floats
from darkhours.store import Change

KEPT = 24
"""Bins that are kept to find an edge in: ours, four times the longest tail that is not believed."""

LIKELY = (0.05, 0.5, 0.95)
KINDS = {1: "degraded", 2: "dark", CAME_BACK: "back", PASSED: "ended"}
STATUS_AFTER = {1: "ongoing", 2: "ongoing", CAME_BACK: "probation", PASSED: "ended"}
FEW = 0.2
"""Share of histories that must have a change for its edge to be told by them: ours; else it is its bin."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of one place, as the machine marks it.

    Args:
        e: index of the place.
        bin: number of the bin that brought it.
        kind: degraded (1), dark (2), back or passed.
        begun: bin at which the outage begins.
    """

    e: int
    bin: int
    kind: int
    begun: int


class Crowd:
    """Places with their states, what is told of each, and the last bins.

    Args:
        state: what their passes have come to.
        standing: what is told of them by then.
        told: the last bins, None for none.
    """

    def __init__(self, state: State, standing: Standing | None = None, told: Pass | None = None) -> None:
        """Take a state; without ``standing`` every place is up, for all that is known."""
        self.state = state
        self.standing = standing or begin_standing(len(state.entities), state.grid.n_bins)
        self.parts: deque[Pass] = deque([] if told is None else [told])
        self.rules = make_rules(
            state.tuning, state.grid.step_h, (PROBATION_H, PROBATION_TIMES, LONGEST_PROBATION_H)
        )

    def instant(self, bin_: float) -> datetime:
        """Return the start of a bin, or an instant inside it."""
        return self.state.grid.start + bin_ * self.state.grid.step

    def advance(self, values: Floats) -> list[Mark]:
        """Take all places on by some bins, and return what changed, by bin.

        Args:
            values: goodness by row, shape (n_rows, n_bins).
        """
        self.state, told = feed(self.state, values, reuse=True)
        return self.hear(told)

    def hear(self, told: Pass) -> list[Mark]:
        """Return what a pass over new bins changed, by bin."""
        self.parts.append(told)
        while sum(part.values.shape[1] for part in list(self.parts)[1:]) >= KEPT:
            self.parts.popleft()
        before = self.standing.begun.copy()
        marks: Codes = np.zeros((len(self.state.entities), told.values.shape[1]), dtype=np.uint8)
        move_standing(self.state.kinds, self.rules, self.standing, told, marks)
        where = np.argwhere(marks.T)
        found = [(int(e), int(t), int(marks[e, t])) for t, e in where]
        return [
            Mark(e, told.zero + t, kind, _begun(int(before[e]), int(self.standing.begun[e]), kind))
            for e, t, kind in found
        ]

    def forget(self) -> None:
        """Let go of all but the last bins, so that many crowds may be joined."""
        told = join_passes(list(self.parts))
        bins = slice(max(0, told.values.shape[1] - KEPT), told.values.shape[1])
        self.parts = deque([cut_pass(told, slice(None), slice(None), bins)])

    def take_parts(self, other: Crowd, which: Sequence[int]) -> None:
        """Take over the last bins of some places of another crowd, in their order."""
        entities = np.asarray(which, dtype=np.int64)
        rows = rows_of(other.state.kinds, entities)
        self.parts = deque(cut_pass(part, rows, entities, slice(0, None)) for part in other.parts)

    def window(self, e: int, bin_: int) -> Pass:
        """Return the bins of one place that are kept, up to one."""
        rows = slice(int(self.state.kinds.first_row[e]), int(self.state.kinds.first_row[e + 1]))
        some = []
        for part in self.parts:
            n = min(part.values.shape[1], bin_ + 1 - part.zero)
            first = max(0, bin_ + 1 - 2 * KEPT - part.zero)
            if n > first:
                some.append(cut_pass(part, rows, slice(e, e + 1), slice(first, n)))
        return join_passes(some)

    def change(self, mark: Mark, entity: Entity, asked: Asked) -> Change:
        """Return a mark as what is told: with its edge, and who carries it."""
        kind, until = mark.kind, self.instant(mark.bin + 1)
        told = self.window(mark.e, mark.bin)
        p = float(shown(told.alpha[:, -1])[0, _code(kind)])
        families: tuple[str, ...] = ()
        earliest = at = latest = until
        if kind != PASSED:
            found = infer_entity(sweep_of(self.state, mark.e, entity, told), 0, asked).timeline
            earliest, at, latest = (self.instant(told.zero + bins) for bins in _edge(found, _code(kind)))
            families = found.families
        return Change(
            entity=entity.id,
            kind=KINDS[kind],
            state=("up", "degraded", "dark")[_code(kind)],
            status=STATUS_AFTER[kind],
            at=at,
            earliest=earliest,
            latest=latest,
            begun=None if mark.begun == NO_BIN else self.instant(mark.begun),
            until=until,
            p=round(p, 4),
            families=families or self.families(mark.e),
        )

    def families(self, e: int) -> tuple[str, ...]:
        """Return the families that measure a place."""
        rows = range(int(self.state.kinds.first_row[e]), int(self.state.kinds.first_row[e + 1]))
        return tuple(sorted({self.state.series[r][1] for r in rows}))


def _begun(before: int, after: int, kind: int) -> int:
    """Return where the outage of a mark begins: one that ends may be followed by another in the same bins."""
    return before if kind == PASSED and before != NO_BIN else after


def _code(kind: int) -> int:
    return kind if kind <= IS_DARK else 0


def shown(alpha: Floats) -> Floats:
    """Return the probabilities of up, degraded and dark, shape (…, 3)."""
    up, degraded = alpha[..., UP] + alpha[..., BACK], alpha[..., DEGRADED]
    return np.stack([up, degraded, 1.0 - up - degraded], axis=-1)


def _edge(timeline: Any, code: int) -> tuple[float, float, float]:  # noqa: ANN401 — a timeline
    """Return where the last run of a state begins, in bins: 5, 50 and 95 % of those that end with it."""
    codes = timeline.codes
    ends = codes[:, -1] == code
    n_bins = codes.shape[1]
    if ends.mean() < FEW:
        return n_bins - 1.0, n_bins - 0.5, float(n_bins)
    other = codes[ends] != code
    first = np.where(other.any(axis=1), n_bins - other[:, ::-1].argmax(axis=1), 0)
    starts = first.astype(np.float64)
    if timeline.shifts is not None:
        inner = np.minimum(first, n_bins - 1)
        starts += timeline.shifts[ends][np.arange(first.size), inner]
    low, at, high = np.quantile(starts, LIKELY)
    return float(low), float(at), float(high)


def join_crowds(crowds: Sequence[Crowd], most: int) -> Iterator[Crowd]:
    """Yield crowds of about so many places each, of those that have taken the same bins and share no gate."""
    by: dict[Any, list[Crowd]] = {}
    for crowd in crowds:
        if crowd.state.gated:
            yield crowd
        else:
            by.setdefault((crowd.state.grid, tuple(p.zero for p in crowd.parts)), []).append(crowd)
    for alike in by.values():
        some: list[Crowd] = []
        for crowd in alike:
            some.append(crowd)
            if sum(len(each.state.entities) for each in some) >= most:
                yield _joined(some)
                some = []
        if some:
            yield _joined(some)


def _joined(crowds: Sequence[Crowd]) -> Crowd:
    state = join([crowd.state for crowd in crowds])
    fields = zip(*(crowd.standing for crowd in crowds), strict=True)
    standing = Standing(*(np.concatenate(each) for each in fields))
    out = Crowd(state, standing)
    for parts in zip(*(crowd.parts for crowd in crowds), strict=True):
        named = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in Pass._fields
            if name not in ("zero", "slots", "hours")
        )
        out.parts.append(Pass(parts[0].zero, parts[0].slots, parts[0].hours, *named))
    return out
