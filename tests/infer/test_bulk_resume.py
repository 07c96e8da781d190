"""A pass that goes on where it stopped ends where one that never stopped does, to the last bit."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_panels import BEGIN, TUNING, falls, panel, steady, swinging

from darkhours.infer.bulk.entity import infer_entity
from darkhours.infer.bulk.resume import begin, feed, look_back, rows_for, settled
from darkhours.infer.bulk.state_bytes import MAGIC, VERSION, from_bytes, to_bytes
from darkhours.infer.bulk.sweep import sweep
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.tails import LONE_TAIL
from darkhours.infer.signals.timelines import Asked
from darkhours.infer.signals.watch import watch
from darkhours.model.errors import StoreError
from darkhours.model.evidence import Grid

N, KNOWN = 45 * 24, 30 * 24
OUT = ((800, 812), (900, 950), (1000, 1003))
FEEDS = ("alpha", "ratio", "expected", "scatter", "coverage", "degraded", "dark", "mixed", "said")


def panels(n=N):
    """Two places, three families, gaps, thin counts; the first ``n`` bins."""
    probing = [falls(swinging(45, 0.3, 1000.0, seed=k), *OUT[k:]) for k in range(2)]
    probing[0][850:860] = np.nan
    routes = [falls(steady(45, seed=5), OUT[0], share=0.05)]
    replies = [np.random.default_rng(k).poisson(falls(np.full(N, 6.0), *OUT, share=0.0)) for k in range(2)]
    return [
        panel(np.array(probing)[:, :n], signal="probing.slash24_up_cnt", family="a"),
        panel(np.array(routes)[:, :n], signal="bgp.visible_slash24_cnt", family="b"),
        panel(np.array(replies)[:, :n], signal="probing.replies_cnt", family="c"),
    ]


@cache
def begun(unrelated=False):  # noqa: FBT002 — a parameter of a test
    return begin(make_rows(panels(KNOWN), TUNING), TUNING, unrelated=unrelated)[0]


@cache
def whole():
    rows = make_rows(panels(), TUNING)
    return begin(rows, TUNING), rows


def new_values():
    return rows_for(begun(), panels()).values


def assert_same_state(one, other):
    assert (one.grid, one.entities, one.series, one.tuning) == (
        other.grid,
        other.entities,
        other.series,
        other.tuning,
    )
    for name in ("kinds", "learned"):
        for mine, theirs in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_array_equal(mine, theirs)
    for name in ("floor", "begun", "values", "coverage"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(0, N - KNOWN), max_size=6), saved=st.booleans())
def test_in_what_portions_bins_are_fed_changes_nothing(cuts, saved):
    values, (state, told) = new_values(), whole()[0]
    edges, went = [0, *sorted(cuts), N - KNOWN], begun()
    parts = []
    for first, until in pairwise(edges):
        went, part = feed(from_bytes(to_bytes(went)) if saved else went, values[:, first:until])
        parts.append(part)
    assert_same_state(went, state)
    for name in FEEDS:
        fed = np.concatenate([getattr(part, name) for part in parts], axis=1)
        np.testing.assert_array_equal(fed, getattr(told, name)[:, KNOWN:])


def test_bins_fed_one_by_one_are_those_of_one_pass():
    went, values = begun(), new_values()
    for t in range(values.shape[1]):
        went, _ = feed(went, values[:, t : t + 1], reuse=t > 0)
    assert_same_state(went, whole()[0][0])


def test_what_is_fed_is_what_the_readable_code_filters():
    (_, told), rows = whole()
    heard = slice(0, N - 2 * LONE_TAIL)  # what a single signal says at the very end is taken back there
    alpha = watch(rows, TUNING, unrelated=False).alpha
    np.testing.assert_allclose(told.alpha[:, heard], alpha[:, heard], atol=1e-6)


def test_a_state_that_is_fed_is_left_as_it_was():
    state = begun()
    before = to_bytes(state)
    feed(state, new_values())
    assert to_bytes(state) == before


def test_the_gate_goes_on_too():
    lines = [falls(swinging(45, 0.2, seed=k), (900, 910)) for k in range(9)]
    told = [
        begin(make_rows([panel(np.array(lines)[:, :n])], TUNING), TUNING, unrelated=True) for n in (KNOWN, N)
    ]
    fed, part = feed(told[0][0], rows_for(told[0][0], [panel(lines)]).values)
    assert_same_state(fed, told[1][0])
    assert (part.coverage[:, 900 - KNOWN : 910 - KNOWN] == 1).any()


def test_a_look_back_has_the_histories_of_a_sweep_over_everything():
    rows = make_rows(panels(), TUNING)
    swept, (after, back) = sweep(rows, TUNING, unrelated=False), look_back(begun(), panels())
    assert after.grid == rows.grid
    assert settled(begun()).all()
    for e in range(2):
        one, other = (infer_entity(each, e, Asked()).timeline for each in (swept, back))
        assert other.grid == Grid(BEGIN + KNOWN * timedelta(hours=1), timedelta(hours=1), N - KNOWN)
        np.testing.assert_array_equal(one.codes[:, KNOWN:], other.codes)
        np.testing.assert_array_equal(one.shifts[:, KNOWN:], other.shifts)
        assert one.families == other.families


@pytest.mark.parametrize("cut", range(KNOWN + 85, KNOWN + 100))
def test_appending_bins_moves_no_window_that_is_closed_for_longer_than_the_admission_lag(cut):
    part, full = (infer_entity(look_back(begun(), panels(n))[1], 0, Asked()).timeline.codes for n in (cut, N))
    until = cut - KNOWN - 3
    most = [np.median(codes[:, :until], axis=0) for codes in (part, full)]
    closed = until if most[0][-1] == 0 else int(np.flatnonzero(most[0] == 0)[-1]) + 1
    np.testing.assert_array_equal(most[0][:closed], most[1][:closed])


def test_who_is_dark_is_not_settled():
    state, _ = feed(begun(), new_values()[:, : 905 - KNOWN])
    assert settled(state).tolist() == [False, False]


def test_a_state_of_entities_that_nobody_has_panels_of_is_told():
    with pytest.raises(ValueError, match="local:1"):
        rows_for(begun(), panels()[1:2])


def test_a_series_that_has_no_new_bins_is_not_measured():
    rows = rows_for(begun(), panels()[::2])
    assert np.isnan(rows.values[begun().series.index(("bgp.visible_slash24_cnt", "b"))]).all()


def test_zeros_alone_are_zeros_to_a_state_that_knows_better():
    dark = [replace(each, values=np.zeros_like(each.values)) for each in panels()]
    assert (rows_for(begun(), dark).values == 0).all()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(lambda _: b"", "other bytes", id="empty"),
        pytest.param(lambda data: b"<html>" + data, "other bytes", id="html"),
        pytest.param(lambda data: data[: len(data) // 2], "damaged", id="truncated"),
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), "damaged", id="a-bit"),
        pytest.param(lambda data: data[: len(MAGIC) + 4], "other bytes", id="no-header"),
    ],
)
def test_bytes_that_are_no_state_are_told(spoil, words):
    with pytest.raises(StoreError, match=words):
        from_bytes(spoil(to_bytes(begun())))


def test_a_state_of_another_version_is_told(monkeypatch):
    monkeypatch.setattr("darkhours.infer.bulk.state_bytes.VERSION", VERSION + 1)
    newer = to_bytes(begun())
    monkeypatch.undo()
    with pytest.raises(StoreError, match=f"version {VERSION}"):
        from_bytes(newer)


@pytest.mark.parametrize("expected", [None, TUNING, replace(TUNING, slot_samples=14)])
def test_a_state_that_was_made_with_other_defaults_is_told(expected):
    data = to_bytes(begun())
    if expected in (None, TUNING):
        assert_same_state(from_bytes(data, expected), begun())
    else:
        with pytest.raises(StoreError, match="other defaults"):
            from_bytes(data, expected)


def test_a_state_with_a_default_that_is_no_more_is_told(monkeypatch):
    told = {**asdict(TUNING), "luck": 7.0}
    monkeypatch.setattr("darkhours.infer.bulk.state_bytes.asdict", lambda _: told)
    other = to_bytes(begun())
    monkeypatch.undo()
    with pytest.raises(StoreError, match="other defaults"):
        from_bytes(other)


def test_a_state_comes_back_from_its_bytes():
    assert_same_state(from_bytes(to_bytes(begun())), begun())
    assert to_bytes(from_bytes(to_bytes(begun()))) == to_bytes(begun())
