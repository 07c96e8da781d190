"""Time as the page tells it: local first with UTC beside it, and the days of a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup, escape

from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import tag


def zone_of(name: str) -> tzinfo:
    """Return a zone by name; UTC where nobody knows it, so that a page is always drawn."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@dataclass(frozen=True, slots=True)
class Clock:
    """The local time of the page.

    Args:
        name: IANA zone.
        year: the year that goes without saying; any other stands with its date. None says all.
        language: in which it tells the time, and the page everything else.
    """

    name: str
    year: int | None = None
    language: Language = ENGLISH

    @property
    def zone(self) -> tzinfo:
        """Return the zone."""
        return zone_of(self.name)

    def local(self, instant: datetime) -> datetime:
        """Return an instant in local time."""
        try:
            return instant.astimezone(self.zone)
        except OverflowError:
            return instant

    def is_utc(self, *instants: datetime) -> bool:
        """Tell whether local time is UTC at all these instants, so that one reading will do."""
        return all(self.local(instant).utcoffset() == timedelta(0) for instant in instants)

    def offset(self, instant: datetime) -> str:
        """Return the offset of an instant, such as ``UTC+6`` or ``UTC+5:30``."""
        minutes = int((self.local(instant).utcoffset() or timedelta(0)).total_seconds() // 60)
        whole, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else "+"
        return f"UTC{sign}{whole}" + (f":{rest:02}" if rest else "")

    def text(self, instant: datetime) -> str:
        """Return an instant as local text, such as ``5 Jan 17:00``."""
        return self._reading(self.local(instant))

    def time(self, instant: datetime, *, brief: bool = False) -> Markup:
        """Return an instant in both readings, of which the page shows the one that was chosen.

        Args:
            instant: what to tell.
            brief: leave the other reading out, for tables.
        """
        local, utc = self.local(instant), instant.astimezone(UTC)
        if local.utcoffset() == timedelta(0):
            return tag("time", self._zulu(self._reading(utc)), datetime=f"{utc:%Y-%m-%dT%H:%MZ}")
        same = local.date() == utc.date()
        told = self.language.time_of_day if same else self._reading
        first = self._both(self._reading(local), self._zulu(told(utc)), brief)
        second = self._both(self._zulu(self._reading(utc)), told(local), brief)
        readings = (tag("span", first, class_="l"), tag("span", second, class_="u"))
        return tag("time", *readings, datetime=f"{utc:%Y-%m-%dT%H:%MZ}")

    def span(self, start: datetime, end: datetime) -> Markup:
        """Return an interval, each end brief."""
        begin, stop = self.time(start, brief=True), self.time(end, brief=True)
        return self.language.markup("{begin} – {end}", begin=begin, end=stop)

    def _both(self, first: str, second: str, brief: bool) -> Markup:  # noqa: FBT001 — private
        if brief:
            return escape(first)
        return escape(first) + " " + tag("i", f"({self.language.isolate(second)})")

    def _zulu(self, reading: str) -> str:
        """Return a reading that says that it is UTC."""
        return self.language.say("{time}Z", time=reading)

    def _reading(self, moment: datetime) -> str:
        return self.language.reading(moment, year=moment.year != self.year)


def midnights(start: datetime, until: datetime, zone: tzinfo) -> list[datetime]:
    """Return the midnights of a zone in [start, until], as UTC instants, by its own calendar."""
    day = start.astimezone(zone).date()
    last = until.astimezone(zone).date()
    found = []
    while day <= last:
        instant = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        if start <= instant <= until:
            found.append(instant)
        day += timedelta(days=1)
    return found
