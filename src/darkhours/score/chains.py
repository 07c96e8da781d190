"""Chains of windows: the disrupted hours of truth and of findings, by the one rule of the ontology."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from darkhours.score.events import NOT_UP, Found

PROBATION_H, MOST_PROBATION_H = 72.0, 14 * 24.0
"""The ontology, *probation*: 72 h, or three times the longest return inside the outage, at most 14 days."""
TIMES_LONGEST = 3.0


def measure_disrupted(windows: Sequence[Found], until: datetime) -> float:
    """Return the disrupted hours: of each outage, from its first edge to its lasting return.

    Counted here and not taken from the account, so that a rule which knows windows only is
    held to the same measure.

    Args:
        windows: of one entity, in order of time.
        until: end of the span, where an open window is cut.
    """
    spans = [
        (window.start.at, window.end.at if window.end else until)
        for window in windows
        if window.state in NOT_UP
    ]
    total, longest = 0.0, 0.0
    last: datetime | None = None
    for start, end in spans:
        gap = None if last is None else _hours(last, start)
        if gap is None or gap >= min(max(PROBATION_H, TIMES_LONGEST * longest), MOST_PROBATION_H):
            longest = 0.0
        else:
            total += gap
            longest = max(longest, gap)
        total += _hours(start, end)
        last = end
    return total


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600
