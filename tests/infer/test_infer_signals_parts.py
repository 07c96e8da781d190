"""Many entities are worked on in parts: what is found of one does not move with how many there are."""

from __future__ import annotations

import numpy as np
import pytest

from darkhours.infer.chain.draw import draw_smoothed, smooth
from darkhours.infer.signals import timelines
from darkhours.infer.signals.timelines import Asked, infer_signals
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.watch import moves_per_bin
from darkhours.score.recipes import find_recipe
from darkhours.score.synthetic import make_scenario


def codes_by_entity(panels, asked):
    return {item.entity.id: item.timeline.codes for item in infer_signals(panels, asked)}


@pytest.mark.parametrize("recipe", ["outages-hourly", "families"])
def test_parts_of_one_or_three_entities_find_what_all_at_once_do(monkeypatch, recipe):
    panels = make_scenario(find_recipe(recipe), 3).panels
    whole = codes_by_entity(panels, Asked())
    n_bins, rows_each = panels[0].grid.n_bins, len(panels)
    for size in (1, 3):
        monkeypatch.setattr(timelines, "AT_ONCE", size * n_bins * rows_each)
        parts = codes_by_entity(panels, Asked())
        assert list(parts) == list(whole)
        assert all(np.array_equal(parts[entity], whole[entity]) for entity in whole)


def test_the_gate_sees_every_entity_at_once(monkeypatch):
    monkeypatch.setattr(timelines, "AT_ONCE", 1)
    panels = make_scenario(find_recipe("prober-loss"), 0).panels
    (only,) = timelines._part(panels, Asked(unrelated=True))
    assert only is panels


def test_drawn_histories_hold_each_state_as_often_as_it_is_likely():
    rng = np.random.default_rng(0)
    moves = moves_per_bin(Tuning(), 1.0)
    alpha = np.empty((1, 60, 6))
    state = np.full(6, 1 / 6)
    for t in range(60):
        state = (state @ moves) * np.exp(rng.normal(0, 2, 6))
        alpha[0, t] = state = state / state.sum()
    drawn = draw_smoothed(alpha[0], moves, n_samples=4000, seed=1)
    shares = (drawn[:, :, None] == np.arange(6)).mean(axis=0)
    assert shares == pytest.approx(smooth(alpha, moves)[0], abs=0.04)
