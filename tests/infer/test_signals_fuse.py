"""Families added up, and paths settled into windows."""

from __future__ import annotations

import numpy as np
import pytest
from small_panels import nats, panel, rows_of

from darkhours.infer.signals.fuse import WITHDRAWN, fuse, group_families, one_sided
from darkhours.infer.signals.likelihood import BACK, DARK, DEGRADED, FALLING, RISING, UP
from darkhours.infer.signals.settle import settle

SAYS = {"up": nats(0, -4, -8), "dark": nats(0, 4, 8), "degraded": nats(0, 3, -3), "nothing": nats()}
STATE = ["up", "degraded", "dark"]


def rows_by(*families: str, signals=None, minutes=None):
    signals = signals or [f"probing.{k}_cnt" for k in range(len(families))]
    minutes = minutes or [60] * len(families)
    return rows_of(
        *(
            panel([1.0] * 8, signal=s, family=f, minutes=m)
            for f, s, m in zip(families, signals, minutes, strict=True)
        )
    )


def fused(rows, *said, covered=None):
    mask = np.ones(len(said), dtype=bool) if covered is None else np.array(covered)
    told, spoke = fuse(np.array([SAYS[word] for word in said]), mask, group_families(rows), rows)
    return told[0], spoke


@pytest.mark.parametrize(
    ("said", "state"),
    [
        pytest.param(("up",), "up", id="one-says-up"),
        pytest.param(("dark",), "dark", id="one-says-dark"),
        pytest.param(("dark", "dark"), "dark", id="two-agree"),
        pytest.param(("up", "up"), "up", id="two-agree-on-up"),
        pytest.param(("up", "dark"), "degraded", id="disagreement-is-degraded"),
        pytest.param(("dark", "up", "dark"), "degraded", id="no-vote"),
        pytest.param(("dark", "nothing"), "dark", id="one-has-nothing-to-say"),
        pytest.param(("degraded", "dark", "dark"), "degraded", id="one-of-three-still-sees-some"),
    ],
)
def test_families_add_up_and_disagreement_is_evidence_of_degraded(said, state):
    told, _ = fused(rows_by(*"abc"[: len(said)]), *said)
    assert STATE[told[:3].argmax()] == state
    assert told.max() == 0


def test_two_signals_of_one_family_are_one_witness():
    one, _ = fused(rows_by("a"), "dark")
    two, spoke = fused(rows_by("a", "a"), "dark", "dark")
    assert two == pytest.approx(one)
    assert spoke.tolist() == [True]


def test_two_families_that_agree_are_two_witnesses():
    one, _ = fused(rows_by("a"), "dark")
    two, _ = fused(rows_by("a", "b"), "dark", "dark")
    assert two[DARK] - two[UP] == pytest.approx(2 * (one[DARK] - one[UP]))


def test_who_did_not_measure_is_not_heard():
    told, spoke = fused(rows_by("a", "b"), "dark", "up", covered=[True, False])
    assert told == pytest.approx(fused(rows_by("a"), "dark")[0])
    assert spoke.tolist() == [True, False]


def test_a_coarse_signal_shares_its_evidence_out_over_the_bins_that_it_covers():
    told, _ = fused(rows_by("a", "b", minutes=[60, 120]), "nothing", "dark")
    assert told[DARK] - told[UP] == pytest.approx(4)


# --- routing ---------------------------------------------------------------------------------------------

BGP, PROBING = "bgp.visible_slash24_cnt", "probing.slash24_up_cnt"


@pytest.mark.parametrize(
    ("level", "reach", "expected"),
    [
        pytest.param(1.0, True, (0, 0, 0), id="routes-that-stand-say-nothing"),
        pytest.param(0.5, True, (0, 0, 0), id="a-partial-fall-does-not-tell"),
        pytest.param(np.exp(WITHDRAWN), True, (0, 0, 0), id="a-tenth-is-not-yet-withdrawn"),
        pytest.param(0.099, True, (0, 4, 8), id="near-total-withdrawal-is-strong"),
        pytest.param(1.0, False, (0, -4, -8), id="alone-it-is-two-sided"),
    ],
)
def test_routing_speaks_one_way_where_another_family_sees_people(level, reach, expected):
    rows = rows_by("r", "p", signals=[BGP, PROBING])
    said = np.array([SAYS["up"], SAYS["nothing"]])
    ratio = np.array([WITHDRAWN if level == np.exp(WITHDRAWN) else np.log(level), 0.0])
    told = one_sided(said, ratio, np.array([True, reach]), group_families(rows), rows)
    assert told[0, :3].tolist() == list(expected)


def test_routing_without_another_family_is_heard_as_it_is():
    rows = rows_by("r", signals=[BGP])
    said = np.array([SAYS["dark"]])
    assert (one_sided(said, np.zeros(1), np.array([True]), group_families(rows), rows) == said).all()


# --- settling --------------------------------------------------------------------------------------------

LETTERS = {"u": UP, "g": DEGRADED, "D": DARK, "F": FALLING, "R": RISING, "B": BACK}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("uuuDuuu", "uuuuuuu", id="a-single-dark-bin-is-no-window"),
        pytest.param("uuuDDuuu", "uuuDDuuu", id="two-are"),
        pytest.param("DDDuDDD", "DDDDDDD", id="a-single-bin-of-return-is-none"),
        pytest.param("DDDuuDDD", "DDDuuDDD", id="two-are-a-return"),
        pytest.param("uuuguuu", "uuuuuuu", id="a-single-degraded-bin"),
        pytest.param("uuuFDDRBBu", "uuuDDDDuuu", id="bins-with-an-edge-are-dark-and-newly-back-is-up"),
        pytest.param("uuugDDD", "uuuDDDD", id="a-mixed-bin-is-an-edge"),
        pytest.param("uuuggDDD", "uuuuDDDD", id="two-of-them-are-split"),
        pytest.param("uuugggDDD", "uuugggDDD", id="three-are-a-window"),
        pytest.param("DDDggBuu", "DDDDuuuu", id="split-on-the-way-back"),
        pytest.param("uuuuD", "uuuuu", id="a-last-bin-that-nothing-follows"),
        pytest.param("uuuDD", "uuuDD", id="a-last-pair"),
        pytest.param("Duuuu", "Duuuu", id="a-first-bin-whose-beginning-nobody-saw"),
    ],
)
def test_what_lasts_less_than_two_bins_is_no_window(path, expected):
    codes = np.array([[LETTERS[letter] for letter in path]], dtype=np.uint8)
    assert "".join("ugD"[code] for code in settle(codes)[0]) == expected


def test_two_signals_of_one_family_that_disagree_are_degraded():
    told, _ = fused(rows_by("a", "a"), "up", "dark")
    assert told.argmax() == 1
