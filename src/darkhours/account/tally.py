"""The totals of one path: the same function reads the story and every sample."""

from __future__ import annotations

import math
from typing import NamedTuple

from darkhours.account.outage import Back, Spell, days_not_up, find_spells, first_return, returns_of
from darkhours.account.spans import DARK, DEGRADED, UNKNOWN, UP, Path


class Tally(NamedTuple):
    """Totals of one outage on one path, or of all of them, in hours and days.

    `None` stands for what does not exist: no dark, no return.
    """

    disrupted_h: float
    gross_h: float | None
    first_return_h: float | None
    first_return_dark_h: float | None
    dark_h: float
    degraded_h: float
    restored_h: float
    unknown_h: float
    calendar_days: float
    whole_days_h: float | None
    restored_before_h: float | None


class Reading(NamedTuple):
    """One path with its outages, their returns and their totals."""

    path: Path
    spells: tuple[Spell, ...]
    backs: tuple[tuple[Back, ...], ...]
    tallies: tuple[Tally, ...]
    total: Tally
    anchor: float | None


def read_path(
    path: Path, midnights: list[float], anchor: float | None = None, *, curfew: bool = False
) -> Reading:
    """Return the outages of a path with their totals.

    Args:
        path: spans that tile the grid.
        midnights: local midnights, hours from the start of the grid.
        anchor: for fixed and mobile, the first return of `internet` on the same path.
        curfew: whether a curfew holds; the first return is then null.
    """
    spells = find_spells(path)
    backs = tuple(returns_of(spell, path) for spell in spells)
    firsts = [None if curfew else first_return(s, b, anchor) for s, b in zip(spells, backs, strict=True)]
    days = [days_not_up(spell, midnights) for spell in spells]
    tallies = tuple(_tally(s, f, len(d)) for s, f, d in zip(spells, firsts, days, strict=True))
    n_days = len(frozenset().union(*days)) if days else 0
    main = max(range(len(spells)), key=lambda i: tallies[i].dark_h, default=None)
    first = firsts[main] if main is not None else None
    return Reading(path, spells, backs, tallies, _sum(tallies, main, n_days), first.at if first else None)


def _tally(spell: Spell, first: Back | None, n_days: int) -> Tally:
    dark = spell.first_dark
    return Tally(
        disrupted_h=spell.until - spell.start,
        gross_h=None if dark is None else spell.until - dark,
        first_return_h=first.elapsed_h if first else None,
        first_return_dark_h=first.dark_h if first else None,
        dark_h=spell.hours(DARK),
        degraded_h=spell.hours(DEGRADED),
        restored_h=spell.hours(UP),
        unknown_h=spell.hours(UNKNOWN),
        calendar_days=float(n_days),
        whole_days_h=24.0 * math.ceil((first.at - spell.start) / 24 - 1e-9) if first else None,
        restored_before_h=first.restored_h if first else None,
    )


def _sum(tallies: tuple[Tally, ...], main: int | None, n_days: int) -> Tally:
    """Add up the outages of a path; the first return is that of the one with most dark time."""
    if main is None:
        return Tally(0.0, None, None, None, 0.0, 0.0, 0.0, 0.0, 0.0, None, None)
    gross = [tally.gross_h for tally in tallies if tally.gross_h is not None]
    best = tallies[main]
    return Tally(
        disrupted_h=sum(t.disrupted_h for t in tallies),
        gross_h=sum(gross) if gross else None,
        first_return_h=best.first_return_h,
        first_return_dark_h=best.first_return_dark_h,
        dark_h=sum(t.dark_h for t in tallies),
        degraded_h=sum(t.degraded_h for t in tallies),
        restored_h=sum(t.restored_h for t in tallies),
        unknown_h=sum(t.unknown_h for t in tallies),
        calendar_days=float(n_days),
        whole_days_h=best.whole_days_h,
        restored_before_h=best.restored_before_h,
    )
