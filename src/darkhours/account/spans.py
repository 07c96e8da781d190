"""Spans: runs of one state on sampled paths, in hours from the start of the grid."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from darkhours.model.runs import runs_of
from darkhours.model.state import STATE_ORDER, State
from darkhours.model.timeline import Bins, Codes, Floats, Shifts

UP = STATE_ORDER.index(State.UP)
DEGRADED = STATE_ORDER.index(State.DEGRADED)
DARK = STATE_ORDER.index(State.DARK)
UNKNOWN = STATE_ORDER.index(State.UNKNOWN)

LEAST_DARK_H = 2.0
"""A dark window that only claims carry lasts at least this long, in hours (the method, *Claims*)."""

SAME_H = 1e-6
"""Hours as near as this are the same: what is lost where places inside a bin are added up."""


class Span(NamedTuple):
    """A maximal run of one state code in [start, end), hours from the start of the grid."""

    code: int
    start: float
    end: float

    @property
    def hours(self) -> float:
        """Return its length in hours."""
        return self.end - self.start


Path = tuple[Span, ...]


def merge_short_dark(
    codes: Codes, step_h: float, least_h: float = LEAST_DARK_H, shifts: Shifts | None = None
) -> Codes:
    """Return paths in which dark runs shorter than ``least_h`` take the state before them.

    Runs that touch either end of the grid stay: nobody knows how long they were.

    Args:
        codes: state codes, shape (n_samples, n_bins).
        step_h: width of a bin in hours.
        least_h: shortest dark run that stands, in hours.
        shifts: how far from the start of its bin each change lies, in bins; None to count whole bins.
    """
    sample, first, until, code = runs_of(codes)
    n_bins = codes.shape[1]
    starts, ends = _ends(sample, first, until, shifts)
    short = (code == DARK) & ((ends - starts) * step_h < least_h - SAME_H) & (first > 0) & (until < n_bins)
    if not short.any():
        return codes
    out = codes.copy()
    for index in np.flatnonzero(short):
        out[sample[index], first[index] : until[index]] = code[index - 1]
    return out


def _ends(sample: Bins, first: Bins, until: Bins, shifts: Shifts | None) -> tuple[Floats, Floats]:
    """Return where each run begins and ends, in bins."""
    starts, ends = first.astype(np.float64), until.astype(np.float64)
    if shifts is not None:
        starts += np.where(first > 0, shifts[sample, first], 0.0)
        ends[:-1] = np.where(first[1:] > 0, starts[1:], ends[:-1])
    return starts, ends


def paths_of(codes: Codes, step_h: float, shifts: Shifts | None = None) -> list[Path]:
    """Return each sampled path as spans that tile the grid.

    Args:
        codes: state codes, shape (n_samples, n_bins).
        step_h: width of a bin in hours.
        shifts: how far from the start of its bin each change lies, in bins; None on the grid.

    >>> paths_of(np.array([[0, 2, 2, 0]], dtype=np.uint8), 0.5)[0][1]
    Span(code=2, start=0.5, end=1.5)
    """
    sample, first, until, code = runs_of(codes)
    starts, ends = _ends(sample, first, until, shifts)
    spans = list(map(Span, code.tolist(), (starts * step_h).tolist(), (ends * step_h).tolist()))
    cuts = np.searchsorted(sample, np.arange(codes.shape[0] + 1)).tolist()
    return [tuple(spans[a:b]) for a, b in pairwise(cuts)]
