"""The profile of a claim over time: bounded, silent after publication, change cheap where reported."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import at, claim, grid, h

from darkhours.infer.claims.profile import LEAST_GIVE_H, occurrences, profile, until_published
from darkhours.infer.claims.stories import Chapter, tell_stories
from darkhours.model.claim import At, By, During, Turn, Within

NATS = 8.0
FORMS = [
    pytest.param(Turn(at(30)), id="turn"),
    pytest.param(Turn(at(30), give=h(3)), id="turn-with-give"),
    pytest.param(Turn(at(30), at(36)), id="turn-in-an-interval"),
    pytest.param(Turn(at(30), lasting=h(6)), id="turn-that-lasts"),
    pytest.param(At(at(30)), id="at"),
    pytest.param(At(at(30), give=h(2)), id="at-with-give"),
    pytest.param(By(at(30)), id="by"),
    pytest.param(By(at(30), at(24)), id="by-since"),
    pytest.param(During(at(30), at(40)), id="during"),
    pytest.param(During(at(10), at(90)), id="during-days"),
    pytest.param(Within(at(30), at(40), h(4)), id="within"),
]


def read(when, state="dark", *, nats=NATS, spread_h=0.0, minutes=15, **fields):
    return profile(Chapter(claim("a", state, when, **fields), None, None), nats, grid(minutes), spread_h)


@pytest.mark.parametrize("when", FORMS)
@pytest.mark.parametrize("state", ["up", "degraded", "dark"])
@pytest.mark.parametrize("told", [None, at(50)])
def test_a_claim_is_finite_and_at_least_zero_in_each_of_its_parts(when, state, told):
    parts = read(when, state, published=told)
    for name in ("pro", "con", "story", "into", "out", "firm"):
        part = getattr(parts, name)
        assert part.shape == (384,), name
        assert np.isfinite(part).all(), name
        assert (part >= 0).all(), name


@pytest.mark.parametrize("when", [form for form in FORMS if form.id != "during-days"])
@pytest.mark.parametrize("told", [None, at(94)])
def test_a_claim_moves_at_most_its_nats_on_each_side(when, told):
    parts = read(when, published=told)
    times = 2 if isinstance(when, Turn) and when.lasting else 1  # it reports two changes
    assert parts.pro.sum() <= times * NATS + 1e-9
    assert parts.con.sum() <= times * NATS + 1e-9


def test_a_spell_of_days_moves_as_much_a_half_day_as_a_report_of_half_a_day():
    assert read(During(at(10), at(34))).pro.sum() == pytest.approx(2 * NATS)
    assert read(During(at(10), at(22))).pro.sum() == pytest.approx(NATS)


def test_and_in_all_no_more_than_five_reports():
    assert read(During(at(2), at(92))).pro.sum() == pytest.approx(5 * NATS)


@pytest.mark.parametrize("when", FORMS)
@pytest.mark.parametrize("state", ["up", "dark"])
def test_nobody_speaks_for_his_state_after_publication(when, state):
    parts = read(when, state, published=at(33))
    assert (parts.pro[33 * 4 :] == 0).all()
    assert (parts.story[33 * 4 :] == 0).all()


@pytest.mark.parametrize(("told", "expected"), [(None, 96), (33, 33), (33.5, 33.5), (-1, 0), (200, 96)])
def test_publication_cuts_inside_a_bin(told, expected):
    silenced = until_published(claim("a", "up", published=None if told is None else at(told)), grid())
    assert silenced.sum() == pytest.approx(expected)


@pytest.mark.parametrize("minutes", [1, 5, 15, 29, 30])
def test_no_instant_is_taken_tighter_than_half_an_hour(minutes):
    least, given_give = read(Turn(at(30))), read(Turn(at(30), give=h(minutes / 60)))
    assert LEAST_GIVE_H == 0.5
    for name in ("pro", "con", "into"):
        assert (getattr(least, name) == getattr(given_give, name)).all(), name


@pytest.mark.parametrize("state", ["dark", "up"])
def test_a_turn_says_not_yet_before_and_its_state_after(state):
    parts = read(Turn(at(30)), state)
    assert (parts.pro[: 30 * 4] == 0).all()
    assert (parts.con[30 * 4 :] == 0).all()
    assert parts.pro.sum() == pytest.approx(NATS, rel=0.01)
    assert parts.con.sum() == pytest.approx(NATS, rel=0.01)
    at_peak = np.flatnonzero(parts.into == parts.into.max())
    assert at_peak.mean() == 30 * 4  # as cheap before as after


def test_a_turn_moves_by_the_slope_of_its_give_at_first():
    parts = read(Turn(at(30), give=h(2)), minutes=5)
    assert parts.pro[360] / (5 / 60) == pytest.approx(np.log(10) / 2, rel=0.02)


def test_several_origins_that_differ_widen_the_give_of_each():
    apart, alone = read(Turn(at(30), give=h(3)), spread_h=4.0), read(Turn(at(30), give=h(5)))
    assert apart.pro == pytest.approx(alone.pro)
    assert apart.into == pytest.approx(alone.into)


def test_a_passing_state_is_over_when_it_is_over():
    parts = read(Turn(at(30), lasting=h(6)))
    assert (parts.pro[36 * 4 :] == 0).all()
    assert parts.con[36 * 4 :].sum() > 0.9 * NATS
    assert parts.out[36 * 4 - 1] > 0
    assert read(Turn(at(30))).out.sum() == 0


@pytest.mark.parametrize(
    ("when", "first"),
    [
        pytest.param(By(at(30)), 18, id="at-most-twelve-hours-old"),
        pytest.param(By(at(30), at(24)), 24, id="since-it-was-last-seen-otherwise"),
    ],
)
def test_a_posted_report_tells_of_a_change_before_it(when, first):
    parts = read(when)
    assert np.flatnonzero(parts.into)[[0, -1]].tolist() == [first * 4, 30 * 4]  # half a step round each begin
    assert parts.into.sum() * 0.25 == pytest.approx(1.0)
    assert (parts.pro[30 * 4 :] == 0).all()


def test_a_stretch_says_nothing_by_itself_because_its_place_is_a_choice():
    parts = read(Within(at(30), at(40), h(4)))
    assert not any(getattr(parts, name).any() for name in ("pro", "con", "story", "into", "out"))


@pytest.mark.parametrize(
    ("told", "over"),
    [
        pytest.param(40, False, id="told-at-its-end"),
        pytest.param(64, False, id="told-by-the-end-of-that-day"),
        pytest.param(64.1, True, id="told-later"),
        pytest.param(None, True, id="told-nobody-knows-when"),
    ],
)
def test_a_spell_has_an_end_only_where_it_is_told_in_retrospect(told, over):
    parts = read(During(at(30), at(40)), published=None if told is None else at(told))
    assert (parts.con[40 * 4 :].sum() > 0) == over
    assert (parts.out.sum() > 0) == over


@pytest.mark.parametrize("when", [Turn(at(30)), During(at(30), at(40)), At(at(30), h(2))])
def test_the_step_moves_no_total_of_a_claim(when):
    fine, coarse = read(when, minutes=5), read(when, minutes=60)
    for name in ("pro", "con"):
        assert getattr(fine, name).sum() == pytest.approx(getattr(coarse, name).sum(), rel=1e-6), name
    assert fine.into.sum() / 12 == pytest.approx(coarse.into.sum())


def test_a_story_gives_a_bounded_part_until_its_origin_speaks_again():
    dark = claim("a", "dark", Turn(at(20)), origin="o")
    up = claim("b", "up", Turn(at(50)), origin="o")
    chapter = next(c for c in tell_stories((dark, up)) if c.claim.id == "a")
    parts = profile(chapter, NATS, grid(), 0.0)
    assert parts.story.sum() == pytest.approx(0.5 * NATS)
    assert np.flatnonzero(parts.story)[[0, -1]].tolist() == [20, 49]
    assert (parts.pro[50:] == 0).all()


def test_a_short_story_is_bounded_by_the_hour():
    dark, up = claim("a", "dark", Turn(at(20)), origin="o"), claim("b", "up", Turn(at(22)), origin="o")
    chapter = next(c for c in tell_stories((dark, up)) if c.claim.id == "a")
    assert profile(chapter, NATS, grid(), 0.0).story.sum() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("when", "told", "expected"),
    [
        pytest.param(Within(at(18), at(24), h(4)), None, [(18, 24)], id="once"),
        pytest.param(
            Within(at(18), at(24), h(4), h(24), 3), None, [(18, 24), (42, 48), (66, 72)], id="three-nights"
        ),
        pytest.param(
            Within(at(18), at(24), h(4), h(24), 3), 60, [(18, 24), (42, 48)], id="told-before-the-third"
        ),
        pytest.param(Within(at(18), at(24), h(4)), 20, [(18, 20)], id="cut-at-publication"),
        pytest.param(Within(at(18), at(24), h(4)), 18.5, [], id="too-short-a-rest-is-left-out"),
        pytest.param(Within(at(90), at(100), h(4), h(24), 2), None, [(90, 100)], id="beyond-the-span"),
    ],
)
def test_a_schedule_recurs_until_it_was_told(when, told, expected):
    assert occurrences(when, grid(), None if told is None else at(told)) == tuple(expected)


@given(st.floats(-200, 200), st.floats(0.01, 80), st.floats(0.01, 40) | st.just(0.0), st.booleans())
def test_no_instant_breaks_a_profile(start, width, nats, instant):
    when = Turn(at(start), give=h(width)) if instant else During(at(start), at(start + width))
    parts = read(when, nats=nats, minutes=60)
    assert np.isfinite(parts.pro + parts.con + parts.into + parts.out).all()
    assert parts.pro.sum() <= 5 * nats + 1e-9
    assert parts.con.sum() <= nats + 1e-9
