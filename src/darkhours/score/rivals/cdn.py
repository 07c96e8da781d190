"""The rule of Richter and others (2018) for the clients of a CDN.

A network can be told where at least 40 addresses were active in each hour of the last 168; the
least of these is its baseline. An event begins below half of it and ends at 0.8 of it, and the
baseline stands still meanwhile. A log without rows is silent, so nulls are read as zero.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.score.rivals.row import DARK, UP, Alarm, Levels, Row, list_alarms

WINDOW_H = 168.0
LEAST_ACTIVE = 40
START, END = 0.5, 0.8


def find_alarms(row: Row) -> list[Alarm]:
    """Return what the rule makes of a row."""
    return list_alarms(judge(np.nan_to_num(row.values, nan=0.0), row.bins(WINDOW_H)))


def judge(values: Floats, window: int) -> Levels:
    """Return the code of each bin, up while there is no full window; shape (n_bins,).

    Args:
        values: active addresses per bin, shape (n_bins,).
        window: bins of the baseline.
    """
    levels = np.zeros(len(values), dtype=np.int8)
    least: deque[tuple[float, int]] = deque()
    taken, baseline, in_event = 0, 0.0, False
    for place, value in enumerate(values.tolist()):
        if in_event and value >= END * baseline:
            in_event = False
        elif not in_event and taken >= window:
            baseline = least[0][0]
            in_event = baseline >= LEAST_ACTIVE and value < START * baseline
        levels[place] = DARK if in_event else UP
        if not in_event:
            _slide(least, value, taken, window)
            taken += 1
    return levels


def _slide(least: deque[tuple[float, int]], value: float, number: int, window: int) -> None:
    """Take a value into a sliding minimum: the smallest of the last ``window`` stands first."""
    while least and least[-1][0] >= value:
        least.pop()
    least.append((value, number))
    while least[0][1] <= number - window:
        least.popleft()
