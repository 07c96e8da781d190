"""Local time of the date, from the tzdata package: the same on every machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@cache
def find_zone(tz: str) -> ZoneInfo:
    """Return the zone as the tzdata package has it, whatever the machine's own database says.

    Raises:
        ValueError: there is no zone of that name.
    """
    parts = tz.split("/")
    if not all(part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts):
        raise ValueError(f"unknown zone {tz!r}: expected an IANA name such as 'Asia/Almaty'")
    try:
        with files("tzdata").joinpath("zoneinfo", *parts).open("rb") as stream:
            return ZoneInfo.from_file(stream, key=tz)
    except (OSError, ValueError) as error:
        raise ValueError(f"unknown zone {tz!r}: expected an IANA name such as 'Asia/Almaty'") from error


def valid_zone(tz: str) -> bool:
    """Tell whether there is an IANA zone of that name.

    >>> valid_zone("Asia/Almaty"), valid_zone("Asia/Nowhere")
    (True, False)
    """
    try:
        find_zone(tz)
    except ValueError:
        return False
    return True


def local(instant: datetime, tz: str) -> datetime:
    """Return an instant on the clocks of a zone, as they went on that date.

    Args:
        instant: aware, in any zone.
        tz: IANA zone.

    Raises:
        ValueError: the instant is naive, or there is no such zone.

    >>> from datetime import UTC
    >>> local(datetime(2022, 1, 5, 11, tzinfo=UTC), "Asia/Almaty").isoformat()
    '2022-01-05T17:00:00+06:00'
    """
    if instant.utcoffset() is None:
        raise ValueError(f"expected an instant with its zone, got the naive {instant.isoformat()}")
    return instant.astimezone(find_zone(tz))


def zone_name_offset(instant: datetime, tz: str) -> str:
    """Return the offset of a zone at an instant, as people write it.

    >>> from datetime import UTC
    >>> zone_name_offset(datetime(2022, 1, 5, tzinfo=UTC), "Asia/Almaty")
    'UTC+6'
    >>> zone_name_offset(datetime(2022, 1, 5, tzinfo=UTC), "Asia/Kolkata")
    'UTC+5:30'
    """
    offset = local(instant, tz).utcoffset() or timedelta(0)
    sign = "−" if offset < timedelta(0) else "+"
    minutes = abs(offset) // timedelta(minutes=1)
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
