"""Draws histories of a plain chain: the same draws at the same bin, however long the series has become."""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Bins, Codes, Floats, Mask

STRIDE = 0x9E3779B97F4A7C15
_GOLDEN = np.uint64(STRIDE)
_MASK = 0xFFFFFFFFFFFFFFFF
CERTAIN = 1e-6
"""A backward step that is this certain is taken without a draw: ours; a year of five-minute bins has in
all one such change in ten histories."""


AT_ONCE = 32
"""Bins whose uniforms are made at once: ours, for speed; it moves no draw."""


PART = 4096
"""Bins whose backward steps are made at once: ours, for memory; it moves no draw."""


def uniforms(seed: int, t: int, n: int) -> Floats:
    """Return n uniforms in [0, 1) that belong to bin ``t``.

    They depend on the seed and the bin alone, so appending bins draws nothing anew for the old ones.
    """
    return np.asarray(_uniforms(seed, range(t, t + 1), n)[0])


def _uniforms(seed: int, bins: range, n: int) -> Floats:
    """Return the uniforms of several bins, shape (n_bins, n)."""
    return uniforms_at(seed, np.array(bins, dtype=np.int64)[:, None], np.arange(n)[None])


def uniforms_at(seed: int, bins: Bins, samples: Bins) -> Floats:
    """Return the uniforms in [0, 1) of each pair of a bin and a sample, as `uniforms` has them.

    Source: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators" (its mix function).
    """
    start = np.uint64((seed + STRIDE) & _MASK) + bins.astype(np.uint64) * np.uint64(STRIDE * 65_537 & _MASK)
    z = start + _GOLDEN * (samples.astype(np.uint64) + np.uint64(1))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2.0**53)


def said_by(alpha: Floats, moves: Floats) -> Floats:
    """Return the log-likelihood of each bin that made the filtered probabilities, relative to its best.

    Args:
        alpha: filtered probabilities, shape (n_bins, n_states).
        moves: transition probabilities per bin, shape (n_states, n_states).
    """
    before = np.concatenate([np.full((1, alpha.shape[1]), 1.0 / alpha.shape[1]), alpha[:-1] @ moves])
    before[0, :] = np.where(alpha[0] > 0, alpha[0], 1.0)  # nobody knows what the first bin said: nothing
    nats = np.log(np.maximum(alpha, 1e-300)) - np.log(np.maximum(before, 1e-300))
    return np.asarray(nats - nats.max(axis=1, keepdims=True))


def smooth(alpha: Floats, moves: Floats) -> Floats:
    """Return the smoothed probability of each state, from the filtered ones.

    Args:
        alpha: filtered probabilities, shape (n_chains, n_bins, n_states).
        moves: transition probabilities per bin, shape (n_states, n_states).
    """
    out = alpha.copy()
    ahead = np.maximum(alpha @ moves, 1e-300)
    for t in range(alpha.shape[1] - 2, -1, -1):
        out[:, t] = alpha[:, t] * ((out[:, t + 1] / ahead[:, t]) @ moves.T)
    return np.asarray(out / out.sum(axis=2, keepdims=True))


def draw_smoothed(alpha: Floats, moves: Floats, *, n_samples: int, seed: int) -> Codes:
    """Return histories drawn from the smoothed posterior, by filtering forward and sampling backward.

    Args:
        alpha: filtered probabilities, shape (n_bins, n_states).
        moves: transition probabilities per bin, shape (n_states, n_states).
        n_samples: how many histories.
        seed: of all draws.

    Returns:
        State of each sample and bin, shape (n_samples, n_bins).

    Source: Frühwirth-Schnatter (1994), "Data augmentation and dynamic linear models".
    """
    n_bins = alpha.shape[0]
    stays, running = _steps_back(alpha[:-1], moves)
    calm = _count_back(stays).tolist()
    paths = np.empty((n_bins, n_samples), dtype=np.uint8)
    last = np.cumsum(alpha[-1])[:-1]
    paths[-1] = (last[None, :] < uniforms(seed, n_bins - 1, n_samples)[:, None]).sum(axis=1)
    t, drawn_from, drawn = n_bins - 2, n_bins - 1, np.empty((0, n_samples))
    while t >= 0:
        after = paths[t + 1]
        still = min(calm[t][state] for state in set(after.tobytes()))
        if still:
            paths[t - still + 1 : t + 1] = after
            t -= still
            continue
        if t < drawn_from:
            drawn_from = max(0, t + 1 - AT_ONCE)
            drawn = _uniforms(seed, range(drawn_from, t + 1), n_samples)
        below = running[t].take(after, axis=1) < drawn[t - drawn_from]
        np.add.reduce(below, axis=0, dtype=np.uint8, out=paths[t])
        t -= 1
    return np.ascontiguousarray(paths.T)


def _steps_back(alpha: Floats, moves: Floats) -> tuple[Mask, Floats]:
    """Return where a backward step surely keeps its state, and the running sums that a draw falls among.

    A draw takes as many steps up as running sums lie below it; where it is certain, none or all of them do.

    Args:
        alpha: filtered probabilities of the bins that are stepped to, shape (n_bins, n_states).
        moves: transition probabilities per bin, shape (n_states, n_states).

    Returns:
        Shape (n_bins, n_states) by the state that is stepped from, and (n_bins, n_states - 1, n_states).
    """
    n_bins, n_states = alpha.shape
    stays = np.empty((n_bins, n_states), dtype=bool)
    running = np.empty((n_bins, n_states - 1, n_states))
    for first in range(0, n_bins, PART):  # in parts, for what it takes is several times what it leaves
        part = slice(first, first + PART)
        weights = alpha[part, None, :] * moves.T[None]
        share = weights / np.maximum(weights.sum(axis=2, keepdims=True), 1e-300)
        best, certain = share.argmax(axis=2), share.max(axis=2) >= 1 - CERTAIN
        stays[part] = certain & (best == np.arange(n_states))
        sure = np.where(np.arange(n_states - 1) < best[:, :, None], -1.0, 2.0)
        running[part] = np.where(certain[:, :, None], sure, share.cumsum(axis=2)[:, :, :-1]).transpose(
            0, 2, 1
        )
    return stays, running


def _count_back(stays: Mask) -> Bins:
    """Return for each bin and state how many bins up to it, without a break, keep that state."""
    bins = np.arange(1, stays.shape[0] + 1)[:, None]
    return np.asarray(bins - np.maximum.accumulate(np.where(stays, 0, bins), axis=0))


def draw_filtered(alpha: Floats, *, n_samples: int, seed: int) -> Codes:
    """Return histories that know nothing of later bins: each sample keeps its rank among the states.

    Args:
        alpha: filtered probabilities, states ordered from good to bad, shape (n_bins, n_states).
        n_samples: how many histories.
        seed: of the ranks.
    """
    rank = np.sort(uniforms(seed, 0, n_samples))
    running = alpha.cumsum(axis=1)[:, :-1]
    return np.ascontiguousarray((running[None] < rank[:, None, None]).sum(axis=2).astype(np.uint8))
