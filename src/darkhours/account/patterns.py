"""Patterns: a curfew is one thing, not seventy events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from darkhours.account.spans import DARK, DEGRADED, Path
from darkhours.model.account import Pattern

LEAST_NIGHTS = 3
"""A curfew has at least this many nights (the ontology, *Patterns*)."""

SAME_PHASE_MIN = 90
"""Its nights start within this many minutes of their median local time (the ontology)."""

LONGEST_NIGHT_H = 16.0
"""A night that is longer is no curfew: ours."""

LONGEST_BREAK_DAYS = 3
"""Nights further apart than this belong to different curfews: ours, a weekend without one."""

_DAY_MIN = 24 * 60


def find_curfews(path: Path, start: datetime, tz: str) -> tuple[Pattern, ...]:
    """Return the curfews of a story.

    Args:
        path: spans that tile the grid.
        start: instant of hour 0, UTC.
        tz: IANA zone in which nights share a phase.
    """
    nights = _nights(path, start, ZoneInfo(tz))
    patterns = []
    while nights:
        group = _group(nights)
        if len({night[0].date() for night in group}) >= LEAST_NIGHTS:
            patterns.append(_pattern(group))
        nights = [night for night in nights if night not in group]
    return tuple(sorted(patterns, key=lambda pattern: (pattern.first, pattern.from_local)))


_Night = tuple[datetime, datetime]


def _nights(path: Path, start: datetime, zone: ZoneInfo) -> list[_Night]:
    out = []
    for first, until in _not_up(path):
        if until - first <= LONGEST_NIGHT_H:
            begins = (start + timedelta(hours=first)).astimezone(zone)
            out.append((begins, (start + timedelta(hours=until)).astimezone(zone)))
    return out


def _not_up(path: Path) -> list[tuple[float, float]]:
    """Return maximal runs of degraded or dark that have an end."""
    out: list[tuple[float, float]] = []
    for span in path[:-1] if path and path[-1].code in (DARK, DEGRADED) else path:
        if span.code not in (DARK, DEGRADED):
            continue
        if out and out[-1][1] == span.start:
            out[-1] = (out[-1][0], span.end)
        else:
            out.append((span.start, span.end))
    return out


def _group(nights: list[_Night]) -> list[_Night]:
    """Return the first night with those after it that share its phase."""
    group = [nights[0]]
    for night in nights[1:]:
        near = (night[0].date() - group[-1][0].date()).days <= LONGEST_BREAK_DAYS
        if near and _apart(_minute(night[0]), _minute(group[0][0])) <= SAME_PHASE_MIN:
            group.append(night)
    return group


def _pattern(group: list[_Night]) -> Pattern:
    begins, ends = ([_minute(night[i]) for night in group] for i in (0, 1))
    dates: list[date] = sorted({night[0].date() for night in group})
    return Pattern("curfew", len(dates), _clock(begins), _clock(ends), dates[0], dates[-1])


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _apart(first: int, second: int) -> int:
    gap = abs(first - second) % _DAY_MIN
    return min(gap, _DAY_MIN - gap)


def _clock(minutes: list[int]) -> str:
    """Return the median of times of day as HH:MM, across midnight too."""
    origin = minutes[0]
    shifted = [(m - origin + _DAY_MIN // 2) % _DAY_MIN - _DAY_MIN // 2 for m in minutes]
    middle = round(median(shifted) + origin) % _DAY_MIN
    return f"{middle // 60:02d}:{middle % 60:02d}"
