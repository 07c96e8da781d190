"""The parts of the pass that tell what values say (`signals.likelihood`, `signals.fuse`), compiled."""

from __future__ import annotations

import math

from darkhours.infer.bulk.jit import NEXT, part, spot
from darkhours.infer.bulk.learns import clip
from darkhours.infer.bulk.values import COVERED, SUSPECT, Kinds, Knobs, Learned, Pass
from darkhours.model.timeline import Floats


@part
def _tail(z: float, freedom: float) -> float:
    return (freedom + 1) / 2 * math.log(1.0 + z * z / freedom)


@part
def from_level(knobs: Knobs, r: float, scatter: float, deepest: float) -> tuple[float, float, float, float]:
    """Return log-likelihoods of up, degraded, dark and mixed (`likelihood._from_level`)."""
    s = max(scatter, 1e-6)
    low = high = 0.0
    if r < 0.0:
        low = _tail(r / s, knobs.freedom)
    elif r > 0.0:
        high = _tail(r / s, knobs.freedom)
    away = max(deepest - r, r - knobs.log_degraded, 0.0)
    between, below = knobs.between, knobs.below
    if away > 0.0:
        between -= _tail(away / s, knobs.freedom)
    if r > knobs.log_dark:
        below -= _tail((r - knobs.log_dark) / s, knobs.freedom)
    return math.log(0.75 / s) - low, between, below, knobs.mixed - high


@part
def _count_nats(value: float, mean: float, size: float) -> float:
    mean = max(mean, 1e-9)
    return size * math.log(size / (size + mean)) + value * math.log(mean / (size + mean))


@part
def _mixed(shares: Floats, value: float, mean: float, size: float) -> float:
    """Return the log mean of the likelihoods of several shares of a count (`likelihood._mixed`)."""
    best = -math.inf
    for share in shares:
        best = max(best, _count_nats(value, share * mean, size))
    total = 0.0
    for share in shares:
        total += math.exp(_count_nats(value, share * mean, size) - best)
    return best + math.log(total / len(shares))


@part
def from_counts(
    knobs: Knobs, scatter: float, value: float, expected: float
) -> tuple[float, float, float, float]:
    """Return log-likelihoods of up, degraded, dark and mixed (`likelihood._from_counts`)."""
    mean = max(expected, 1e-6)
    size = 1.0 / clip(scatter, 1e-3, 0.5)
    up = _count_nats(min(value, mean), mean, size)
    if value > mean:
        up += _count_nats(value, value, size) - _count_nats(mean, mean, size)
    return (
        up,
        _mixed(knobs.degraded_shares, value, mean, size),
        _mixed(knobs.dark_shares, value, mean, size),
        _mixed(knobs.mixed_shares, value, mean, size),
    )


@part
def say(
    kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, r: int, t: int, up: float, between: float,
    below: float, mixed: float,
) -> None:  # fmt: skip
    """Write what a bin says of each state against up, bounded (`nats_of`)."""
    most, ratio = knobs.nats_per_bin, told.ratio[r, t]
    memory = learned.memory[r]
    temper = 1.0 if kinds.thin[r] else (1 - memory) / (1 + memory)
    depth = 0.0 if kinds.one_way[r] else clip((knobs.log_degraded - ratio) / knobs.degraded_width, 0.0, 1.0)
    degraded = clip(temper * (between - up), -most, knobs.degraded_bound * (1.0 + knobs.deep * depth))
    dark = clip(min(below - up, degraded + below - between), -most, most)
    deeper = clip(below - between, 0.0, most)
    if deeper > 0:
        degraded = min(degraded, dark - deeper)
    told.degraded[r, t] = degraded
    told.dark[r, t] = min(0.0, degraded) if kinds.one_way[r] else dark
    told.mixed[r, t] = -most if kinds.one_way[r] else clip(mixed - up, -most, most)


@part
def gate(kinds: Kinds, knobs: Knobs, told: Pass, t: int) -> None:
    """Suspect every row of a family in which a third is low at once (`_Pass._gate`)."""
    for family in range(kinds.n_families):
        n, low = 0, 0
        for row in range(kinds.family.size):
            r = spot(row)
            if kinds.family[r] == family and told.coverage[r, t] == COVERED:
                n += 1
                low += _is_low(kinds, knobs, told, r, t)
        if n >= knobs.gate_least and low / n >= knobs.gate_share:
            for row in range(kinds.family.size):
                r = spot(row)
                if kinds.family[r] == family and told.coverage[r, t] == COVERED:
                    told.coverage[r, t] = SUSPECT
                    told.degraded[r, t] = told.dark[r, t] = told.mixed[r, t] = 0.0


@part
def _is_low(kinds: Kinds, knobs: Knobs, told: Pass, r: int, t: int) -> int:
    ratio, scatter = told.ratio[r, t], told.scatter[r, t]
    if kinds.thin[r]:
        scatter = math.sqrt(scatter + 1 / max(told.expected[r, t], 1e-3))
    return int(ratio < knobs.log_degraded and ratio < -knobs.low * scatter)


@part
def one_sided(kinds: Kinds, knobs: Knobs, told: Pass, first: int, until: int, t: int) -> None:
    """Silence routing to one side where another family sees people (`fuse.one_sided`)."""
    routing, sees = False, False
    for row in range(first, until):
        r = spot(row)
        routing |= kinds.routing[r]
        sees |= kinds.reaches[r] and told.coverage[r, t] == COVERED
    if not (routing and sees):
        return
    for row in range(first, until):
        r = spot(row)
        if kinds.routing[r]:
            gone = told.coverage[r, t] == COVERED and told.ratio[r, t] < knobs.log_withdrawn
            nats = knobs.withdrawn_nats if gone else 0.0
            told.degraded[r, t], told.dark[r, t], told.mixed[r, t] = 0.5 * nats, nats, 0.5 * nats


@part
def _share_out(knobs: Knobs, up: float, degraded: float, dark: float) -> float:
    """Return what speaks for degraded where another voice stands beside (`fuse.shared_out`)."""
    best = max(up, degraded, dark)
    sides = math.exp(up - best) + math.exp(dark - best)
    return best + math.log(knobs.own * math.exp(degraded - best) + knobs.others * sides)


@part
def _disagree(kinds: Kinds, told: Pass, group: int, e: int, t: int) -> bool:
    """Return whether one signal of a family leans to up and another to dark (`fuse._disagree`)."""
    up, down = False, False
    for row in range(kinds.first_row[e], kinds.first_row[e + NEXT]):
        r = spot(row)
        if kinds.group[r] == group and told.coverage[r, t] == COVERED:
            degraded, dark = told.degraded[r, t], told.dark[r, t]
            if degraded == 0.0 and dark == 0.0:
                continue
            up |= degraded <= 0.0 and dark <= 0.0
            down |= dark > 0.0 and dark > degraded
    return up and down


@part
def _family(
    kinds: Kinds, knobs: Knobs, told: Pass, group: int, e: int, t: int
) -> tuple[int, float, float, float]:
    """Return how many signals of a family spoke, and the mean of what they said."""
    n, degraded, dark, mixed = 0, 0.0, 0.0, 0.0
    several = _disagree(kinds, told, group, e, t)
    for row in range(kinds.first_row[e], kinds.first_row[e + NEXT]):
        r = spot(row)
        if kinds.group[r] != group or told.coverage[r, t] != COVERED:
            continue
        own, lower = told.degraded[r, t], told.dark[r, t]
        if several:
            own = _share_out(knobs, 0.0, own, lower)
        n += 1
        degraded += own * kinds.weight[r]
        dark += lower * kinds.weight[r]
        mixed += told.mixed[r, t] * kinds.weight[r]
    return n, degraded / max(n, 1), dark / max(n, 1), mixed / max(n, 1)


@part
def fuse_families(kinds: Kinds, knobs: Knobs, told: Pass, e: int, t: int) -> None:
    """Add up the families of an entity; degraded takes a share of what disagrees (`fuse.fuse`)."""
    first, n_rows = spot(kinds.first_row[e]), kinds.first_row[e + NEXT] - kinds.first_row[e]
    if n_rows == 1:
        weight = kinds.weight[first] if told.coverage[first, t] == COVERED else 0.0
        told.said[e, t, 0] = told.degraded[first, t] * weight
        told.said[e, t, 1] = told.dark[first, t] * weight
        told.said[e, t, 2] = told.mixed[first, t] * weight
        return
    voices = 0
    for group in range(kinds.n_groups[e]):
        voices += _family(kinds, knobs, told, group, e, t)[0] > 0
    degraded, dark, mixed = 0.0, 0.0, 0.0
    for group in range(kinds.n_groups[e]):
        n, own, lower, between = _family(kinds, knobs, told, group, e, t)
        if n:
            degraded += _share_out(knobs, 0.0, own, lower) if voices > 1 else own
            dark += lower
            mixed += between
    told.said[e, t, 0], told.said[e, t, 1], told.said[e, t, 2] = degraded, dark, mixed
