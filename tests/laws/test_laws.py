"""What holds for the account of every case, whatever was claimed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bars import told_again
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cases import OTHER, PLACES, SPAN_H, TOWN, at, cases

from darkhours.account import read_posterior
from darkhours.app.account import make_account
from darkhours.claims import load_case
from darkhours.infer import Settings, infer_access
from darkhours.infer.timeline import make_grid
from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysEvent, SaysTopic, SaysTotal, Source
from darkhours.model.document import account_to_document, to_json
from darkhours.model.state import State

STEP = timedelta(hours=1)
FEW = settings(max_examples=12)
SHIPPED = Path(__file__).parents[2] / "src" / "darkhours" / "cases" / "almaty-2022" / "case.toml"
PARTS = ("dark_h", "degraded_h", "restored_h", "unknown_h")
services = st.sampled_from(["internet", "fixed", "mobile"])


def account(case: Case, **asked) -> Account:
    return make_account(case, step=STEP, **asked)


def shown(made: Account) -> tuple[object, ...]:
    """Return what an account says of time: its windows, totals, days and status."""
    return made.windows, made.totals, made.days, made.outages, made.status


def with_more(case: Case, *more: Claim) -> Case:
    sources = case.sources | {c.source: Source(c.source, c.source, "press") for c in more}
    claims = tuple(sorted((*case.claims, *more), key=lambda claim: claim.id))
    return replace(case, sources=sources, claims=claims)


@FEW
@given(cases(), services)
def test_windows_tile_the_span_and_each_edge_lies_between_its_bounds(case, service):
    made = account(case, service=service)
    first, last = made.windows[0], made.windows[-1]
    assert {first.start.at, first.start.earliest, first.start.latest} == {case.start} == {made.start}
    for before, after in pairwise(made.windows):
        assert before.end == after.start
        assert before.start.at < before.end.at
        assert before.state is not after.state
    edges = [window.start for window in made.windows] + [w.end for w in made.windows if w.end]
    assert all(edge.earliest <= edge.at <= edge.latest for edge in edges)
    if last.end is None:
        assert made.status == "ongoing"
        assert last.state in (State.DARK, State.DEGRADED)
    else:
        assert last.end.at == made.until == case.until


@FEW
@given(cases(), services)
def test_hours_add_up_to_the_hundredth_in_the_account(case, service):
    made = account(case, service=service)
    for totals in (made.totals, *(outage.totals for outage in made.outages)):
        assert totals["disrupted_h"].value == pytest.approx(sum(totals[n].value for n in PARTS), abs=0.01)
    days = {name: sum(getattr(day, name) for day in made.days) for name in ("up_h", *PARTS[:2], PARTS[3])}
    assert sum(days.values()) == pytest.approx(SPAN_H, abs=0.01)
    for name in PARTS[:2]:
        assert days[name] == pytest.approx(made.totals[name].value, abs=0.01), name


@FEW
@given(cases())
def test_hours_add_up_in_every_sample(case):
    grid = make_grid(case.start, case.until, STEP)
    post = read_posterior(infer_access(case, TOWN, grid, Settings(step=STEP, n_samples=200)), "Asia/Almaty")
    whole, parts = post.totals("disrupted_h"), sum(post.totals(name) for name in PARTS)
    assert whole == pytest.approx(parts, abs=0.01)
    assert (whole <= SPAN_H).all()


@FEW
@given(cases(), services)
def test_every_number_lies_inside_its_interval(case, service):
    made = account(case, service=service)
    for totals in (made.totals, *(outage.totals for outage in made.outages)):
        for name, total in totals.items():
            assert total is None or total.low <= total.value <= total.high, name
            assert total is None or 0 <= total.p <= 1, name
    assert all(0 <= window.p <= 1 for window in made.windows)


@FEW
@given(cases(), st.integers(0, 7), st.integers(-3, 3), st.booleans())
def test_a_second_copy_of_an_origin_changes_nothing(case, number, hours, explicit):
    claim = case.claims[number % len(case.claims)]
    copy = told_again(claim, 0, timedelta(hours=hours))
    copy = replace(copy, copy_of=claim.id) if explicit else copy
    assert shown(account(with_more(case, copy))) == shown(account(case))


@FEW
@given(cases(), st.floats(1, 300))
def test_what_is_said_of_totals_topics_and_events_changes_no_window(case, value):
    says = [
        SaysTotal("dark_h", value, 1.0),
        SaysTotal("first_return_h", value, 1.0, (("restored_h", 4.0, 1.0),)),
        SaysTopic("deaths", value),
        SaysEvent("state of emergency", at(30)),
    ]
    more = [
        Claim(f"z{n}", "z", "z", TOWN, "internet", each, None, "press", published=at(100))
        for n, each in enumerate(says)
    ]
    made = account(with_more(case, *more))
    assert shown(made) == shown(account(case))
    assert len(made.verdicts) == 2


@FEW
@given(cases(), st.integers(-12, 12))
def test_moving_what_is_claimed_of_another_city_changes_nothing_here(case, hours):
    later = timedelta(hours=hours)
    moved = [
        replace(claim, when=told_again(claim, 0, later).when if claim.entity == OTHER else claim.when)
        for claim in case.claims
    ]
    assert shown(account(replace(case, claims=tuple(moved)))) == shown(account(case))


@FEW
@given(cases(), st.integers(0, 1000))
def test_as_of_later_than_all_evidence_equals_no_as_of(case, hours):
    late = account(case, as_of=at(SPAN_H + 60 + hours))
    assert to_json(account_to_document(late)) == to_json(account_to_document(account(case)))


@FEW
@given(cases(), st.integers(24, SPAN_H))
def test_nothing_that_was_published_later_is_known_by_then(case, hours):
    known = replace(case, claims=tuple(c for c in case.claims if told(c) <= at(hours)))
    assert shown(account(case, as_of=at(hours))) == shown(account(known, as_of=at(hours)))


def told(claim: Claim):
    ends = [getattr(claim.when, name, None) for name in ("start", "end", "at", "by")]
    return claim.published or max(end for end in ends if end)


@FEW
@given(cases())
def test_the_same_case_gives_the_same_bytes(case):
    assert to_json(account_to_document(account(case))) == to_json(account_to_document(account(case)))


@FEW
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_claims_stand_changes_no_window(case, chance):
    shuffled = list(case.claims)
    chance.shuffle(shuffled)
    assert shown(account(replace(case, claims=tuple(shuffled)))) == shown(account(case))


def test_the_order_of_claims_in_the_file_changes_nothing_but_its_sum(tmp_path):
    head, *blocks = SHIPPED.read_text(encoding="utf-8").split("[[claim]]")
    random.Random(3).shuffle(blocks)
    (tmp_path / "case.toml").write_text("[[claim]]".join([head, *blocks]), encoding="utf-8")
    ours, other = load_case(SHIPPED.parent), load_case(tmp_path)
    assert other.sha256 != ours.sha256
    assert replace(other, sha256=ours.sha256) == ours


def test_a_case_without_evidence_is_unmeasured():
    made = account(Case("small", "UTC", at(0), at(SPAN_H), (TOWN,), PLACES, {}, ()))
    assert made.status == "unmeasured"
    assert [window.state for window in made.windows] == [State.UNKNOWN]


@FEW
@given(cases())
def test_a_claim_of_no_weight_changes_nothing(case):
    unused = replace(case.claims[0], id="z", source="z", origin="z", entity=TOWN, weight=0.0)
    assert shown(account(with_more(case, unused))) == shown(account(case))
