"""Signals: levels by their borders, gaps as gaps, suspect bins marked, curves bounded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import data_fixture as data
import numpy as np
import pytest

from darkhours.model.panel import Coverage
from darkhours.model.signal import describe_signal
from darkhours.model.state import State
from darkhours.render.level import level_between
from darkhours.render.scale import Scale
from darkhours.render.signals import Box, columns_for, draw_trace, lean_of, signal_legend, thin

ACCOUNT = data.place(0, 0, 130.0)
SCALE = Scale(ACCOUNT.start, ACCOUNT.until, 158, 1167)


def of_values(values, *, worse="lower", coverage=None):
    """Return a trace of these values an hour apart, with a baseline of 100."""
    made = data.trace(ACCOUNT)
    grid = replace(made.grid, n_bins=len(values))
    base = np.full(len(values), 100.0)
    low, lower = (base * 1.5, base * 4) if worse == "higher" else (base * 0.85, base * 0.2)
    bins = np.zeros(len(values), np.uint8) if coverage is None else np.array(coverage, np.uint8)
    signal = describe_signal("speed", worse=worse)
    return replace(
        made, signal=signal, grid=grid, values=np.array(values, float), baseline=base, low=low, lower=lower,
        coverage=bins,
    )  # fmt: skip


def hour(number):
    return ACCOUNT.start + timedelta(hours=number)


@pytest.mark.parametrize(
    ("values", "worse", "lean"),
    [
        pytest.param([100, 100, 100], "lower", State.UP, id="ordinary"),
        pytest.param([85, 85, 85], "lower", State.UP, id="on-the-border-of-degraded-is-up"),
        pytest.param([84, 84, 84], "lower", State.DEGRADED, id="below-it-is-degraded"),
        pytest.param([20, 20, 20], "lower", State.DEGRADED, id="on-the-border-of-dark-is-degraded"),
        pytest.param([19, 19, 19], "lower", State.DARK, id="below-it-is-dark"),
        pytest.param([0, 0, 100, 100], "lower", State.DARK, id="half-the-bins-are-enough"),
        pytest.param([np.nan] * 3, "lower", State.UNKNOWN, id="not-measured-is-never-zero"),
        pytest.param([120, 120], "higher", State.UP, id="higher-is-worse-and-it-is-not-high"),
        pytest.param([200, 200], "higher", State.DEGRADED, id="higher-is-worse"),
    ],
)
def test_a_level_leans_to_the_state_beyond_whose_border_it_lies(values, worse, lean):
    trace = of_values(values, worse=worse)
    assert level_between(trace, hour(0), hour(len(values))).lean is lean


def test_suspect_bins_lean_to_nothing():
    trace = of_values([0, 0, 100], coverage=[Coverage.SUSPECT, Coverage.SUSPECT, Coverage.COVERED])
    level = level_between(trace, hour(0), hour(3))
    assert (level.lean, level.measured, level.suspect) == (State.UP, 1, 2)


def test_a_gap_breaks_the_line_and_is_dotted():
    trace = data.trace(ACCOUNT)
    drawn = draw_trace(trace, lean_of(ACCOUNT, trace), SCALE, 0, columns_for(1))
    line = re.search(r'<path d="([^"]*)" class="s-line"', drawn)[1]
    assert line.count("M") == 2
    assert 'class="unk"' in drawn
    assert 'class="s-sus"' in drawn


def test_one_bin_between_gaps_is_still_seen():
    drawn = draw_trace(of_values([np.nan, 50, np.nan]), lean_of(ACCOUNT, data.trace(ACCOUNT)), SCALE, 0, 100)
    assert "h.1" in drawn


@pytest.mark.parametrize("step_h", [1.0, 0.5, 1 / 12])
def test_a_fine_signal_is_no_larger_than_its_columns(step_h):
    trace = data.trace(ACCOUNT, step_h=step_h)
    thinned = thin(trace, Box(SCALE, 0, 36, 60))
    assert len(thinned.x) <= 60
    assert np.nanmin(thinned.low_value) == pytest.approx(4.0)


def test_a_signal_outside_the_picture_is_unmeasured_there():
    trace = data.trace(ACCOUNT)
    later = Scale(ACCOUNT.until + timedelta(days=1), ACCOUNT.until + timedelta(days=2), 0, 100)
    assert thin(trace, Box(later, 0, 36, 60)) is None
    assert 'class="unk"' in draw_trace(trace, lean_of(ACCOUNT, trace), later, 0, 60)


def test_a_signal_that_was_never_measured_is_drawn_without_a_line():
    trace = of_values([np.nan] * 30)
    drawn = draw_trace(trace, lean_of(ACCOUNT, trace), SCALE, 0, 60)
    assert "s-line" not in drawn
    assert "not measured" in drawn


def test_the_legend_tells_only_what_there_is():
    assert signal_legend([]) == []
    words = [told for _, told in signal_legend([of_values([1, 2, 3])])]
    assert not any("suspect" in told or "not measured" in told for told in words)
