"""The likeliest path of a plain chain: one history that no other beats, for a quick look at many entities."""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Codes, Floats


def best_path(nats: Floats, log_moves: Floats, log_first: Floats) -> Codes:
    """Return the likeliest path; of two alike the one through the lower state.

    Args:
        nats: log-likelihood per bin and state, shape (n_bins, n_states).
        log_moves: logs of the transition probabilities per bin, shape (n_states, n_states).
        log_first: logs of the probabilities before the first bin is heard, shape (n_states,).

    Source: Viterbi (1967), "Error bounds for convolutional codes".
    """
    n_bins, n_states = nats.shape
    back = np.zeros((n_bins, n_states), dtype=np.uint8)
    best = log_first + nats[0]
    for t in range(1, n_bins):
        through = best[:, None] + log_moves
        back[t] = through.argmax(axis=0)
        best = through.max(axis=0) + nats[t]
    path = np.empty(n_bins, dtype=np.uint8)
    path[-1] = best.argmax()
    for t in range(n_bins - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path
