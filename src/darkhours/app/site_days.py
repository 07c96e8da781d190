"""A place over a span as one sequence of windows: its days, its curfews, and who inside it came back when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from darkhours import __version__
from darkhours.account.patterns import find_curfews
from darkhours.account.spans import Span
from darkhours.app.site_entity import Line, PlaceView
from darkhours.app.site_now import Present
from darkhours.model.account import Account, Day, Edge, Provenance, Window
from darkhours.model.state import STATE_ORDER, State

BRIDGE = timedelta(hours=1)
"""A silence as short as this is bridged, as the inference does (the method, *Shared engine*)."""

MOST_DAYS = 32
"""Days that are told of a span: ours, a month with both of its ends; earlier ones are a span away."""

Piece = tuple[State, datetime, datetime]


def describe_span(view: PlaceView) -> Account:
    """Return what is known of a place over a span as an account without totals.

    Up is what was measured outside every outage, unknown what nobody measured; the numbers of each outage
    stand in its own account.
    """
    pieces = list(_tile(view))
    start, zone = view.start, view.entity.tz
    path = tuple(
        Span(STATE_ORDER.index(state), _hours(begin, start), _hours(end, start))
        for state, begin, end in pieces
    )
    windows = tuple(Window(state, _edge(begin), _edge(end), 1.0) for state, begin, end in pieces)
    return Account(
        case=None, as_of=view.until, status="none", entity=view.entity.id, name=view.entity.name, tz=zone,
        service="internet", start=start, until=view.until,
        families=tuple(sorted({line.family for line in view.lines})),
        windows=windows, outages=(), totals={}, days=_days(pieces, view),
        patterns=find_curfews(path, start, zone), stages=(), verdicts=(), contested=(), context=(),
        provenance=Provenance(f"darkhours {__version__}", {}, 0, None),
    )  # fmt: skip


def stages_inside(inside: Sequence[Present]) -> tuple[tuple[Present, datetime | None], ...]:
    """Return the places inside one in the order in which they came back; None for those that have not."""
    never = datetime.max.replace(tzinfo=UTC)
    told = [
        (place, None if place.status == "ongoing" else datetime.fromisoformat(place.since["at"]))
        for place in inside
    ]
    return tuple(sorted(told, key=lambda item: (item[1] or never, item[0].entity.id)))


def _edge(at: datetime) -> Edge:
    return Edge(at, at, at)


def _hours(at: datetime, start: datetime) -> float:
    return (at - start).total_seconds() / 3600


def _tile(view: PlaceView) -> Iterable[Piece]:
    """Yield pieces that tile the span; those of outages first, the rest by what was measured."""
    told = sorted(_of_outages(view), key=lambda piece: piece[1])
    measured = measured_spans(view.lines, view.start, view.until)
    at = view.start
    merged: list[Piece] = []
    for state, first, last in told:
        begin, end = max(first, at), min(last, view.until)
        if begin >= end:
            continue
        merged += [*_between(measured, at, begin), (state, begin, end)]
        at = end
    merged += _between(measured, at, view.until)
    return _join(merged)


def _join(pieces: Iterable[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for piece in pieces:
        if out and out[-1][0] is piece[0]:
            out[-1] = (piece[0], out[-1][1], piece[2])
        else:
            out.append(piece)
    return out


def _of_outages(view: PlaceView) -> Iterable[Piece]:
    for event in view.outages:
        for window in event.body["windows"]:
            end = event.end if window["end"] is None else datetime.fromisoformat(window["end"]["at"])
            yield (
                State(window["state"]),
                datetime.fromisoformat(window["start"]["at"]),
                end or view.measured_until,
            )


def _between(measured: Sequence[tuple[datetime, datetime]], start: datetime, until: datetime) -> list[Piece]:
    """Return a stretch outside every outage: up where it was measured, else unknown."""
    out: list[Piece] = []
    at = start
    for first, last in measured:
        begin, end = max(first, at), min(last, until)
        if begin >= end:
            continue
        if begin > at:
            out.append((State.UNKNOWN, at, begin))
        out.append((State.UP, begin, end))
        at = end
    return out if at >= until else [*out, (State.UNKNOWN, at, until)]


def measured_spans(
    lines: Sequence[Line], start: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the stretches in which some signal was measured, apart and in order; an hour is bridged."""
    found: list[tuple[datetime, datetime]] = []
    for line in lines:
        bins = np.flatnonzero(np.isfinite(line.values))
        if not bins.size:
            continue
        breaks = np.flatnonzero((np.diff(bins) - 1) * line.grid.step_h > BRIDGE / timedelta(hours=1))
        firsts, lasts = bins[[0, *(breaks + 1)]], bins[[*breaks, -1]]
        at = line.grid.at
        found += [(at(a), at(b + 1)) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)]
    out: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(found):
        if out and begin - out[-1][1] <= BRIDGE:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return [(max(begin, start), min(end, until)) for begin, end in out if end > start and begin < until]


def _days(pieces: Sequence[Piece], view: PlaceView) -> tuple[Day, ...]:
    """Return the hours of each state on every local day of the span, of a long one on its last days."""
    zone = ZoneInfo(view.entity.tz)
    day, last = view.start.astimezone(zone).date(), view.until.astimezone(zone).date()
    bounds = [view.start]
    if (last - day).days > MOST_DAYS + 1:  # earlier days are not told
        day = last - timedelta(days=MOST_DAYS + 1)
        bounds = [datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)]
    first = day
    while bounds[-1] < view.until:
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        bounds.append(min(midnight, view.until))
    left_out = max(0, len(bounds) - 1 - MOST_DAYS)
    first, bounds = first + timedelta(days=left_out), bounds[left_out:]
    out, at = [], 0
    for number, (begin, end) in enumerate(pairwise(bounds)):
        hours = dict.fromkeys(State, 0.0)
        while pieces[at][2] <= begin:
            at += 1
        for state, low, high in pieces[at:]:
            if low >= end:
                break
            hours[state] += (min(high, end) - max(low, begin)).total_seconds() / 3600
        date = first + timedelta(days=number)
        out.append(Day(date, hours[State.UP], hours[State.DEGRADED], hours[State.DARK], hours[State.UNKNOWN]))
    return tuple(out)
