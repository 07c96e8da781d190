"""Smoothing by a publisher is seen in the values, and never where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from darkhours.infer.signals.smoothing import (
    FASTEST,
    LARGEST_MOVE,
    LEAST_FALLS,
    LEAST_H,
    LEAST_PLACES,
    find_smoothing,
)
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal
from darkhours.score.recipes import RECIPES, find_recipe
from darkhours.score.synthetic import make_scenario

INDEX = describe_signal("probing.connectivity_idx")
HOUR = timedelta(hours=1)


def panel_of(name: str, seed: int = 0, sensor: int = 0) -> Panel:
    """Return a panel of a recipe as one of which smoothing may be seen: an index."""
    return replace(make_scenario(find_recipe(name), seed).panels[sensor], signal=INDEX)


def mean_of(panel: Panel, width: int) -> Panel:
    """Return a panel as a publisher gives it that takes means over the last ``width`` bins."""
    first = panel.values[:, :1].repeat(width - 1, axis=1)
    wide = np.lib.stride_tricks.sliding_window_view(np.hstack([first, panel.values]), width, axis=1)
    return replace(panel, values=wide.mean(axis=2))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", [recipe.name for recipe in RECIPES if not recipe.smoothed_h[1]])
def test_what_is_not_smoothed_never_seems_so(name, seed):
    """Even where counts are read as an index, of which it could be."""
    for panel in make_scenario(find_recipe(name), seed).panels:
        assert find_smoothing(replace(panel, signal=INDEX)) is None


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("width", [3, 4, 6, 9, 12])
@pytest.mark.parametrize("grain", [0, 10], ids=["fine", "rounded-to-tens"])
def test_the_width_of_a_mean_is_seen(width, seed, grain):
    index = panel_of("outages-hourly", seed)
    index = mean_of(replace(index, values=np.minimum(index.values / 10, 100)), width)
    if grain:
        index = replace(index, values=np.round(index.values / grain) * grain)
    seen = find_smoothing(index)
    assert seen is not None
    assert seen / HOUR == pytest.approx(width, rel=0.2)


@pytest.mark.parametrize("name", ["smoothed", "smoothed-centred"])
def test_it_is_seen_in_what_the_generator_smooths(name):
    recipe = find_recipe(name)
    for seed in range(4):
        seen = find_smoothing(make_scenario(recipe, seed).panels[0])
        assert recipe.smoothed_h[0] * HOUR <= seen <= recipe.smoothed_h[1] * HOUR


def test_scale_tells_nothing_of_smoothing():
    index = panel_of("smoothed")
    assert find_smoothing(replace(index, values=index.values * 1e-3)) == find_smoothing(index)


def ramps(places: int, falls: int, width: float, *, step_h: float = 1.0, move: float = 0.0) -> Panel:
    """Return places without noise, each of which falls alike for two days; ``falls`` in all."""
    index = panel_of("smoothed")
    day = round(24 / step_h)
    values = np.full((places, 40 * day), 100.0)
    for fall in range(falls):
        row, begin = fall % places, (4 + 6 * (fall // places)) * day
        bins = np.arange(values.shape[1])
        values[row] -= 95 * np.clip((bins - begin) / width, 0, 1) * (bins < begin + 2 * day)
        back = (bins - begin - 2 * day) / (2 * width)
        values[row] -= 95 * np.clip(1 - back, 0, 1) * (bins >= begin + 2 * day)
    values[0, -2:] -= 100 * move
    grid = replace(index.grid, step=HOUR * step_h, n_bins=values.shape[1])
    return replace(index, entities=index.entities[:places], grid=grid, values=values)


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        pytest.param({}, True, id="all-at-their-least"),
        pytest.param({"falls": LEAST_FALLS - 1}, False, id="a-fall-too-few"),
        pytest.param({"places": LEAST_PLACES - 1}, False, id="a-place-too-few"),
        pytest.param({"width": 2 * LEAST_H, "step_h": 0.5}, True, id="two-hours-of-half-an-hour"),
        pytest.param({"width": 2 * LEAST_H - 1, "step_h": 0.5}, False, id="an-hour-and-a-half"),
        pytest.param({"width": FASTEST}, False, id="no-more-than-a-slope-takes"),
        pytest.param({"move": LARGEST_MOVE}, True, id="a-bin-that-moves-by-a-half"),
        pytest.param({"move": LARGEST_MOVE + 0.01}, False, id="a-bin-that-moves-by-more"),
    ],
)
def test_smoothing_is_seen_from_its_bars_on(told, seen):
    told = {"places": LEAST_PLACES, "falls": LEAST_FALLS, "width": 5} | told
    assert (find_smoothing(ramps(**told)) is not None) is seen


def test_falls_at_many_speeds_are_no_window():
    one, other = ramps(4, 8, 4), ramps(4, 8, 12)
    both = replace(one, values=np.where(np.arange(4)[:, None] < 2, one.values, other.values))
    assert find_smoothing(both) is None


def test_noise_that_moves_from_bin_to_bin_was_not_smoothed():
    slow = ramps(4, 8, 5)
    noise = np.random.default_rng(1).normal(0, 3, slow.values.shape)
    assert find_smoothing(slow) is not None
    assert find_smoothing(replace(slow, values=np.maximum(slow.values + noise, 0))) is None


@pytest.mark.parametrize("other", [{"kind": "count"}, {"worse": "higher"}], ids=["counts", "latency"])
def test_counts_and_what_is_worse_when_high_are_never_taken_to_be_smoothed(other):
    assert find_smoothing(replace(panel_of("smoothed"), signal=replace(INDEX, **other))) is None


def test_silence_and_values_without_measure_are_no_smoothing():
    index = panel_of("smoothed")
    odd = np.full(index.values.shape, np.nan)
    odd[0], odd[1, :50], odd[2] = np.inf, 3.0, 0.0
    assert find_smoothing(replace(index, values=odd)) is None
