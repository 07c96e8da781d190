"""IODA's rule: a sliding median of history, and alerts below a share of it.

Extreme points (those that alert) are kept out of the history: the prediction stands in for
them, for at most seven days; then what was measured is adopted. A shutdown longer than that is
forgotten. Read from its description, never from its code.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from math import isnan

import numpy as np

from darkhours.score.rivals.row import DARK, DEGRADED, UP, Alarm, Levels, Row, list_alarms


@dataclass(frozen=True, slots=True)
class Bar:
    """What one signal is held against: width of the history in hours, and shares of its median."""

    window_h: float
    warning: float
    critical: float


BARS = {
    "routing": Bar(24, 0.99, 0.50),
    "reachability": Bar(7 * 24, 0.80, 0.50),
    "demand": Bar(7 * 24, 0.25, 0.10),
    "other": Bar(7 * 24, 0.80, 0.50),
}
"""As published for BGP, active probing and the telescope; what is neither is held as probing."""
WARM_UP_H = 1.0
HOLD_H = 7 * 24.0
"""How long the prediction stands in for extreme points."""


class History:
    """The last values in order of time and of size, so that their median is at hand.

    A value that was stood in for keeps what was measured beside it.
    """

    def __init__(self, length: int) -> None:
        """Begin empty; hold at most ``length`` values."""
        self._length = length
        self._queue: deque[tuple[float, float]] = deque()
        self._sorted: list[float] = []

    def __len__(self) -> int:
        """Return how many values are held."""
        return len(self._queue)

    def median(self) -> float:
        """Return the median of the values held."""
        middle = len(self._sorted) // 2
        if len(self._sorted) % 2:
            return self._sorted[middle]
        return (self._sorted[middle - 1] + self._sorted[middle]) / 2

    def add(self, value: float, measured: float) -> None:
        """Take in a value, and let go of the oldest where there are too many."""
        self._queue.append((value, measured))
        insort(self._sorted, value)
        if len(self._queue) > self._length:
            oldest, _ = self._queue.popleft()
            del self._sorted[bisect_left(self._sorted, oldest)]

    def adopt(self) -> None:
        """Put what was measured in the place of every stand-in."""
        self._queue = deque((measured, measured) for _, measured in self._queue)
        self._sorted = sorted(value for value, _ in self._queue)


def find_alarms(row: Row) -> list[Alarm]:
    """Return what IODA's rule makes of a row, with the bars of its signal.

    An alert that is still on is closed at the edge of the query.
    """
    return list_alarms(judge(row, BARS[row.sense]), close_open=True)


def judge(row: Row, bar: Bar, *, hold_h: float = HOLD_H, at_once: bool = False) -> Levels:
    """Return the code of each bin; shape (n_bins,).

    Args:
        row: what was measured.
        bar: history and shares.
        hold_h: how long extreme points are stood in for; 0 is a flat median of all that was measured.
        at_once: adopt all that was withheld in one go, as the code is said to do; by the text only
            what comes after enters the history, so that the median needs half a window more.
    """
    levels = np.zeros(len(row.values), dtype=np.int8)
    history = History(row.bins(bar.window_h))
    held, most_held = 0, hold_h / row.step_h
    for place, value in enumerate(row.values.tolist()):
        if isnan(value):  # nothing measured, nothing learned; an alert goes on
            levels[place] = levels[place - 1] if place else UP
            continue
        predicted = history.median() if len(history) >= row.bins(WARM_UP_H) else value
        levels[place] = _grade(value, predicted, bar)
        held = held + 1 if levels[place] != UP else 0
        history.add(predicted if 0 < held <= most_held else value, value)
        if at_once and held > most_held:
            history.adopt()
            held = 0
    return levels


def _grade(value: float, predicted: float, bar: Bar) -> int:
    if value < bar.critical * predicted:
        return DARK
    return DEGRADED if value < bar.warning * predicted else UP


def find_alarms_at_once(row: Row) -> list[Alarm]:
    """Return the same, where all that was withheld is adopted in one go after seven days."""
    return list_alarms(judge(row, BARS[row.sense], at_once=True), close_open=True)


def find_alarms_flat(row: Row) -> list[Alarm]:
    """Return what a flat seven-day median makes of a row, nothing stood in for."""
    return list_alarms(judge(row, BARS["reachability"], hold_h=0.0), close_open=True)
