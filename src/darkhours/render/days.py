"""The hours of each state on each local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.render.clock import Clock
from darkhours.render.language import ENGLISH, Language
from darkhours.render.ministrip import day_strip

_ANY = 0.005


@dataclass(frozen=True, slots=True)
class DayRow:
    """A local day: its name, its strip, and its hours as text."""

    name: str
    strip: Markup
    dark: str
    degraded: str
    up: str
    unknown: str


def day_rows(account: Account, clock: Clock) -> list[DayRow]:
    """Return the local days that were not wholly up."""
    return [_row(account, clock, place) for place in _touched(account)]


def _touched(account: Account) -> list[int]:
    return [
        place
        for place, day in enumerate(account.days)
        if day.dark_h > _ANY or day.degraded_h > _ANY or day.unknown_h > _ANY
    ]


def _row(account: Account, clock: Clock, place: int) -> DayRow:
    day = account.days[place]
    start, until = (_midnight(at, clock) for at in (day.date, day.date + timedelta(days=1)))
    language = clock.language
    hours = (day.dark_h, day.degraded_h, day.up_h, day.unknown_h)
    return DayRow(
        language.named_day(day.date), day_strip(account, start, until), *map(language.number, hours)
    )


def _midnight(day: date, clock: Clock) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone).astimezone(UTC)


def day_sums(account: Account, language: Language = ENGLISH) -> DayRow:
    """Return the last row: the hours of all listed days."""
    listed = [account.days[place] for place in _touched(account)]
    sums = (
        sum(day.dark_h for day in listed),
        sum(day.degraded_h for day in listed),
        sum(day.up_h for day in listed),
        sum(day.unknown_h for day in listed),
    )
    name = language.many("{n} day", "{n} days", len(listed))
    return DayRow(name, Markup(), *map(language.number, sums))


def days_sentence(account: Account, language: Language = ENGLISH) -> str:
    """Return what the days come to: how many were wholly dark, and whether hours add up."""
    whole = sum(day.dark_h > 0 and day.up_h + day.degraded_h + day.unknown_h < _ANY for day in account.days)
    some = sum(day.dark_h > _ANY for day in account.days)
    if not some:
        return language.say("No local day has a dark hour.")
    days = language.many("{n} local day has dark hours", "{n} local days have dark hours", some)
    if not whole:
        return language.say("{days}; none of them is wholly dark.", days=days)
    return language.many(
        "{days}; {n} of them is dark from midnight to midnight.",
        "{days}; {n} of them are dark from midnight to midnight.",
        whole,
        days=days,
    )
