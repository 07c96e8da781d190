"""The account of Almaty and Nur-Sultan: what it must show, and what must not move it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import bars
import pytest

from darkhours.account import read_posterior
from darkhours.app.account import DEFAULT_SEED, DEFAULT_STEP, make_account
from darkhours.claims import load_case
from darkhours.infer import Settings, infer_access
from darkhours.infer.timeline import make_grid
from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.claim import SaysState
from darkhours.model.document import account_to_document, to_json
from darkhours.model.state import State

SHIPPED = Path(__file__).parents[2] / "src" / "darkhours" / "cases" / "almaty-2022"
DRAFT = pytest.param("draft", marks=pytest.mark.shared_data)
MOVED = 0.01
"""Hours within which a total counts as the same."""


@pytest.fixture(scope="module", params=["shipped", DRAFT])
def case(request) -> Case:
    if request.param == "shipped":
        return load_case(SHIPPED)
    return load_case(Path(os.environ["DARKHOURS_SHARED_DATA"]) / "kazakhstan-2022" / "draft-case.toml")


@pytest.fixture(scope="module")
def account_of(case) -> Callable[..., Account]:
    """Return a function that makes each account of the case once."""
    made: dict[tuple[object, ...], Account] = {}

    def make(**asked: object) -> Account:
        key = tuple(sorted(asked.items()))
        if key not in made:
            made[key] = make_account(case, **asked)
        return made[key]

    return make


def quick(case: Case) -> dict[str, float | None]:
    """Return the totals of the story of Almaty's `internet` alone, which is quicker than an account."""
    grid = make_grid(case.start, case.until, DEFAULT_STEP)
    access = infer_access(case, bars.ALMATY, grid, Settings(seed=DEFAULT_SEED))
    return read_posterior(access, case.places[bars.ALMATY].tz).story.total._asdict()


def test_almaty_shows_what_a_careful_reader_finds(account_of):
    bars.check_almaty(account_of())
    bars.check_verdicts(account_of())


def test_nur_sultan_shows_what_the_agency_reported(account_of):
    bars.check_nur_sultan(account_of(entity=bars.NUR_SULTAN, service="fixed"))
    bars.check_fixed_only(account_of(entity=bars.NUR_SULTAN))


@pytest.mark.parametrize(
    ("instant", "status"),
    [
        pytest.param("2022-01-10T06:00", "probation", id="up-since-the-morning"),
        pytest.param("2022-01-10T14:00", "ongoing", id="dark-again"),
        pytest.param("2022-01-12T06:00", "probation", id="back-since-a-day"),
        pytest.param("2022-01-14T06:00", "ended", id="back-since-three-days"),
    ],
)
def test_the_status_is_what_was_known_then(account_of, instant, status):
    account = account_of(as_of=bars.utc(instant))
    assert account.status == status
    assert 110.5 <= account.totals["first_return_h"].value <= 112.5
    if status == "ongoing":
        last = account.windows[-1]
        assert (last.state, last.end) == (State.DARK, None)
        assert bars.holds(last.start.at, "2022-01-10T06:30", "2022-01-10T11:30")


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_halved_and_doubled_precision_keep_the_figures_within_an_hour(case, factor):
    scaled = bars.with_give(case, factor)
    bars.check_almaty(make_account(scaled), slack_h=1)
    bars.check_nur_sultan(make_account(scaled, entity=bars.NUR_SULTAN, service="fixed"), slack_h=1)


def test_a_finer_and_a_coarser_step_give_the_same_totals_within_an_hour(account_of):
    for asked in ({}, {"entity": bars.NUR_SULTAN, "service": "fixed"}):
        fine, coarse = (account_of(**asked, step=timedelta(minutes=m)).totals for m in (5, 30))
        for name, total in fine.items():
            assert abs(total.value - coarse[name].value) <= 1, name


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_moves_no_interval_by_an_hour_and_no_p_by_a_twentieth(account_of, seed):
    ours, other = account_of(), account_of(seed=seed)
    for name, total in ours.totals.items():
        for part in ("low", "high", "expected"):
            assert abs(getattr(total, part) - getattr(other.totals[name], part)) <= 1, (name, part)
        assert abs(total.p - other.totals[name].p) <= 0.05
    for window, same in zip(ours.windows, other.windows, strict=True):
        assert abs(window.p - same.p) <= 0.05


def test_without_the_probes_the_last_edge_is_vague_and_the_countrys_rests_on_one_origin(case):
    left = bars.with_claims(case, [c for c in case.claims if c.source != "ripe-labs"])
    edge = make_account(left).windows[-1].start
    assert bars.hours(edge.earliest, edge.latest) >= 12
    assert make_account(left, entity=bars.KAZAKHSTAN).windows[-1].single_source


def test_the_order_of_claims_changes_no_byte(case, account_of):
    shuffled = list(case.claims)
    random.Random(7).shuffle(shuffled)
    texts = [
        to_json(account_to_document(a))
        for a in (account_of(), make_account(bars.with_claims(case, shuffled)))
    ]
    assert texts[0] == texts[1]


@pytest.mark.slow
def test_no_single_source_carries_the_figures(case):
    base = quick(case)
    for source in case.sources:
        left = quick(bars.with_claims(case, [c for c in case.claims if c.source != source]))
        assert abs(left["first_return_h"] - base["first_return_h"]) <= 1, source
        assert abs(left["gross_h"] - base["gross_h"]) <= 6, source


@pytest.mark.slow
def test_a_claim_turned_round_rarely_moves_the_first_return(case):
    base = quick(case)["first_return_h"]
    states = [claim for claim in case.claims if isinstance(claim.says, SaysState)]
    moved = 0
    for claim in states:
        others = [c for c in case.claims if c.id != claim.id]
        got = quick(bars.with_claims(case, [*others, bars.turned_round(claim)]))["first_return_h"]
        moved += got is None or abs(got - base) >= 1
    assert moved <= 0.15 * len(states)


@pytest.mark.slow
def test_copies_change_nothing(case):
    base, chance = quick(case), random.Random(4)
    shifts = [timedelta(minutes=chance.randint(-180, 180)) for _ in case.claims]
    again = [bars.told_again(c, 0, shift) for c, shift in zip(case.claims, shifts, strict=True)]
    readings = [quick(bars.with_claims(bars.with_sources_again(case, 1), [*case.claims, *again]))]
    states = [claim for claim in case.claims if isinstance(claim.says, SaysState)]
    for claim in chance.sample(states, 8):
        ten = [bars.told_again(claim, n, timedelta(minutes=chance.randint(-180, 180))) for n in range(10)]
        readings.append(quick(bars.with_claims(bars.with_sources_again(case, 10), [*case.claims, *ten])))
    for reading in readings:
        for name, value in reading.items():
            assert value == base[name] or abs(value - base[name]) <= MOVED, name


def test_what_is_said_of_totals_and_topics_changes_no_window(case, account_of):
    states = [claim for claim in case.claims if isinstance(claim.says, SaysState)]
    assert make_account(bars.with_claims(case, states)).windows == account_of().windows


def test_claims_about_another_city_change_nothing_here(case, account_of):
    moved = [
        replace(c, when=bars.told_again(c, 0, timedelta(hours=5)).when) if c.entity == bars.NUR_SULTAN else c
        for c in case.claims
    ]
    assert make_account(bars.with_claims(case, moved)).windows == account_of().windows


def test_as_of_later_than_all_evidence_equals_no_as_of(case, account_of):
    later = make_account(case, as_of=bars.utc("2030-01-01T00:00"))
    assert account_to_document(later) == account_to_document(account_of())
