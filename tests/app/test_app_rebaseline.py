"""A new normal: never by itself, only where a person signs for it, and both totals are told."""

from __future__ import annotations

from datetime import timedelta

from darkhours.app.measured import Question, detect
from darkhours.model.state import State
from darkhours.score.recipes import find_recipe
from darkhours.score.synthetic import make_scenario


def step_of():
    scenario = make_scenario(find_recipe("step"), 0)
    return scenario.panels, scenario.truths[0].windows[0].start


def test_a_step_to_a_new_level_stays_degraded_unless_somebody_signs():
    account = detect(step_of()[0])[0]
    assert account.windows[-1].state is State.DEGRADED
    assert account.notes == ()


def test_a_signed_baseline_ends_it_and_tells_both_totals():
    panels, fell = step_of()
    signed = fell + timedelta(days=7)
    without, account = detect(panels)[0], detect(panels, Question(signed=signed))[0]
    assert account.windows[-1].state is State.UP
    assert abs(account.windows[-1].start.at - signed) <= timedelta(hours=2)
    assert abs(account.totals["degraded_h"].value - 168) <= 3
    told = next(note for note in account.notes if note.startswith("without"))
    assert f"degraded_h {without.totals['degraded_h'].value:g}" in told
    assert any("set anew by -" in note for note in account.notes)
