"""Runs: maximal stretches of one state on sampled paths, as arrays."""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Bins, Codes


def runs_of(codes: Codes) -> tuple[Bins, Bins, Bins, Bins]:
    """Return sample, first bin, bin after the last, and code of every run, sample by sample.

    Args:
        codes: state codes, shape (n_samples, n_bins).

    >>> runs_of(np.array([[0, 2, 2, 0]], dtype=np.uint8))[3].tolist()
    [0, 2, 0]
    """
    n_samples, n_bins = codes.shape
    changes = codes[:, 1:] != codes[:, :-1]
    where = np.flatnonzero(changes.any(axis=0))  # few bins: in the others no path changes
    change = np.ones((n_samples, where.size + 1), dtype=bool)
    change[:, 1:] = changes[:, where]
    sample, at = np.nonzero(change)
    first = np.concatenate([[0], where + 1])[at]
    until = np.append(first[1:], n_bins)
    until[until == 0] = n_bins
    code = codes[sample, first].astype(np.int64)
    return sample.astype(np.int64), first.astype(np.int64), until.astype(np.int64), code
