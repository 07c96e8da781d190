"""Warm-up and baseline: what teaches, what never does, and how fast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_panels import DAY, TUNING, most, panel, rows_of, steady, swinging, timelines, watched

from darkhours.infer.signals.baseline import Baseline
from darkhours.infer.signals.timelines import Asked, infer_signals, notes_of
from darkhours.infer.signals.warmup import slot_shape, warm_up

X = np.nan


def warm(values, **other):
    return warm_up(rows_of(panel(values, **other)), TUNING)


def with_gap(values, first, until, to=X):
    out = values.copy()
    out[first:until] = to
    return out


# --- warm-up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_bins", "until"),
    [
        pytest.param(8, 4, id="never-less-than-four-bins"),
        pytest.param(16, 4, id="a-quarter-that-is-four"),
        pytest.param(14 * DAY, 84, id="a-quarter"),
        pytest.param(28 * DAY, 168, id="a-quarter-that-is-seven-days"),
        pytest.param(60 * DAY, 168, id="never-more-than-seven-days"),
    ],
)
def test_the_warm_up_is_a_quarter_of_the_series_and_at_most_a_week(n_bins, until):
    assert warm(np.full(n_bins, 100.0)).until.tolist() == [until]


def test_leading_silence_is_no_part_of_the_warm_up():
    found = warm(with_gap(steady(14), 0, 48))
    assert found.first.tolist() == [48]
    assert found.until.tolist() == [48 + 72]
    assert not found.teaches[0, :48].any()
    assert np.exp(found.level) == pytest.approx(100, rel=0.02)


def test_a_row_without_a_value_has_no_level():
    found = warm(np.full(48, X))
    assert np.isnan(found.level[0])
    assert found.first.tolist() == [48]


def test_a_swing_of_the_day_is_shape_and_not_scatter():
    found = warm(swinging(28, 0.4))
    assert found.scale[0] < 0.03
    assert found.teaches[0, : 7 * DAY].all()


def test_an_outage_inside_the_warm_up_teaches_nothing():
    found = warm(with_gap(steady(28), 40, 60, to=3.0))
    assert not found.teaches[0, 40:60].any()
    assert np.exp(found.level) == pytest.approx(100, rel=0.02)


def test_an_outage_inside_the_warm_up_is_told():
    (timeline,) = timelines(panel(with_gap(steady(28), 40, 60, to=3.0)))
    assert most(timeline) == f"40u 20D {28 * DAY - 60}u"


@pytest.mark.parametrize(
    ("values", "signal", "thin"),
    [
        pytest.param([29, 30, 29, 30], "atlas.probes_connected_cnt", True, id="below-thirty-on-average"),
        pytest.param([30, 30, 30, 30], "atlas.probes_connected_cnt", False, id="thirty"),
        pytest.param([4.5, 5.5, 4.5, 5.5], "atlas.probes_connected_cnt", False, id="no-whole-numbers"),
        pytest.param([4, 5, 4, 5], "probing.up_pct", False, id="an-index"),
    ],
)
def test_few_whole_counts_are_scored_as_counts(values, signal, thin):
    assert warm(np.tile(values, 24).astype(float), signal=signal).thin.tolist() == [thin]


@pytest.mark.parametrize(
    ("values", "quantum"),
    [([0, 1, 3, 3.5] * 4, 0.5), ([10, 20] * 8, 10), ([7] * 16, 0)],
)
def test_the_grain_of_an_index_is_its_smallest_difference(values, quantum):
    assert warm(np.tile(np.array(values, dtype=float), 4)).quantum.tolist() == [quantum]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([1.0, 1.0], 0.0, id="two-are-too-few"),
        pytest.param([1.0, 2.0, 9.0], 2.0, id="three-are-enough"),
    ],
)
def test_a_slot_speaks_from_three_samples_on(samples, expected):
    y = np.array(samples)
    slots = np.zeros(y.size, dtype=np.int64)
    table = np.concatenate([[v, 0.0] for v in y])
    both = np.tile([0, 1], y.size)
    shape = slot_shape(table, both, table != 0.0, n_slots=2, reach=0, least=TUNING.slot_least)
    assert shape[slots[0]] == expected


# --- baseline --------------------------------------------------------------------------------------------


def test_after_88_dark_days_the_89th_is_dark_and_the_baseline_where_it_was():
    values = np.concatenate([steady(10), steady(89, 3.0, seed=1)])[::2]
    (found,) = infer_signals([panel(values, minutes=120)], Asked())
    baseline = found.traces[0].baseline
    assert baseline[-84:] == pytest.approx(baseline[180:264])
    assert most(found.timeline) == f"{10 * 12}u {89 * 12}D"


def test_a_step_to_60_pct_is_no_new_ordinary():
    found = watched(panel(np.concatenate([steady(14), steady(14, 60.0, seed=1)])))
    assert found.baseline[0, -1] == pytest.approx(100, rel=0.03)


def learned(value: float, hours: int) -> float:
    """Return how far the level moves in some clean hours at ``value``, in log units."""
    rows = rows_of(panel(np.concatenate([np.tile([99.0, 101.0], 14 * DAY), np.full(100, value)])))
    base = Baseline(rows, warm_up(rows, TUNING), TUNING)
    before = base.level[0]
    for t in range(28 * DAY, 28 * DAY + hours):
        base.admit(t, np.array([True]))
    return float(base.level[0] - before)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(130.0, 0.03, id="far-above-moves-three-percent-a-day"),
        pytest.param(75.0, -0.03, id="far-below-as-well"),
    ],
)
def test_the_level_never_drifts_by_more_than_its_bound(value, expected):
    assert learned(value, 24) == pytest.approx(expected, rel=1e-6)


def test_a_little_off_moves_the_level_by_less():
    assert 0 < learned(102.0, 24) < 0.02


@pytest.mark.parametrize(
    ("minutes", "later"),
    [
        pytest.param(30, 5, id="four-bins-are-two-hours"),
        pytest.param(60, 3, id="two-bins"),
        pytest.param(120, 2, id="one-bin"),
        pytest.param(240, 2, id="never-less-than-one"),
    ],
)
def test_a_bin_teaches_when_it_is_two_hours_old(minutes, later):
    at, values = 110, steady(6)
    other = values.copy()
    other[at] *= 1.03
    one, two = (watched(panel(v, minutes=minutes)).baseline[0] for v in (values, other))
    assert int(np.flatnonzero(one != two)[0]) == at + later


def test_a_slot_remembers_its_last_28_samples_however_old():
    rows = rows_of(panel(steady(8)))
    base = Baseline(rows, warm_up(rows, TUNING), TUNING)
    row, told = np.array([0]), []
    for sample, times in ((0.0, 28), (1.0, 14), (1.0, 1)):
        for _ in range(times):
            base._put(row, 5, np.array([sample]))
        told.append(float(base._shape[0, 5]))
    assert told == [0.0, 0.5, 1.0]


def weekly(weeks: int, weekend: float) -> np.ndarray:
    days = np.arange(weeks * 7 * DAY) // DAY % 7
    return steady(weeks * 7) * np.where(days >= 5, weekend, 1.0)


def test_a_weekend_is_learned_and_no_outage():
    (found,) = infer_signals([panel(weekly(6, 0.8))], Asked())
    baseline = found.traces[0].baseline
    assert baseline[-36] < 0.9 * baseline[-36 - 5 * DAY]
    # The first weekends come before anybody could know of them.
    assert set(np.unique(found.timeline.codes[:, 28 * DAY :])) == {0}


def test_an_hour_of_the_week_lies_at_most_thirty_percent_lower():
    rows = rows_of(panel(steady(8)))
    base = Baseline(rows, warm_up(rows, TUNING), TUNING)
    base._week[:], base._week_count[:] = -1.0, 4
    assert np.exp(base._dip(50)) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("drift", "told"),
    [(0.0, 0), (0.19, 0), (0.21, 1), (-0.19, 0), (-0.21, 1)],
)
def test_a_level_that_came_far_is_told(drift, told):
    found = replace(watched(panel(steady(8))), drift=np.log1p([drift]))
    notes = notes_of(found, np.array([0]), TUNING)
    assert len(notes) == told
    assert all("the baseline moved by" in note for note in notes)
