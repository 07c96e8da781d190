"""Reads the instants and steps that a person types."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from darkhours.model.errors import ConfigError

_STEP = re.compile(r"([1-9][0-9]{0,3})\s*(s|m|min|h)")
_DURATION = re.compile(r"([0-9]{1,6})\s*(s|m|min|h)")
_UNIT_S = {"s": 1, "m": 60, "min": 60, "h": 3600}
MIN_STEP = timedelta(minutes=1)
MAX_STEP = timedelta(hours=6)
"""Widest step: wider bins than this cannot hold the restorations that an account is about."""


def read_instant(text: str, option: str = "--as-of") -> datetime:
    """Return the instant that ``text`` names; UTC where it names no zone.

    Raises:
        ConfigError: it is no ISO 8601 time.

    >>> read_instant("2022-01-10T12:00+06:00").isoformat()
    '2022-01-10T06:00:00+00:00'
    >>> read_instant("2022-01-10").isoformat()
    '2022-01-10T00:00:00+00:00'
    """
    try:
        instant = datetime.fromisoformat(text.strip())
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = (
            f"{option}: expected an ISO time such as 2022-01-10T06:00Z or 2022-01-10T12:00+06:00 "
            f"(UTC where no zone is given), got {text!r}"
        )
        raise ConfigError(message) from error


def read_date(text: str, option: str) -> date:
    """Return the date that ``text`` names.

    Raises:
        ConfigError: it is no date.

    >>> read_date("2022-01-02", "--from")
    datetime.date(2022, 1, 2)
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigError(f"{option}: expected a date such as 2022-01-02, got {text!r}") from error


def read_duration(text: str, option: str, least: timedelta, most: timedelta) -> timedelta:
    """Return the duration that ``text`` names.

    Raises:
        ConfigError: it is none, or outside ``least`` … ``most``.

    >>> read_duration("6h", "--smoothed", timedelta(0), timedelta(days=2))
    datetime.timedelta(seconds=21600)
    """
    match = _DURATION.fullmatch(text.strip())
    length = timedelta(seconds=int(match[1]) * _UNIT_S[match[2]]) if match else None
    if length is None or not least <= length <= most:
        span = f"from {least} to {most}"
        raise ConfigError(f"{option}: expected a duration such as 90s, 10m or 6h, {span}, got {text!r}")
    return length


def read_step(text: str, option: str = "--step") -> timedelta:
    """Return the width of a bin that ``text`` names.

    Raises:
        ConfigError: it is no such width, or outside 1 minute to 6 hours, or does not
            divide a day.

    >>> read_step("15m"), read_step("1h")
    (datetime.timedelta(seconds=900), datetime.timedelta(seconds=3600))
    """
    match = _STEP.fullmatch(text.strip())
    step = timedelta(seconds=int(match[1]) * _UNIT_S[match[2]]) if match else timedelta(0)
    if not MIN_STEP <= step <= MAX_STEP or timedelta(days=1) % step:
        message = (
            f"{option}: expected minutes or hours that divide a day, from 1m to 6h, "
            f"such as 5m, 15m or 1h, got {text!r}"
        )
        raise ConfigError(message)
    return step
