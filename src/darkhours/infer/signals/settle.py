"""Settles paths: what lasts less than two bins is no window, and a mixed bin is an edge."""

from __future__ import annotations

import numpy as np

from darkhours.infer.signals.likelihood import BACK, DARK, DEGRADED, FALLING, RISING, UP
from darkhours.model.runs import runs_of
from darkhours.model.timeline import Codes

LEAST_BINS = 2
"""A window that a signal carries lasts at least this many bins (the method, *Shared engine*)."""

AS_SHOWN = np.zeros(6, dtype=np.uint8)
AS_SHOWN[[UP, DEGRADED, DARK, FALLING, RISING, BACK]] = UP, DEGRADED, DARK, DARK, DARK, UP


def settle(paths: Codes) -> Codes:
    """Return paths without windows that are none.

    A bin with an edge in it goes to dark, and the edge is placed inside it later. One or two degraded bins
    between up and dark are split between the two; any other run of a single bin inside one state takes that
    state, and so does a last bin that nothing follows.

    Args:
        paths: state per sample and bin, shape (n_samples, n_bins).
    """
    out = AS_SHOWN[paths]
    sample, first, until, code = runs_of(out)
    inner = (first > 0) & (until < out.shape[1])
    before = np.where(first > 0, out[sample, np.maximum(first - 1, 0)], code)
    after = np.where(inner, out[sample, np.minimum(until, out.shape[1] - 1)], code)
    length = until - first
    mixed = inner & (code == DEGRADED) & (length <= LEAST_BINS) & (before != after)
    mixed &= np.isin(before, (UP, DARK)) & np.isin(after, (UP, DARK))
    for i in np.flatnonzero(mixed):
        middle = first[i] + length[i] // 2
        out[sample[i], first[i] : middle] = before[i]
        out[sample[i], middle : until[i]] = after[i]
    tail = (until == out.shape[1]) & (first > 0) & (length < LEAST_BINS)
    lone = (inner & (length < LEAST_BINS) & (before == after)) | tail
    for i in np.flatnonzero(lone):
        out[sample[i], first[i] : until[i]] = before[i]
    return out
