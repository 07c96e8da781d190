"""What a detector is scored by: every threshold has a row standing on it, every law a property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spans_by_hand import found, truth

from darkhours.score.metrics import Tally, summarise, tally

TEXTS = st.text("..dgu", min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("true", "seen", "matched", "false"),
    [
        pytest.param("..dddd..", "..dddd..", 1, 0, id="the-same"),
        pytest.param("..dddd..", "..dd....", 1, 0, id="exactly-half-is-a-match"),
        pytest.param("..ddddd.", "..dd....", 0, 0, id="less-than-half-is-none-but-not-false"),
        pytest.param("..dddd..", "dd......", 0, 1, id="touching-is-not-overlapping"),
        pytest.param("..dddd..", "..d.dd..", 1, 0, id="in-pieces-one-piece-counts"),
        pytest.param("..dd....", "..gg....", 1, 0, id="an-event-is-whatever-is-not-up"),
        pytest.param("..ddgg..", "..gggg..", 1, 0, id="degraded-and-dark-side-by-side-are-one-event"),
        pytest.param("..dd....", "..uu....", 0, 0, id="unknown-finds-nothing"),
        pytest.param("........", "..dd....", 0, 1, id="false"),
        pytest.param("..uu....", "..dd....", 0, 1, id="darkness-where-nobody-measured-is-false"),
        pytest.param(".dd.dd..", ".ddddd..", 0, 0, id="two-nights-told-as-one-are-no-match"),
        pytest.param(".dd..", ".d...", 1, 0, id="one-to-one-a-half"),
        pytest.param("........", "........", 0, 0, id="nothing"),
    ],
)
def test_events_match_one_to_one_by_half(true, seen, matched, false):
    counted = tally(truth(true), found(seen))
    assert (counted.matched, counted.false) == (matched, false)


def test_of_two_halves_only_one_is_a_match():
    halves = (*found(".d..."), *found("..d.."))  # side by side they would be one event
    counted = tally(truth(".dd.dd"), (*found(".d"), *found("....d.")))
    assert counted.matched == 2
    assert tally(truth(".dd..."), halves).matched == 1


@pytest.mark.parametrize(
    ("give_h", "shift_h", "held"),
    [
        pytest.param(1.0, 1.0, 1.0, id="truth-on-the-very-end-of-the-interval"),
        pytest.param(1.0, 1.001, 0.0, id="truth-just-outside"),
        pytest.param(0.0, 0.0, None, id="no-interval-is-not-judged"),
    ],
)
def test_an_interval_holds_its_ends(give_h, shift_h, held):
    score = summarise(tally(truth("..dddd...."), found("..dddd....", give_h=give_h, shift_h=shift_h)))
    assert score.coverage == held
    assert score.edge_median_min == pytest.approx(60 * shift_h)
    assert score.width_median_min == (None if held is None else 120 * give_h)


def test_an_open_end_that_is_found_open_gives_one_edge():
    counted = tally(truth("..dddd", is_open=True), found("..dddd", is_open=True))
    assert len(counted.edge_errors_min) == 1


def test_an_end_that_is_missed_counts_until_the_end_of_the_data():
    counted = tally(truth("..dddd.."), found("..dddddd", is_open=True))
    assert counted.edge_errors_min == (0.0, 120.0)


@pytest.mark.parametrize(
    ("true", "seen", "dark", "disrupted"),
    [
        pytest.param("..dddd..", "..dd....", 2, 2, id="short"),
        pytest.param("..dddd..", "..gggg..", 4, 0, id="degraded-is-not-dark"),
        pytest.param("dd" + 71 * "." + "d", "dd", 1, 72, id="a-return-of-71-hours-is-inside"),
        pytest.param("dd" + 72 * "." + "d", "dd", 1, 1, id="a-return-of-72-hours-lasts"),
        pytest.param("d" + 30 * "." + "d" + 89 * "." + "d", "d", 2, 121, id="three-times-the-longest-return"),
        pytest.param("d" + 30 * "." + "d" + 90 * "." + "d", "d", 2, 32, id="and-not-a-minute-more"),
    ],
)
def test_hours_are_those_of_the_ontology(true, seen, dark, disrupted):
    score = summarise(tally(truth(true), found(seen.ljust(len(true), "."))))
    assert (score.dark_error_h, score.disrupted_error_h) == (dark, disrupted)


def test_nothing_to_judge_is_none_and_not_zero():
    score = summarise(Tally())
    assert {score.precision, score.recall, score.f1, score.coverage, score.false_per_week} == {None}


@given(TEXTS)
def test_what_is_perfect_scores_one(text):
    score = summarise(tally(truth(text), found(text)))
    expected = 1.0 if score.tally.true else None
    assert (score.precision, score.recall, score.f1) == (expected, expected, expected)
    assert score.edge_p90_min == (0.0 if score.tally.true else None)
    assert (score.false_per_week, score.dark_error_h, score.disrupted_error_h) == (0.0, 0.0, 0.0)


@given(TEXTS, TEXTS, st.permutations(range(6)))
def test_the_order_of_windows_and_of_entities_changes_nothing(true, seen, order):
    windows = found(seen)
    shuffled = [windows[i] for i in order if i < len(windows)]
    shuffled += windows[6:]
    one, other = tally(truth(true), windows), tally(truth(true), shuffled)
    assert one == other
    assert summarise(one + Tally(1, 1)) == summarise(Tally(1, 1) + one)


@given(TEXTS, TEXTS, st.integers(-1000, 1000))
def test_the_calendar_changes_nothing(true, seen, hours):
    width = max(len(true), len(seen)) + 1
    pad = "." * abs(hours)
    here = tally(truth(true.ljust(width, ".")), found(seen))
    there = tally(truth(pad + true.ljust(width, ".")), found(pad + seen))
    assert (here.matched, here.false, here.edge_errors_min, here.dark_errors_h) == (
        there.matched, there.false, there.edge_errors_min, there.dark_errors_h,
    )  # fmt: skip


@given(TEXTS, TEXTS)
def test_no_share_leaves_its_range_and_no_pair_is_counted_twice(true, seen):
    counted = tally(truth(true), found(seen))
    assert counted.matched <= min(counted.true, counted.found)
    assert counted.matched + counted.false <= counted.found
