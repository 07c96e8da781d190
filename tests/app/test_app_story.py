"""The story on the terminal: one screenful, every window shown, nothing that a claim says is obeyed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_made import account, alternative, case, contested, verdict
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from darkhours.model.account import Pattern
from darkhours.model.state import State
from darkhours.render.terminal import Look, say_summary, tell, tell_list
from darkhours.render.terminal_strip import draw_days, draw_states, make_scale

LOOKS = [Look(100), Look(60), Look(160), Look(100, ascii_only=True)]


def strip(text, width=96):
    """Return the strip of an account as characters."""
    told = account(text)
    scale = make_scale([told], width)
    return "".join(" " if state is None else Look().glyphs[state] for state in draw_states(told, scale))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        pytest.param("up 24 dark 48 up 96", 48, "█" * 24 + "·" * 24, id="an-hour-a-character"),
        pytest.param("up 24 dark 48 up 96", 8, "█" * 4 + "·" * 4, id="six-hours-a-character"),
        pytest.param("up 24 dark 36 up 37 dark 48 up 96", 8, "██·█····", id="a-short-return-is-kept"),
        pytest.param("up 24 dark 25 up 96", 8, "█·······", id="a-short-fall-is-kept"),
        pytest.param("up 96", 8, "········", id="nothing-fell"),
        pytest.param("unknown 24 degraded 48 up 96", 48, "▒" * 24 + "·" * 24, id="degraded"),
    ],
)
def test_a_strip_shows_whole_local_days_around_what_fell(text, width, expected):
    assert strip(text, width) == expected


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(20, 120))
def test_no_dark_window_disappears_from_a_strip(lengths, width):
    words, hour = [], 0
    for index, length in enumerate([*lengths, 24]):
        hour += length * 2
        words += ["dark" if index % 2 else "up", str(hour)]
    told = account(" ".join(words), until=hour)
    scale = make_scale([told], width)
    drawn = draw_states(told, scale)
    assert len(drawn) <= width
    for window in told.windows:
        if window.state is State.DARK:
            cells = range(scale.index(window.start.at), scale.index(window.end.at) + 1)
            assert any(drawn[index] is State.DARK for index in cells if index < len(drawn))


def test_days_stand_over_their_midnights():
    scale = make_scale([account()], 48)
    assert draw_days(scale).rstrip() == "5 Jan" + " " * 19 + "6 Thu"


@pytest.mark.parametrize("look", LOOKS, ids=["usual", "narrow", "wide", "ascii"])
def test_the_story_of_an_account_fits_its_terminal(look):
    told = account(verdicts=(verdict(),), contested=contested(9))
    lines = tell([told, told], case(), look, ("a footer",)).plain.splitlines()
    assert len(lines) <= look.height
    assert lines[-1] == "a footer"
    assert max(cell_len(line) for line in lines) <= look.width


def test_the_story_tells_what_is_wrong_with_a_claimed_total():
    story = " ".join(tell([account(verdicts=(verdict(),))], case(), Look(100)).plain.split())
    assert "24 h, not counting 4 h restored in Almaty (A paper, a-1): does not hold" in story
    assert "gives 20 h [19–21]" in story
    assert "(24 h [23–25]): the restorations are still in it, not taken off." in story


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        pytest.param(
            {"verdict": "supported", "fits": None},
            "holds: counting all dark hours gives 20 h",
            id="supported",
        ),
        pytest.param(
            {"verdict": "contradicted", "fits": None}, "and no other rule gives 24.", id="contradicted"
        ),
        pytest.param({"verdict": "undecided", "fits": None}, "open: counting all dark hours", id="undecided"),
        pytest.param({"computed": None}, "gives nothing that can be told", id="not-computed"),
    ],
)
def test_every_verdict_is_a_sentence(more, sentence):
    story = " ".join(tell([account(verdicts=(verdict(**more),))], None, Look(100)).plain.split())
    assert sentence in story


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        pytest.param(account(), "Dark from Wed 5 Jan 00:00", id="dark"),
        pytest.param(account(), "back for good on Thu 6 Jan 00:00", id="ended"),
        pytest.param(
            account("up 24 degraded 36 dark 48 up 96"), "Dark from Wed 5 Jan 12:00", id="after-degraded"
        ),
        pytest.param(account("up 24 dark open"), "dark since Wed 5 Jan 00:00, and so at", id="ongoing"),
        pytest.param(account("up 96"), "No outage is known from Tue 4 Jan 00:00", id="none"),
        pytest.param(account("unknown 96", status="unmeasured"), "Nobody measured or told", id="unmeasured"),
        pytest.param(
            account(patterns=(Pattern("curfew", 5, "22:00", "06:00", *[account().days[0].date] * 2),)),
            "Off every night from about 22:00 to 06:00, 5 nights",
            id="curfew",
        ),
    ],
)
def test_the_summary_says_when_it_went_and_when_it_came_back(told, sentence):
    assert sentence in say_summary(told)


def test_an_account_as_of_an_earlier_time_says_so():
    story = tell([account("up 24 dark open", until=48)], case(), Look(100)).plain
    assert "From what had been published by Thu 6 Jan 00:00." in story
    assert "From what had been published" not in tell([account()], case(), Look(100)).plain


def test_another_reading_is_told_with_its_probability():
    told = account()
    outage = replace(told.outages[0], alternatives=(alternative(),))
    story = tell([replace(told, outages=(outage,))], None, Look(100)).plain
    assert "Another reading, p 0.08: from Tue 4 Jan 20:00 until Thu 6 Jan 00:00, 28 h dark." in story


HOSTILE = "\x1b[2J\u202eevil\x07"


def test_what_others_wrote_cannot_write_to_the_terminal():
    told = account(name=HOSTILE, notes=(HOSTILE,), verdicts=(verdict(),), contested=contested(1))
    told = replace(told, contested=(replace(told.contested[0], topic=HOSTILE, claims=(HOSTILE,)),))
    for story in (tell([told], case(HOSTILE), Look(100)), tell_list([told], Look(100))):
        assert "evil" in story.plain
        assert not set("\x1b\u202e\x07") & set(story.plain)


def test_a_list_of_accounts_is_a_line_each():
    lines = tell_list([account(), account("up 96", name="Nur-Sultan")], Look(100)).plain.splitlines()
    assert [line.split()[0] for line in lines] == ["Almaty", "Nur-Sultan"]
