"""What our detector must show on synthetic truth at any seed: the bars, and never worse than the others.

Each bar stands on two seeds here; the bench draws more of them.
"""

from __future__ import annotations

from functools import cache

import pytest
from known_failures import KNOWN_FAILURES, find_failure

from darkhours.app.measured import Question, detect
from darkhours.app.score import find_detector, score_recipe
from darkhours.model.account import Account
from darkhours.model.state import State
from darkhours.score.metrics import Score, Tally, summarise
from darkhours.score.recipes import find_recipe
from darkhours.score.synthetic import make_scenario

pytestmark = pytest.mark.slow

SEEDS = (0, 1)
NOT_UP = (State.DEGRADED, State.DARK)


@cache
def accounts(name: str, seed: int) -> list[Account]:
    recipe = find_recipe(name)
    return detect(make_scenario(recipe, seed).panels, Question(unrelated=recipe.unrelated))


def states(account: Account) -> list[State]:
    """Return the states of the windows that are not up, in order."""
    return [window.state for window in account.windows if window.state in NOT_UP]


@cache
def tally_of(detector: str, name: str) -> Tally:
    return score_recipe(find_detector(detector), find_recipe(name), len(SEEDS))


def score_of(detector: str, *names: str) -> Score:
    """Return the score of a detector over several recipes together."""
    return summarise(sum((tally_of(detector, name) for name in names), Tally()))


# --- accounts that are known to the minute ---------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_eighty_eight_days_are_one_window_of_2112_hours(seed):
    (account,) = accounts("blackout-88d", seed)
    assert states(account) == [State.DARK]
    assert account.totals["dark_h"].value == pytest.approx(2112, abs=0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_seventy_nights_are_560_hours_and_one_pattern(seed):
    (account,) = accounts("curfew-70", seed)
    assert account.totals["dark_h"].value == pytest.approx(560, abs=2)
    assert [pattern.nights for pattern in account.patterns] == [70]


@pytest.mark.parametrize("seed", SEEDS)
def test_two_returns_of_two_hours_are_told_and_deducted(seed):
    (account,) = accounts("brief-returns", seed)
    assert account.totals["dark_h"].value == pytest.approx(476, abs=0.5)
    assert account.totals["restored_h"].value == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("diurnal", id="swings-of-40-pct-with-a-weekly-dip"),
        pytest.param("decline", id="30-pct-lost-in-three-weeks"),
        pytest.param("thin-quiet", id="four-counts-a-bin"),
    ],
)
def test_what_is_no_outage_has_no_window(name, seed):
    assert [states(account) for account in accounts(name, seed) if states(account)] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_to_60_pct_is_degraded_for_good_and_never_dark(seed):
    for account in accounts("step", seed):
        assert states(account) == [State.DEGRADED]
        assert account.windows[-1].end is None


@pytest.mark.parametrize("seed", SEEDS)
def test_nulls_of_a_prober_are_unknown_and_never_dark(seed):
    for account in accounts("prober-nulls", seed):
        assert State.UNKNOWN in {window.state for window in account.windows}
        assert State.DARK not in states(account)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_twenty_entities_that_fall_together_and_one_that_truly_falls_only_that_one_is_told(seed):
    truths = make_scenario(find_recipe("prober-loss"), seed).truths
    true = [truth.entity for truth in truths if any(w.state in NOT_UP for w in truth.windows)]
    assert len(true) == 1
    assert [account.entity for account in accounts("prober-loss", seed) if states(account)] == true


@pytest.mark.parametrize("seed", SEEDS)
def test_sixty_isolated_zeros_are_at_most_one_dark_window(seed):
    (account,) = accounts("isolated-zeros", seed)
    assert states(account).count(State.DARK) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blackout_that_has_not_ended_has_no_end(seed):
    (account,) = accounts("ongoing", seed)
    assert account.status == "ongoing"
    assert account.windows[-1].end is None


# --- events, edges and intervals -------------------------------------------------------------------------

DENSE = ("outages", "outages-hourly", "ramps")
STEP_MIN = {"outages": 30, "outages-hourly": 60, "ramps": 30, "thin": 10}


@pytest.mark.parametrize(
    ("names", "recall"),
    [pytest.param(DENSE, 0.99, id="dense"), pytest.param(("thin",), 0.97, id="sparse-counts")],
)
def test_outages_of_two_bins_and_more_are_found(names, recall):
    assert score_of("darkhours", *names).recall >= recall


@pytest.mark.parametrize("names", [("noisy",), DENSE], ids=["noise-of-15-pct", "beside-true-outages"])
def test_at_most_one_window_in_fifty_weeks_is_false(names):
    assert score_of("darkhours", *names).false_per_week <= 1 / 50


@pytest.mark.parametrize(
    ("name", "bins"),
    [*((name, 0.25) for name in DENSE), ("thin", 1.5)],
)
def test_edges_lie_inside_their_bin(name, bins):
    assert score_of("darkhours", name).edge_p90_min <= bins * STEP_MIN[name]


@pytest.mark.parametrize(
    ("name", "bins"),
    [*((name, 1.2) for name in DENSE), ("thin", 2.5)],
)
def test_intervals_of_90_pct_are_neither_too_narrow_nor_too_wide(name, bins):
    score = score_of("darkhours", name)
    assert 0.85 <= score.coverage <= 0.97
    assert score.width_median_min <= bins * STEP_MIN[name]


def test_edges_of_what_a_publisher_smoothed_are_allowed_for():
    """A trailing mean and a centred one look alike, so that intervals hold both: of the second, always."""
    trailing, centred = (score_of("darkhours", name) for name in ("smoothed", "smoothed-centred"))
    assert 0.85 <= trailing.coverage <= 0.97
    assert centred.coverage >= 0.97
    assert centred.edge_p90_min <= 60
    assert min(trailing.recall, centred.recall) >= 0.99
    assert max(trailing.dark_error_h, centred.dark_error_h) <= 2


# --- beside the others -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["outages", "outages-hourly", "ramps", "noisy"])
def test_false_windows_are_a_fiftieth_of_what_the_rule_of_ioda_has_and_recall_is_no_lower(name):
    ours, theirs = score_of("darkhours", name), score_of("ioda", name)
    assert ours.tally.false <= 0.02 * theirs.tally.false
    assert ours.tally.matched >= theirs.tally.matched


@pytest.mark.parametrize("failure", KNOWN_FAILURES, ids=lambda failure: failure.name)
def test_what_other_systems_are_known_to_get_wrong_is_not_wrong_here(failure):
    assert find_failure(find_detector("darkhours"), failure, seed=0) is None
