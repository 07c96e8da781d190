"""ruptures as a rival: a segmentation, and a level below which a segment is an outage.

ruptures cuts a series where its mean moves and says nothing of outages; the level is ours, and
the best of those we tried for it (`LOW`). PELT with a squared-error cost cuts at the same places as
KernelCPD with a linear kernel, for the cost is the same, and takes minutes where this takes a second:
it is left out.
"""

from __future__ import annotations

import math

import numpy as np
import ruptures

from darkhours.score.rivals import Alarm, Row
from darkhours.score.rivals.row import DARK, DEGRADED, UP, list_alarms, read_first_week

DARK_BELOW, LOW = 0.2, 0.5
"""Dark as in the ontology. At 0.85, our own border of degraded, every night is an outage; of 0.5, 0.6 and
0.7 the first gives ruptures its best F1 over all recipes: 0.78, 0.62 and 0.36."""
PENALTY = 1.0
"""Times log n and the variance of the noise. Of 0.5, 1, 2 and 3 the best: F1 0.75, 0.78, 0.77, 0.77."""


def find_by_kernel(row: Row) -> list[Alarm]:
    """Return the low segments of KernelCPD with a linear kernel."""
    ordinary = read_first_week(row)
    if not ordinary > 0 or len(row.values) < 4:  # noqa: PLR2004 — two segments of two bins
        return []
    levels = np.full(len(row.values), UP, dtype=np.int8)
    places = np.flatnonzero(~np.isnan(row.values))
    shares = row.values[places] / ordinary
    begin = 0
    for end in _cut(shares):
        level = float(np.median(shares[begin:end]))
        levels[places[begin:end]] = DARK if level < DARK_BELOW else DEGRADED if level < LOW else UP
        begin = end
    return list_alarms(levels)


def _cut(shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """Return the ends of the segments, the last one too."""
    steps = np.diff(shares)
    noise = float(np.median(np.abs(steps - np.median(steps)))) * 1.4826 / math.sqrt(2)
    penalty = PENALTY * math.log(len(shares)) * max(noise, 0.01) ** 2
    signal = shares.reshape(-1, 1)
    cutter = ruptures.KernelCPD(kernel="linear", min_size=2)
    ends: list[int] = cutter.fit(signal).predict(pen=penalty)
    return ends
