"""Smoothing that nobody told of is seen, allowed for and said; whoever tells is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from darkhours.app.flags import TableFlags
from darkhours.app.measured import Question, detect
from darkhours.app.outages import find, make_wish
from darkhours.model.panel import Panel
from darkhours.score.recipes import find_recipe
from darkhours.score.synthetic import Scenario, make_scenario

SMOOTHED = "smoothed_h.probing.connectivity_idx"
SHORT = {"days": 24, "events": (1, 1), "smoothed_h": (6.0, 6.0)}
ASKED = Question(unrelated=False)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return make_scenario(replace(find_recipe("smoothed"), **SHORT), 0)


@pytest.fixture(scope="module")
def file(scenario, tmp_path_factory):
    (panel,) = scenario.panels
    path = tmp_path_factory.mktemp("smoothed") / "index.csv"
    rows = [
        f"{panel.grid.at(bin_).isoformat()},{entity.name},{value:.3f}"
        for entity, line in zip(panel.entities, panel.values, strict=True)
        for bin_, value in enumerate(line)
    ]
    path.write_text("\n".join(["time,place,value", *rows]), encoding="utf-8")
    return path


FLAGS = TableFlags(entity=("place",), signal="probing.connectivity_idx")


def told_of(account) -> list[str]:
    return [note for note in account.notes if "smoothed" in note]


def test_what_its_publisher_smoothed_is_told_in_the_account_of_each_place(file):
    outcome = find(make_wish([file], FLAGS))
    assert len(outcome.accounts) == 8
    for account in outcome.accounts:
        (note,) = told_of(account)
        assert note in outcome.notes
        assert "probing.connectivity_idx" in note
        assert "over about 6 h" in note
        assert account.provenance.parameters[SMOOTHED] == 6


@pytest.mark.parametrize(
    ("smoothed", "width"), [pytest.param("0h", None, id="not-at-all"), pytest.param("4h", 4, id="four-hours")]
)
def test_who_tells_of_smoothing_is_believed(file, smoothed, width):
    for account in find(make_wish([file], replace(FLAGS, smoothed=smoothed))).accounts:
        assert told_of(account) == []
        assert account.provenance.parameters.get(SMOOTHED) == width


def test_live_sees_no_smoothing_for_that_takes_later_bins(file):
    assert [told_of(account) for account in find(make_wish([file], FLAGS, live=True)).accounts] == [[]] * 8


def edges(panels: tuple[Panel, ...], truths, **asked) -> tuple[list[float], list[float]]:
    """Return by how many hours each begin is late, and the error of each length."""
    accounts = {account.entity: account for account in detect(panels, replace(ASKED, **asked))}
    late, longer = [], []
    for truth in truths:
        for window in truth.windows:
            near = [o for o in accounts[truth.entity].outages if o.start.at < window.end and o.end]
            (outage,) = [o for o in near if o.end.at > window.start]
            late.append((outage.start.at - window.start) / timedelta(hours=1))
            longer.append((outage.end.at - window.end) / timedelta(hours=1) - late[-1])
    return late, longer


def test_edges_of_a_trailing_mean_are_the_middle_and_lengths_are_right(scenario):
    late, longer = edges(scenario.panels, scenario.truths)
    assert np.median(late) == pytest.approx(3 - 0.5, abs=0.5)
    assert np.abs(longer).max() < 1
    _, blind = edges(scenario.panels, scenario.truths, see_smoothing=False)
    assert np.abs(blind).mean() > 3 * np.abs(longer).mean()


def test_a_place_of_a_file_that_is_not_smoothed_has_no_word_of_it():
    panels = make_scenario(replace(find_recipe("outages-hourly"), days=20, n_entities=4), 0).panels
    for account in detect(panels, ASKED):
        assert told_of(account) == []
        assert not [name for name in account.provenance.parameters if name.startswith("smoothed")]
