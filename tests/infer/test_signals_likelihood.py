"""What one value says: every threshold has a row that stands on it."""

from __future__ import annotations

import numpy as np
import pytest
from small_panels import TUNING

from darkhours.infer.signals.likelihood import (
    DARK,
    DEGRADED,
    FALLING,
    RISING,
    UP,
    Held,
    _from_level,
    degraded_bound,
    nats_of,
)


def held(*levels, scatter=0.03, memory=0.0, expected=100.0, thin=False, one_way=False) -> Held:
    """Return bins at shares of their baseline, a row each."""
    share = np.array(levels, dtype=float)
    full = lambda value, kind=float: np.full(share.size, value, dtype=kind)  # noqa: E731
    with np.errstate(divide="ignore"):
        ratio = np.log(np.maximum(share, 1e-4))
    return Held(
        ratio,
        full(scatter),
        share * expected,
        full(expected),
        full(memory),
        full(thin, bool),
        full(one_way, bool),
    )


def told(*levels, step_h=1.0, **other):
    return nats_of(held(*levels, **other), TUNING, step_h)


@pytest.mark.parametrize(
    ("level", "state"),
    [
        (2.0, UP),
        (1.0, UP),
        (0.95, UP),
        (0.75, DEGRADED),
        (0.5, DEGRADED),
        (0.25, DEGRADED),
        (0.1, DARK),
        (0.0, DARK),
    ],
)
def test_each_level_speaks_for_its_state(level, state):
    assert told(level)[0, :3].argmax() == state


@pytest.mark.parametrize(
    ("level", "alike", "as_likely"),
    [
        pytest.param(0.85, 0.5, True, id="on-the-border-to-up"),
        pytest.param(0.86, 0.5, False, id="above-it"),
        pytest.param(0.2, 0.5, True, id="on-the-border-to-dark"),
        pytest.param(0.19, 0.5, False, id="below-it"),
    ],
)
def test_degraded_holds_from_border_to_border(level, alike, as_likely):
    nats = _from_level(held(level, alike), TUNING)[:, DEGRADED]
    assert bool(nats[0] == pytest.approx(nats[1], abs=1e-9)) is as_likely


@pytest.mark.parametrize(
    ("level", "as_likely"),
    [pytest.param(0.2, True, id="on-the-border"), pytest.param(0.21, False, id="above-it"), (0.001, True)],
)
def test_dark_holds_below_its_border_however_far(level, as_likely):
    nats = _from_level(held(level, 0.05), TUNING)[:, DARK]
    assert bool(nats[0] == pytest.approx(nats[1], abs=1e-9)) is as_likely


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(0.0, 8.0, id="deep"),
        pytest.param(1.0, -8.0, id="ordinary"),
        pytest.param(3.0, -8.0, id="above"),
    ],
)
def test_a_bin_never_says_more_than_eight_nats_of_dark(level, expected):
    assert told(level, scatter=0.001)[0, DARK] == expected


def test_nothing_is_said_where_nobody_measured():
    assert (told(np.nan) == 0).all()


@pytest.mark.parametrize(
    ("step_h", "bins"),
    [
        pytest.param(1.0, 6, id="six-bins-of-an-hour"),
        pytest.param(1 / 6, 6, id="six-bins-are-an-hour"),
        pytest.param(1 / 12, 12, id="an-hour-of-five-minutes"),
        pytest.param(1 / 60, 60, id="an-hour-of-minutes"),
    ],
)
def test_a_shallow_dip_lasts_six_bins_or_an_hour_before_it_pays_for_two_changes(step_h, bins):
    cost = -np.log(TUNING.into_per_hour * step_h) - np.log(TUNING.up_per_hour * step_h)
    assert bins * degraded_bound(TUNING, step_h) >= cost
    assert 0.9 * bins * degraded_bound(TUNING, step_h) < cost


@pytest.mark.parametrize(("memory", "share"), [(0.0, 1.0), (0.5, 1 / 3), (0.6, 0.25), (0.95, 0.05 / 1.95)])
def test_what_remembers_itself_speaks_for_degraded_as_much_less(memory, share):
    plain, tempered = told(0.93, scatter=0.08), told(0.93, scatter=0.08, memory=memory)
    assert tempered[0, DEGRADED] == pytest.approx(share * plain[0, DEGRADED])


@pytest.mark.parametrize("level", [0.5, 0.1, 0.01, 0.001])
def test_where_higher_is_worse_nothing_speaks_for_dark_and_the_worst_for_degraded(level):
    nats = told(level, one_way=True)
    assert nats[0, DEGRADED] > 1
    assert nats[0, DARK] <= 0
    assert nats[0, FALLING] == nats[0, RISING] == -8.0


def test_scaling_a_signal_changes_nothing():
    assert (told(0.5, expected=1.0) == told(0.5, expected=1e6)).all()


# --- counts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "expected", "state"),
    [
        pytest.param(4, 4.0, UP, id="as-expected"),
        pytest.param(40, 4.0, UP, id="far-above"),
        pytest.param(0, 4.0, DARK, id="none-of-four"),
        pytest.param(0, 20.0, DARK, id="none-of-twenty"),
        pytest.param(9, 20.0, DEGRADED, id="half-of-twenty"),
        pytest.param(19, 20.0, UP, id="nineteen-of-twenty"),
    ],
)
def test_counts_speak_for_their_state(count, expected, state):
    nats = told(count / expected, expected=expected, thin=True, scatter=0.02)
    assert nats[0, :3].argmax() == state


def test_few_counts_say_little_and_many_say_as_much_as_one_may():
    few, more, many = (told(0.0, expected=e, thin=True, scatter=0.02)[0, DARK] for e in (0.5, 4.0, 25.0))
    assert 0 < few < 1 < more < many == 8.0
