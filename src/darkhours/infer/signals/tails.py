"""Tails: the last bins of a file are often incomplete, which is no outage."""

from __future__ import annotations

from itertools import takewhile

import numpy as np

from darkhours.infer.signals.fuse import Families
from darkhours.infer.signals.likelihood import DARK, UP
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.panel import Coverage
from darkhours.model.state import STATE_ORDER, State
from darkhours.model.timeline import Bins, Codes, Floats, Mask

LONE_TAIL = 6
"""Last bins in which one signal may fall before it is believed against the others: ours, exports of IODA and
Cloudflare end with two to six bins that are not all counted yet."""

WHOLE_TAIL = 3
"""Last bins in which everything may fall before it is an outage: ours; never more than the admission lag,
so that what is told of a closed window does not move."""

HALF = 0.5


def lone_tails(coverage: Codes, row_nats: Floats, entity: Bins, families: Families) -> Mask:
    """Return the last bins in which one signal is low and another family is not, shape (n_rows, n_bins).

    Longer than `LONE_TAIL` it is a disagreement, and speaks.

    Args:
        coverage: of each row and bin, shape (n_rows, n_bins).
        row_nats: what each row said, shape (n_rows, n_bins, 6).
        entity: of each row, shape (n_rows,).
        families: who speaks for whom.
    """
    out = np.zeros(coverage.shape, dtype=bool)
    start = max(0, coverage.shape[1] - 2 * LONE_TAIL)
    covered = coverage[:, start:] == Coverage.COVERED
    best = row_nats[:, start:, : DARK + 1].argmax(axis=2)
    low, fine = covered & (best != UP), covered & (best == UP)
    for row in np.flatnonzero(low.any(axis=1) & ~families.routing):
        others = (entity == entity[row]) & (families.group != families.group[row]) & ~families.routing
        first = _tail_of(low[row], fine[row])
        size = low.shape[1] - first
        if not others.any() or first == 0 or not 0 < size <= LONE_TAIL:
            continue
        mine = low[row, first:]
        if fine[others][:, first:][:, mine].any(axis=0).mean() > HALF:
            out[row, start + first :] = mine
    return out


def _tail_of(low: Mask, fine: Mask) -> int:
    """Return the first bin after the last one that is fine."""
    return low.size - int(fine[::-1].argmax()) if fine.any() and low.any() else 0


DOWN = [STATE_ORDER.index(State.DEGRADED), STATE_ORDER.index(State.DARK)]


def open_tail(codes: Codes, covered: Mask, tuning: Tuning, step_h: float) -> Mask:
    """Return the very last bins if they fall: whether they are complete nobody knows yet, shape (n_bins,).

    Args:
        codes: positions in `STATE_ORDER`, shape (n_samples, n_bins).
        covered: bins in which somebody measured, shape (n_bins,).
        tuning: for the admission lag.
        step_h: width of a bin.
    """
    most = min(WHOLE_TAIL, max(1, round(tuning.admission_h / step_h)))
    known = np.flatnonzero(covered)
    out = np.zeros(covered.size, dtype=bool)
    if not known.size or known[-1] < covered.size - most:
        return out
    end = int(known[-1]) + 1
    falls = (np.isin(codes[:, t], DOWN).mean() > HALF for t in range(end - 1, max(end - most - 2, -1), -1))
    size = sum(1 for _ in takewhile(bool, falls))
    if 0 < size <= most and size < end:
        out[end - size :] = True
    return out
