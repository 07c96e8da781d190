"""English dates: months, days of the week, a day, a range of days."""

from __future__ import annotations

from datetime import date

from darkhours.render.figures import NBSP

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Names of our own: those of the machine's language would change the page with the reader."""


def day_name(day: date) -> str:
    """Return a date without its year, such as ``5 Jan``."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"


def long_days(first: date, last: date, *, year: bool = True) -> str:
    """Return a range of dates in words.

    >>> long_days(date(2022, 1, 2), date(2022, 1, 14))
    '2 to 14 January 2022'
    """
    end = f"{last.day} {LONG_MONTHS[last.month - 1]}" + (f" {last.year}" if year else "")
    if first == last:
        return end
    begin = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {LONG_MONTHS[first.month - 1]}" + (
            f" {first.year}" if year and first.year != last.year else ""
        )
    return f"{begin} to {end}"
