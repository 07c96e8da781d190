"""Comparing accounts: what moved, and only that."""

from __future__ import annotations

import pytest
from hand_made import account, num, verdict
from hypothesis import given
from hypothesis import strategies as st

from darkhours.account.compare import MOVED_H, WIDENED_H, compare


def texts(before, after):
    """Return the sentences of a comparison."""
    return [change.text for change in compare(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("up 24 dark 48 up 96", "up 24 dark 48 up 96", [], id="nothing"),
        pytest.param(
            "up 24 dark 48 up 96",
            "up 24.5 dark 48 up 96",
            ["moved: dark from 5 Jan 00:00 until 6 Jan 00:00 → from 5 Jan 00:30 until 6 Jan 00:00"],
            id="an-edge-at-the-threshold",
        ),
        pytest.param("up 24 dark 48 up 96", "up 24.4 dark 48 up 96", [], id="an-edge-below-the-threshold"),
        pytest.param(
            "up 24 dark 48 up 96",
            "up 24 dark 48 up 60 dark 72 up 96",
            ["new: dark from 6 Jan 12:00 until 7 Jan 00:00"],
            id="a-second-window",
        ),
        pytest.param(
            "up 24 dark 48 up 60 dark 72 up 96",
            "up 24 dark 48 up 96",
            ["gone: dark from 6 Jan 12:00 until 7 Jan 00:00"],
            id="a-window-less",
        ),
        pytest.param(
            "up 24 dark open",
            "up 24 dark 48 up 96",
            [
                "status: ongoing → ended",
                "moved: dark from 5 Jan 00:00 still open → from 5 Jan 00:00 until 6 Jan 00:00",
            ],
            id="it-came-back",
        ),
        pytest.param(
            "up 24 dark 48 up 96",
            "up 24 degraded 48 up 96",
            [
                "status: ended → none",
                "new: degraded from 5 Jan 00:00 until 6 Jan 00:00",
                "gone: dark from 5 Jan 00:00 until 6 Jan 00:00",
            ],
            id="another-state",
        ),
    ],
)
def test_windows_are_told_as_new_gone_or_moved(before, after, expected):
    assert texts(account(before), account(after)) == expected


def test_a_window_split_in_two_keeps_its_larger_part():
    changes = compare(account("up 24 dark 72 up 96"), account("up 24 dark 30 up 36 dark 72 up 96"))
    assert [change.text.partition(":")[0] for change in changes] == ["new", "moved"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(num(24.0 + MOVED_H), True, id="value-at-the-threshold"),
        pytest.param(num(24.0 + MOVED_H * 0.9), False, id="value-below-the-threshold"),
        pytest.param(num(24.0, 1.0 + WIDENED_H), True, id="interval-at-the-threshold"),
        pytest.param(num(24.0, 1.0 + WIDENED_H * 0.9), False, id="interval-below-the-threshold"),
        pytest.param(None, True, id="gone"),
    ],
)
def test_a_total_is_told_when_it_moved(change, told):
    before = account()
    after = account(totals=before.totals | {"dark_h": change})
    assert [found.what for found in compare(before, after)] == (["dark_h"] if told else [])


def test_a_verdict_is_told_when_it_or_the_rule_that_it_fits_changed():
    other = verdict(fits="first_return_h")
    assert texts(account(verdicts=(verdict(),)), account(verdicts=(other,))) == [
        "verdict on a-1: fits-another-rule (gross_h) → fits-another-rule (first_return_h)"
    ]
    assert texts(account(verdicts=()), account(verdicts=(verdict(verdict="supported", fits=None),))) == [
        "verdict on a-1: none → supported"
    ]


def test_accounts_of_different_things_are_told_to_be_so_first():
    changes = compare(account(), account(service="mobile"))
    assert (
        changes[0].text == "these are accounts of different things: Almaty · internet, then Almaty · mobile"
    )


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=8), st.lists(st.integers(1, 40), min_size=1, max_size=8)
)
def test_every_change_one_way_is_a_change_the_other_way(first, second):
    there = compare(_alternating(first), _alternating(second))
    back = compare(_alternating(second), _alternating(first))
    mirror = {"new": "gone", "gone": "new"}
    kinds = sorted(change.text.partition(":")[0] for change in there)
    assert kinds == sorted(mirror.get(kind, kind) for kind in (c.text.partition(":")[0] for c in back))


def _alternating(lengths):
    """Return an account that falls and returns after so many hours each."""
    words, hour = [], 0
    for index, length in enumerate([*lengths, 1]):
        hour += length
        words += ["dark" if index % 2 else "up", str(hour)]
    return account(" ".join(words), until=hour)
