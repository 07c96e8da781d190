"""Curfews to the minute: the phase that nights must share, and nights that begin near midnight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from posts_by_hand import START

from darkhours.account.patterns import find_curfews
from darkhours.account.spans import Span


def nights(*begins: tuple[int, str], hours: float = 6.0, code: int = 2):
    """Return a path with nights that begin at (day, HH:MM), each of so many hours, then three days up."""
    spans, now = [], 0.0
    for day, clock in begins:
        start = 24.0 * day + int(clock[:2]) + int(clock[3:]) / 60
        spans += [Span(0, now, start), Span(code, start, start + hours)]
        now = start + hours
    return (*spans, Span(0, now, now + 72.0))


def counted(*begins: tuple[int, str], **more) -> list[int]:
    return [pattern.nights for pattern in find_curfews(nights(*begins, **more), START, "UTC")]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param("21:30", [3], id="exactly-ninety-minutes"),
        pytest.param("21:31", [], id="ninety-one"),
        pytest.param("18:30", [3], id="exactly-ninety-before"),
        pytest.param("18:29", [], id="ninety-one-before"),
    ],
)
def test_nights_start_within_ninety_minutes(last, expected):
    assert counted((0, "20:00"), (1, "20:00"), (2, last)) == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [(16.0, [3]), (16.1, [])], ids=["exactly-sixteen-hours", "longer"]
)
def test_a_night_is_at_most_sixteen_hours_long(hours, expected):
    assert counted((0, "17:00"), (1, "17:00"), (2, "17:00"), hours=hours) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param((0, 1, 4, 5), [4], id="a-weekend-without"),
        pytest.param((0, 1, 5, 6), [], id="four-days-apart"),
        pytest.param((0, 1, 2, 6, 7, 8), [3, 3], id="two-curfews"),
    ],
)
def test_a_curfew_outlasts_a_weekend_and_no_more(days, expected):
    assert counted(*((day, "20:00") for day in days)) == expected


def test_nights_of_slow_service_are_a_curfew_too():
    assert counted((0, "20:00"), (1, "20:00"), (2, "20:00"), code=1) == [3]


def test_a_night_that_is_not_over_is_none():
    path = nights((0, "20:00"), (1, "20:00"), (2, "20:00"))[:-1]
    assert find_curfews(path, START, "UTC") == ()


def test_a_curfew_is_told_by_its_median_hours_and_its_dates():
    (pattern,) = find_curfews(nights((0, "23:50"), (1, "23:40"), (2, "23:20")), START, "UTC")
    assert (pattern.from_local, pattern.until_local) == ("23:40", "05:40")
    assert (pattern.first, pattern.last) == (START.date(), date(2022, 1, 3))


def test_the_median_of_times_around_midnight_is_near_midnight():
    (pattern,) = find_curfews(nights((0, "23:30"), (2, "00:10"), (3, "00:20")), START, "UTC")
    assert pattern.from_local == "00:10"


def test_the_zone_says_which_hour_it_was():
    (pattern,) = find_curfews(nights((0, "20:00"), (1, "20:00"), (2, "20:00")), START, "Asia/Almaty")
    assert (pattern.from_local, pattern.until_local) == ("02:00", "08:00")
    assert pattern.first == START.date() + timedelta(days=1)
