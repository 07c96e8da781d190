"""Local days, also where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from posts_by_hand import post

from darkhours.account.days import make_days


def rows(posterior) -> list[tuple[str, float, float, float, float]]:
    days = make_days(posterior)
    return [(f"{d.date:%m-%d}", d.up_h, d.degraded_h, d.dark_h, d.unknown_h) for d in days]


def test_hours_of_each_state_fall_on_their_local_day():
    assert rows(post("20u 2g 8D 4? 14u", tz="UTC")) == [("01-01", 20, 2, 2, 0), ("01-02", 14, 0, 6, 4)]


def test_days_are_those_of_the_place():
    assert rows(post("20u 28D", tz="Asia/Kathmandu")) == [
        ("01-01", 18.25, 0, 0, 0),
        ("01-02", 1.75, 0, 22.25, 0),
        ("01-03", 0, 0, 5.75, 0),
    ]


@pytest.mark.parametrize(
    ("tz", "midnight", "day", "hours"),
    [
        pytest.param(
            "Europe/Berlin", datetime(2022, 3, 26, 23, tzinfo=UTC), date(2022, 3, 27), 23, id="spring"
        ),
        pytest.param(
            "Europe/Berlin", datetime(2022, 10, 29, 22, tzinfo=UTC), date(2022, 10, 30), 25, id="autumn"
        ),
        pytest.param(
            "Asia/Tehran", datetime(2022, 3, 21, 20, 30, tzinfo=UTC), date(2022, 3, 22), 23, id="no-midnight"
        ),
        pytest.param(
            "Asia/Tehran", datetime(2021, 9, 20, 19, 30, tzinfo=UTC), date(2021, 9, 21), 25, id="two-elevens"
        ),
        pytest.param(
            "Asia/Almaty", datetime(2022, 1, 5, 18, tzinfo=UTC), date(2022, 1, 6), 24, id="plus-six-then"
        ),
        pytest.param(
            "Asia/Almaty", datetime(2025, 1, 5, 19, tzinfo=UTC), date(2025, 1, 6), 24, id="plus-five-now"
        ),
    ],
)
def test_a_day_is_as_long_as_the_clocks_made_it(tz, midnight, day, hours):
    days = make_days(post(f"{2 * hours + 23}D", tz=tz, start=midnight, step_h=0.5))
    assert (days[0].date, days[0].dark_h) == (day, hours)
    assert sum(d.dark_h for d in days) == (2 * hours + 23) / 2


def test_a_month_of_half_hours_adds_up_to_its_span():
    days = make_days(
        post("500u 300D 300g 148? 200u", tz="Europe/Berlin", start=datetime(2022, 3, 10, tzinfo=UTC))
    )
    totals = [
        sum(getattr(day, f"{name}_h") for day in days) for name in ("up", "degraded", "dark", "unknown")
    ]
    assert totals == pytest.approx([700, 300, 300, 148])
    assert [day.date.toordinal() for day in days] == list(
        range(days[0].date.toordinal(), days[0].date.toordinal() + len(days))
    )
