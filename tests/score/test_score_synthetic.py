"""The generator keeps what its table promises, and what it shows is what it says was true."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from darkhours.model.state import State
from darkhours.score.plans import PLANS
from darkhours.score.recipes import RECIPES, SENSORS, find_recipe
from darkhours.score.synthetic import make_scenario

NAMES = [recipe.name for recipe in RECIPES]


def hours(scenario, entity=0, state=State.DARK):
    truth = scenario.truths[entity]
    return sum(
        ((window.end or truth.until) - window.start).total_seconds() / 3600
        for window in truth.windows
        if window.state is state
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_values_and_another_does_not(name):
    recipe = find_recipe(name)
    one, same, other = (make_scenario(recipe, seed) for seed in (3, 3, 4))
    assert one.truths == same.truths
    for a, b, c in zip(one.panels, same.panels, other.panels, strict=True):
        np.testing.assert_array_equal(a.values, b.values)
        assert not np.array_equal(a.values, c.values, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_truth_lies_in_order_within_its_span(name):
    for seed in range(5):
        for truth in make_scenario(find_recipe(name), seed).truths:
            marks = [mark for window in truth.windows for mark in (window.start, window.end or truth.until)]
            assert marks == sorted(marks)
            assert all(truth.start < mark <= truth.until for mark in marks)


@pytest.mark.parametrize("name", NAMES)
def test_a_panel_tells_nothing_of_the_truth_but_its_values(name):
    scenario = make_scenario(find_recipe(name), 0)
    assert [panel.family for panel in scenario.panels] == [
        SENSORS[sensor].family for sensor in scenario.recipe.sensors
    ]
    assert all(panel.partial is None for panel in scenario.panels)


@pytest.mark.parametrize(
    ("name", "windows", "dark_h"),
    [
        pytest.param("blackout-88d", 1, 2112, id="88-days"),
        pytest.param("curfew-70", 70, 560, id="70-nights"),
        pytest.param("brief-returns", 3, 476, id="20-days-with-two-returns"),
        pytest.param("diurnal", 0, 0, id="no-outage"),
        pytest.param("decline", 0, 0, id="decline-is-no-outage"),
        pytest.param("isolated-zeros", 0, 0, id="single-zeros-are-no-outage"),
        pytest.param("prober-nulls", 1, 0, id="silence-is-unknown"),
    ],
)
def test_a_recipe_is_as_long_as_it_says(name, windows, dark_h):
    for seed in range(3):
        scenario = make_scenario(find_recipe(name), seed)
        assert len(scenario.truths[0].windows) == windows
        assert hours(scenario) == pytest.approx(dark_h, abs=0.001)


def test_the_mixed_bin_holds_its_fraction():
    scenario = make_scenario(find_recipe("blackout-88d"), 5)
    panel, window = scenario.panels[0], scenario.truths[0].windows[0]
    place = (window.start - panel.grid.start) / panel.grid.step
    fraction = place % 1
    values = panel.values[0]
    before, mixed, after = (values[int(place) + shift] for shift in (-1, 0, 1))
    noise = scenario.recipe.noise[1]
    assert after < mixed + 3 * noise * before
    assert mixed == pytest.approx(before * (fraction + (1 - fraction) * 0.05), rel=5 * noise, abs=30)


def test_noise_remembers_itself_and_has_its_width():
    recipe = find_recipe("noisy")
    rows = np.log(np.concatenate([make_scenario(recipe, seed).panels[0].values for seed in range(4)]))
    day = rows.shape[1] * recipe.step_min // 1440
    by_slot = rows[:, : day * 48].reshape(len(rows), day, 48)[:, :, :]
    by_week = by_slot[:, : day // 7 * 7].reshape(len(rows), -1, 7, 48)
    noise = by_week - by_week.mean(axis=1, keepdims=True)
    flat = noise.reshape(len(rows), -1)
    assert np.sqrt((flat**2).mean() * 10 / 9) == pytest.approx(0.15, rel=0.1)
    assert (flat[:, 1:] * flat[:, :-1]).mean() / (flat**2).mean() == pytest.approx(0.6, abs=0.05)


def test_a_prober_that_fails_is_low_in_most_entities_while_the_truth_is_up():
    scenario = make_scenario(find_recipe("prober-loss"), 1)
    assert [len(truth.windows) for truth in scenario.truths] == [1] + [0] * 23
    values = scenario.panels[0].values
    low = values < 0.1 * np.median(values, axis=1, keepdims=True)
    assert low[4:].sum(axis=1).min() >= 12
    assert (low[4:].all(axis=0) == low[4:].any(axis=0)).all()
    assert not low[1:4].any()


def test_nobody_measured_is_nan_and_never_zero():
    scenario = make_scenario(find_recipe("prober-nulls"), 0)
    values, window = scenario.panels[0].values, scenario.truths[0].windows[0]
    assert np.isnan(values[0]).sum() * timedelta(minutes=30) >= window.end - window.start
    assert (values[~np.isnan(values)] > 0).all()


def test_onsets_fall_anywhere_inside_a_bin():
    recipe = find_recipe("outages-hourly")
    truths = [truth for seed in range(10) for truth in make_scenario(recipe, seed).truths]
    phases = np.array([window.start.minute for truth in truths for window in truth.windows])
    assert np.histogram(phases, bins=4, range=(0, 60))[0] / len(phases) == pytest.approx(0.25, abs=0.06)


def test_while_two_families_disagree_the_truth_is_degraded():
    scenario = make_scenario(find_recipe("disagreement"), 2)
    dark, partly = scenario.truths[0].windows
    assert (dark.state, partly.state, dark.end) == (State.DARK, State.DEGRADED, partly.start)
    middle = (partly.start + timedelta(hours=48) - scenario.panels[0].grid.start) // timedelta(minutes=30)
    probing, bgp, traffic = (
        panel.values[0, middle] / np.median(panel.values[0]) for panel in scenario.panels
    )
    assert probing < 0.2
    assert bgp > 0.9
    assert traffic > 0.2


def test_every_plan_is_in_the_table():
    assert {recipe.plan for recipe in RECIPES} == set(PLANS)
