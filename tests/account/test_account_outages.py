"""Outages and totals on paths of letters: an hour each, u up, g degraded, D dark, ? unknown."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkhours.account.outage import days_not_up, find_spells, first_return, probation_h, returns_of
from darkhours.account.patterns import find_curfews
from darkhours.account.spans import Span, merge_short_dark, paths_of
from darkhours.account.story import tell_story
from darkhours.account.tally import read_path

CODE = {"u": 0, "g": 1, "D": 2, "?": 3}
MIDNIGHTS = [24.0 * day for day in range(80)]


def path(text: str):
    spans, at = [], 0
    for letter, run in groupby(expand(text)):
        hours = len(list(run))
        spans.append(Span(CODE[letter], float(at), float(at + hours)))
        at += hours
    return tuple(spans)


def expand(text: str) -> str:
    """Write `3D 2u` as `DDDuu`."""
    return "".join(word[-1] * int(word[:-1]) for word in text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5u 10D 80u", [(5, 15, "ended")], id="one-outage"),
        pytest.param("5u 10D 72u", [(5, 15, "ended")], id="probation-passed-to-the-hour"),
        pytest.param("5u 10D 71u", [(5, 15, "probation")], id="an-hour-short-of-it"),
        pytest.param("5u 10D", [(5, None, "ongoing")], id="dark-at-the-end"),
        pytest.param("5u 2D 30u 2D 90u", [(5, 39, "ended")], id="three-times-the-longest-return"),
        pytest.param("5u 2D 30u 2D 89u", [(5, 39, "probation")], id="short-of-three-times"),
        pytest.param(
            "5u 2D 72u 2D 80u", [(5, 7, "ended"), (79, 81, "ended")], id="a-relapse-after-is-another"
        ),
        pytest.param("5u 3g 4D 80u", [(5, 12, "ended")], id="degraded-begins-it"),
        pytest.param("5u 4? 10u", [], id="unknown-begins-none"),
        pytest.param("5u 4D 6? 3D 80u", [(5, 18, "ended")], id="unknown-ends-none"),
        pytest.param("5u 4D 90?", [(5, None, "ongoing")], id="a-tail-that-nobody-knows"),
        pytest.param("90u", [], id="nothing"),
    ],
)
def test_an_outage_begins_and_ends_where_its_definition_says(text, expected):
    assert [(spell.start, spell.end, spell.status) for spell in find_spells(path(text))] == expected


@pytest.mark.parametrize(("longest", "expected"), [(0, 72), (24, 72), (25, 75), (112, 336), (500, 336)])
def test_probation_is_three_days_or_three_returns_and_at_most_two_weeks(longest, expected):
    assert probation_h(longest) == expected


@pytest.mark.parametrize(
    ("text", "elapsed"),
    [
        pytest.param("5u 10D 4u 100D 4u 20D 90u", 114, id="ends-the-longest-stretch"),
        pytest.param("5u 10D 4u 8D 90u", 22, id="exactly-four-fifths-and-later"),
        pytest.param("5u 10D 4u 7D 90u", 10, id="less-than-four-fifths"),
        pytest.param("5u 10g 4D 4u 5D 90u", 4, id="degraded-before-counts-to-the-stretch"),
        pytest.param("5u 10g 90u", None, id="never-dark"),
        pytest.param("5u 10D", None, id="not-back"),
    ],
)
def test_the_first_return_is_the_one_that_reports_quote(text, elapsed):
    whole = path(text)
    spell = find_spells(whole)[0]
    back = first_return(spell, returns_of(spell, whole))
    assert (back.elapsed_h if back else None) == elapsed


@pytest.mark.parametrize(("anchor", "at"), [(20.0, 15.0), (27.0, 29.0), (41.0, 29.0), (41.5, None)])
def test_fixed_and_mobile_follow_the_return_of_internet_within_twelve_hours(anchor, at):
    whole = path("5u 10D 4u 10D 90u")
    spell = find_spells(whole)[0]
    back = first_return(spell, returns_of(spell, whole), anchor)
    assert (back.at if back else None) == at


def test_the_totals_of_a_path_are_what_can_be_counted_on_it():
    total = read_path(path("5u 3g 10D 4u 20D 2? 6D 90u"), MIDNIGHTS).total
    assert (total.disrupted_h, total.gross_h, total.dark_h, total.degraded_h) == (45, 42, 36, 3)
    assert (total.restored_h, total.unknown_h) == (4, 2)
    assert (total.first_return_h, total.first_return_dark_h) == (42, 36)
    assert total.calendar_days == 3


@pytest.mark.parametrize(("end", "days"), [(24.5, {0, 1}), (24.25, {0})])
def test_a_local_day_counts_from_half_an_hour_not_up(end, days):
    spell = find_spells((Span(0, 0.0, 20.0), Span(2, 20.0, end), Span(0, end, 200.0)))[0]
    assert days_not_up(spell, MIDNIGHTS) == days


@given(st.lists(st.tuples(st.sampled_from([0, 1, 2, 3]), st.integers(1, 90)), min_size=1, max_size=12))
def test_hours_add_up_on_every_path(parts):
    spans, at = [], 0.0
    for code, hours in parts:
        if spans and spans[-1].code == code:
            spans[-1] = Span(code, spans[-1].start, at + hours)
        else:
            spans.append(Span(code, at, at + hours))
        at += hours
    reading = read_path(tuple(spans), [24.0 * day for day in range(60)])
    for total in (reading.total, *reading.tallies):
        parts_h = total.dark_h + total.degraded_h + total.restored_h + total.unknown_h
        assert total.disrupted_h == pytest.approx(parts_h)


def codes(*texts: str) -> np.ndarray:
    return np.array([[CODE[letter] for letter in expand(text)] for text in texts], dtype=np.uint8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5u 1D 5u", "11u", id="an-hour-goes"),
        pytest.param("5u 2D 5u", "5u 2D 5u", id="two-hours-stay"),
        pytest.param("1D 5u", "1D 5u", id="what-touches-the-start-stays"),
        pytest.param("5u 1D", "5u 1D", id="what-touches-the-end-stays"),
        pytest.param("5g 1D 5u", "6g 5u", id="it-takes-the-state-before"),
    ],
)
def test_a_dark_run_that_only_claims_carry_lasts_two_hours(text, expected):
    assert (merge_short_dark(codes(text), 1.0) == codes(expected)).all()


def shapes(parts) -> list[tuple[str, int, int]]:
    letters = {code: letter for letter, code in CODE.items()}
    return [(letters[part.code], part.first, part.until) for part in parts]


def test_a_stretch_that_two_in_five_have_stands_wherever_they_put_it():
    have = [f"10u 10D {at}D 4u {16 - at}D 60u" for at in (4, 5, 6, 7)]
    lack = ["10u 30D 60u"] * 6
    assert [letter for letter, _, _ in shapes(tell_story(codes(*have, *lack), 1.0))] == list("uDuDu")


def test_a_stretch_that_fewer_have_does_not():
    have = [f"10u 10D {at}D 4u {16 - at}D 60u" for at in (4, 5, 6)]
    lack = ["10u 30D 60u"] * 6
    assert [letter for letter, _, _ in shapes(tell_story(codes(*have, *lack), 1.0))] == list("uDu")


def test_a_doubtful_edge_is_no_stretch_and_lies_at_its_median():
    texts = [f"{at}u {40 - at}D 60u" for at in (8, 9, 10, 11, 12)]
    assert shapes(tell_story(codes(*texts), 1.0)) == [("u", 0, 10), ("D", 10, 40), ("u", 40, 100)]


@given(st.lists(st.lists(st.sampled_from([0, 1, 2]), min_size=24, max_size=24), min_size=3, max_size=9))
def test_the_windows_of_a_story_tile_the_grid(rows):
    parts = tell_story(np.array(rows, dtype=np.uint8), 1.0)
    assert parts[0].first == 0
    assert parts[-1].until == 24
    assert all(a.until == b.first and a.first < a.until for a, b in pairwise(parts))
    assert all(part.earliest <= part.first <= part.latest for part in parts[1:])


def test_paths_are_read_off_the_codes_run_by_run():
    assert paths_of(codes("2u 3D 1u", "6g"), 0.5) == [
        (Span(0, 0, 1), Span(2, 1, 2.5), Span(0, 2.5, 3)),
        (Span(1, 0, 3),),
    ]


NIGHT = "18u 6D "


@pytest.mark.parametrize(
    ("text", "nights"),
    [
        pytest.param(NIGHT * 3 + "24u", [3], id="three-nights"),
        pytest.param(NIGHT * 2 + "24u", [], id="two-are-none"),
        pytest.param(NIGHT * 2 + "48u " + NIGHT * 2 + "24u", [4], id="a-weekend-without"),
        pytest.param("18u 6D 19u 6D 18u 6D 24u", [3], id="an-hour-apart"),
        pytest.param("18u 6D 20u 6D 18u 6D 24u", [], id="two-hours-apart"),
        pytest.param("4u 20D 4u 20D 4u 20D 24u", [], id="whole-days-are-no-nights"),
    ],
)
def test_a_curfew_is_three_nights_of_one_phase(text, nights):
    from datetime import UTC, datetime

    start = datetime(2022, 1, 1, tzinfo=UTC)
    assert [pattern.nights for pattern in find_curfews(path(text), start, "UTC")] == nights


def test_a_curfew_across_midnight_is_told_in_local_hours():
    from datetime import UTC, datetime

    start = datetime(2022, 1, 1, tzinfo=UTC)
    (pattern,) = find_curfews(path("17u 7D 17u 7D 17u 7D 24u"), start, "Asia/Almaty")
    assert (pattern.from_local, pattern.until_local) == ("23:00", "06:00")
