"""The parts of the pass that hold a row against its baseline and teach it (`signals.baseline`), compiled."""

from __future__ import annotations

import math

import numpy as np

from darkhours.infer.bulk.jit import NEXT, part, signed, spot
from darkhours.infer.bulk.values import COVERED, Kinds, Knobs, Learned, Pass, Singles


@part
def clip(x: float, low: float, high: float) -> float:
    """Return a value inside its bounds; the upper one where they cross, as numpy does."""
    return min(max(x, low), high)


@part
def over_level(kinds: Kinds, learned: Learned, told: Pass, r: int, t: int) -> float:
    """Return a value over its level (`Baseline._over`)."""
    if kinds.thin[r]:
        return float(told.values[r, t] / max(learned.level[r], 1e-9))
    return float(told.logs[r, t] - learned.level[r])


@part
def set_grain(kinds: Kinds, learned: Learned, r: int) -> None:
    """Keep the scatter that the grain of an index leaves at the present level (`Baseline.scatter`)."""
    grain = 0.6 * kinds.quantum[r] / math.exp(learned.level[r])
    learned.grain[r] = grain if math.isfinite(grain) else 0.0


@part
def scatter_of(kinds: Kinds, learned: Learned, r: int) -> float:
    """Return the scatter of a row (`Baseline.scatter`)."""
    if kinds.thin[r]:
        return float(learned.scale[r])
    return float(max(learned.scale[r], kinds.floor[r], learned.grain[r]))


@part
def expect(kinds: Kinds, knobs: Knobs, learned: Learned, r: int, slot: int, hour: int) -> float:
    """Return the level expected (`Baseline.expected`)."""
    n_slots = learned.shape.shape[1]
    total, spoken = 0.0, 0.0
    for j in range(slot - knobs.reach, slot + knobs.reach + 1):
        at = spot(j + n_slots if j < 0 else (j - n_slots if j >= n_slots else j))
        count = float(learned.known[r, at])
        total += count
        spoken += learned.shape[r, at] * count
    enough = total >= knobs.slot_least
    shape = spoken / max(total, 1.0)
    if kinds.thin[r]:
        return float(max(learned.level[r], 0.0) * (shape if enough else 1.0))
    shape = max(shape if enough else 0.0, kinds.least_shape[r])
    return float(learned.level[r] + shape + _dip(knobs, learned, r, hour))


@part
def _dip(knobs: Knobs, learned: Learned, r: int, hour: int) -> float:
    """Return how far an hour of the week lies below its slot of the day (`Baseline._dip`)."""
    n_hours = learned.week.shape[1]
    total, spoken = 0.0, 0.0
    for j in range(hour - knobs.week_reach, hour + knobs.week_reach + 1):
        at = spot(j + n_hours if j < 0 else (j - n_hours if j >= n_hours else j))
        count = float(learned.week_count[r, at])
        total += count
        spoken += learned.week[r, at] * count
    if total < knobs.slot_least:
        return 0.0
    return clip(spoken / max(total, 1.0), knobs.deepest_dip, 0.0)


@part
def admit(kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, r: int, t: int) -> None:
    """Learn from a clean bin that has come of age (`Baseline.admit`)."""
    if told.coverage[r, t] != COVERED or signed(t) + told.zero < kinds.until[r]:
        return
    slot, hour, thin = told.slots[t], told.hours[t], kinds.thin[r]
    over = over_level(kinds, learned, told, r, t)
    expected = expect(kinds, knobs, learned, r, slot, hour)
    rest = 0.0 if thin else learned.level[r] + over - expected
    far = knobs.farthest * scatter_of(kinds, learned, r)
    if thin:
        most = knobs.level_most * learned.level[r]
        learned.level[r] += clip(knobs.level_share * (told.values[r, t] - expected), -most, most)
    else:
        moved = knobs.level_share * clip(rest, -far, far)
        learned.level[r] += clip(moved, -knobs.level_most, knobs.level_most)
        set_grain(kinds, learned, r)
    _learn_scale(kinds, knobs, learned, r, rest)
    put_week(knobs, learned, r, spot(hour), 0.0 if thin else over - learned.shape[r, spot(slot)])
    put(kinds, learned, r, spot(slot), over)


@part
def _learn_scale(kinds: Kinds, knobs: Knobs, learned: Learned, r: int, rest: float) -> None:
    """Learn scatter and memory (`Baseline._learn_scale`)."""
    if kinds.thin[r]:
        return
    far = knobs.farthest * scatter_of(kinds, learned, r)
    clipped, before, memory = clip(rest, -far, far), learned.last[r], learned.memory[r]
    power = max(learned.scale[r], 1e-6) ** 2
    product = clipped * before / (2 * power) if math.isfinite(before) else memory
    moved = memory + knobs.scale_share * (clip(product, -1.0, 1.0) - memory)
    learned.scale[r] += knobs.scale_share * (abs(clipped) - learned.scale[r])
    learned.memory[r] = clip(moved, 0.0, 0.95)
    learned.last[r] = clipped


@part
def put_week(knobs: Knobs, learned: Learned, r: int, hour: int, rest: float) -> None:
    """Learn how far an hour of the week lies from its slot of the day (`Baseline._put_week`)."""
    learned.week_count[r, hour] += 1
    share = 1.0 / min(float(learned.week_count[r, hour]), knobs.week_most)
    learned.week[r, hour] += share * (rest - learned.week[r, hour])


@part
def put(kinds: Kinds, learned: Learned, r: int, slot: int, over: float) -> None:
    """Add one sample of a slot, over the oldest, and take their middle anew (`Baseline._put`)."""
    ordered, born = learned.ordered, learned.born
    size, n, now = ordered.shape[2], int(learned.known[r, slot]), learned.place[r, slot]
    if n == size:
        n -= 1
        gone = spot(0)
        while born[r, slot, gone] != now:
            gone += NEXT
        for k in range(signed(gone), n):
            i = spot(k)
            ordered[r, slot, i], born[r, slot, i] = ordered[r, slot, i + NEXT], born[r, slot, i + NEXT]
    value, at = np.float32(over), spot(n)
    while at > 0 and ordered[r, slot, at - NEXT] > value:
        ordered[r, slot, at], born[r, slot, at] = ordered[r, slot, at - NEXT], born[r, slot, at - NEXT]
        at -= NEXT
    ordered[r, slot, at], born[r, slot, at] = value, now
    n += 1
    learned.known[r, slot], learned.place[r, slot] = n, (now + 1 if now + 1 < size else 0)
    if kinds.thin[r]:
        learned.shape[r, slot] = _sum(ordered, slot, r, n) / n
    else:
        learned.shape[r, slot] = np.float32(0.5) * (
            ordered[r, slot, spot((n - 1) >> 1)] + ordered[r, slot, spot(n >> 1)]
        )


@part
def _lane(ordered: Singles, slot: int, r: int, n: int, lane: int) -> np.float32:
    total = np.float32(0.0)
    for i in range(lane, ordered.shape[2] // 8 * 8, 8):
        total += ordered[r, slot, i] if i < n else np.float32(0.0)
    return total


@part
def _sum(ordered: Singles, slot: int, r: int, n: int) -> float:
    """Return the sum of the samples of a slot in the order in which numpy adds them up."""
    four = (_lane(ordered, slot, r, n, 0) + _lane(ordered, slot, r, n, 1)) + (
        _lane(ordered, slot, r, n, 2) + _lane(ordered, slot, r, n, 3)
    )
    total = four + (
        (_lane(ordered, slot, r, n, 4) + _lane(ordered, slot, r, n, 5))
        + (_lane(ordered, slot, r, n, 6) + _lane(ordered, slot, r, n, 7))
    )
    for i in range(ordered.shape[2] // 8 * 8, n):
        total += ordered[r, slot, i]
    return float(total)
