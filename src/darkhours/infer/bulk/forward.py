"""The kernels of the pass over time: what `signals.watch` does, one entity after the other, compiled.

The readable code is the reference; a test holds the two together. Every function names what it stands for.
"""

from __future__ import annotations

import math

from darkhours.infer.bulk.jit import NEXT, kernel, part, signed, spot
from darkhours.infer.bulk.learns import admit, expect, over_level, put, put_week, scatter_of, set_grain
from darkhours.infer.bulk.says import from_counts, from_level, fuse_families, gate, one_sided, say
from darkhours.infer.bulk.values import BACK, COVERED, NONE, UP, Kinds, Knobs, Learned, Pass
from darkhours.model.timeline import Mask


@kernel
def run_pass(kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, begin: int) -> None:
    """Take a block of entities through the bins of ``told`` from position ``begin`` on.

    Positions before ``begin`` hold what the admission lag has kept back. Where the control gate compares
    entities, all are taken through a bin before the next; else one entity after the other, so that what has
    been learned of it stays near.
    """
    n_entities = kinds.first_row.size - 1
    at_once = n_entities if knobs.gated else 1
    for one in range(0, n_entities, at_once):
        for t in range(begin, told.values.shape[1]):
            for r in range(kinds.first_row[one], kinds.first_row[one + at_once]):
                _hold(kinds, knobs, learned, told, spot(r), spot(t))
            if knobs.gated:
                gate(kinds, knobs, told, spot(t))
            for e in range(one, one + at_once):
                _step(kinds, knobs, learned, told, spot(e), t)


@kernel
def run_filter(kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, begin: int) -> None:
    """Move the filter on anew from position ``begin``, by what the rows said; nothing is learned."""
    for e in range(kinds.first_row.size - 1):
        for t in range(begin, told.values.shape[1]):
            fuse_families(kinds, knobs, told, spot(e), spot(t))
            _move_on(knobs, learned, told, spot(e), spot(t))


@kernel
def learn_warm_up(kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, teaches: Mask) -> None:
    """Teach shape and week what the warm-up found ordinary (`Baseline._learn_warm_up`)."""
    for row in range(told.values.shape[0]):
        r = spot(row)
        set_grain(kinds, learned, r)
        for position in range(told.values.shape[1]):
            t = spot(position)
            if teaches[r, t]:
                put(kinds, learned, r, spot(told.slots[t]), over_level(kinds, learned, told, r, t))
        if kinds.thin[r]:
            continue
        for position in range(told.values.shape[1]):
            t = spot(position)
            if teaches[r, t]:
                rest = over_level(kinds, learned, told, r, t) - learned.shape[r, spot(told.slots[t])]
                put_week(knobs, learned, r, spot(told.hours[t]), rest)


@part
def _step(kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, e: int, t: int) -> None:
    """Hear what the rows of an entity say of a bin, and let a bin that has come of age teach."""
    first, until, now = kinds.first_row[e], kinds.first_row[e + NEXT], spot(t)
    one_sided(kinds, knobs, told, first, until, now)
    fuse_families(kinds, knobs, told, e, now)
    _move_on(knobs, learned, told, e, now)
    if t >= knobs.lag and learned.unclean[e] < t - knobs.lag + told.zero:
        for r in range(first, until):
            admit(kinds, knobs, learned, told, spot(r), spot(t - knobs.lag))


@part
def _hold(kinds: Kinds, knobs: Knobs, learned: Learned, told: Pass, r: int, t: int) -> None:
    """Hold one bin of a row against its baseline (`_Pass._held`, `_Pass._cover`, `nats_of`)."""
    expected = expect(kinds, knobs, learned, r, told.slots[t], told.hours[t])
    value, scatter, thin = told.values[r, t], scatter_of(kinds, learned, r), kinds.thin[r]
    ratio = math.nan
    if math.isfinite(value) and signed(t) + told.zero >= kinds.first[r]:
        ratio = told.logs[r, t] - expected
        if thin:
            ratio = math.log(max(value, 1e-3) / max(expected, 1e-3))
    told.ratio[r, t], told.scatter[r, t], told.expected[r, t] = ratio, scatter, expected
    few = thin and expected * knobs.bins_in_six_hours < knobs.thin_least
    told.coverage[r, t] = COVERED if math.isfinite(ratio) and not few else NONE
    if told.coverage[r, t] != COVERED:
        told.degraded[r, t] = told.dark[r, t] = told.mixed[r, t] = 0.0
    elif thin:
        say(kinds, knobs, learned, told, r, t, *from_counts(knobs, scatter, value, expected))
    else:
        deepest = -math.inf if kinds.one_way[r] else knobs.log_dark  # else the deepest is as degraded as any
        say(kinds, knobs, learned, told, r, t, *from_level(knobs, ratio, scatter, deepest))


@part
def _move_on(knobs: Knobs, learned: Learned, told: Pass, e: int, t: int) -> None:
    """Move the filter on by what was said (`_Pass._move_on`)."""
    degraded, dark, mixed = told.said[e, t, 0], told.said[e, t, 1], told.said[e, t, 2]
    best = max(0.0, degraded, dark, mixed)
    up, edge, was = math.exp(-best), math.exp(mixed - best), learned.state
    s = (was[e, 0], was[e, 1], was[e, 2], was[e, 3], was[e, 4], was[e, 5])
    now = (
        _ahead(knobs, s, 0) * up,
        _ahead(knobs, s, 1) * math.exp(degraded - best),
        _ahead(knobs, s, 2) * math.exp(dark - best),
        _ahead(knobs, s, 3) * edge,
        _ahead(knobs, s, 4) * edge,
        _ahead(knobs, s, 5) * up,
    )
    total = now[0] + now[1] + now[2] + now[3] + now[4] + now[5]
    for j in range(6):
        told.alpha[e, t, j] = learned.state[e, j] = now[j] / total
    if not learned.state[e, UP] + learned.state[e, BACK] > knobs.clean_above:
        learned.unclean[e] = signed(t) + told.zero


@part
def _ahead(knobs: Knobs, s: tuple[float, float, float, float, float, float], j: int) -> float:
    """Return the probability of a state before its bin is heard."""
    m = knobs.moves
    told = s[0] * m[0, j] + s[1] * m[1, j] + s[2] * m[2, j] + s[3] * m[3, j] + s[4] * m[4, j] + s[5] * m[5, j]
    return float(told)
