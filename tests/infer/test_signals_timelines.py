"""Timelines from panels: silence, the gate, the finest edge, and what is told of a recording."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from small_panels import BEGIN, DAY, TUNING, most, panel, runs, steady, swinging, timelines, watched

from darkhours.infer.signals.likelihood import N_STATES
from darkhours.infer.signals.timelines import fine_parts, silent_bins
from darkhours.infer.signals.watch import moves_per_bin
from darkhours.model.evidence import Grid
from darkhours.model.panel import Coverage

X = np.nan
LETTERS = {"c": Coverage.COVERED, "s": Coverage.SUSPECT, ".": Coverage.NONE}


@pytest.mark.parametrize(
    ("minutes", "coverage", "silent"),
    [
        pytest.param(60, ["ccc.ccc"], "0000000", id="an-hour-is-bridged"),
        pytest.param(60, ["cc..ccc"], "0011000", id="two-are-not"),
        pytest.param(30, ["cc..ccc"], "0000000", id="two-half-hours-are-an-hour"),
        pytest.param(30, ["cc...cc"], "0011100", id="three-are-not"),
        pytest.param(10, ["cc......cc"], "0000000000", id="six-of-ten-minutes"),
        pytest.param(10, ["cc.......cc"], "00111111100", id="seven-are-not"),
        pytest.param(120, ["ccc.ccc"], "0001000", id="a-bin-of-two-hours-is-longer"),
        pytest.param(60, ["cccsccc"], "0001000", id="a-suspect-bin-never"),
        pytest.param(30, ["cc.sccc"], "0011000", id="nor-a-silence-that-it-is-part-of"),
        pytest.param(60, [".cccccc"], "1000000", id="leading-silence"),
        pytest.param(60, ["cccccc."], "0000001", id="trailing-silence"),
        pytest.param(60, ["cc..ccc", "ccccccc"], "0000000", id="another-signal-saw-it"),
        pytest.param(60, ["cc.ssss", "cccsccc"], "0001000", id="suspect-where-nobody-else-saw"),
    ],
)
def test_silence_of_an_hour_is_bridged_and_a_failing_sensor_never(minutes, coverage, silent):
    n = len(coverage[0])
    signals = ("probing.up_pct", "traffic.bytes_idx")
    found = watched(*(panel(np.full(n, 50.0), signal=s, minutes=minutes) for s in signals[: len(coverage)]))
    found = replace(
        found, coverage=np.array([[LETTERS[c] for c in line] for line in coverage], dtype=np.uint8)
    )
    told = silent_bins(found, np.arange(len(coverage)), TUNING)
    assert "".join(map(str, told.astype(int))) == silent


def scene(*parts, days: int = 20, seed: int = 0) -> np.ndarray:
    """Return days of hours at 100, with stretches (first, until, value) put in."""
    out = steady(days, seed=seed)
    for first, until, value in parts:
        out[first:until] = value
    return out


SCENES = {
    "nothing": ([], "480u"),
    "an-outage": ([(300, 310, 4.0)], "300u 10D 170u"),
    "two-bins-are-one": ([(300, 302, 4.0)], "300u 2D 178u"),
    "a-single-zero-is-none": ([(300, 301, 0.0)], "480u"),
    "dark-at-the-end": ([(300, 480, 4.0)], "300u 180D"),
    "half-is-degraded": ([(300, 310, 50.0)], "300u 10g 170u"),
    "a-return-between": ([(300, 304, 4.0), (308, 314, 4.0)], "300u 4D 4u 6D 166u"),
    "not-measured-is-unknown": ([(300, 310, X)], "300u 10? 170u"),
    "an-hour-of-silence-is-bridged": ([(300, 301, X)], "480u"),
    "leading-silence": ([(0, 30, X)], "30? 450u"),
    "trailing-silence": ([(470, 480, X)], "470u 10?"),
    "silence-inside-the-dark": ([(300, 320, 4.0), (305, 310, X)], "300u 5D 5? 10D 160u"),
    "a-shallow-dip-is-none": ([(300, 310, 91.0)], "480u"),
}
"""Stretches put into twenty days at 100, and what is told of them."""


@pytest.fixture(scope="module")
def told():
    """Return what is told of every scene; places that share no evidence may stand in one panel."""
    values = np.array([scene(*parts, seed=k) for k, (parts, _) in enumerate(SCENES.values())])
    return dict(zip(SCENES, map(most, timelines(panel(values))), strict=True))


@pytest.mark.parametrize("name", SCENES)
def test_what_a_series_shows_is_what_the_timeline_tells(name, told):
    assert told[name] == SCENES[name][1]


def test_a_swing_of_the_day_and_an_outage_by_night():
    values = swinging(30, 0.5)
    values[20 * DAY : 20 * DAY + 6] *= 0.04
    (timeline,) = timelines(panel(values))
    assert most(timeline) == f"{20 * DAY}u 6D {10 * DAY - 6}u"


@pytest.mark.parametrize(
    ("low", "unrelated", "suspect"),
    [
        pytest.param(4, True, True, id="a-third-of-twelve"),
        pytest.param(3, True, False, id="less-than-a-third"),
        pytest.param(12, True, True, id="all"),
        pytest.param(12, False, False, id="regions-that-share-a-fate-are-never-gated"),
    ],
)
def test_the_gate_closes_where_a_third_of_unrelated_places_is_low_at_once(low, unrelated, suspect):
    values = np.array([scene(days=14, seed=k) for k in range(12)])
    values[:low, 200:210] = 2.0
    coverage = watched(panel(values), unrelated=unrelated).coverage[:, 200:210]
    assert (coverage == Coverage.SUSPECT).all() == suspect
    assert (coverage == Coverage.SUSPECT).any() == suspect


@pytest.mark.parametrize(("n", "suspect"), [(8, True), (7, False)])
def test_the_gate_needs_eight_places(n, suspect):
    values = np.array([scene((200, 210, 2.0), days=14, seed=k) for k in range(n)])
    coverage = watched(panel(values), unrelated=True).coverage
    assert (coverage == Coverage.SUSPECT).any() == suspect


@pytest.mark.parametrize(
    ("count", "known"),
    [
        pytest.param([0, 1], True, id="three-in-six-hours"),
        pytest.param([0, 0, 1, 0, 0, 0], False, id="one-in-six-hours"),
    ],
)
def test_counts_too_few_to_score_are_unknown_and_not_up(count, known):
    values = np.resize(np.array(count, dtype=float), 20 * DAY)
    (timeline,) = timelines(panel(values, signal="probing.replies_cnt", counted=True))
    assert (timeline.codes[:, 10 * DAY :] == 3).all() != known


@pytest.mark.parametrize(
    ("minutes", "parts"),
    [(1, 1), (5, 5), (7, 7), (10, 10), (15, 5), (20, 10), (30, 10), (60, 12), (120, 12), (1440, 12)],
)
def test_an_edge_is_told_to_at_most_a_twelfth_of_a_bin(minutes, parts):
    assert fine_parts(Grid(BEGIN, timedelta(minutes=minutes), 1)) == parts


@pytest.mark.parametrize("step_h", [1 / 12, 0.5, 1.0, 6.0])
def test_the_moves_of_a_bin_are_probabilities(step_h):
    moves = moves_per_bin(TUNING, step_h)
    assert moves.shape == (N_STATES, N_STATES)
    assert (moves >= 0).all()
    assert moves.sum(axis=1) == pytest.approx(1)


def test_a_place_in_which_nothing_happened_has_one_history():
    (timeline,) = timelines(panel(scene()))
    assert timeline.codes.shape[0] == 1
    assert timeline.shifts is None


@pytest.mark.parametrize("form", ["final", "live"])
def test_both_forms_tell_an_outage(form):
    (timeline,) = timelines(panel(scene((300, 320, 4.0))), form=form)
    codes = most(timeline)
    assert runs([2]) == "1D"
    assert codes.startswith("30")
    assert abs((timeline.codes == 2).sum(axis=1).mean() - 20) <= 2


def test_the_live_form_knows_nothing_of_later_bins():
    values = scene((300, 320, 4.0))
    whole, cut = (timelines(panel(v), form="live")[0] for v in (values, values[:310]))
    # Settling looks one bin ahead, and a bin that nothing follows is no window yet.
    n = 308
    assert (whole.codes[:, :n] == cut.codes[:, :n]).all()
