"""Baselines of a place: where there is a history, the same by either code, on the bins of its signal."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app import site_baseline
from darkhours.app.site_baseline import BaselineShelf, _learn, _panels, cut
from darkhours.model.evidence import Grid
from darkhours.model.panel import Trace
from darkhours.model.signal import describe_signal
from darkhours.render.envelope import envelope
from darkhours.render.span_picture import POINTS

START = datetime(2022, 1, 5, tzinfo=UTC)


def test_a_week_with_a_history_is_drawn_with_what_it_was_held_against(get):
    assert 'class="sig-base"' in get("/entity/region:KZ-75").text


def test_a_long_span_says_that_its_baseline_is_being_worked_out_and_then_has_it(get, monkeypatch):
    page = "/entity/region:KZ-75?from=2026-10-20&until=2026-11-26"
    asked, really = threading.Event(), site_baseline.work_out
    monkeypatch.setattr(site_baseline, "work_out", lambda *told: asked.wait(60) and really(*told))
    first = get(page).text
    asked.set()

    assert 'class="sig-base"' not in first
    assert "The baseline is being worked out" in first
    until = time.monotonic() + 120
    while "being worked out" in (text := get(page).text) and time.monotonic() < until:
        time.sleep(0.1)
    assert "Nothing was measured before this span" in text  # which begins before the archive does


def test_a_long_span_is_held_against_what_a_short_one_is(site, monkeypatch):
    view = site.place("region:KZ-75")
    fine = BaselineShelf(lambda: site.archive).learn(site.archive, view)
    monkeypatch.setattr(site_baseline, "LONGEST", timedelta(days=1))
    asked = threading.Event()
    shelf = BaselineShelf(lambda: site.archive if asked.wait(60) else None, site.leave)

    assert shelf.learn(site.archive, view) is None
    assert shelf.is_pending(site.archive, view)
    asked.set()
    until = time.monotonic() + 120
    while shelf.is_pending(site.archive, view) and time.monotonic() < until:
        time.sleep(0.05)
    coarse = shelf.learn(site.archive, view)

    assert coarse.since == fine.since
    for line in view.lines:
        exact, drawn = envelope(fine.of(line), POINTS), envelope(coarse.of(line), POINTS)
        np.testing.assert_allclose(drawn.low, (exact.low + exact.high) / 2, rtol=1e-6)
        assert coarse.of(line).size == line.grid.n_bins


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
