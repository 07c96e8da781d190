"""A place over a span: its pieces tile it, days add up, and what nobody measured is never up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="the extra archive is not installed")

from darkhours.app.entity import EntityCard
from darkhours.app.site_days import describe_span, stages_inside
from darkhours.app.site_entity import Line, PlaceView
from darkhours.app.site_now import Present
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.signal import describe_signal
from darkhours.model.state import State
from darkhours.store import Event

START = datetime(2022, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = Entity("city:1526384", "Almaty", "Asia/Almaty")


def view(values, *dark):
    """A place with one hourly signal and the outages that lie between pairs of hours."""
    grid = Grid(START, HOUR, len(values))
    line = Line(describe_signal("probing.up_pct"), "own", "own", grid, np.array(values, float), "")
    outages = tuple(_outage(first, until) for first, until in dark)
    return PlaceView(EntityCard(PLACE, ()), START, grid.until, (line,), outages, (), 1)


def _outage(first, until):
    start, end = START + first * HOUR, START + until * HOUR
    told = [{"state": "dark", "start": {"at": start.isoformat()}, "end": {"at": end.isoformat()}}]
    return Event(PLACE.id, str(first), start, end, {"windows": told, "status": "ended"})


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "dark", "expected"),
    [
        pytest.param([1] * 4, [], [("up", 0, 4)], id="whole"),
        pytest.param([1, 1, 0, 0, 1], [(2, 4)], [("up", 0, 2), ("dark", 2, 4), ("up", 4, 5)], id="outage"),
        pytest.param([1, NAN, 1], [], [("up", 0, 3)], id="an-hour-is-bridged"),
        pytest.param([1, NAN, NAN, 1], [], [("up", 0, 1), ("unknown", 1, 3), ("up", 3, 4)], id="two-are-not"),
        pytest.param([NAN, NAN, 1], [], [("unknown", 0, 2), ("up", 2, 3)], id="leading-silence"),
        pytest.param([NAN, 0, 0], [(1, 3)], [("unknown", 0, 1), ("dark", 1, 3)], id="dark-to-the-end"),
        pytest.param([1, 0, 0, 1], [(-2, 2)], [("dark", 0, 2), ("up", 2, 4)], id="began-before"),
    ],
)
def test_a_span_is_tiled_by_what_was_found_and_what_was_measured(values, dark, expected):
    told = describe_span(view(values, *dark))

    found = [
        (window.state.value, (window.start.at - START) / HOUR, (window.end.at - START) / HOUR)
        for window in told.windows
    ]
    assert found == expected


def test_days_are_local_and_their_hours_add_up():
    told = describe_span(view([1] * 20 + [0] * 10 + [1] * 18, (20, 30)))

    days = [(str(day.date), day.dark_h, day.up_h) for day in told.days]

    assert days == [("2022-01-05", 0, 18), ("2022-01-06", 10, 14), ("2022-01-07", 0, 6)]


def test_three_nights_of_one_hour_are_a_curfew():
    nights = [(18 + 24 * night, 22 + 24 * night) for night in range(3)]

    (pattern,) = describe_span(view([1] * 96, *nights)).patterns

    assert (pattern.nights, pattern.from_local, pattern.until_local) == (3, "00:00", "04:00")


def test_who_came_back_first_stands_first_and_who_has_not_last():
    def place(name, status, hour):
        since = {"at": (START + hour * HOUR).isoformat()}
        return Present(Entity(f"local:{name}", name, "UTC"), State.UP, status, since, since, 1.0, (), {})

    order = stages_inside(
        [place("late", "probation", 9), place("never", "ongoing", 1), place("early", "ended", 3)]
    )

    assert [told.entity.name for told, _ in order] == ["early", "late", "never"]
    assert order[-1][1] is None


def test_an_outage_that_goes_on_is_not_told_of_the_future():
    told = view([1, 0, 0, 1, 1])
    event = _outage(1, 5)
    body = {**event.body, "windows": [{**event.body["windows"][0], "end": None}]}
    ongoing = replace(event, end=None, body=body)

    pieces = describe_span(replace(told, outages=(ongoing,), newest=START + 3 * HOUR, lines=())).windows

    assert [(w.state.value, (w.end.at - START) / HOUR) for w in pieces] == [
        ("unknown", 1),
        ("dark", 3),
        ("unknown", 5),
    ]
