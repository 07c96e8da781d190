"""The kernels that look back over a pass: smoothed probabilities, the likeliest path, drawn histories."""

from __future__ import annotations

from darkhours.infer.bulk.jit import kernel, part, spot
from darkhours.infer.bulk.values import BACK, FALLING, UP
from darkhours.model.timeline import Codes, Floats

Six = tuple[float, float, float, float, float, float]


@kernel
def smooth_up(alpha: Floats, moves: Floats, up: Floats) -> float:
    """Write the smoothed probability of up of one chain, and return the least of it (`draw.smooth`).

    Args:
        alpha: filtered probabilities, shape (n_bins, 6).
        moves: transition probabilities per bin, shape (6, 6).
        up: for the result, shape (n_bins,).
    """
    after, least = _at(alpha, spot(alpha.shape[0] - 1)), 1.0
    for back in range(1, alpha.shape[0] + 1):
        t = spot(alpha.shape[0] - back)
        if back > 1:
            after = _before(_at(alpha, t), moves, after)
        total = after[0] + after[1] + after[2] + after[3] + after[4] + after[5]
        up[t] = (after[0] + after[5]) / total
        least = min(least, up[t])
    return least


@kernel
def smooth_all(alpha: Floats, moves: Floats, out: Floats) -> None:
    """Write the smoothed probability of each state of one chain, shape of ``out`` (n_bins, 6)."""
    after = _at(alpha, spot(alpha.shape[0] - 1))
    for back in range(1, alpha.shape[0] + 1):
        t = spot(alpha.shape[0] - back)
        if back > 1:
            after = _before(_at(alpha, t), moves, after)
        total = after[0] + after[1] + after[2] + after[3] + after[4] + after[5]
        for i in range(6):
            out[t, i] = after[i] / total


@part
def _at(alpha: Floats, t: int) -> Six:
    return alpha[t, 0], alpha[t, 1], alpha[t, 2], alpha[t, 3], alpha[t, 4], alpha[t, 5]


@part
def _before(a: Six, moves: Floats, after: Six) -> Six:
    """Return what is known of a bin, from what was filtered of it and what is known of the next."""
    o = (
        _onward(a, moves, after, 0),
        _onward(a, moves, after, 1),
        _onward(a, moves, after, 2),
        _onward(a, moves, after, 3),
        _onward(a, moves, after, 4),
        _onward(a, moves, after, 5),
    )
    return (
        a[0] * _from(o, moves, 0),
        a[1] * _from(o, moves, 1),
        a[2] * _from(o, moves, 2),
        a[3] * _from(o, moves, 3),
        a[4] * _from(o, moves, 4),
        a[5] * _from(o, moves, 5),
    )


@part
def _onward(a: Six, m: Floats, after: Six, j: int) -> float:
    """Return how much likelier a state of the next bin is than it was before that was heard."""
    ahead = (
        a[0] * m[0, j] + a[1] * m[1, j] + a[2] * m[2, j] + a[3] * m[3, j] + a[4] * m[4, j] + a[5] * m[5, j]
    )
    return float(after[j] / max(ahead, 1e-300))


@part
def _from(o: Six, m: Floats, i: int) -> float:
    told = o[0] * m[i, 0] + o[1] * m[i, 1] + o[2] * m[i, 2] + o[3] * m[i, 3] + o[4] * m[i, 4] + o[5] * m[i, 5]
    return float(told)


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
