"""Metrics of a detector: events, edges, intervals and hours; never point-adjusted F1.

Point adjustment counts a whole event as found for one bin inside it, so that chance scores
well; here an event is found when what was found covers it, and is covered by it, by half.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

import numpy as np

from darkhours.model.account import Edge
from darkhours.model.state import State
from darkhours.score.chains import measure_disrupted
from darkhours.score.events import NOT_UP, Found, Truth, find_plain

MATCH_IOU = 0.5
"""Least overlap over union at which two events are the same one; a half is the custom of the field.
At a half or more the pairs are unique: a lower bar would make the score depend on who chooses first."""


@dataclass(frozen=True, slots=True)
class Event:
    """A maximal run of windows that are not up, from the first edge to the last."""

    start: Edge
    end: Edge | None
    begins_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted, before any share is taken of it; tallies of several entities add up.

    Args:
        true: events that truly were.
        found: events that were found.
        matched: pairs of both, one to one, of `MATCH_IOU` or more.
        false: found events that touch no true one.
        weeks: entity-weeks that were looked at.
        edge_errors_min: |found − true| of both edges of every pair, minutes; open ends give none.
        held: for each of those edges, whether its interval holds the truth; only where one was given.
        widths_min: the widths of those intervals, minutes.
        dark_errors_h: |found − true| dark hours, for each entity.
        disrupted_errors_h: the same of disrupted hours.
    """

    true: int = 0
    found: int = 0
    matched: int = 0
    false: int = 0
    weeks: float = 0.0
    edge_errors_min: tuple[float, ...] = ()
    held: tuple[bool, ...] = ()
    widths_min: tuple[float, ...] = ()
    dark_errors_h: tuple[float, ...] = ()
    disrupted_errors_h: tuple[float, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of both."""
        return Tally(*(getattr(self, name.name) + getattr(other, name.name) for name in fields(self)))


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a detector; None where there is nothing to judge it by.

    Args:
        precision: share of the found events that are true ones.
        recall: share of the true events that were found.
        f1: harmonic mean of both.
        edge_median_min: median of the edge errors, minutes.
        edge_p90_min: their 90th percentile.
        coverage: share of the edges whose interval holds the truth.
        width_median_min: median width of an interval, minutes.
        false_per_week: found events that touch no true one, per entity-week.
        dark_error_h: mean |found − true| dark hours of an entity.
        disrupted_error_h: the same of disrupted hours.
        tally: what it was made from.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    edge_median_min: float | None
    edge_p90_min: float | None
    coverage: float | None
    width_median_min: float | None
    false_per_week: float | None
    dark_error_h: float | None
    disrupted_error_h: float | None
    tally: Tally = field(repr=False)


def tally(truth: Truth, found: Iterable[Found]) -> Tally:
    """Return what is counted of one entity.

    Args:
        truth: what truly happened to it.
        found: what a detector says of it, in any order.
    """
    windows = sorted(found, key=lambda window: window.start.at)
    told = [find_plain(window.state, window.start, window.end) for window in truth.windows]
    true, seen = list_events(told, truth.until), list_events(windows, truth.until)
    pairs = match(true, seen)
    edges = [edge for i, j in pairs for edge in _pair_edges(true[i], seen[j], truth.until)]
    intervals = [(edge, at) for edge, at in edges if edge.earliest < edge.latest]
    return Tally(
        true=len(true),
        found=len(seen),
        matched=len(pairs),
        false=sum(not any(_overlap(event, other) for other in true) for event in seen),
        weeks=truth.weeks,
        edge_errors_min=tuple(abs(_minutes(edge.at, at)) for edge, at in edges),
        held=tuple(edge.earliest <= at <= edge.latest for edge, at in intervals),
        widths_min=tuple(_minutes(edge.earliest, edge.latest) for edge, _ in intervals),
        dark_errors_h=(abs(_dark_hours(windows, truth.until) - _dark_hours(told, truth.until)),),
        disrupted_errors_h=(
            abs(measure_disrupted(windows, truth.until) - measure_disrupted(told, truth.until)),
        ),
    )


def summarise(counted: Tally) -> Score:
    """Return the shares and percentiles of a tally."""
    precision = _share(counted.matched, counted.found)
    recall = _share(counted.matched, counted.true)
    return Score(
        precision=precision,
        recall=recall,
        f1=_share(2 * counted.matched, counted.found + counted.true),
        edge_median_min=_percentile(counted.edge_errors_min, 50),
        edge_p90_min=_percentile(counted.edge_errors_min, 90),
        coverage=_share(sum(counted.held), len(counted.held)),
        width_median_min=_percentile(counted.widths_min, 50),
        false_per_week=_share(counted.false, counted.weeks),
        dark_error_h=_mean(counted.dark_errors_h),
        disrupted_error_h=_mean(counted.disrupted_errors_h),
        tally=counted,
    )


def list_events(windows: Sequence[Found], until: datetime) -> list[Event]:
    """Return the maximal runs of windows that are not up; unknown and up end a run.

    Args:
        windows: of one entity, in order of time.
        until: end of the span, where an open window is cut.
    """
    events: list[Event] = []
    for window in windows:
        if window.state not in NOT_UP:
            continue
        last = events[-1] if events else None
        if last is not None and last.end is not None and window.start.at <= last.end.at:
            events[-1] = _make_event(last.start, window.end, until)
        else:
            events.append(_make_event(window.start, window.end, until))
    return events


def match(true: Sequence[Event], found: Sequence[Event]) -> list[tuple[int, int]]:
    """Return pairs (true, found) that are the same event, one to one, the closest first."""
    close = sorted(
        ((iou, i, j) for i, a in enumerate(true) for j, b in enumerate(found)
         if (iou := measure_iou(a, b)) >= MATCH_IOU),
        key=lambda item: (-item[0], item[1], item[2]),
    )  # fmt: skip
    taken_true: set[int] = set()
    taken_found: set[int] = set()
    pairs = []
    for _, i, j in close:
        if i not in taken_true and j not in taken_found:
            pairs.append((i, j))
            taken_true.add(i)
            taken_found.add(j)
    return pairs


def measure_iou(one: Event, other: Event) -> float:
    """Return the time in both over the time in either, in [0, 1]."""
    both = min(one.ends_s, other.ends_s) - max(one.begins_s, other.begins_s)
    either = max(one.ends_s, other.ends_s) - min(one.begins_s, other.begins_s)
    return max(both, 0.0) / either if either > 0 else 0.0


def _make_event(start: Edge, end: Edge | None, until: datetime) -> Event:
    ends = until if end is None else end.at
    return Event(start, end, start.at.timestamp(), ends.timestamp())


def _overlap(one: Event, other: Event) -> bool:
    return min(one.ends_s, other.ends_s) > max(one.begins_s, other.begins_s)


def _pair_edges(true: Event, found: Event, until: datetime) -> list[tuple[Edge, datetime]]:
    """Return the found edges of a pair, each with the true instant; a truth without end has none."""
    edges = [(found.start, true.start.at)]
    if true.end is not None:
        edges.append((found.end or Edge(until, until, until), true.end.at))
    return edges


def _dark_hours(windows: Iterable[Found], until: datetime) -> float:
    dark = [window for window in windows if window.state is State.DARK]
    return sum(_minutes(window.start.at, window.end.at if window.end else until) for window in dark) / 60


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _percentile(values: Sequence[float], rank: float) -> float | None:
    return float(np.percentile(values, rank)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
