"""The kernel of the warm-up: what is ordinary of a row, by rounds of running medians (`signals.warmup`)."""

from __future__ import annotations

import math

import numpy as np

from darkhours.infer.bulk.jit import kernel, part, spot
from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.warmup import HALF, LEAST_VALUE, ROUNDS
from darkhours.model.timeline import Bins, Floats, Mask


def find_ordinary(
    line: Floats, slots: Bins, rows: Rows, r: int, tuning: Tuning, *, quantum: float
) -> tuple[Mask, float, Floats]:
    """Return which bins teach, the log level, and what is left, as `warmup._ordinary` does."""
    use = np.isfinite(line)
    least = max(0.5 * quantum, LEAST_VALUE * float(np.median(line[use])), 1e-9)
    y = np.log(np.maximum(line, least))
    reach = min(max(1, round(tuning.smooth_h / rows.grid.step_h)), (rows.slots - 1) // 2)
    days = -(-y.size // max(1, rows.slots)) + 1
    table, near = np.empty((rows.slots, days)), np.empty((2 * reach + 1) * days)
    rest, shape, work = y.copy(), np.empty(rows.slots), np.empty(y.size)
    limits = (tuning.slot_least, float(np.log(rows.least_shape[r])), HALF, ROUNDS)
    level = fit_ordinary(y, slots, use, limits, (table, near, rest, shape, work))
    return use, level, rest


@kernel
def fit_ordinary(
    y: Floats,
    slots: Bins,
    use: Mask,
    limits: tuple[int, float, float, int],
    room: tuple[Floats, Floats, Floats, Floats, Floats],
) -> float:
    """Leave out what lies far below the shape, round by round; return the log level.

    Args:
        y: log values, NaN where nobody measured, shape (n,).
        slots: slot of the day of each, shape (n,).
        use: bins that are known; then those that teach; shape (n,).
        limits: samples that a slot needs, least log shape, what is far below it, and how many rounds.
        room: samples by slot and day, samples near a slot, what is left, shape of the day, and for medians.
    """
    least, lowest, far, rounds = limits
    table, near, rest, shape, work = room
    level = _middle_of(y, use, work)
    for _ in range(rounds):
        _fill(table, y, slots, use, level)
        _run_medians(table, near, shape, least)
        n = 0
        for t in range(y.size):
            rest[t] = y[t] - level - max(shape[slots[t]], lowest)
            use[t] = math.isfinite(rest[t]) and rest[t] > far
            n += use[t]
        if n == 0:
            for t in range(y.size):
                use[t] = math.isfinite(rest[t])
        moved = _middle_of(rest, use, work)
        level += moved
        for t in range(y.size):
            rest[t] -= moved
    return level


@kernel
def _fill(table: Floats, y: Floats, slots: Bins, use: Mask, level: float) -> None:
    """Write values over the level by slot and day; a slot that a day has twice keeps the later one."""
    table[:] = math.nan
    day = 0
    for t in range(y.size):
        day += t > 0 and slots[t] < slots[t - 1]
        if use[t] and day < table.shape[1]:
            table[slots[t], day] = y[t] - level


@kernel
def _run_medians(table: Floats, near: Floats, shape: Floats, least: int) -> None:
    """Write the median of each slot with its neighbours, 0 where fewer than ``least`` speak."""
    n_slots, days = table.shape
    reach, n = (near.size // days - 1) // 2, 0
    for slot in range(-reach, reach + 1):
        for day in range(days):
            n = _add(near, n, table[slot % n_slots, day])
    for slot in range(n_slots):
        shape[slot] = 0.5 * (near[(n - 1) // 2] + near[n // 2]) if n >= max(least, 1) else 0.0
        for day in range(days):
            n = _drop(near, n, table[(slot - reach) % n_slots, day])
        for day in range(days):
            n = _add(near, n, table[(slot + reach + 1) % n_slots, day])


@part
def _find(near: Floats, n: int, value: float) -> int:
    """Return how many of those that are in order lie below a value."""
    low, high = 0, n
    while low < high:
        middle = (low + high) >> 1
        if near[spot(middle)] < value:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _add(near: Floats, n: int, value: float) -> int:
    """Add a value to those that are in order, unless nobody knows it; return how many there are."""
    if math.isnan(value):
        return n
    at = _find(near, n, value)
    for i in range(n, at, -1):
        near[spot(i)] = near[spot(i - 1)]
    near[spot(at)] = value
    return n + 1


@part
def _drop(near: Floats, n: int, value: float) -> int:
    """Take a value out of those that are in order; return how many are left."""
    if math.isnan(value):
        return n
    for i in range(_find(near, n, value), n - 1):
        near[spot(i)] = near[spot(i + 1)]
    return n - 1


@kernel
def _middle_of(values: Floats, use: Mask, work: Floats) -> float:
    """Return the median of the values that are used; NaN where none is."""
    n = 0
    for t in range(values.size):
        if use[t]:
            work[n] = values[t]
            n += 1
    if n == 0:
        return math.nan
    high = _select(work, n, n // 2)
    if n % 2:
        return high
    low = work[0]
    for i in range(n // 2):
        low = max(low, work[i])
    return float(0.5 * (low + high))


@kernel
def _select(work: Floats, n: int, k: int) -> float:
    """Return the k-th lowest of n values, moving what is lower before it.

    Source: Hoare (1961), "Algorithm 65: find".
    """
    left, right = 0, n - 1
    while left < right:
        pivot, i, j = work[(left + right) // 2], left, right
        while i <= j:
            while work[i] < pivot:
                i += 1
            while work[j] > pivot:
                j -= 1
            if i <= j:
                work[i], work[j] = work[j], work[i]
                i += 1
                j -= 1
        if k <= j:
            right = j
        elif k >= i:
            left = i
        else:
            break
    return float(work[k])
