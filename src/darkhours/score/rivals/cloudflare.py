"""Cloudflare Radar's expectation: the median of the six nearest of the last 28 days.

A day is near where its hours up to now look alike, by Euclidean distance. What is published
names no bar below which it is an outage; ours: half of the expectation, dark below a fifth.
"""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.score.rivals.row import DARK, DEGRADED, UP, Alarm, Row, list_alarms

DAYS, NEAREST = 28, 6
GRAIN_H = 0.25
"""Its own grain is 15 minutes; coarser rows are taken as they are, finer ones too."""
WARNING, CRITICAL = 0.5, 0.2


def find_alarms(row: Row) -> list[Alarm]:
    """Return what stays below half of the expectation."""
    expected = expect(row)
    with np.errstate(invalid="ignore"):
        levels = np.where(row.values < CRITICAL * expected, DARK, UP)
        levels = np.where((levels == UP) & (row.values < WARNING * expected), DEGRADED, levels)
    return list_alarms(levels.astype(np.int8))


def expect(row: Row) -> Floats:
    """Return the expectation of each bin, NaN in the first days; shape (n_bins,).

    The 24 hours before a bin are held against the same hours 1 to 28 days earlier; the values
    that followed in the six nearest are its candidates.
    """
    day, n_bins = row.bins(24), len(row.values)
    filled = np.nan_to_num(row.values, nan=0.0)
    distance = np.full((DAYS, n_bins), np.inf)
    candidate = np.full((DAYS, n_bins), np.nan)
    for back in range(1, DAYS + 1):
        shift = back * day
        if n_bins <= shift + day:
            break
        squares = np.concatenate([[0.0], np.cumsum((filled[shift:] - filled[:-shift]) ** 2)])
        distance[back - 1, shift + day :] = squares[day:-1] - squares[: -day - 1]
        candidate[back - 1, shift + day :] = row.values[day:-shift]
    nearest = np.argsort(distance, axis=0, kind="stable")[:NEAREST]
    chosen = np.take_along_axis(candidate, nearest, axis=0)
    enough = np.isfinite(np.take_along_axis(distance, nearest, axis=0)).all(axis=0)
    expected = np.full(n_bins, np.nan)
    usable = enough & ~np.isnan(chosen).all(axis=0)
    expected[usable] = np.nanmedian(chosen[:, usable], axis=0)
    return expected
