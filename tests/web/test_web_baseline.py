"""Baselines of a place: where there is a history, the same by either code, on the bins of its signal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.site_baseline import _learn, _panels, cut
from darkhours.model.evidence import Grid
from darkhours.model.panel import Trace
from darkhours.model.signal import describe_signal

START = datetime(2022, 1, 5, tzinfo=UTC)


def test_a_week_with_a_history_is_drawn_with_what_it_was_held_against(get):
    assert 'class="sig-base"' in get("/entity/region:KZ-75").text


def test_a_span_that_nothing_was_measured_before_has_none(get):
    text = get("/entity/region:KZ-75?from=2026-11-10&until=2026-11-13").text

    assert 'class="sig-base"' not in text
    assert "Nothing was measured before this span" in text


def test_kernels_and_readable_code_hold_a_place_against_the_same(site):
    pytest.importorskip("numba", reason="the extra archive is not installed")
    view = site.place("region:KZ-75")
    panels = _panels(site.archive, view)

    readable, kernels = (_learn(panels, view, bulk=bulk) for bulk in (False, True))

    assert readable.since == kernels.since
    for line in view.lines:
        np.testing.assert_allclose(readable.of(line), kernels.of(line), rtol=1e-6)


@pytest.mark.parametrize(
    ("minutes", "first", "expected"),
    [
        pytest.param(60, 0, [0, 6, 12], id="hours-of-ten-minutes"),
        pytest.param(10, 3, [3, 4, 5], id="later"),
        pytest.param(60, -6, [np.nan, 0, 6], id="before-the-history"),
    ],
)
def test_a_baseline_is_cut_to_the_bins_of_its_signal(minutes, first, expected):
    step = timedelta(minutes=10)
    values = np.arange(18.0)
    told = Trace("x", describe_signal("probing.up_pct"), "own", Grid(START, step, 18), *(values,) * 4, values)

    assert cut(told, Grid(START + first * step, timedelta(minutes=minutes), 3)).tolist() == pytest.approx(
        expected, nan_ok=True
    )
