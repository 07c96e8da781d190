"""Outages on one path: where they begin and end, and what their totals are."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

from darkhours.account.spans import DARK, DEGRADED, UNKNOWN, UP, Path, Span

PROBATION_H = 72.0
"""A return has lasted when it is this long, in hours (the ontology, *probation*) ..."""

PROBATION_TIMES = 3.0
"""... or this many times the longest return inside the outage, if that is longer ..."""

LONGEST_PROBATION_H = 14 * 24.0
"""... but at most this long."""

NEARLY_LONGEST = 0.8
"""Of stretches at least this share as long as the longest, the latest (the ontology, *Returns*)."""

SAME_RETURN_H = 12.0
"""For fixed and mobile: the return nearest to that of `internet`, within this (the ontology)."""

DAY_COUNTS_H = 0.5
"""A local day counts from this many hours not up (the ontology, *Totals*)."""


class Back(NamedTuple):
    """A return on one path, hours from the start of the grid."""

    at: float
    lasted_h: float
    elapsed_h: float | None
    dark_h: float
    restored_h: float


class Spell(NamedTuple):
    """An outage on one path.

    Args:
        start: first edge into degraded or dark.
        end: lasting return; the return on probation; None while ongoing.
        status: ``ongoing``, ``probation`` or ``ended``.
        spans: its windows, from `start` to `end` or to the end of the path.
    """

    start: float
    end: float | None
    status: str
    spans: Path

    @property
    def first_dark(self) -> float | None:
        """Return the first edge into dark, None if never dark."""
        for code, start, _ in self.spans:
            if code == DARK:
                return start
        return None

    @property
    def begin(self) -> float:
        """Return the first edge into dark, or where it starts if it is never dark."""
        dark = self.first_dark
        return self.start if dark is None else dark

    @property
    def until(self) -> float:
        """Return where its totals end."""
        return self.spans[-1].end

    def hours(self, code: int, until: float | None = None) -> float:
        """Return the hours of one state inside it, up to ``until`` if given."""
        stop = self.until if until is None else until
        total = 0.0
        for kind, start, end in self.spans:
            if kind == code and start < stop:
                total += min(end, stop) - start
        return total


def find_spells(path: Path) -> tuple[Spell, ...]:
    """Return the outages of a path in order; `unknown` neither starts nor ends one."""
    spells: list[Spell] = []
    inside: list[Span] = []
    longest_return = 0.0
    for index, span in enumerate(path):
        if not inside:
            if span.code in (DEGRADED, DARK):
                inside, longest_return = [span], 0.0
            continue
        back_h, last = _stays_up(path, index)
        if back_h and back_h >= probation_h(longest_return) - 1e-9:
            spells.append(_close(inside, span.start, "ended"))
            inside = []
        elif back_h and last:
            spells.append(_close(inside, span.start, "probation"))
            inside = []
        else:
            longest_return = max(longest_return, back_h)
            inside.append(span)
    if inside:
        spells.append(_close(inside, None, "ongoing"))
    return tuple(spells)


def _stays_up(path: Path, index: int) -> tuple[float, bool]:
    """Return the hours up from a span on, and whether no trouble follows; `unknown` ends no return."""
    if path[index].code != UP:
        return 0.0, False
    hours = 0.0
    for span in path[index:]:
        if span.code in (DEGRADED, DARK):
            return hours, False
        hours += span.hours if span.code == UP else 0.0
    return hours, True


def probation_h(longest_return_h: float) -> float:
    """Return how long a return must last to be lasting, in hours.

    >>> probation_h(4.5), probation_h(30.0), probation_h(500.0)
    (72.0, 90.0, 336.0)
    """
    return min(max(PROBATION_H, PROBATION_TIMES * longest_return_h), LONGEST_PROBATION_H)


def _close(spans: list[Span], end: float | None, status: str) -> Spell:
    return Spell(spans[0].start, end, status, tuple(spans))


def returns_of(spell: Spell, path: Path) -> tuple[Back, ...]:
    """Return every return of an outage in order, the last one included."""
    dark = spell.first_dark
    out = []
    for before, span in pairwise(path):
        at = span.start
        if span.code != UP or not spell.start < at <= spell.until:
            continue
        if before.code == UNKNOWN and at != spell.end:
            continue
        elapsed = at - dark if dark is not None and dark < at else None
        out.append(Back(at, span.end - at, elapsed, spell.hours(DARK, at), spell.hours(UP, at)))
    return tuple(out)


def first_return(spell: Spell, backs: tuple[Back, ...], anchor: float | None = None) -> Back | None:
    """Return the return that ends the longest stretch without up; reports quote this one.

    Of stretches at least 0.8 as long as the longest, the latest. With ``anchor`` (the same of
    `internet`), the return nearest to it, within 12 h.
    """
    usable = [back for back in backs if back.elapsed_h is not None]
    if not usable:
        return None
    if anchor is not None:
        nearest = min(usable, key=lambda back: abs(back.at - anchor))
        return nearest if abs(nearest.at - anchor) <= SAME_RETURN_H else None
    lengths = {back.at: back.at - _stretch_start(spell, back.at) for back in usable}
    longest = max(lengths.values())
    return [back for back in usable if lengths[back.at] >= NEARLY_LONGEST * longest][-1]


def _stretch_start(spell: Spell, at: float) -> float:
    """Return where the stretch without up began that ends at ``at``."""
    ups = [span.end for span in spell.spans if span.code == UP and span.end < at]
    return max(ups, default=spell.start)


def days_not_up(spell: Spell, midnights: list[float]) -> frozenset[int]:
    """Return the indices of the local days with at least half an hour not up.

    Args:
        spell: the outage.
        midnights: local midnights that bound the days, hours from the start of the grid.
    """
    hours: dict[int, float] = {}
    for span in spell.spans:
        if span.code not in (DEGRADED, DARK):
            continue
        day = bisect_right(midnights, span.start) - 1
        while day < len(midnights) - 1 and midnights[day] < span.end:
            overlap = min(span.end, midnights[day + 1]) - max(span.start, midnights[day])
            hours[day] = hours.get(day, 0.0) + overlap
            day += 1
    return frozenset(day for day, total in hours.items() if total >= DAY_COUNTS_H - 1e-9)
