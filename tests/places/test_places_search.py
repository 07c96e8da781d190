"""Searching by an index of letters: the same places, in milliseconds."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkhours.places import nearest
from darkhours.places.letters import make_index
from darkhours.places.nearest import _ALIKE, _common, _places_of, _score_all, _score_indexed
from darkhours.places.table import load_table, pack_table, read_table

WORDS = st.text("abcdeo ш阿", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("almatty", id="a-slip"),
        pytest.param("xyzzyplugh", id="nothing"),
        pytest.param("sankt peterburg", id="two-words"),
        pytest.param("алмати", id="cyrillic"),
        pytest.param("阿拉木", id="chinese"),
        pytest.param("مشهد", id="arabic"),
        pytest.param("x", id="one-letter"),
        pytest.param("\U0010ffff", id="a-letter-that-no-name-has"),
    ],
)
def test_the_index_finds_what_reading_every_name_finds(asked):
    nearest.index_names()
    starts = sorted(set(asked[:2].strip()))

    assert nearest.is_indexed()
    assert _score_indexed(asked, starts) == _score_all(asked, starts)


@given(st.lists(WORDS, min_size=1, max_size=30, unique=True), WORDS)
def test_no_name_that_is_like_enough_is_left_out(keys, asked):
    table = read_table(pack_table({}, [(key, "1") for key in keys]))
    index = make_index(table)
    like = {index.row(number)[0] for number in index.like(asked, _ALIKE).tolist()}

    for key in keys:
        half = 2 * len(set(asked) & set(key)) >= len(set(asked))
        if half and len(key) <= 2 * len(asked) and SequenceMatcher(None, key, asked, False).ratio() >= _ALIKE:
            assert key in like
    assert [index.row(number)[0] for number in index.beginning(asked)] == sorted(
        key for key in keys if key.startswith(asked)
    )


@given(WORDS, WORDS)
def test_what_difflib_matches_is_never_more_than_letters_in_common(one, other):
    matched = sum(block.size for block in SequenceMatcher(None, one, other, False).get_matching_blocks())

    assert matched <= _common(_places_of(one), len(one), other) <= min(len(one), len(other))


def test_an_index_holds_every_row_of_its_table():
    table = load_table("names.bin")
    nearest.index_names()
    from darkhours.places.letters import index_names

    index = index_names()
    for number, (key, fields) in enumerate(table.scan("")):
        if number % 997 == 0:
            assert index.row(number) == (key, fields[0])
    assert len(index.sizes) == number + 1
