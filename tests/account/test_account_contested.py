"""What claims say of each other: standings, contested entries, context."""

from __future__ import annotations

from dataclasses import replace

import pytest
from posts_by_hand import START, TOWN, at, post, told, voice

from darkhours.account.contested import contested, context, standings
from darkhours.model.case import Case
from darkhours.model.claim import Claim, During, SaysEvent, SaysTopic, Source, Turn, Within
from darkhours.model.entity import Entity

PATHS = ("10u 20D 90u", "10u 20D 90u")
N_BINS = 120
PLACE = Entity(TOWN, "Town", "UTC")


def case(*claims: Claim) -> Case:
    sources = {c.source: Source(c.source, f"The {c.source}", "press") for c in claims}
    ordered = tuple(sorted(claims, key=lambda claim: claim.id))
    return Case("small", "UTC", START, at(N_BINS), (TOWN,), {TOWN: PLACE}, sources, ordered)


def said(name: str, topic: str, value: float | str, denies: str | None = None) -> Claim:
    return Claim(name, name, name, TOWN, "internet", SaysTopic(topic, value), None, "press", denies=denies)


DARK = told("dark", "dark", During(at(12), at(20)))


@pytest.mark.parametrize(
    ("paths", "standing", "p"),
    [
        pytest.param(["10u 20D 90u"] * 4, "agrees", 1.0, id="in-all-samples"),
        pytest.param(["10u 20D 90u", "120u"], "agrees", 0.5, id="exactly-half"),
        pytest.param(["10u 20D 90u", *["120u"] * 2], "doubtful", 1 / 3, id="a-third"),
        pytest.param(["10u 20D 90u", *["120u"] * 4], "doubtful", 0.2, id="exactly-a-fifth"),
        pytest.param(["10u 20D 90u", *["120u"] * 5], "contradicted", 1 / 6, id="less-than-a-fifth"),
    ],
)
def test_a_claim_stands_as_often_as_what_it_says_holds(paths, standing, p):
    (got,) = standings(post(*paths, voices=(voice(DARK, 12, 20, N_BINS),)), case(DARK))
    assert (got.claim, got.standing) == ("dark", standing)
    assert got.p == pytest.approx(p)


@pytest.mark.parametrize(
    ("paths", "p"),
    [
        pytest.param(["10u 10D 4u 16D 80u"], 1.0, id="as-long-as-it-says"),
        pytest.param(["10u 10D 2u 18D 80u"], 1.0, id="exactly-half-as-long"),
        pytest.param(["10u 10D 1u 19D 80u"], 0.0, id="shorter-than-half"),
    ],
)
def test_a_stretch_agrees_wherever_it_lies_if_it_is_half_as_long(paths, p):
    stretch = told("stretch", "up", Within(at(15), at(30), at(4) - START))
    (got,) = standings(post(*paths, voices=(voice(stretch, 15, 30, N_BINS),)), case(stretch))
    assert got.p == p


def test_copies_and_unused_claims_have_no_probability():
    copy, unused = told("copy", "dark", Turn(at(10))), told("unused", "dark", Turn(at(10)), weight=0.0)
    posterior = post(*PATHS, voices=(voice(DARK, 12, 20, N_BINS),))
    muted = replace(posterior, timeline=replace(posterior.timeline, muted=(("copy", "dark"),)))
    got = {s.claim: (s.standing, s.p) for s in standings(muted, case(DARK, copy, unused))}
    assert got == {"copy": ("copy", None), "dark": ("agrees", 1.0), "unused": ("unused", None)}


def test_a_denial_is_contested_with_what_it_denies_and_both_stay():
    entries = contested(case(said("a", "deaths", 164), said("b", "deaths", "denied", "a")), ())
    assert [(entry.topic, entry.claims) for entry in entries] == [("deaths", ("a", "b"))]


def test_a_topic_that_nobody_denies_is_not_contested():
    assert contested(case(said("a", "deaths", 164), said("b", "detained", 6000)), ()) == ()


@pytest.mark.parametrize(("hour", "is_contested"), [(18, True), (17, False)])
def test_a_copy_is_contested_where_it_names_another_time(hour, is_contested):
    first, copy = told("first", "dark", Turn(at(17))), told("copy", "dark", Turn(at(hour)), copy_of="first")
    assert bool(contested(case(first, copy), ())) is is_contested


def test_sides_that_the_inference_holds_against_each_other_are_one_entry():
    stretch = told("stretch", "up", Within(at(15), at(25), at(4) - START))
    voices = (voice(stretch, 15, 25, N_BINS), voice(DARK, 12, 20, N_BINS))
    posterior = post(*PATHS, voices=voices, contests=(("stretch", "dark"),))
    (entry,) = contested(case(DARK, stretch), (posterior,))
    assert set(entry.claims) == {"dark", "stretch"}


def test_a_claim_that_the_account_contradicts_stands_beside_its_rivals():
    up = told("up", "up", During(at(12), at(20)))
    voices = (voice(DARK, 12, 20, N_BINS), voice(up, 12, 20, N_BINS))
    (entry,) = contested(case(DARK, up), (post(*PATHS, voices=voices),))
    assert set(entry.claims) == {"dark", "up"}


def test_context_is_in_the_order_of_time_and_holds_events_alone():
    events = [
        Claim("late", "s", "s", TOWN, "internet", SaysEvent("the end", at(40)), None, "press"),
        Claim("early", "s", "s", TOWN, "internet", SaysEvent("the begin", at(4)), None, "press"),
        Claim("undated", "s", "s", TOWN, "internet", SaysEvent("some time"), None, "press"),
    ]
    items = context(case(*events, DARK, said("a", "deaths", 164)))
    assert [(item.what, item.at) for item in items] == [
        ("the begin", at(4)),
        ("the end", at(40)),
        ("some time", None),
    ]
