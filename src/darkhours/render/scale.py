"""The scale of a picture: which span is shown, where an instant stands, where the grid runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from darkhours.model.account import Account
from darkhours.model.state import State
from darkhours.render.clock import midnights
from darkhours.render.language import ENGLISH, Language

LEAD = timedelta(days=2)
"""Ordinary days shown before the first trouble; ours: enough to see that it was ordinary."""
TAIL = timedelta(hours=72)
"""Shown after the last edge: the shortest probation."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ROOMY, _TIGHT, _CROWDED = 58.0, 21.0, 5.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from [start, until] to px, on either axis."""

    start: datetime
    until: datetime
    low: float
    high: float

    def at(self, instant: datetime) -> float:
        """Return the px of an instant, held inside the picture."""
        share = (instant - self.start) / (self.until - self.start)
        return self.low + min(max(share, 0.0), 1.0) * (self.high - self.low)

    def width(self, span: timedelta) -> float:
        """Return the px of a length of time."""
        return span / (self.until - self.start) * (self.high - self.low)

    def shows(self, instant: datetime) -> bool:
        """Tell whether an instant lies inside the picture."""
        return self.start <= instant <= self.until


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where, what stands in the space after it, how strong it is, its label in brief."""

    at: datetime
    label: str
    until: datetime
    strong: bool = True
    brief: str = ""


def shown_span(accounts: Sequence[Account], zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the span worth drawing: two ordinary days, the trouble, and three days after it.

    Whole local days, inside the span of the accounts; the whole span where nothing happened.
    """
    start, until = min(item.start for item in accounts), max(item.until for item in accounts)
    trouble = [
        window
        for account in accounts
        for window in account.windows
        if window.state in {State.DEGRADED, State.DARK}
    ]
    if not trouble:
        return start, until
    begin = _floor(min(window.start.earliest for window in trouble), zone) - LEAD
    last = max(window.end.latest if window.end else until for window in trouble)
    end = _floor(last + TAIL, zone) + _DAY
    return max(start, begin), min(until, end)


def _floor(instant: datetime, zone: tzinfo) -> datetime:
    local = instant.astimezone(zone)
    return datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC)


def grid(scale: Scale, zone: tzinfo, language: Language = ENGLISH) -> list[Tick]:
    """Return the grid: days named in full where they are wide, hours in a short span, weeks in a long one."""
    days = midnights(scale.start, scale.until, zone)
    per_day = scale.width(_DAY)
    if per_day > 6 * _ROOMY:
        return _hours(scale, zone, language)
    starts = days if days and days[0] == scale.start else [scale.start, *days]
    ends = [*starts[1:], scale.until]
    ticks: list[Tick] = []
    for begin, end in zip(starts, ends, strict=True):
        local, roomy = begin.astimezone(zone), scale.width(end - begin) > min(per_day, _ROOMY) * 0.8
        first = not any(tick.label for tick in ticks)
        label = _label(local, per_day, language, first=first) if roomy or per_day <= _TIGHT else ""
        brief = language.digits(str(local.day)) if label and per_day >= _ROOMY else label
        if begin < end:
            ticks.append(Tick(begin, label, end, _is_strong(local, per_day), brief))
    return ticks


def _label(local: datetime, per_day: float, language: Language, *, first: bool) -> str:
    day = local.date()
    if per_day >= _ROOMY:
        return language.named_day(day, month=first or day.day == 1)
    if per_day >= _TIGHT:
        return language.digits(str(day.day))
    if day.day == 1:
        return language.month(day)
    return language.digits(str(day.day)) if per_day > _CROWDED and day.weekday() == 0 else ""


def _is_strong(local: datetime, per_day: float) -> bool:
    if per_day >= _TIGHT:
        return True
    return local.weekday() == 0 if per_day > _CROWDED else local.day == 1


def _hours(scale: Scale, zone: tzinfo, language: Language) -> list[Tick]:
    step = timedelta(hours=3 if scale.width(_HOUR) < _ROOMY else 1)
    begin = _floor(scale.start, zone)
    while begin < scale.start:
        begin += step
    ticks = []
    while begin < scale.until:
        local = begin.astimezone(zone)
        time = language.time_of_day(local)
        label, brief = (time, time)
        if local.hour == 0:
            label, brief = language.named_day(local.date()), language.digits(str(local.day))
        ticks.append(Tick(begin, label, min(begin + step, scale.until), local.hour == 0, brief))
        begin += step
    return ticks
