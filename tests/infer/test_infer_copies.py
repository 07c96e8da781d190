"""Copies and stories: what an origin says once, and for what it vouches between two statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import OTHER, at, claim, h

from darkhours.infer.claims.copies import find_copies
from darkhours.infer.claims.spread import spread_of_turns
from darkhours.infer.claims.stories import tell_stories
from darkhours.model.claim import At, By, During, Turn, Within


def first():
    return claim("a", "dark", Turn(at(24)), source="own")


def second(hours: float = 25, **other):
    fields = {"state": "dark", "when": Turn(at(hours)), "source": "paper", "origin": "own"} | other
    return claim("b", fields.pop("state"), fields.pop("when"), relayed=True, **fields)


@pytest.mark.parametrize(
    ("other", "is_copy"),
    [
        pytest.param(second(25), True, id="an-hour-later"),
        pytest.param(second(30), True, id="exactly-six-hours"),
        pytest.param(second(30 + 1 / 60), False, id="six-hours-and-a-minute"),
        pytest.param(second(18), True, id="six-hours-before"),
        pytest.param(second(25, when=At(at(25))), True, id="another-form-of-the-same-change"),
        pytest.param(second(25, when=By(at(25))), True, id="posted-at"),
        pytest.param(second(25, when=During(at(24), at(26))), False, id="a-spell-is-another-content"),
        pytest.param(second(25, when=Within(at(23), at(27), h(1))), False, id="a-stretch-is-another-content"),
        pytest.param(second(25, state="up"), False, id="another-state"),
        pytest.param(second(25, origin="else"), False, id="another-origin"),
        pytest.param(second(25, source="own"), False, id="the-same-source-twice"),
        pytest.param(second(25, entity=OTHER), False, id="another-place"),
        pytest.param(second(25, service="mobile"), False, id="another-service"),
        pytest.param(second(25, extent="most"), False, id="another-extent"),
        pytest.param(second(90, copy_of="a"), True, id="it-says-so-itself"),
    ],
)
def test_two_reports_of_one_origin_within_six_hours_are_one(other, is_copy):
    assert find_copies((first(), other)) == ({"b": "a"} if is_copy else {})


@pytest.mark.parametrize("order", [1, -1])
def test_the_direct_one_stands_whichever_came_first(order):
    assert find_copies((second(20), first())[::order]) == {"b": "a"}


def test_ten_copies_all_stand_behind_the_direct_one():
    ten = [
        claim(f"c{n}", "dark", Turn(at(24 + n / 4)), source=f"p{n}", origin="own", relayed=True)
        for n in range(10)
    ]
    assert find_copies((*ten, first())) == {f"c{n}": "a" for n in range(10)}


@given(st.permutations(range(5)))
def test_who_copies_whom_does_not_depend_on_the_order(order):
    claims = [claim(f"c{n}", "dark", Turn(at(24 + 3 * n)), source=f"p{n}", origin="own") for n in range(5)]
    assert find_copies(tuple(claims[n] for n in order)) == find_copies(tuple(claims))


def chapters(*claims):
    return {chapter.claim.id: chapter for chapter in tell_stories(claims)}


def test_an_origin_vouches_for_the_state_between_two_of_its_statements():
    told = chapters(claim("a", "dark", Turn(at(10)), origin="o"), claim("b", "up", Turn(at(40)), origin="o"))
    assert told["a"].vouched == (at(10), at(40))
    assert told["b"].vouched is None


@pytest.mark.parametrize(
    ("earlier", "later", "vouched"),
    [
        pytest.param({}, {"origin": "else"}, None, id="another-origin-says-nothing-for-this-one"),
        pytest.param({}, {"service": "mobile"}, None, id="another-service-neither"),
        pytest.param({}, {"entity": OTHER}, None, id="nor-another-place"),
        pytest.param({"when": Turn(at(10), lasting=h(2))}, {}, None, id="a-passing-state"),
        pytest.param({"when": Within(at(8), at(12), h(2))}, {}, None, id="a-stretch-leaves-no-state"),
        pytest.param({"when": During(at(10), at(40))}, {}, None, id="no-time-between"),
        pytest.param({"when": During(at(10), at(30))}, {}, (30, 40), id="from-the-end-of-a-spell"),
        pytest.param({"when": Turn(at(10), at(14))}, {}, (14, 40), id="from-the-end-of-an-interval"),
        pytest.param({}, {"when": Turn(at(10 + 14 * 24))}, (10, 10 + 14 * 24), id="two-weeks-at-most"),
        pytest.param({}, {"when": Turn(at(11 + 14 * 24))}, None, id="an-hour-more-than-two-weeks"),
    ],
)
def test_what_an_origin_vouches_for_ends_where_its_story_does(earlier, later, vouched):
    one = {"when": Turn(at(10)), "origin": "o"} | earlier
    two = {"when": Turn(at(40)), "origin": "o"} | later
    got = chapters(claim("a", "dark", **one), claim("b", "up", **two))["a"].vouched
    assert got == (vouched and (at(vouched[0]), at(vouched[1])))


@pytest.mark.parametrize(
    ("hours", "origins", "expected"),
    [
        pytest.param((24,), "a", 0.0, id="one-alone-has-none"),
        pytest.param((24, 26), "aa", 0.0, id="one-origin-has-none"),
        pytest.param((24, 26), "ab", 1.645 * 2 / 1.128, id="two-by-their-range"),
        pytest.param((24, 24), "ab", 0.0, id="two-that-agree"),
        pytest.param((24, 27), "ab", 1.645 * 3 / 1.128, id="three-hours-apart-is-one-change"),
        pytest.param((24, 27.1), "ab", 0.0, id="further-apart-is-another-change"),
        pytest.param((24, 25, 26), "abc", 1.645 * 2 / 1.693, id="three-by-their-range"),
        pytest.param((24, 25, 26, 27), "abcd", 1.645 * 3 / 2.059, id="four-by-their-range"),
        pytest.param((24, 25, 25, 25, 28), "abcde", 0.0, id="five-by-their-median"),
    ],
)
def test_the_spread_of_a_change_is_that_of_its_origins(hours, origins, expected):
    claims = [
        claim(f"c{n}", "dark", Turn(at(hour)), source=f"s{n}", origin=origin)
        for n, (hour, origin) in enumerate(zip(hours, origins, strict=True))
    ]
    assert list(spread_of_turns(tuple(claims)).values()) == pytest.approx([expected] * len(claims))


def test_only_turns_at_an_instant_into_one_state_time_one_change():
    claims = (
        claim("a", "dark", Turn(at(24))),
        claim("b", "up", Turn(at(26))),
        claim("c", "dark", Turn(at(24), at(26))),
        claim("d", "dark", At(at(26))),
    )
    assert spread_of_turns(claims) == {"a": 0.0, "b": 0.0}


@pytest.mark.parametrize(("late", "is_copy"), [(h(0), True), (h(1 / 30), False)])
def test_six_hours_are_counted_between_the_middles(late, is_copy):
    spell = claim("a", "dark", During(at(20), at(30)), source="own")
    again = claim("b", "dark", During(at(26), at(36) + late), source="paper", origin="own")
    assert ("b" in find_copies((spell, again))) is is_copy
