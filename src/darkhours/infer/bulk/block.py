"""Blocks: rows of whole entities made ready for the kernels, and what the kernels found as `Watched`."""

from __future__ import annotations

import numpy as np

from darkhours.infer.bulk.values import NEVER, Kinds, Knobs, Learned, Pass
from darkhours.infer.signals import baseline, fuse, likelihood, warmup, watch
from darkhours.infer.signals.likelihood import N_STATES
from darkhours.infer.signals.rows import Rows, hour_at, slot_at
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.warmup import Warm
from darkhours.model.evidence import Grid
from darkhours.model.panel import Coverage
from darkhours.model.timeline import Bins, Floats


def sort_rows(rows: Rows) -> Bins:
    """Return the rows in the order of their entities, those of one entity as they stand."""
    return np.argsort(rows.entity, kind="stable")


def make_knobs(tuning: Tuning, step_h: float, slots: int, *, gated: bool) -> Knobs:
    """Return every default for bins of a width.

    Args:
        tuning: every default.
        step_h: width of a bin, hours.
        slots: slots of a day.
        gated: whether the control gate compares entities.
    """
    dark, degraded = np.log(tuning.dark_below), np.log(tuning.degraded_below)
    return Knobs(
        log_dark=float(dark),
        log_degraded=float(degraded),
        log_withdrawn=fuse.WITHDRAWN,
        withdrawn_nats=fuse.WITHDRAWN_NATS,
        degraded_width=likelihood.DEGRADED_WIDTH,
        between=float(-np.log(degraded - dark)),
        below=float(-np.log(likelihood.DARK_WIDTH)),
        mixed=float(-np.log(likelihood.MIXED_WIDTH)),
        nats_per_bin=tuning.nats_per_bin,
        degraded_bound=likelihood.degraded_bound(tuning, step_h),
        deep=likelihood.DEEP,
        freedom=tuning.freedom,
        own=fuse.OWN,
        others=fuse.OTHERS,
        slot_least=tuning.slot_least,
        reach=min(max(1, round(tuning.smooth_h / step_h)), (slots - 1) // 2),
        week_reach=baseline.WEEK_REACH,
        week_most=baseline.WEEKS * max(1.0, 1.0 / step_h),
        deepest_dip=baseline.DEEPEST_DIP,
        level_share=float(-np.expm1(-step_h / tuning.level_h)),
        level_most=tuning.drift_per_day * step_h / 24,
        scale_share=float(-np.expm1(-step_h / (24 * baseline.SCALE_DAYS))),
        farthest=baseline.FARTHEST,
        clean_above=tuning.clean_above,
        bins_in_six_hours=watch.SIX_HOURS / step_h,
        thin_least=tuning.thin_least,
        gated=gated,
        gate_least=tuning.gate_least,
        gate_share=tuning.gate_share - 1e-9,
        low=watch.LOW,
        lag=max(1, round(tuning.admission_h / step_h)),
        moves=watch.moves_per_bin(tuning, step_h),
        degraded_shares=np.array(likelihood.DEGRADED_SHARES),
        dark_shares=np.array(likelihood.DARK_SHARES),
        mixed_shares=np.array(likelihood.MIXED_SHARES),
    )


def make_kinds(rows: Rows, warm: Warm, order: Bins) -> Kinds:
    """Return what never changes of rows, sorted by entity.

    Args:
        rows: as they are laid out.
        warm: what their warm-up taught, in the same order as ``rows``.
        order: `sort_rows` of them.
    """
    n_entities = len(rows.entities)
    entity = rows.entity[order]
    families = [rows.families[r] for r in order.tolist()]
    names = list(dict.fromkeys(rows.families))
    group, n_groups = _number_families(entity, families, n_entities)
    return Kinds(
        first_row=np.searchsorted(entity, np.arange(n_entities + 1)).astype(np.int64),
        n_groups=n_groups,
        group=group,
        family=np.array([names.index(family) for family in families], dtype=np.int64),
        n_families=len(names),
        weight=rows.weight[order],
        thin=warm.thin[order],
        one_way=rows.one_way[order],
        routing=np.array([rows.signals[r].sense == "routing" for r in order.tolist()], dtype=bool),
        reaches=np.array(
            [rows.signals[r].sense in ("reachability", "demand") for r in order.tolist()], dtype=bool
        ),
        floor=rows.floor[order],
        least_shape=np.log(rows.least_shape[order]),
        quantum=np.asarray(warm.quantum, dtype=np.float64)[order],
        first=np.asarray(warm.first, dtype=np.int64)[order],
        until=np.asarray(warm.until, dtype=np.int64)[order],
    )


def _number_families(entity: Bins, families: list[str], n_entities: int) -> tuple[Bins, Bins]:
    """Return the number of each row's family among those of its entity, and how many each entity has."""
    seen: list[dict[str, int]] = [{} for _ in range(n_entities)]
    group = [
        seen[e].setdefault(name, len(seen[e])) for e, name in zip(entity.tolist(), families, strict=True)
    ]
    return np.array(group, dtype=np.int64), np.array([len(names) for names in seen], dtype=np.int64)


def floor_of(warm: Warm, order: Bins) -> Floats:
    """Return what stands for zero where logs are taken (`Baseline.logs`), by row."""
    floor = np.maximum(0.5 * warm.quantum[order], warmup.LEAST_VALUE * np.exp(warm.level[order]))
    return np.asarray(np.maximum(floor, 1e-12))


def begin_learned(warm: Warm, order: Bins, n_entities: int, *, slots: int, samples: int) -> Learned:
    """Return what is known at the end of the warm-up, the shape not yet learned."""
    n_rows = order.size
    return Learned(
        level=np.array(warm.level[order], dtype=np.float64),
        scale=np.array(warm.scale[order], dtype=np.float64),
        memory=np.array(warm.memory[order], dtype=np.float64),
        last=np.full(n_rows, np.nan),
        grain=np.zeros(n_rows),
        ordered=np.full((n_rows, slots, samples), np.nan, dtype=np.float32),
        born=np.zeros((n_rows, slots, samples), dtype=np.uint8),
        place=np.zeros((n_rows, slots), dtype=np.uint8),
        known=np.zeros((n_rows, slots), dtype=np.uint8),
        shape=np.zeros((n_rows, slots)),
        week=np.zeros((n_rows, 168)),
        week_count=np.zeros((n_rows, 168), dtype=np.int32),
        state=np.tile([0.98, 0.01, 0.01, 0.0, 0.0, 0.0], (n_entities, 1)),
        unclean=np.full(n_entities, NEVER, dtype=np.int64),
    )


def begin_pass(values: Floats, floor: Floats, clock: tuple[Bins, Bins], n_entities: int, zero: int) -> Pass:
    """Return room for a pass over ``values``.

    Args:
        values: by row, sorted by entity, shape (n_rows, n_bins).
        floor: of each row, what stands for zero, shape (n_rows,).
        clock: slot of the day and hour of the week of each bin.
        n_entities: how many.
        zero: bin of the first position.
    """
    shape = values.shape
    return Pass(
        zero,
        clock[0],
        clock[1],
        values,
        np.log(np.maximum(values, floor[:, None])),
        np.full(shape, Coverage.NONE, dtype=np.uint8),
        ratio=np.empty(shape),
        expected=np.empty(shape),
        scatter=np.empty(shape),
        degraded=np.empty(shape),
        dark=np.empty(shape),
        mixed=np.empty(shape),
        said=np.empty((n_entities, shape[1], 3)),
        alpha=np.empty((n_entities, shape[1], N_STATES)),
    )


def clock_of(grid: Grid, first: int, until: int) -> tuple[Bins, Bins]:
    """Return slot of the day and hour of the week of bins from the start of a grid."""
    bins = np.arange(first, until)
    return slot_at(grid, bins), hour_at(grid, bins)
