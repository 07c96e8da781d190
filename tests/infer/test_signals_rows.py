"""Rows: panels of any step and phase on one grid, partial bins left out, worse always lower."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from small_panels import BEGIN, TUNING, panel, rows_of

from darkhours.infer.signals.rows import make_rows

X = np.nan


@pytest.mark.parametrize(
    ("second", "step_min", "expected", "weight"),
    [
        pytest.param({"minutes": 30}, 30, [5, 6, 7, 8], 1.0, id="the-same-grid"),
        pytest.param({"minutes": 60}, 30, [5, 5, 6, 6, 7, 7, 8, 8], 0.5, id="twice-as-coarse"),
        pytest.param({"minutes": 90}, 30, [5, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8], 1 / 3, id="three-times"),
        pytest.param({"minutes": 30, "start": 60}, 30, [X, X, 5, 6, 7, 8], 1.0, id="begins-later"),
        pytest.param({"minutes": 30, "start": -30}, 30, [5, 6, 7, 8], 1.0, id="begins-earlier"),
        pytest.param({"minutes": 30, "start": 10}, 30, [5, 6, 7, 8], 1.0, id="a-third-of-a-bin-late"),
        pytest.param({"minutes": 30, "start": 20}, 30, [X, 5, 6, 7, 8], 1.0, id="two-thirds-late"),
        pytest.param({"minutes": 45}, 30, [5, 6, 6, 7, 8, 8], 2 / 3, id="half-as-coarse-again"),
        pytest.param({"minutes": 10}, 10, [5, 6, 7, 8], 1.0, id="finer"),
    ],
)
def test_each_bin_holds_what_was_measured_at_its_middle(second, step_min, expected, weight):
    rows = rows_of(panel([1, 1, 1, 1], minutes=30), panel([5, 6, 7, 8], signal="traffic.bytes_idx", **second))
    assert rows.grid.step == timedelta(minutes=step_min)
    told = rows.values[1][: len(expected)]
    assert told == pytest.approx(np.array(expected, dtype=float), nan_ok=True)
    assert np.isnan(rows.values[1][len(expected) :]).all()
    assert rows.weight[1] == pytest.approx(weight)


def test_a_coarse_panel_of_a_year_stays_where_its_instants_are():
    """A step that is no multiple of the finest must not run away from the clock."""
    days = 60
    fine = panel(np.ones(days * 48), minutes=30)
    coarse = panel(np.arange(days * 32), minutes=45, signal="traffic.bytes_idx")
    rows = rows_of(fine, coarse)
    middles = (np.arange(days * 48) + 0.5) * 30
    assert (rows.values[1] == middles // 45).all()


def test_the_grid_covers_every_panel():
    rows = rows_of(panel([1] * 4, start=-120), panel([2] * 4, start=240, signal="traffic.bytes_idx"))
    assert rows.grid.start == BEGIN - timedelta(hours=2)
    assert rows.grid.n_bins == 10


@pytest.mark.parametrize(
    ("partial", "expected"),
    [
        pytest.param([True, False, False, False], [X, 6, 7, 8], id="the-first"),
        pytest.param([False, False, False, True], [5, 6, 7, X], id="the-last"),
        pytest.param(None, [5, 6, 7, 8], id="none"),
    ],
)
def test_a_partial_bin_is_not_measured(partial, expected):
    mask = None if partial is None else np.array(partial)
    assert rows_of(panel([5, 6, 7, 8], partial=mask)).values[0] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("signal", "worse", "value", "expected"),
    [
        pytest.param("probing.up_pct", None, 40.0, 40.0, id="lower-is-worse"),
        pytest.param("latency.loss_pct", None, 30.0, 70.0, id="a-share-of-loss-is-what-is-left"),
        pytest.param("latency.rtt_ms", None, 50.0, 0.02, id="anything-else-its-inverse"),
        pytest.param("latency.rtt_ms", None, 0.0, X, id="no-inverse-of-zero"),
        pytest.param("my.value", "higher", 4.0, 0.25, id="as-the-user-says"),
        pytest.param("probing.up_pct", None, X, X, id="not-measured"),
    ],
)
def test_lower_is_worse_in_every_row(signal, worse, value, expected):
    rows = rows_of(panel([value, 1.0], signal=signal, worse=worse))
    assert rows.values[0, 0] == pytest.approx(expected, nan_ok=True)
    assert rows.raw[0, 0] == pytest.approx(value, nan_ok=True)
    assert rows.one_way[0] == (worse == "higher" or signal.startswith("latency"))


def test_entities_that_two_panels_share_are_one():
    rows = rows_of(panel([[1, 1], [2, 2]]), panel([3, 3], signal="traffic.bytes_idx"))
    assert [entity.id for entity in rows.entities] == ["local:0", "local:1"]
    assert rows.entity.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("minutes", "slots"),
    [(1, 288), (5, 288), (10, 144), (30, 48), (60, 24), (1440, 1), (10_080, 1)],
)
def test_a_day_has_a_slot_a_bin_and_at_most_288(minutes, slots):
    rows = rows_of(panel([1] * 10, minutes=minutes))
    assert rows.slots == slots
    assert set(rows.slot(np.arange(3 * slots))) <= set(range(slots))


def test_the_hours_of_the_week_begin_on_a_monday():
    rows = rows_of(panel([1] * 200))
    assert rows.hour_of_week(np.array([0, 25, 167, 168])).tolist() == [0, 25, 167, 0]


def test_the_floors_are_those_of_what_is_sensed():
    rows = rows_of(
        *(panel([1, 1], signal=s) for s in ("probing.up_pct", "traffic.bytes_idx", "bgp.visible_pct"))
    )
    assert rows.floor.tolist() == [0.03, 0.17, 0.02]
    assert rows.least_shape.tolist() == [0.4, 0.1, 0.5]


def test_no_panel_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="at least one panel"):
        make_rows([], TUNING)
