"""How readily access changes when nobody says that it did, and when somebody does."""

from __future__ import annotations

import numpy as np

from darkhours.model.state import Access
from darkhours.model.timeline import Floats

INTO_DARK_PER_HOUR = 1 / 600_000
"""Unreported change into dark, per hour (the method, *Claims*)."""

OUT_OF_DARK_PER_HOUR = 1 / 200_000
"""Unreported change out of dark, per hour (the method, *Claims*)."""

OTHER_PER_HOUR = 1 / 200_000
"""Any other unreported change, per hour: ours, the cheaper of the two."""

UP_AT_FIRST = 0.98
"""Probability that a place is up when a case begins: ours; a case is drawn to begin before."""


def first_state() -> Floats:
    """Return the probability of each access state before the first bin, shape (7,)."""
    n = len(Access)
    share = np.full(n, (1 - UP_AT_FIRST) / (n - 1))
    share[Access.UP] = UP_AT_FIRST
    return share


def rates() -> Floats:
    """Return unreported changes per hour, from row to column, shape (7, 7), zero diagonal."""
    n = len(Access)
    out = np.full((n, n), OTHER_PER_HOUR / (n - 1))
    out[:, Access.DARK] = INTO_DARK_PER_HOUR
    out[Access.DARK, :] = OUT_OF_DARK_PER_HOUR / (n - 1)
    np.fill_diagonal(out, 0.0)
    return out


def transitions(changes: Floats, step_h: float) -> Floats:
    """Turn changes per hour into the weight of each step from one bin to the next.

    Rates, not probabilities, are added up, so that results do not move with the step. Only
    unreported changes are charged to who stays: a report of a change makes it cheap, and says by
    itself when it was. Charged with reported ones too, every edge would lean towards the begin of
    what its reports leave open, the more so the more reports there are.

    Args:
        changes: per hour, from row to column, shape (n_bins, 7, 7), zero diagonal.
        step_h: width of a bin in hours.

    Returns:
        Weights, shape (n_bins, 7, 7); rows sum to 1 where nothing is reported.
    """
    out = changes * step_h
    diagonal = np.arange(changes.shape[-1])
    out[..., diagonal, diagonal] = 1.0 - rates().sum(axis=-1) * step_h
    return np.asarray(out)
