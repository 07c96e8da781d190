"""Instants as files write them: forms that can mean one thing only, told apart by rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 — clocks on a wall, not instants
_MICRO = timedelta(microseconds=1)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
_CLOCK = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?)?"
_DATES = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?:[A-Za-z]{3,9},? +)?(?P<day>\d{1,2})[- /](?P<word>[A-Za-z]{3,9})\.?[- /](?P<year>\d{4})",
    r"(?:[A-Za-z]{3,9},? +)?(?P<word>[A-Za-z]{3,9})\.? +(?P<day>\d{1,2}),? +(?P<year>\d{4})",
)
_FORMS = tuple(re.compile(rf"{date}(?:(?:T|:|,? +){_CLOCK}{_ZONE})?", re.IGNORECASE) for date in _DATES)
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE]\+?\d+)?")
_DAY_OR_MONTH = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(\D.*)?")
# Digits before the point tell the unit: seconds are 10 digits from 2001 to 2286, and so on.
_UNITS = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}
_FORMS_OF_EPOCH = {"epoch-s": (1, True), "epoch-ms": (1000, True), "local-epoch-s": (1, False)}
FORMS = "2019-11-11T00:00:00Z, 2019-11-11 00:00, 11-Nov-2019 00:00:00, or an epoch in s, ms, µs or ns"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was read from a cell of time.

    Args:
        micros: microseconds since 1970, on UTC where ``aware``, else on the clocks of an unnamed zone.
        aware: whether the cell said its offset; an epoch does.
    """

    micros: int
    aware: bool


def read_instant(text: str) -> Stamp | None:
    """Return the instant of a cell, None where it has no form that means one thing only.

    A bare number is an epoch by its digits (10: seconds, 13: ms, 16: µs, 19: ns), or a day where
    it has eight. ``05/01/2022`` is none: January or May, nobody can know.

    >>> read_instant("2022-01-05T17:00+06:00") == read_instant("1641380400")
    True
    >>> read_instant("11-Nov-2019 00:00:00")
    Stamp(micros=1573430400000000, aware=False)
    >>> read_instant("05/01/2022")
    """
    cell = text.strip().strip('"')
    if _NUMBER.fullmatch(cell) and not (len(cell) == 8 and cell.isdigit()):  # noqa: PLR2004 — YYYYMMDD
        return _read_epoch(cell)
    for form in _FORMS:
        found = form.fullmatch(cell)
        if found:
            return _read_parts(found.groupdict())
    return None


def is_day_or_month_first(text: str) -> bool:
    """Tell whether a cell is a numeric date of which nobody can know the order.

    >>> is_day_or_month_first("05/01/2022 10:00"), is_day_or_month_first("2022-01-05")
    (True, False)
    """
    return _DAY_OR_MONTH.fullmatch(text.strip()) is not None


def find_reader(time_format: str | None) -> Callable[[str], Stamp | None]:
    """Return what reads cells of a format: strptime's, an epoch of a unit, or by rule where None.

    >>> find_reader("%d/%m/%Y %H:%M")("05/01/2022 10:00") == read_instant("2022-01-05 10:00")
    True
    """
    if time_format is None:
        return read_instant
    if time_format in _FORMS_OF_EPOCH:
        unit, aware = _FORMS_OF_EPOCH[time_format]
        return lambda text: _read_number(text, unit, aware=aware)
    return lambda text: _read_by_format(text, time_format)


def _read_number(text: str, unit: int, *, aware: bool) -> Stamp | None:
    cell = text.strip()
    if not _NUMBER.fullmatch(cell):
        return None
    whole, point, part = cell.partition(".")
    if "e" in cell.lower() or (point and part and unit == 1):
        micros = round(float(cell) * 10**6 / unit)
    else:
        micros = int(whole) * 10**6 // unit
    return Stamp(micros, aware) if _is_year_of_man(micros) else None


def _read_epoch(cell: str) -> Stamp | None:
    number = float(cell)
    unit = _UNITS.get(len(str(abs(int(number))))) if abs(number) < 10**19 else None
    return None if unit is None else _read_number(cell, unit, aware=True)


def _is_year_of_man(micros: int) -> bool:
    return 0 <= micros < 4_102_444_800 * 10**6  # 1970 to 2100


def _read_by_format(text: str, time_format: str) -> Stamp | None:
    try:
        moment = datetime.strptime(text.strip(), time_format)  # noqa: DTZ007 — the zone is told elsewhere
    except ValueError:
        return None
    return _stamp(moment)


def _read_parts(parts: dict[str, str | None]) -> Stamp | None:
    month = _MONTHS.get((parts["word"] or "")[:3].lower()) if "word" in parts else int(parts["month"] or 0)
    micro = int((parts["part"] or "0")[:6].ljust(6, "0"))
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    year, day = int(parts["year"] or 0), int(parts["day"] or 0)
    try:
        moment = datetime(year, month or 0, day, hour, minute, second, micro)  # noqa: DTZ001
    except ValueError:
        return None
    if not parts["zone"]:
        return _stamp(moment)
    return _stamp(moment.replace(tzinfo=UTC), _read_offset(parts["zone"]))


def _read_offset(zone: str) -> timedelta:
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def _stamp(moment: datetime, offset: timedelta = timedelta(0)) -> Stamp | None:
    aware = moment.tzinfo is not None
    since = moment - _EPOCH if moment.tzinfo is not None else moment - _NAIVE_EPOCH
    micros = (since - offset) // _MICRO
    return Stamp(micros, aware) if _is_year_of_man(micros) else None
