"""Instants, days and lengths of time, as a case writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from darkhours.claims.findings import shorten, tell
from darkhours.claims.table import Table

LENGTH_MOST = timedelta(days=400)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
_LENGTH = re.compile(r"(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?")
_MOMENT = "a time such as 2022-01-05T17:15:00"


def read_zone(table: Table, key: str) -> ZoneInfo | None:
    """Return the zone that ``key`` names, or None after telling why not."""
    name = table.text(key)
    if name is None:
        return None
    try:
        if _ZONE.fullmatch(name) is not None:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    near = table.findings.suggestion(name, sorted(available_timezones()))
    table.error(key, f"expected a zone of the tz database such as Asia/Almaty, got {shorten(name)}{near}")
    return None


def read_length(table: Table, key: str) -> timedelta | None:
    """Return a length of time such as ``15m``, ``3h``, ``1h30m`` or ``1d``."""
    if key not in table.raw:
        return None
    value = table.raw[key]
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    expected = 'a length of time such as "15m", "3h", "1h30m" or "1d"'
    if found is None or not value:
        table.wrong(key, expected, "write its unit" if isinstance(value, int) else "")
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta(0) < length <= LENGTH_MOST:
        table.wrong(key, f"{expected}, longer than nothing and at most 400 days")
        return None
    return length


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads times: naive ones are in ``zone``, by the tz database of their own date.

    A bare date is the whole local day: as a begin its first instant, as an end its last.
    """

    zone: ZoneInfo

    def local(self, instant: datetime) -> str:
        """Return ``instant`` as a message shows it, in the zone of the case."""
        return instant.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    def instant(self, table: Table, key: str, *, end: bool = False) -> datetime | None:
        """Return the instant of ``key``, UTC; of a bare date its first, or its last where ``end``."""
        return self.resolve(table, key, table.raw[key], end=end) if key in table.raw else None

    def pair(self, table: Table, key: str) -> tuple[datetime, datetime] | None:
        """Return the interval ``[a, b]`` of ``key``, UTC."""
        value = table.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 -- a pair
            table.wrong(key, "two times, [begin, end]")
            return None
        start = self.resolve(table, key, value[0])
        stop = self.resolve(table, key, value[1], end=True)
        if start is None or stop is None:
            return None
        if start >= stop:
            shown = f"{self.local(start)} … {self.local(stop)}"
            table.error(key, f"expected a begin before its end, got {shown}; swap or mend them")
            return None
        return start, stop

    def day(self, table: Table, key: str, value: date) -> tuple[datetime, datetime] | None:
        """Return the local day of a bare date as an interval, UTC."""
        start, stop = self.resolve(table, key, value), self.resolve(table, key, value, end=True)
        return None if start is None or stop is None else (start, stop)

    def resolve(self, table: Table, key: str, value: object, *, end: bool = False) -> datetime | None:
        """Return the instant that ``value`` means, UTC."""
        if not isinstance(value, date):
            advice = "drop the quotes" if isinstance(value, str) else "write date and time"
            table.error(key, f"expected {_MOMENT}, got {tell(value)}; {advice}")
            return None
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            table.error(key, f"expected a year from {_FIRST_YEAR} to {_LAST_YEAR}, got {value.year}")
            return None
        if isinstance(value, datetime):
            moment = value
        else:
            moment = datetime.combine(value + timedelta(days=1) if end else value, time())
        if moment.tzinfo is None:
            self._warn_of_turned_clock(table, key, moment)
            moment = moment.replace(tzinfo=self.zone, fold=0)
        return moment.astimezone(UTC)

    def _warn_of_turned_clock(self, table: Table, key: str, naive: datetime) -> None:
        first = naive.replace(tzinfo=self.zone, fold=0)
        if first.utcoffset() == first.replace(fold=1).utcoffset():
            return
        back = first.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None)
        what = "comes twice" if back == naive else "does not exist"
        shown = naive.isoformat(timespec="minutes")
        advice = "the first offset is taken; write the offset to be exact"
        table.warn(key, f"{shown} {what} in {self.zone.key}, where clocks were turned then: {advice}")
