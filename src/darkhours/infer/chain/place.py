"""Where inside its bin a change lies: a bin's begin answers for half a bin on either side."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from darkhours.infer.chain.draw import uniforms_at
from darkhours.model.timeline import Codes, Shifts

MINUTE = timedelta(minutes=1)
"""Changes are placed on whole minutes: ours; no report is taken tighter than half an hour."""


def place_changes(paths: Codes, step: timedelta, seed: int) -> Shifts:
    """Return how far from the start of its bin each change of a path lies, in bins.

    A path of bins has its changes on the grid, and the begin of a bin answers for the half of a bin
    before it and after. So a change lies anywhere there, whole minutes, the one as likely as the other.
    One draw belongs to a sample and a bin, whatever else the paths hold. Two changes are a bin apart
    and each moves by less than half of one, so none overtakes another.

    Args:
        paths: state of each sample and bin, shape (n_samples, n_bins).
        step: width of a bin.
        seed: of all draws; same paths and seed, same places.

    Returns:
        Offsets in bins within (-0.5, 0.5), 0 where nothing changes, shape (n_samples, n_bins).
    """
    most = (step - timedelta.resolution) // (2 * MINUTE)
    out = np.zeros(paths.shape, dtype=np.float32)
    sample, before = np.nonzero(paths[:, 1:] != paths[:, :-1])
    minutes = np.floor(uniforms_at(seed, before + 1, sample) * (2 * most + 1)) - most
    out[sample, before + 1] = minutes * (MINUTE / step)
    return out
