"""The causal pass: each bin is held against what was known two hours before it, then teaches what it may."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from darkhours.infer.chain.draw import smooth
from darkhours.infer.signals.baseline import Baseline
from darkhours.infer.signals.fuse import Families, fuse, group_families, one_sided
from darkhours.infer.signals.likelihood import (
    BACK,
    DARK,
    DEGRADED,
    FALLING,
    N_STATES,
    RISING,
    UP,
    Held,
    nats_of,
)
from darkhours.infer.signals.renew import Renewal, find_supported
from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.tails import lone_tails
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.warmup import Warm, warm_up
from darkhours.model.panel import Coverage
from darkhours.model.timeline import Codes, Floats

SIX_HOURS = 6.0
LOW = 3.0
"""A bin counts as low for the control gate this many scatters below its baseline, and below its border."""

AT_ONCE = 64
"""Chains that are smoothed at once: ours, for memory; it moves no result."""


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What the pass over time found.

    Args:
        rows: what was watched.
        families: who speaks for whom.
        warm: what the warm-up taught.
        alpha: filtered probability of each state, shape (n_entities, n_bins, 6).
        up: smoothed probability of up at its lowest, shape (n_entities,).
        row_nats: what each row said of each state, 0 where silent, shape (n_rows, n_bins, 6).
        ratio: log of value over baseline, shape (n_rows, n_bins).
        baseline: level expected, in the units of the values as `goodness`, shape (n_rows, n_bins).
        scatter: of each row, shape (n_rows, n_bins).
        coverage: `Coverage` of each row and bin, shape (n_rows, n_bins).
        drift: how far each level came, in log units, shape (n_rows,).
        renewals: every baseline that was set anew.
    """

    rows: Rows
    families: Families
    warm: Warm
    alpha: Floats
    up: Floats
    row_nats: Floats
    ratio: Floats
    baseline: Floats
    scatter: Floats
    coverage: Codes
    drift: Floats
    renewals: tuple[Renewal, ...]


def moves_per_bin(tuning: Tuning, step_h: float) -> Floats:
    """Return transition probabilities per bin between the states of the chain, shape (6, 6).

    A bin with an edge in it leads on for certain: falling to dark, rising to up again.
    """
    into, back, between = tuning.into_per_hour, tuning.up_per_hour, tuning.between_per_hour
    rates = np.zeros((N_STATES, N_STATES))
    rates[UP, [DEGRADED, DARK, FALLING]] = into
    rates[DEGRADED, [UP, BACK, DARK]] = back / 2, back / 2, between
    rates[DARK, [BACK, RISING, DEGRADED]] = back, back, between
    rates[BACK, [DARK, FALLING]] = tuning.relapse_per_hour
    rates[BACK, [UP, DEGRADED]] = tuning.settled_per_hour, into
    leaving = rates.sum(axis=1)
    moved = -np.expm1(-leaving * step_h)
    out = rates * np.divide(moved, leaving, out=np.zeros_like(moved), where=leaving > 0)[:, None]
    np.fill_diagonal(out, 1.0 - moved)
    out[FALLING], out[RISING] = np.eye(N_STATES)[DARK], np.eye(N_STATES)[BACK]
    return np.asarray(out)


def watch(rows: Rows, tuning: Tuning, *, unrelated: bool, signed: datetime | None = None) -> Watched:
    """Hold every bin of every row against a baseline that only earlier, clean bins have taught.

    Args:
        rows: all values on one grid.
        tuning: every default.
        unrelated: whether the entities share no fate, so that the control gate may compare them.
        signed: from when a person signs that the level is a new normal; None: nobody did.
    """
    run = _Pass(rows, tuning, unrelated=unrelated, signed=signed)
    for t in range(rows.grid.n_bins):
        run.step(t)
    return run.done()


class _Pass:
    """One pass over time."""

    def __init__(self, rows: Rows, tuning: Tuning, *, unrelated: bool, signed: datetime | None) -> None:
        self._rows, self._tuning, self._unrelated = rows, tuning, unrelated
        self._warm = warm_up(rows, tuning)
        self._base = Baseline(rows, self._warm, tuning)
        self._families = group_families(rows)
        n_rows, n_bins = rows.values.shape
        n_entities = len(rows.entities)
        self._moves = moves_per_bin(tuning, rows.grid.step_h)
        self._alpha = np.zeros((n_entities, n_bins, N_STATES))
        self._row_nats = np.zeros((n_rows, n_bins, N_STATES))
        self._ratio = np.full((n_rows, n_bins), np.nan)
        self._baseline = np.full((n_rows, n_bins), np.nan)
        self._scatter = np.full((n_rows, n_bins), np.nan)
        self._coverage = np.full((n_rows, n_bins), Coverage.NONE, dtype=np.uint8)
        self._lag = max(1, round(tuning.admission_h / rows.grid.step_h))
        self._state = np.tile([0.98, 0.01, 0.01, 0.0, 0.0, 0.0], (n_entities, 1))
        self._slots = rows.slot(np.arange(n_bins))
        self._hours = rows.hour_of_week(np.arange(n_bins))
        self._row = np.arange(n_rows)
        self._signed = None if signed is None else math.ceil((signed - rows.grid.start) / rows.grid.step)
        self._renewals: list[Renewal] = []
        self._since = self._warm.until.copy()
        self._day = max(1, round(24 / rows.grid.step_h))
        self._width = round(24 * tuning.renew_days / rows.grid.step_h)
        names = np.array(rows.families)
        self._of_family = [names == family for family in dict.fromkeys(rows.families)]

    def _renew(self, t: int) -> None:
        """Set the baseline anew where a person signed for it in bin ``t``, or a second family supports it."""
        if t == self._signed:
            moved = self._base.renew(t)
            self._renewals += [Renewal(row, t, by) for row, by in enumerate(moved.tolist()) if by]
            self._since = np.where(moved != 0, t, self._since)
        if self._width and t % self._day == 0 and (self._since <= t - self._width).any():
            self._support(t)

    def _support(self, t: int) -> None:
        first = t - self._width
        asked = (self._since <= first) & ~self._warm.thin
        ratio = np.where(asked[:, None], self._ratio[:, first:t], np.nan)
        found = find_supported(ratio, self._coverage[:, first:t], self._rows, self._families, self._tuning)
        for row, by, families in found:
            self._base.move(row, by)
            self._since[row] = t
            self._renewals.append(Renewal(row, t, by, families))

    def step(self, t: int) -> None:
        """Hold bin ``t`` against the baseline, move the filter on, and let an older bin teach."""
        rows, tuning = self._rows, self._tuning
        self._renew(t)
        held = self._held(t)
        coverage = self._cover(held)
        covered = coverage == Coverage.COVERED
        nats = nats_of(held, tuning, rows.grid.step_h)
        nats = one_sided(nats, held.ratio, covered, self._families, rows)
        nats[~covered] = 0.0
        self._row_nats[:, t] = nats
        self._coverage[:, t] = coverage
        self._move_on(t)
        self._teach(t - self._lag, t)

    def _move_on(self, t: int) -> None:
        """Move the filter on by what the rows said in bin ``t``."""
        covered = self._coverage[:, t] == Coverage.COVERED
        told, _ = fuse(self._row_nats[:, t], covered, self._families, self._rows)
        state = (self._state @ self._moves) * np.exp(told)
        self._state = state / state.sum(axis=1, keepdims=True)
        self._alpha[:, t] = self._state

    def _held(self, t: int) -> Held:
        rows, base, thin = self._rows, self._base, self._warm.thin
        expected, value = base.expected(int(self._slots[t]), int(self._hours[t])), rows.values[:, t]
        with np.errstate(divide="ignore", invalid="ignore"):
            counts = np.log(np.maximum(value, 1e-3) / np.maximum(expected, 1e-3))
            ratio = np.where(thin, counts, base.logs(value, self._row) - expected)
        ratio[(t < self._warm.first) | ~np.isfinite(value)] = np.nan
        scatter = base.scatter()
        self._ratio[:, t], self._scatter[:, t] = ratio, scatter
        self._baseline[:, t] = np.where(thin, expected, np.exp(expected))
        return Held(ratio, scatter, value, expected, base.memory, thin, rows.one_way)

    def _cover(self, held: Held) -> Codes:
        coverage = np.where(np.isfinite(held.ratio), Coverage.COVERED, Coverage.NONE).astype(np.uint8)
        few = held.thin & (held.expected * SIX_HOURS / self._rows.grid.step_h < self._tuning.thin_least)
        coverage[few] = Coverage.NONE
        if self._unrelated:
            self._gate(held, coverage)
        return coverage

    def _gate(self, held: Held, coverage: Codes) -> None:
        """Mark a bin as suspect for every row of a family in which a third is low at once."""
        tuning = self._tuning
        border = np.log(tuning.degraded_below)
        scatter = np.where(
            held.thin, np.sqrt(held.scatter + 1 / np.maximum(held.expected, 1e-3)), held.scatter
        )
        low = (held.ratio < border) & (held.ratio < -LOW * scatter)
        for family in self._of_family:
            mine = family & (coverage == Coverage.COVERED)
            if mine.sum() >= tuning.gate_least and low[mine].mean() >= tuning.gate_share - 1e-9:
                coverage[mine] = Coverage.SUSPECT

    def _teach(self, t: int, now: int) -> None:
        if t < 0:
            return
        up = self._alpha[:, t : now + 1][:, :, [UP, BACK]].sum(axis=2).min(axis=1) > self._tuning.clean_above
        clean = up[self._rows.entity] & (self._coverage[:, t] == Coverage.COVERED)
        self._base.admit(t, clean)

    def _drop_lone_tails(self) -> None:
        """Take back what a single signal said with its last, incomplete bins."""
        lone = lone_tails(self._coverage, self._row_nats, self._rows.entity, self._families)
        bins = np.flatnonzero(lone.any(axis=0))
        if not bins.size:
            return
        self._coverage[lone] = Coverage.SUSPECT
        self._row_nats[lone] = 0.0
        first = int(bins[0])
        self._state = self._alpha[:, first - 1]
        for t in range(first, self._rows.grid.n_bins):
            self._move_on(t)

    def done(self) -> Watched:
        """Return what was found."""
        self._drop_lone_tails()
        chains = range(0, self._alpha.shape[0], AT_ONCE)  # in parts, for what smoothing takes is thrice alpha
        up = [self._least_up(self._alpha[first : first + AT_ONCE]) for first in chains]
        return Watched(
            self._rows, self._families, self._warm, self._alpha, np.concatenate(up), self._row_nats,
            self._ratio, self._baseline, self._scatter, self._coverage, self._base.drift(),
            tuple(self._renewals),
        )  # fmt: skip

    def _least_up(self, alpha: Floats) -> Floats:
        return np.asarray(smooth(alpha, self._moves)[:, :, [UP, BACK]].sum(axis=2).min(axis=1))
