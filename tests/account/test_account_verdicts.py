"""Verdicts on claimed totals, and curfews on their thresholds: small sampled histories, an hour a letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby

import numpy as np
import pytest

from darkhours.account.patterns import find_curfews
from darkhours.account.posterior import read_posterior
from darkhours.account.spans import Span
from darkhours.account.verdicts import judge
from darkhours.model.claim import Claim, SaysState, SaysTotal
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Timeline

START = datetime(2022, 1, 1, tzinfo=UTC)
LETTERS = "ugD?"


def posterior(*histories: str, copies: int = 20):
    """Return a posterior whose samples are those histories, each so often."""
    rows = [[LETTERS.index(letter) for letter in expand(text)] for text in histories]
    codes = np.repeat(np.array(rows, dtype=np.uint8), copies, axis=0)
    access = np.array([0, 5, 6, 0], dtype=np.uint8)[codes]
    grid = Grid(START, timedelta(hours=1), codes.shape[1])
    return read_posterior(Timeline("country:KZ", "internet", grid, codes, access, (), (), (), ()), "UTC")


def expand(text: str) -> str:
    """Write `3D 2u` as `DDDuu`."""
    return "".join(word[-1] * int(word[:-1]) for word in text.split())


def says(rule: str, value: float, unit: float = 1.0, *besides: tuple[str, float, float]) -> Claim:
    total = SaysTotal(rule, value, unit, besides)
    return Claim("k", "s", "s", "country:KZ", "internet", total, None, "press")


TWICE = "10u 30D 5u 20D 100u"
"""Dark for 30 hours, back for 5, dark for 20: 55 in all, 50 of them dark, the first return after 30."""
GRADUAL = "10u 8g 30D 110u"


@pytest.mark.parametrize(
    ("history", "claim", "verdict", "fits"),
    [
        pytest.param(TWICE, says("gross_h", 55), "supported", None, id="as-it-is"),
        pytest.param(TWICE, says("gross_h", 56), "supported", None, id="one-unit-off-exactly"),
        pytest.param(TWICE, says("gross_h", 56.5), "contradicted", None, id="more-than-a-unit-off"),
        pytest.param(TWICE, says("gross_h", 55.5, 0.5), "supported", None, id="half-a-unit-given"),
        pytest.param(TWICE, says("gross_h", 56, 0.5), "contradicted", None, id="half-a-unit-missed"),
        pytest.param(TWICE, says("gross_h", 50), "fits-another-rule", "dark_h", id="dark-not-gross"),
        pytest.param(TWICE, says("dark_h", 30), "fits-another-rule", "first_return_h", id="first-return"),
        pytest.param(TWICE, says("dark_h", 5), "fits-another-rule", "restored_h", id="restored-not-dark"),
        pytest.param(GRADUAL, says("dark_h", 8), "fits-another-rule", "degraded_h", id="degraded-not-dark"),
        pytest.param(GRADUAL, says("gross_h", 38), "fits-another-rule", "disrupted_h", id="with-degraded"),
        pytest.param(TWICE, says("calendar_days", 3, 0), "supported", None, id="days-exactly"),
        pytest.param(TWICE, says("calendar_days", 4, 0), "contradicted", None, id="a-day-too-many"),
        pytest.param(TWICE, says("gross_h", 200), "contradicted", None, id="no-rule-gives-it"),
        pytest.param(
            TWICE, says("gross_h", 55, 1.0, ("restored_h", 5.0, 1.0)), "supported", None, id="besides"
        ),
        pytest.param("90u", says("dark_h", 40), "contradicted", None, id="nothing-went-dark"),
        pytest.param("90u", says("gross_h", 40), "contradicted", None, id="a-total-that-does-not-exist"),
    ],
)  # fmt: skip
def test_a_claimed_total_is_judged_by_its_rule_and_by_its_neighbours(history, claim, verdict, fits):
    got = judge(claim, posterior(history))
    assert (got.verdict, got.fits) == (verdict, fits)


def test_a_total_to_some_other_return_is_tried_after_the_named_rules():
    got = judge(says("dark_h", 10), posterior("10u 10D 4u 50D 3u 6D 200u"))
    assert (got.verdict, got.fits) == ("fits-another-rule", "return_h")


@pytest.mark.parametrize(
    ("long", "verdict"),
    [
        pytest.param(20, "contradicted", id="none"),
        pytest.param(19, "undecided", id="one-in-twenty-is-not-less"),
        pytest.param(11, "undecided", id="nine-in-twenty"),
        pytest.param(10, "supported", id="exactly-half"),
        pytest.param(0, "supported", id="all"),
    ],
)
def test_a_verdict_follows_the_share_of_histories(long, verdict):
    histories = ["10u 33D 100u"] * long + ["10u 30D 103u"] * (20 - long)
    assert judge(says("gross_h", 30), posterior(*histories, copies=1)).verdict == verdict


def test_what_a_claim_gives_besides_must_hold_too():
    claim = says("gross_h", 55, 1.0, ("restored_h", 10.0, 1.0))
    assert judge(claim, posterior(TWICE)).verdict != "supported"


def test_restored_hours_beside_a_first_return_are_those_before_it():
    history = posterior("10u 10D 4u 40D 8u 9D 200u")
    before = says("first_return_h", 54, 1.0, ("restored_h", 4.0, 1.0))
    in_all = says("first_return_h", 54, 1.0, ("restored_h", 12.0, 1.0))
    assert judge(before, history).verdict == "supported"
    assert judge(in_all, history).verdict != "supported"


def test_a_verdict_shows_what_was_claimed_and_what_the_rule_gives():
    got = judge(says("gross_h", 50), posterior(TWICE))
    assert (got.claimed.low, got.claimed.value, got.claimed.high) == (49, 50, 51)
    assert got.computed.value == 55
    assert "0 %" in got.note.replace("%", " %")
    assert "our inference, no source says so" in got.note


def test_a_claim_of_a_state_has_no_verdict():
    claim = Claim("k", "s", "s", "country:KZ", "internet", SaysState("dark"), None, "press")
    with pytest.raises(ValueError, match="gives no total"):
        judge(claim, posterior(TWICE))


def path(text: str, step_h: float):
    spans, at = [], 0.0
    for letter, run in groupby(expand(text)):
        hours = len(list(run)) * step_h
        spans.append(Span(LETTERS.index(letter), at, at + hours))
        at += hours
    return tuple(spans)


@pytest.mark.parametrize(
    ("text", "nights"),
    [
        pytest.param("36u 12D 39u 9D 36u 12D 48u", [3], id="ninety-minutes-late-belongs"),
        pytest.param("36u 12D 40u 8D 36u 12D 48u", [], id="two-hours-late-does-not"),
        pytest.param("36u 12D 36u 12D 24u 24u", [], id="two-nights"),
        pytest.param("36u 12D 36u 12D 36u 12D", [], id="the-third-has-not-ended"),
        pytest.param("16u 32D 16u 32D 16u 32D 48u", [3], id="sixteen-hours-are-a-night"),
        pytest.param("15u 33D 15u 33D 15u 33D 48u", [], id="longer-is-none"),
        pytest.param("36u 12D 132u 12D 132u 12D 48u", [3], id="three-days-between"),
        pytest.param("36u 12D 180u 12D 180u 12D 48u", [], id="four-days-between"),
    ],
)
def test_a_curfew_stands_exactly_on_its_thresholds(text, nights):
    assert [pattern.nights for pattern in find_curfews(path(text, 0.5), START, "UTC")] == nights


def test_a_curfew_keeps_local_hours_when_the_clocks_change():
    start = datetime(2022, 3, 24, tzinfo=UTC)
    whole = path("22u 6D 18u 6D 18u 6D 17u 6D 18u 6D 24u", 1.0)
    (pattern,) = find_curfews(whole, start, "Europe/London")
    assert (pattern.nights, pattern.from_local, pattern.until_local) == (5, "22:00", "04:00")
    assert (pattern.first, pattern.last) == (start.date(), start.date() + timedelta(days=4))
