"""The warm-up: what the first days of a series teach in retrospect, before the causal pass begins."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.timeline import Bins, Floats, Mask

ROUNDS = 3
"""Rounds in which bins far below the shape are left out: ours; more change nothing."""

HALF = float(np.log(0.5))
"""A bin below half of what the shape says teaches nothing: ours, the critical share of two rivals."""

LEAST_VALUE = 1e-3
"""Share of the level that stands for zero where logs are taken: ours, far below every border."""

ENOUGH = 40.0
"""Events that a stretch of thin counts is expected to hold before it is held against the shape: ours, half of
them is then chance in less than one stretch of a thousand."""

LONGEST_STRETCH_H = 6.0
"""Hours of such a stretch at most: ours; counts that are fewer still teach with every bin."""

COUNT_SCATTER = 0.02
"""Overdispersion of counts before any is measured: ours, a scatter of 14 % beside the Poisson one."""


@dataclass(frozen=True, slots=True)
class Warm:
    """What the warm-up taught, per row.

    Args:
        first: first bin with a value; `n_bins` where there is none; shape (n_rows,).
        until: bin after the warm-up, shape (n_rows,).
        level: log level (mean count, for thin rows), NaN where nothing was measured.
        scale: scatter in log units (overdispersion, for thin rows).
        memory: correlation of the scatter from one bin to the next, in [0, 0.95].
        quantum: smallest difference between two values.
        thin: rows that are scored as counts.
        teaches: bins of the warm-up that may teach the shape, shape (n_rows, n_bins).
    """

    first: Bins
    until: Bins
    level: Floats
    scale: Floats
    memory: Floats
    quantum: Floats
    thin: Mask
    teaches: Mask


class Ordinary(Protocol):
    """How the ordinary of one row is found: `_ordinary`, or the kernel that does the same."""

    def __call__(  # noqa: D102 — the class says it
        self, line: Floats, slots: Bins, rows: Rows, r: int, tuning: Tuning, /, *, quantum: float
    ) -> tuple[Mask, float, Floats]: ...


def warm_up(rows: Rows, tuning: Tuning, ordinary: Ordinary | None = None) -> Warm:
    """Return what the first quarter of each row, at most seven days of it, teaches in retrospect.

    Without it a signal that swings with the day would lock itself out of ever being clean: a flat
    level calls every night an outage, and an outage teaches nothing.

    Args:
        rows: all values on one grid.
        tuning: every default.
        ordinary: how the ordinary of a row is found; None: by the readable code of this module.
    """
    ordinary = ordinary or _ordinary
    n_rows, n_bins = rows.values.shape
    known = np.isfinite(rows.values)
    first = np.where(known.any(axis=1), known.argmax(axis=1), n_bins)
    last = n_bins - known[:, ::-1].argmax(axis=1)
    day = 24 / rows.grid.step_h
    width = np.minimum(np.ceil(tuning.warm_share * (last - first)), np.ceil(tuning.warm_days * day))
    until = np.minimum(first + np.maximum(width.astype(np.int64), 4), n_bins)
    parts = [_one(rows, r, (int(first[r]), int(until[r])), tuning, ordinary) for r in range(n_rows)]
    level, scale, memory, quantum, thin, teaches = (
        np.array(list(column)) for column in zip(*parts, strict=True)
    )
    mask = np.zeros((n_rows, n_bins), dtype=bool)
    for r in range(n_rows):
        mask[r, first[r] : until[r]] = teaches[r][: until[r] - first[r]]
    return Warm(first, until, level, scale, memory, quantum, thin.astype(bool), mask)


def _one(
    rows: Rows, r: int, span: tuple[int, int], tuning: Tuning, ordinary: Ordinary
) -> tuple[float, float, float, float, bool, Mask]:
    (first, until), n_bins = span, rows.values.shape[1]
    pad = np.zeros(n_bins, dtype=bool)
    line = rows.values[r, first:until]
    known = line[np.isfinite(line)]
    if not known.size:
        return np.nan, rows.floor[r], 0.0, 0.0, False, pad
    quantum = _quantum(known)
    thin = bool(rows.counted[r] and (known == np.round(known)).all() and known.mean() < tuning.thin_below)
    slots = rows.slot(np.arange(first, until))
    teaches, level, rest = _fit(line, slots, rows, r, tuning, ordinary=ordinary, thin=thin, quantum=quantum)
    pad[: teaches.size] = teaches
    if thin:
        level = float(line[teaches].mean()) if teaches.any() else float(known.mean())
        mean = max(level, 1e-6)
        extra = (np.nanvar(line[teaches]) - mean) / mean**2 if teaches.any() else COUNT_SCATTER
        return level, float(np.clip(extra, 1e-3, 0.5)), 0.0, quantum, True, pad
    scatter = np.abs(rest[teaches])
    scale = float(scatter.mean()) if scatter.size else 0.0
    return level, max(scale, 1e-6), _memory(rest, teaches), quantum, False, pad


def _fit(
    line: Floats, slots: Bins, rows: Rows, r: int, tuning: Tuning, *, ordinary: Ordinary, thin: bool,
    quantum: float,
) -> tuple[Mask, float, Floats]:  # fmt: skip
    """Return which bins teach, the level, and what is left of each bin beside level and shape."""
    known = np.isfinite(line)
    if thin:
        line, width = _spread(line, rows.grid.step_h)
        if width == 0:
            return known, float(np.nanmean(line[known])), np.zeros(line.size)
        teaches, level, rest = ordinary(line, slots, rows, r, tuning, quantum=quantum / width)
        far = np.convolve(~teaches & known, np.ones(2 * (width // 2) + 1), mode="same") > 0
        teaches = teaches if far[known].all() else known & ~far
        return teaches, level, rest
    return ordinary(line, slots, rows, r, tuning, quantum=quantum)


def _spread(line: Floats, step_h: float) -> tuple[Floats, int]:
    """Return thin counts as means of stretches that hold enough, and how many bins; 0 where too few."""
    known = np.isfinite(line)
    usual = max(float(np.median(line[known])), float(line[known].mean()))
    width = int(np.ceil(ENOUGH / max(usual, 1e-6)))
    if width * step_h > LONGEST_STRETCH_H or width > line.size:
        return line, 0
    ones = np.ones(2 * (width // 2) + 1)
    total = np.convolve(np.where(known, line, 0.0), ones, mode="same")
    n = np.convolve(known, ones, mode="same")
    return np.where(known, total / np.maximum(n, 1), np.nan), width


def _ordinary(
    line: Floats, slots: Bins, rows: Rows, r: int, tuning: Tuning, *, quantum: float
) -> tuple[Mask, float, Floats]:
    """Return which bins are no less than half of what the shape says, the log level, and what is left."""
    use = np.isfinite(line)
    least = max(0.5 * quantum, LEAST_VALUE * float(np.median(line[use])), 1e-9)
    y = np.log(np.maximum(line, least))
    level, rest = float(np.median(y[use])), y
    reach = max(1, round(tuning.smooth_h / rows.grid.step_h))
    for _ in range(ROUNDS):
        shape = slot_shape(y - level, slots, use, n_slots=rows.slots, reach=reach, least=tuning.slot_least)
        shape = np.maximum(shape, np.log(rows.least_shape[r]))
        rest = y - level - shape[slots]
        use = np.isfinite(rest) & (rest > HALF)
        if not use.any():
            use = np.isfinite(rest)
        level += float(np.median(rest[use]))
        rest = rest - np.median(rest[use])
    return use, level, rest


def slot_shape(y: Floats, slots: Bins, use: Mask, *, n_slots: int, reach: int, least: int) -> Floats:
    """Return the median of each slot with its neighbours, 0 where fewer than ``least`` samples speak.

    Args:
        y: log value over the level, shape (n,).
        slots: slot of each, shape (n,).
        use: which may speak, shape (n,).
        n_slots: slots of a day.
        reach: slots to either side that lend their samples.
        least: samples from which a median is used.
    """
    days = -(-y.size // max(1, n_slots)) + 1
    table = np.full((days, n_slots), np.nan)
    day = np.cumsum(np.concatenate([[0], np.diff(slots) < 0])) if slots.size else np.zeros(0, dtype=np.int64)
    keep = use & (day < days)
    table[day[keep], slots[keep]] = y[keep]
    reach = min(reach, (n_slots - 1) // 2)
    near = np.concatenate([np.roll(table, k, axis=1) for k in range(-reach, reach + 1)])
    enough = np.isfinite(near).sum(axis=0) >= least
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a slot that nobody measured has no median
        middle = np.nanmedian(near, axis=0)
    return np.where(enough, middle, 0.0)


def _memory(rest: Floats, use: Mask) -> float:
    """Return how much of the scatter of one bin is left in the next."""
    both = use[1:] & use[:-1]
    if both.sum() < 8:  # noqa: PLR2004 - too few to tell
        return 0.0
    before, after = np.clip(rest[:-1][both], HALF, -HALF), np.clip(rest[1:][both], HALF, -HALF)
    power = float(np.sqrt((before**2).mean() * (after**2).mean()))
    return float(np.clip((before * after).mean() / power, 0.0, 0.95)) if power > 0 else 0.0


def _quantum(known: Floats) -> float:
    distinct = np.unique(known)
    gaps = np.diff(distinct)
    gaps = gaps[gaps > 1e-9 * max(1.0, float(distinct[-1]))]
    return float(gaps.min()) if gaps.size else 0.0
