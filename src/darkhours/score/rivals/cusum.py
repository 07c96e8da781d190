"""OONI's rule: a two-sided CUSUM of the share of failures, from ordinary to blocked and back.

μ0 = 0, μ1 = 0.7, h = edd·0.7/2 with edd = 10, and what was gathered halves in a gap of 48 h.
OONI feeds it shares of failed measurements; a level is fed as the share that is lacking,
1 − value over the median of the first week (ours).
"""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.score.rivals.row import DARK, UP, Alarm, Levels, Row, list_alarms, read_first_week

MU0, MU1 = 0.0, 0.7
EDD = 10
BAR = EDD * MU1 / 2
GAP_HALF_LIFE_H = 48.0


def find_alarms(row: Row) -> list[Alarm]:
    """Return what the CUSUM makes of a row."""
    ordinary = read_first_week(row)
    if not ordinary > 0:
        return []
    return list_alarms(judge(1 - row.values / ordinary, row.step_h))


def judge(lacking: Floats, step_h: float) -> Levels:
    """Return the code of each bin; a change is told from the bin in which the bar is reached.

    Args:
        lacking: share of failures per bin, NaN where nobody measured, shape (n_bins,).
        step_h: width of a bin, hours.
    """
    levels = np.zeros(len(lacking), dtype=np.int8)
    state, gathered = UP, 0.0
    decay = 0.5 ** (step_h / GAP_HALF_LIFE_H)
    middle = (MU0 + MU1) / 2
    for place, share in enumerate(lacking.tolist()):
        if np.isnan(share):
            gathered *= decay
        else:
            drift = share - middle if state == UP else middle - share
            gathered = max(0.0, gathered + drift)
        if gathered >= BAR - 1e-9:
            state, gathered = (DARK if state == UP else UP), 0.0
        levels[place] = state
    return levels
