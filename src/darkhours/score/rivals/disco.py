"""Disco's rule: bursts of probes that lose their connection together, after Kleinberg.

s = 2, gamma = 0.5; a burst counts from level 7, where probes leave 2⁷ times as often as usual, and
from 8 probes. When an outage ends is not in the rule as published to us; ours: when half of the
probes that left are back.
"""

from __future__ import annotations

import math

import numpy as np

from darkhours.model.state import State
from darkhours.model.timeline import Floats
from darkhours.score.rivals.row import Alarm, Row

S, GAMMA = 2.0, 0.5
LEAST_LEVEL, LEAST_PROBES = 7, 8
BACK_SHARE = 0.5
_TOP_LEVEL = 20


def find_alarms(row: Row) -> list[Alarm]:
    """Return the bursts of a row of connected probes.

    Who leaves within one bin is spread evenly over it.
    """
    steps = np.nan_to_num(-np.diff(row.values), nan=0.0)
    left = np.maximum(np.round(steps), 0).astype(int)
    times = np.concatenate(
        [place + 1 + (np.arange(count) + 0.5) / count for place, count in enumerate(left) if count] or [[]]
    )
    alarms: list[Alarm] = []
    for begin, end in list_bursts(find_levels(times)):
        first, last = int(times[begin]), int(times[end - 1])
        if alarms and (alarms[-1].end is None or first < alarms[-1].end):
            continue
        alarms.append(Alarm(State.DARK, first, _find_return(row.values, first, last)))
    return alarms


def find_levels(times: Floats) -> list[int]:
    """Return the level of the burst automaton at each event: its cheapest path.

    Args:
        times: of the events, rising, in any unit, shape (n,).
    """
    gaps = np.diff(times)
    if not len(gaps):
        return [0] * len(times)
    usual = max(float(times[-1] - times[0]) / len(gaps), 1e-12)
    levels = np.arange(_TOP_LEVEL + 1)
    rates = S**levels / usual
    up = GAMMA * math.log(len(times)) * np.maximum(levels[None, :] - levels[:, None], 0)
    cost = np.where(levels == 0, 0.0, np.inf)
    came = []
    for gap in gaps:
        through = cost[:, None] + up
        came.append(through.argmin(axis=0))
        cost = through.min(axis=0) - np.log(rates) + rates * gap
    path = [int(cost.argmin())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return path[::-1]


def list_bursts(levels: list[int]) -> list[tuple[int, int]]:
    """Return the runs of events [begin, end) at `LEAST_LEVEL` or more, of `LEAST_PROBES` or more.

    The event that opens a burst stands before its first short gap, so it is one of it.

    >>> list_bursts([0] + [7] * 7 + [0]), list_bursts([0] + [7] * 6 + [0])
    ([(0, 8)], [])
    """
    bursts, begin = [], None
    for place, level in enumerate([*levels, 0]):
        if level >= LEAST_LEVEL and begin is None:
            begin = max(place - 1, 0)
        elif level < LEAST_LEVEL and begin is not None:
            if place - begin >= LEAST_PROBES:
                bursts.append((begin, place))
            begin = None
    return bursts


def _find_return(values: Floats, first: int, last: int) -> int | None:
    before, bottom = values[first - 1], values[last]
    back = np.flatnonzero(values[last + 1 :] >= bottom + BACK_SHARE * (before - bottom))
    return int(last + 1 + back[0]) if len(back) else None
