"""What one value says of up, degraded and dark: heavy-tailed on the log ratio, counts where they are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkhours.infer.signals.tuning import Tuning
from darkhours.model.timeline import Floats, Mask

UP, DEGRADED, DARK, FALLING, RISING, BACK = range(6)
"""States of the chain. A bin in which a place goes dark, or comes back, holds some of both: it has a state of
its own that lasts one bin, for else the edges of a short outage would speak against it. A place that is newly
back is up, and likelier to go dark again than one that has been up for long."""
N_STATES = 6

DEGRADED_WIDTH = float(np.log(0.85 / 0.2))
"""Log width of the degraded states, from border to border."""

DEEP = 3.0
"""A bin at the border of dark speaks for degraded this many times more than a shallow dip does, beside what
that does: ours, two such bins are a window where six shallow ones are."""

DARK_WIDTH = 1.6
"""Log width over which darkness is spread below its border: ours; what lies lower is as dark."""

DEGRADED_SHARES = (0.25, 0.4, 0.55, 0.7, 0.8)
DARK_SHARES = (0.005, 0.03, 0.08, 0.15)
MIXED_SHARES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
"""Shares of the expected count that stand for degraded, for dark, and for a bin with an edge in it."""

MIXED_WIDTH = float(-np.log(0.03))
"""Log width over which a bin with an edge in it is spread: from ordinary to what is left in the dark."""


@dataclass(frozen=True, slots=True)
class Held:
    """One bin of every row, held against its baseline; all shape (n_rows,).

    Args:
        ratio: log of value over baseline; NaN where nobody measured.
        scatter: in log units; overdispersion for thin rows.
        values: as counted, for thin rows.
        expected: mean count, for thin rows.
        memory: correlation of the scatter from one bin to the next.
        thin: rows that are scored as counts.
        one_way: rows in which trouble cannot show as darkness.
    """

    ratio: Floats
    scatter: Floats
    values: Floats
    expected: Floats
    memory: Floats
    thin: Mask
    one_way: Mask


def nats_of(held: Held, tuning: Tuning, step_h: float) -> Floats:
    """Return log-likelihoods relative to up, shape (n_rows, 6); 0 where nobody measured.

    Up against degraded is tempered by the memory of the scatter, and bounded so that a dip must last
    `degraded_bins` or `degraded_h` before it outweighs the two changes that it needs. Up against dark is
    bounded alone, and dark is never further from degraded than the value itself puts them apart (the method,
    *Shared engine*).
    """
    raw = _from_level(held, tuning)
    if held.thin.any():
        raw = np.where(held.thin[:, None], _from_counts(held), raw)
    temper = np.where(held.thin, 1.0, (1 - held.memory) / (1 + held.memory))
    depth = np.clip((np.log(tuning.degraded_below) - held.ratio) / DEGRADED_WIDTH, 0.0, 1.0)
    depth = np.where(np.isfinite(depth) & ~held.one_way, depth, 0.0)  # a spike is no deep dip
    most = degraded_bound(tuning, step_h) * (1.0 + DEEP * depth)
    out = np.zeros((raw.shape[0], N_STATES))
    out[:, DEGRADED] = np.clip(temper * (raw[:, DEGRADED] - raw[:, UP]), -tuning.nats_per_bin, most)
    worse = out[:, DEGRADED] + raw[:, DARK] - raw[:, DEGRADED]
    out[:, DARK] = np.clip(
        np.minimum(raw[:, DARK] - raw[:, UP], worse), -tuning.nats_per_bin, tuning.nats_per_bin
    )
    deeper = np.clip(raw[:, DARK] - raw[:, DEGRADED], 0.0, tuning.nats_per_bin)
    out[:, DEGRADED] = np.where(
        deeper > 0, np.minimum(out[:, DEGRADED], out[:, DARK] - deeper), out[:, DEGRADED]
    )
    out[:, DARK] = np.where(held.one_way, np.minimum(0.0, out[:, DEGRADED]), out[:, DARK])
    mixed = np.clip(raw[:, FALLING] - raw[:, UP], -tuning.nats_per_bin, tuning.nats_per_bin)
    out[:, FALLING] = out[:, RISING] = np.where(held.one_way, -tuning.nats_per_bin, mixed)
    out[~np.isfinite(held.ratio)] = 0.0
    return out


def degraded_bound(tuning: Tuning, step_h: float) -> float:
    """Return the nats that one bin may speak for degraded against up."""
    cost = -np.log(tuning.into_per_hour * step_h) - np.log(min(1.0, tuning.up_per_hour * step_h))
    return float(cost / max(tuning.degraded_bins, tuning.degraded_h / step_h) * 1.05)


def _from_level(held: Held, tuning: Tuning) -> Floats:
    dark, degraded = np.log(tuning.dark_below), np.log(tuning.degraded_below)
    r, s = np.where(np.isfinite(held.ratio), held.ratio, 0.0), np.maximum(held.scatter, 1e-6)
    up = np.log(0.75 / s) - _tail(np.minimum(r, 0.0) / s, tuning.freedom)
    # Where trouble cannot show as darkness, the deepest value is as degraded as any.
    too_deep = np.where(held.one_way, 0.0, dark - r)
    away = np.maximum(np.maximum(too_deep, r - degraded), 0.0) / s
    between = -np.log(degraded - dark) - _tail(away, tuning.freedom)
    below = -np.log(DARK_WIDTH) - _tail(np.maximum(r - dark, 0.0) / s, tuning.freedom)
    mixed = -np.log(MIXED_WIDTH) - _tail(np.maximum(r, 0.0) / s, tuning.freedom)
    return np.stack([up, between, below, mixed], axis=1)


def _tail(z: Floats, freedom: float) -> Floats:
    return np.asarray((freedom + 1) / 2 * np.log1p(z * z / freedom))


def _from_counts(held: Held) -> Floats:
    """Return negative binomial log-likelihoods, without the terms that all states share."""
    known = held.thin & np.isfinite(held.expected)
    mean = np.maximum(np.where(known, held.expected, 1.0), 1e-6)
    value = np.where(known & np.isfinite(held.values), held.values, mean)
    size = 1.0 / np.clip(held.scatter, 1e-3, 0.5)
    up = _count_nats(np.minimum(value, mean), mean, size)
    between = _mixed([_count_nats(value, share * mean, size) for share in DEGRADED_SHARES])
    below = _mixed([_count_nats(value, share * mean, size) for share in DARK_SHARES])
    mixed = _mixed([_count_nats(value, share * mean, size) for share in MIXED_SHARES])
    above = np.where(value > mean, _count_nats(value, value, size) - _count_nats(mean, mean, size), 0.0)
    return np.stack([up + above, between, below, mixed], axis=1)


def _count_nats(value: Floats, mean: Floats, size: Floats) -> Floats:
    mean = np.maximum(mean, 1e-9)
    return np.asarray(size * np.log(size / (size + mean)) + value * np.log(mean / (size + mean)))


def _mixed(parts: list[Floats]) -> Floats:
    stacked = np.array(parts)
    best = stacked.max(axis=0)
    return np.asarray(best + np.log(np.exp(stacked - best).mean(axis=0)))
