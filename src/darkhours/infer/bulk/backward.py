"""The kernels that look back over a pass: smoothed probabilities, the likeliest path, drawn histories."""

from __future__ import annotations

from darkhours.infer.bulk.jit import kernel, part
from darkhours.infer.bulk.values import BACK, FALLING, UP
from darkhours.model.timeline import Codes, Floats


@kernel
def smooth_up(alpha: Floats, moves: Floats, up: Floats, work: Floats) -> float:
    """Write the smoothed probability of up of one chain, and return the least of it (`draw.smooth`).

    Args:
        alpha: filtered probabilities, shape (n_bins, 6).
        moves: transition probabilities per bin, shape (6, 6).
        up: for the result, shape (n_bins,).
        work: room, shape (2, 6).
    """
    n_bins = alpha.shape[0]
    after, onward = work[0], work[1]
    for i in range(6):
        after[i] = alpha[n_bins - 1, i]
    least = 1.0
    for t in range(n_bins - 1, -1, -1):
        if t < n_bins - 1:
            _before(alpha, moves, t, after, onward)
        total = 0.0
        for i in range(6):
            total += after[i]
        up[t] = (after[UP] + after[BACK]) / total
        least = min(least, up[t])
    return least


@kernel
def smooth_all(alpha: Floats, moves: Floats, out: Floats, work: Floats) -> None:
    """Write the smoothed probability of each state of one chain, shape of ``out`` (n_bins, 6)."""
    n_bins = alpha.shape[0]
    after, onward = work[0], work[1]
    for i in range(6):
        after[i] = alpha[n_bins - 1, i]
    for t in range(n_bins - 1, -1, -1):
        if t < n_bins - 1:
            _before(alpha, moves, t, after, onward)
        total = 0.0
        for i in range(6):
            total += after[i]
        for i in range(6):
            out[t, i] = after[i] / total


@part
def _before(alpha: Floats, moves: Floats, t: int, after: Floats, onward: Floats) -> None:
    """Turn what is known of bin t + 1 into what is known of bin t."""
    for j in range(6):
        ahead = 0.0
        for i in range(6):
            ahead += alpha[t, i] * moves[i, j]
        onward[j] = after[j] / max(ahead, 1e-300)
    for i in range(6):
        total = 0.0
        for j in range(6):
            total += onward[j] * moves[i, j]
        after[i] = alpha[t, i] * total


@kernel
def find_path(
    said: Floats, log_moves: Floats, log_first: Floats, back: Codes, work: Floats, path: Codes
) -> None:
    """Write the likeliest path of one chain (`chain.best.best_path`).

    Args:
        said: nats of degraded, dark and mixed against up, shape (n_bins, 3).
        log_moves: logs of the transition probabilities per bin, shape (6, 6).
        log_first: logs of the probabilities before the first bin is heard, shape (6,).
        back: room, shape (n_bins, 6).
        work: room, shape (2, 6).
        path: for the states, shape (n_bins,).
    """
    n_bins = said.shape[0]
    best, onward = work[0], work[1]
    for j in range(6):
        best[j] = log_first[j] + _nats(said, 0, j)
    for t in range(1, n_bins):
        for j in range(6):
            most, at = best[0] + log_moves[0, j], 0
            for i in range(1, 6):
                through = best[i] + log_moves[i, j]
                if through > most:
                    most, at = through, i
            onward[j], back[t, j] = most + _nats(said, t, j), at
        for j in range(6):
            best[j] = onward[j]
    at = 0
    for j in range(1, 6):
        if best[j] > best[at]:
            at = j
    path[n_bins - 1] = at
    for t in range(n_bins - 1, 0, -1):
        at = back[t, at]
        path[t - 1] = at


@part
def _nats(said: Floats, t: int, state: int) -> float:
    """Return what a bin says of a state against up; up and newly back are alike, and so are both edges."""
    if state in (UP, BACK):
        return 0.0
    return float(said[t, min(state, FALLING) - 1])
