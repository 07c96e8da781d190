"""Edges inside bins: mixed bins tell the fraction, slopes their crossing, smoothed values their middle."""

from __future__ import annotations

import numpy as np
import pytest
from small_panels import TUNING

from darkhours.infer.signals.edges import (
    NOWHERE,
    Change,
    Place,
    combine,
    level_of,
    place_edge,
    place_smoothed,
    shift_edges,
)
from darkhours.infer.signals.likelihood import DARK, DEGRADED, UP

N, EDGE = 20, 10
X = np.nan


def step(at: float, before: float, after: float, ramp: float = 0.0) -> np.ndarray:
    """Return the mean level of each bin where it changes ``at`` an instant, over ``ramp`` bins."""
    fine = (np.arange(N * 1000) + 0.5) / 1000
    share = (fine >= at).astype(float) if ramp == 0 else np.clip((fine - at) / ramp + 0.5, 0, 1)
    return (before + (after - before) * share).reshape(N, 1000).mean(axis=1)


def change(t: int, before=UP, after=DARK) -> Change:
    return Change(t, before, after, t, N - t)


def placed(levels, t, *states, scatter=0.01) -> Place | None:
    with np.errstate(divide="ignore"):
        ratio = np.log(np.maximum(levels, 1e-4))
    return place_edge(level_of(ratio), np.full(N, scatter), change(t, *states), TUNING)


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.25, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("later", [0, 1], ids=["mixed-bin-after", "mixed-bin-before"])
@pytest.mark.parametrize(
    ("states", "levels"),
    [
        pytest.param((UP, DARK), (1.0, 0.05), id="fall"),
        pytest.param((DARK, UP), (0.05, 1.0), id="return"),
        pytest.param((UP, DARK), (1.0, 0.0), id="fall-to-nothing"),
        pytest.param((UP, DEGRADED), (1.0, 0.5), id="to-a-half"),
        pytest.param((DEGRADED, DARK), (0.5, 0.05), id="deeper"),
    ],
)
def test_the_mixed_bin_tells_where_the_change_lies(fraction, later, states, levels):
    place = placed(step(EDGE + fraction, *levels), EDGE + later, *states)
    assert EDGE + later + place.at == pytest.approx(EDGE + fraction, abs=0.02)
    assert (place.low, place.high) == (0, 0)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(1.0, 0.84, True, id="above-the-least-change"),
        pytest.param(1.0, 0.86, False, id="below-it"),
        pytest.param(0.5, 1.0, False, id="the-wrong-way"),
    ],
)
def test_a_signal_times_a_change_only_where_it_has_one(before, after, told):
    assert (placed(step(EDGE, before, after), EDGE, UP, DEGRADED) is not None) is told


@pytest.mark.parametrize("ramp", [5.0, 8.0])
def test_a_slope_is_placed_where_it_crosses_the_border_and_says_how_else_it_could_be_read(ramp):
    levels = step(EDGE, 1.0, 0.05, ramp)
    crossing = EDGE - ramp / 2 + ramp * (1 - TUNING.degraded_below) / 0.95
    place = placed(levels, round(crossing))
    assert round(crossing) + place.at == pytest.approx(crossing, abs=0.35)
    assert place.low <= 0 <= place.high


def test_an_edge_beside_a_gap_is_not_known_to_a_part_of_a_bin():
    levels = step(EDGE, 1.0, 0.05)
    levels[EDGE] = X
    place = placed(levels, EDGE)
    assert place.at == 0
    assert place.sd >= NOWHERE.sd


def test_noise_widens_an_edge_and_it_is_never_timed_to_better_than_its_least():
    sharp, blurred = (placed(step(EDGE, 1.0, 0.05), EDGE, scatter=s).sd for s in (0.0001, 0.15))
    assert sharp == 0.06
    assert 0.06 < blurred <= 0.5


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("levels", [(1.0, 0.1), (1.0, 0.5)], ids=["deep", "half"])
def test_a_smoothed_change_lies_in_the_middle_of_its_ramp(fraction, levels):
    width = 6.0
    ratio = np.log(step(EDGE + fraction, *levels, ramp=width))
    place = place_smoothed(level_of(ratio), np.full(N, 0.01), change(EDGE), width)
    assert EDGE + place.at == pytest.approx(EDGE + fraction, abs=0.1)
    # Nine tenths of the range hold both ends of the ramp, and its noise, whichever way the window lay.
    assert 3 < 0.9 * place.high == -0.9 * place.low < 3.2


def test_noise_widens_the_edge_of_a_smoothed_value():
    ratio = np.log(step(EDGE, 1.0, 0.1, ramp=6.0))
    calm, loud = (place_smoothed(level_of(ratio), np.full(N, s), change(EDGE), 6.0).high for s in (0.01, 0.1))
    assert calm + 0.3 < loud <= (3 + 1.2816 * 3) / 0.9


def test_a_smoothed_edge_beside_a_gap_is_where_half_is_crossed():
    levels = step(EDGE, 1.0, 0.1, ramp=6.0)
    levels[EDGE + 2] = X
    place = place_smoothed(level_of(np.log(levels)), np.full(N, 0.01), change(EDGE), 6.0)
    assert place.at == pytest.approx(0, abs=0.1)


def test_all_smoothed_edges_of_a_history_are_early_or_late_alike():
    """One window smoothed them all: a length between two of them is known, though neither edge is."""
    paths = np.repeat([[0] * 10 + [2] * 15 + [0] * 10], 50, axis=0).astype(np.uint8)
    wide = Place(0.0, 0.06, -3.0, 3.0, alike=True)
    uniform = (np.arange(50) + 0.5) / 50
    _, _, at = shift_edges(paths, np.arange(35), {(10, 0, 2): wide, (25, 2, 0): wide}, uniform)
    begins, ends = at.reshape(50, 2).T
    assert np.ptp(begins) > 5
    assert np.ptp(ends - begins) < 1


def test_a_smoothed_signal_is_not_asked_where_another_times_the_change():
    sharp, wide = Place(0.3, 0.06), Place(-1.0, 0.06, -3.0, 3.0, alike=True)
    assert combine([wide, sharp]) == sharp
    assert combine([wide, wide]).alike


def test_a_smoothed_value_that_hardly_moves_times_nothing():
    assert (
        place_smoothed(level_of(np.log(step(EDGE, 1.0, 0.9, 6))), np.full(N, 0.01), change(EDGE), 6) is None
    )


# --- several signals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "at"),
    [
        pytest.param([], 0.0, id="none"),
        pytest.param([Place(0.3, 0.1)], 0.3, id="one"),
        pytest.param([Place(0.2, 0.1), Place(0.4, 0.1)], 0.3, id="two-alike-sure"),
        pytest.param([Place(0.0, 0.1), Place(1.0, 0.3)], 0.1, id="the-surer-one-counts-more"),
    ],
)
def test_signals_are_combined_by_how_sure_they_are(places, at):
    assert combine(places).at == pytest.approx(at)


def test_the_interval_holds_the_spread_of_signals_that_time_a_change_differently():
    alike, apart = combine([Place(0.3, 0.1)] * 2), combine([Place(0.0, 0.1), Place(0.6, 0.1)])
    assert alike.sd == pytest.approx(0.1 / np.sqrt(2))
    assert apart.sd == pytest.approx(np.hypot(0.1 / np.sqrt(2), np.std([0, 0.6], ddof=1)))


def test_nobody_who_tells_is_anywhere_in_two_bins():
    assert combine([]) == NOWHERE


# --- moving the edges of samples -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "low", "high"),
    [
        pytest.param(Place(0.3, 0.1), 0.3 - 0.165, 0.3 + 0.165, id="noise"),
        pytest.param(Place(0.0, 0.001, -2.0, 0.0), -1.8, 0.0, id="another-reading-ahead"),
        pytest.param(Place(0.0, 0.001, 0.0, 2.0), 0.0, 1.8, id="another-reading-behind"),
    ],
)
def test_samples_spread_over_the_interval_of_their_edge(place, low, high):
    n = 1000
    paths = np.zeros((n, N), dtype=np.uint8)
    paths[:, EDGE:] = DARK
    sample, bins, at = shift_edges(
        paths, np.arange(paths.shape[1]), {(EDGE, UP, DARK): place}, (np.arange(n) + 0.5) / n
    )
    assert (sample == np.arange(n)).all()
    assert set(bins) == {EDGE}
    assert np.percentile(at - EDGE, [5, 95]) == pytest.approx([low, high], abs=0.02)
