"""The rhythm of a table: how far its rows are apart, and where its bins begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkhours.model.timeline import Bins

SECOND, MINUTE, HOUR, DAY = 10**6, 60 * 10**6, 3600 * 10**6, 86400 * 10**6
STEPS = np.array(
    [
        *(each * SECOND for each in (1, 2, 5, 10, 15, 20, 30)),
        *(each * MINUTE for each in (1, 2, 3, 5, 10, 15, 20, 30)),
        *(each * HOUR for each in (1, 2, 3, 4, 6, 8, 12)),
        *(each * DAY for each in (1, 7, 30)),
    ],
    np.int64,
)
"""Widths that a step is snapped to: those that publishers use, each a part of a day or some days."""
COUNT_STEPS = STEPS[(STEPS >= 5 * MINUTE) & (STEPS <= HOUR)]
ROWS_PER_BIN = 8.0
"""Rows that a bin of a counted file should hold: chosen by us. At 4 an edge is a bin and a half
uncertain; at 30 an hour-long outage is three bins."""
_OWN_RHYTHM = 0.5
_ON_BEAT = 0.95
_CALM = 4


@dataclass(frozen=True, slots=True)
class Beat:
    """Where bins lie.

    Args:
        step: width in microseconds.
        phase: start of every bin, modulo the step.
        late: whether rows come around the beat, early and late, and go to the nearest.
    """

    step: int
    phase: int
    late: bool = False

    def bins(self, micros: Bins) -> Bins:
        """Return the bins of instants, numbered from 1970."""
        shift = self.step // 2 if self.late else 0
        return (micros - self.phase + shift) // self.step

    def start(self, number: int) -> int:
        """Return the instant at which a bin starts."""
        return number * self.step + self.phase


def find_step(codes: NDArray[np.int32], micros: Bins) -> int | None:
    """Return the most common gap between distinct instants of an entity, None where there is none.

    A gap that at least half of all gaps have to the microsecond, and that is whole minutes, is
    taken as it is; else gaps are snapped to `STEPS` first, and of equally common ones the shortest wins.

    Args:
        codes: entity of each row, sorted; shape (n,).
        micros: instant of each row, sorted within the entity; shape (n,).
    """
    gaps = np.diff(micros)[(np.diff(codes) == 0)]
    gaps = gaps[gaps > 0]
    if not gaps.size:
        return None
    exact, counts = np.unique(gaps, return_counts=True)
    best = int(exact[counts.argmax()])
    if counts.max() >= _OWN_RHYTHM * gaps.size and best % MINUTE == 0:
        return best
    return int(STEPS[np.bincount(_snap(gaps)).argmax()])


def _snap(gaps: Bins) -> Bins:
    borders = np.sqrt(STEPS[1:].astype(float) * STEPS[:-1])
    return np.searchsorted(borders, gaps)


def find_count_step(codes: NDArray[np.int32], micros: Bins) -> int | None:
    """Return the width of a bin for counted rows: enough rows in it, and no shorter than a round.

    Rows of rounds, many at one instant and none between, are never cut finer than the rounds:
    the pauses would be taken for silence.
    """
    distinct = np.unique(micros)
    if distinct.size < 2:  # noqa: PLR2004 — a gap has two ends
        return None
    gaps = np.diff(distinct)
    round_ = int(STEPS[np.bincount(_snap(gaps)).argmax()])
    span = float(distinct[-1] - distinct[0])
    per_step = float(np.median(np.bincount(codes))) / span
    dense = next((int(step) for step in COUNT_STEPS if per_step * step >= ROWS_PER_BIN), HOUR)
    return max(dense, round_)


def find_beat(micros: Bins, step: int) -> Beat:
    """Return where bins of a step lie so that rows of one beat fall into one bin each.

    Rows on one phase give that phase. Rows within a quarter of a step around one (95 % of them)
    are late or early, and go to the nearest beat: a row at 10:19:58 is the one of 10:20. Rows
    without a beat lie in bins that begin at whole steps of UTC.

    >>> find_beat(np.array([1800, 5400, 9000]) * 10**6, HOUR).phase // MINUTE
    30
    """
    phases, counts = np.unique(np.unique(micros) % step, return_counts=True)
    if phases.size == 1:
        return Beat(step, int(phases[0]))
    turn = np.exp(2j * np.pi * phases / step)
    middle = round(float(np.angle((turn * counts).sum())) / (2 * np.pi) * step)
    common = int(phases[counts.argmax()])
    for phase in (common, _round(middle, step) % step):
        off = (phases - phase + step // 2) % step - step // 2
        if counts[np.abs(off) <= step // _CALM].sum() >= _ON_BEAT * counts.sum():
            return Beat(step, phase, late=True)
    return Beat(step, 0)


def _round(phase: int, step: int) -> int:
    unit = MINUTE if step >= 10 * MINUTE else SECOND
    return round(phase / unit) * unit
