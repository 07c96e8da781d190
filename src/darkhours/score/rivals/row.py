"""A row as a rule sees it, and the alarms that it raises."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from darkhours.model.state import State
from darkhours.model.timeline import Floats

UP, DEGRADED, DARK = 0, 1, 2
Levels = NDArray[np.int8]
"""One of the three codes above per bin."""
STATES = {DEGRADED: State.DEGRADED, DARK: State.DARK}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One signal of one entity.

    Args:
        values: NaN where nobody measured, shape (n_bins,).
        step_h: width of a bin, hours.
        sense: what the signal sees, one of `darkhours.model.signal.SENSES`.
        signal: its name.
    """

    values: Floats
    step_h: float
    sense: str = "reachability"
    signal: str = "probing.slash24_up_cnt"

    def bins(self, hours: float) -> int:
        """Return how many bins fill that time, at least one."""
        return max(1, round(hours / self.step_h))


@dataclass(frozen=True, slots=True)
class Alarm:
    """A run of bins that a rule calls not up: half-open; `end` is None where the row ends inside."""

    state: State
    first: int
    end: int | None


def list_alarms(levels: Levels, *, close_open: bool = False) -> list[Alarm]:
    """Return the runs of one code that is not up.

    Args:
        levels: code per bin, shape (n_bins,).
        close_open: end an alarm that is still on at the edge of the row there, as some systems do.

    >>> [(a.state.value, a.first, a.end) for a in list_alarms(np.array([0, 2, 2, 0, 1], dtype=np.int8))]
    [('dark', 1, 3), ('degraded', 4, None)]
    """
    alarms, place = [], 0
    for code, run in groupby(levels.tolist()):
        end = place + len(list(run))
        if code != UP:
            is_open = end == len(levels) and not close_open
            alarms.append(Alarm(STATES[code], place, None if is_open else end))
        place = end
    return alarms


def read_first_week(row: Row) -> float:
    """Return the median of the first week; NaN where nothing was measured in it.

    Ours, for rules that need an ordinary level and whose text names none.
    """
    first = row.values[: row.bins(7 * 24)]
    first = first[~np.isnan(first)]
    return float(np.median(first)) if len(first) else float("nan")
