"""The kernels that draw histories: the draws of `chain.draw`, written only where a history is not up."""

from __future__ import annotations

import numpy as np

from darkhours.infer.bulk.jit import kernel
from darkhours.infer.bulk.values import Counts
from darkhours.model.timeline import Codes, Floats, Mask

STRIDE = np.uint64(0x9E3779B97F4A7C15)
BIN_STRIDE = np.uint64(0x9E3779B97F4A7C15 * 65_537 & 0xFFFFFFFFFFFFFFFF)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
ONE, ELEVEN, R30, R27, R31 = np.uint64(1), np.uint64(11), np.uint64(30), np.uint64(27), np.uint64(31)


@kernel
def uniform(start: np.uint64, t: int, sample: int) -> float:
    """Return the uniform of a bin and a sample (`chain.draw.uniforms_at`); ``start`` is seed plus stride."""
    z = start + np.uint64(t) * BIN_STRIDE + STRIDE * (np.uint64(sample) + ONE)
    z = (z ^ (z >> R30)) * FIRST
    z = (z ^ (z >> R27)) * SECOND
    return float((z ^ (z >> R31)) >> ELEVEN) / 9007199254740992.0


@kernel
def count_calm(alpha: Floats, moves: Floats, certain: float, onto: Codes, calm: Counts) -> None:
    """Write where each backward step leads for certain, and for how many bins back it leads nowhere.

    Args:
        alpha: filtered probabilities, shape (n_bins, 6).
        moves: transition probabilities per bin, shape (6, 6).
        certain: share from which a step is taken without a draw.
        onto: for the state that a step leads to, 255 where it is drawn; shape (n_bins, 6).
        calm: for the number of bins, this one and those before it, that keep a state; shape (n_bins, 6).
    """
    for t in range(alpha.shape[0] - 1):
        for j in range(6):
            total, most, best = 0.0, -1.0, 0
            for i in range(6):
                weight = alpha[t, i] * moves[i, j]
                total += weight
                if weight > most:
                    most, best = weight, i
            sure = most / max(total, 1e-300) >= certain
            onto[t, j] = best if sure else 255
            before = calm[t - 1, j] if t > 0 else 0
            calm[t, j] = before + 1 if sure and best == j else 0


@kernel
def draw_paths(
    alpha: Floats, moves: Floats, onto: Codes, calm: Counts, shown: Codes, start: np.uint64,
    zero: int, paths: Codes, active: Mask,
) -> None:  # fmt: skip
    """Write histories drawn from the smoothed posterior, by filtering forward and sampling backward.

    Args:
        alpha: filtered probabilities, shape (n_bins, 6).
        moves: transition probabilities per bin, shape (6, 6).
        onto: as `count_calm` has written it.
        calm: as `count_calm` has written it.
        shown: code of each state, 0 for up; shape (6,).
        start: seed plus stride.
        zero: number of the first bin.
        paths: zeros, for the codes, shape (n_samples, n_bins).
        active: for the bins in which some history is not up, shape (n_bins,).
    """
    n_samples, n_bins = paths.shape
    for sample in range(n_samples):
        state = _pick_last(alpha, uniform(start, zero + n_bins - 1, sample))
        until = n_bins
        t = n_bins - 2
        while t >= 0:
            if calm[t, state]:
                t -= calm[t, state]
                continue
            before = onto[t, state]
            if before == 255:  # noqa: PLR2004 — drawn
                before = _pick(alpha, moves, t, state, uniform(start, zero + t, sample))
            if before != state:
                _write(paths, active, sample, t + 1, until, shown[state])
                state, until = before, t + 1
            t -= 1
        _write(paths, active, sample, 0, until, shown[state])


@kernel
def draw_ranks(alpha: Floats, order: Codes, shown: Codes, rank: Floats, paths: Codes, active: Mask) -> None:
    """Write histories that know nothing of later bins (`chain.draw.draw_filtered`).

    Args:
        alpha: filtered probabilities, shape (n_bins, 6).
        order: states from good to bad, shape (6,).
        shown: code of each state, 0 for up; shape (6,).
        rank: of each history, from low to high, shape (n_samples,).
        paths: zeros, for the codes, shape (n_samples, n_bins).
        active: for the bins in which some history is not up, shape (n_bins,).
    """
    for t in range(alpha.shape[0]):
        sample = rank.size - 1
        while sample >= 0:
            at, running = 0, alpha[t, order[0]]
            while at < 5 and running < rank[sample]:  # noqa: PLR2004 — the last state has no upper bound
                at += 1
                running += alpha[t, order[at]]
            if at == 0:
                break
            _write(paths, active, sample, t, t + 1, shown[order[at]])
            sample -= 1


@kernel
def _write(paths: Codes, active: Mask, sample: int, first: int, until: int, code: int) -> None:
    if code == 0:
        return
    for t in range(first, until):
        paths[sample, t] = code
        active[t] = True


@kernel
def _pick_last(alpha: Floats, u: float) -> int:
    """Return the state of the last bin."""
    state, running = 0, 0.0
    for i in range(5):
        running += alpha[alpha.shape[0] - 1, i]
        state += running < u
    return state


@kernel
def _pick(alpha: Floats, moves: Floats, t: int, after: int, u: float) -> int:
    """Return the state of bin t, drawn with what comes after it."""
    total = 0.0
    for i in range(6):
        total += alpha[t, i] * moves[i, after]
    state, running = 0, 0.0
    for i in range(5):
        running += alpha[t, i] * moves[i, after] / max(total, 1e-300)
        state += running < u
    return state
