"""A sweep: the pass over time of many entities by kernels, and each of them as the readable code has it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from darkhours.infer.bulk.backward import smooth_up
from darkhours.infer.bulk.block import (
    begin_learned,
    begin_pass,
    clock_of,
    floor_of,
    make_kinds,
    make_knobs,
    sort_rows,
)
from darkhours.infer.bulk.forward import learn_warm_up, run_filter, run_pass
from darkhours.infer.bulk.ordinary import find_ordinary
from darkhours.infer.bulk.values import Kinds, Knobs, Learned, Pass
from darkhours.infer.signals.fuse import group_families
from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.tails import LONE_TAIL, lone_tails
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.warmup import Warm, warm_up
from darkhours.infer.signals.watch import Watched
from darkhours.model.panel import Coverage
from darkhours.model.timeline import Bins, Floats, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """What a sweep found.

    Args:
        rows: what was swept.
        order: rows in the order of their entities; what kernels know is in that order.
        warm: what the warm-up taught, in the order of ``rows``.
        kinds: what never changes of each row.
        knobs: every default.
        learned: what the pass has learned by its end.
        told: what it said of each bin.
        up: smoothed probability of up at its lowest, shape (n_entities,).
    """

    rows: Rows
    order: Bins
    warm: Warm
    kinds: Kinds
    knobs: Knobs
    learned: Learned
    told: Pass
    up: Floats


def sweep(rows: Rows, tuning: Tuning, *, unrelated: bool) -> Swept:
    """Hold every bin of every row against what earlier, clean bins have taught, as `watch` does.

    Args:
        rows: all values on one grid.
        tuning: every default.
        unrelated: whether the entities share no fate, so that the control gate may compare them.
    """
    return finish(pass_over(rows, tuning, unrelated=unrelated))


def pass_over(rows: Rows, tuning: Tuning, *, unrelated: bool) -> Swept:
    """Do what `sweep` does, but for what is known at the end only."""
    warm = warm_up(rows, tuning, find_ordinary)
    order, n_entities, n_bins = sort_rows(rows), len(rows.entities), rows.grid.n_bins
    kinds = make_kinds(rows, warm, order)
    knobs = make_knobs(tuning, rows.grid.step_h, rows.slots, gated=unrelated)
    learned = begin_learned(warm, order, n_entities, slots=rows.slots, samples=tuning.slot_samples)
    told = begin_pass(
        rows.values[order], floor_of(warm, order), clock_of(rows.grid, 0, n_bins), n_entities, zero=0
    )
    learn_warm_up(kinds, knobs, learned, told, warm.teaches[order])
    run_pass(kinds, knobs, learned, told, 0)
    return Swept(rows, order, warm, kinds, knobs, learned, told, np.empty(n_entities))


def finish(swept: Swept) -> Swept:
    """Take back what a single signal said with its last, incomplete bins, and smooth what was filtered."""
    _drop_lone_tails(swept)
    up = np.empty(swept.told.values.shape[1])
    for e in range(swept.up.size):
        swept.up[e] = smooth_up(swept.told.alpha[e], swept.knobs.moves, up)
    return swept


def _drop_lone_tails(swept: Swept) -> None:
    """Do what `watch` does with its last bins."""
    if (swept.kinds.n_groups < 2).all():  # noqa: PLR2004 — no other family
        return
    told, n_bins = swept.told, swept.told.values.shape[1]
    begin = max(0, n_bins - 2 * LONE_TAIL)
    families = group_families(swept.rows)
    back = np.argsort(swept.order)
    nats = row_nats(told, slice(None), begin)[back]
    lone = lone_tails(told.coverage[back, begin:], nats, swept.rows.entity, families)[swept.order]
    bins = np.flatnonzero(lone.any(axis=0))
    if not bins.size:
        return
    told.coverage[:, begin:][lone] = Coverage.SUSPECT
    for said in (told.degraded, told.dark, told.mixed):
        said[:, begin:][lone] = 0.0
    first = begin + int(bins[0])
    after = swept.learned._replace(
        state=told.alpha[:, first - 1].copy(), unclean=swept.learned.unclean.copy()
    )
    run_filter(swept.kinds, swept.knobs, after, told, first)


def row_nats(told: Pass, rows: slice, begin: int = 0) -> Floats:
    """Return what rows said of each of the six states, shape (n_rows, n_bins, 6)."""
    degraded, dark, mixed = (said[rows, begin:] for said in (told.degraded, told.dark, told.mixed))
    zero = np.zeros(degraded.shape)
    return np.stack([zero, degraded, dark, mixed, mixed, zero], axis=2)


def watched_of(swept: Swept, e: int) -> Watched:
    """Return one entity as `watch` would have found it.

    Args:
        swept: what the sweep found.
        e: its index among the entities of the rows.
    """
    mine = slice(int(swept.kinds.first_row[e]), int(swept.kinds.first_row[e + 1]))
    which, told = swept.order[mine], swept.told
    rows, warm = pick_rows(swept.rows, which, e), pick_warm(swept.warm, which)
    level = swept.learned.level[mine]
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = np.where(warm.thin, np.log(level / warm.level), level - warm.level)
    expected = told.expected[mine]
    return Watched(
        rows, group_families(rows), warm, told.alpha[e : e + 1], swept.up[e : e + 1], row_nats(told, mine),
        told.ratio[mine], np.where(warm.thin[:, None], expected, np.exp(expected)), told.scatter[mine],
        told.coverage[mine], drift, (),
    )  # fmt: skip


def pick_rows(rows: Rows, which: Bins, e: int) -> Rows:
    """Return the rows of one entity."""
    numbers = which.tolist()
    return Rows(
        rows.grid, (rows.entities[e],), np.zeros(which.size, dtype=np.int64),
        tuple(rows.signals[r] for r in numbers), tuple(rows.families[r] for r in numbers),
        rows.values[which], rows.raw[which], rows.weight[which], rows.counted[which], rows.floor[which],
        rows.least_shape[which], rows.one_way[which], rows.smoothed[which],
    )  # fmt: skip


def pick_warm(warm: Warm, which: Bins) -> Warm:
    """Return what the warm-up taught some rows; which bins of theirs taught is left out."""
    nothing: Mask = np.zeros((which.size, 0), dtype=bool)
    return replace(
        warm, first=warm.first[which], until=warm.until[which], level=warm.level[which],
        scale=warm.scale[which], memory=warm.memory[which], quantum=warm.quantum[which],
        thin=warm.thin[which], teaches=nothing,
    )  # fmt: skip
