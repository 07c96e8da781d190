"""The kernels give the account of the readable code: probabilities to 1e-6, histories the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from small_panels import TUNING, falls, noise, panel, steady, swinging

from darkhours.infer.bulk.entity import infer_entity
from darkhours.infer.bulk.infer import infer_bulk, split_panels
from darkhours.infer.bulk.sweep import sweep, watched_of
from darkhours.infer.signals import timelines
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.timelines import Asked, infer_signals
from darkhours.infer.signals.watch import watch
from darkhours.score.recipes import RECIPES
from darkhours.score.synthetic import make_scenario
from darkhours.sources import read_recording

PROBING, TRAFFIC, BGP, LATENCY, REPLIES = (
    "probing.slash24_up_cnt", "traffic.requests_idx", "bgp.visible_slash24_cnt", "latency.rtt_ms",
    "probing.replies_cnt",
)  # fmt: skip


def assert_same(panels, forms=("final",), *, unrelated=False, n_samples=100):
    rows = make_rows(panels, TUNING)
    slow, swept = (way(rows, TUNING, unrelated=unrelated) for way in (watch, sweep))
    for e in range(len(rows.entities)):
        assert_same_pass(slow, watched_of(swept, e), e)
        for form in forms:
            asked = Asked(form, n_samples=n_samples, unrelated=unrelated)
            one, other = timelines._infer(slow, e, asked), infer_entity(swept, e, asked)
            assert one.entity == other.entity
            assert_same_timeline(one.timeline, other.timeline)
            for mine, theirs in zip(one.traces, other.traces, strict=True):
                np.testing.assert_array_equal(mine.coverage, theirs.coverage)
                np.testing.assert_allclose(mine.baseline, theirs.baseline, rtol=1e-9)


def assert_same_pass(slow, fast, e):
    mine = np.flatnonzero(slow.rows.entity == e)
    np.testing.assert_allclose(fast.alpha[0], slow.alpha[e], atol=1e-6)
    np.testing.assert_allclose(fast.up, slow.up[e : e + 1], atol=1e-6)
    np.testing.assert_array_equal(fast.coverage, slow.coverage[mine])
    for name in ("row_nats", "ratio", "scatter", "baseline", "drift"):
        np.testing.assert_allclose(getattr(fast, name), getattr(slow, name)[mine], atol=1e-6, rtol=1e-6)


def assert_same_timeline(one, other):
    np.testing.assert_array_equal(one.codes, other.codes)
    np.testing.assert_array_equal(one.access, other.access)
    assert (one.shifts is None) == (other.shifts is None)
    if one.shifts is not None:
        np.testing.assert_array_equal(one.shifts, other.shifts)
    assert (one.families, one.notes, one.least_dark_h) == (other.families, other.notes, other.least_dark_h)
    assert [(v.signal, v.family) for v in one.signals] == [(v.signal, v.family) for v in other.signals]
    for mine, theirs in zip(one.signals, other.signals, strict=True):
        np.testing.assert_array_equal(mine.leans, theirs.leans)
        np.testing.assert_allclose(mine.level, theirs.level, rtol=1e-9)


@pytest.mark.parametrize("name", [recipe.name for recipe in RECIPES])
def test_a_recipe_has_the_same_account(name):
    (recipe,) = (recipe for recipe in RECIPES if recipe.name == name)
    few = recipe if recipe.unrelated else replace(recipe, n_entities=min(recipe.n_entities, 2))
    assert_same(make_scenario(few, 1).panels, unrelated=recipe.unrelated)


def gaps(line, *spans):
    line = line.copy()
    for first, until in spans:
        line[first:until] = np.nan
    return line


def counts(level, n, *spans, seed=0, share=0.0):
    return (
        np.random.default_rng(seed)
        .poisson(falls(np.full(n, float(level)), *spans, share=share))
        .astype(float)
    )


LINE = swinging(21, 0.3, 1000.0)
LOSS = 100 - falls(100 - np.clip(2 * noise(504, 0.5), 0, 90), (300, 312), share=0.2)
FINE = np.repeat(swinging(20, 0.2, 500.0), 12) * noise(20 * 288, 0.02, 9)
HANDMADE = {
    "gaps": [panel(gaps(falls(LINE, (250, 262)), (0, 5), (240, 244), (300, 340), (380, 381)))],
    "begins-late": [panel([gaps(LINE, (0, 200)), falls(LINE, (400, 420))])],
    "nothing-ever": [panel([np.full(504, np.nan), np.zeros(504), LINE])],
    "thin-counts": [panel([counts(lv, 2000, (900, 960), seed=k) for k, lv in enumerate((0.05, 0.4, 4, 20))],
                          signal=REPLIES, minutes=10)],
    "bgp-one-sided": [panel(falls(LINE, (250, 262), (400, 420)), signal=PROBING),
                      panel(falls(steady(21), (250, 262), share=0.05), signal=BGP),
                      panel(gaps(falls(LINE, (250, 262)), (200, 300)), signal=TRAFFIC)],
    "bgp-alone": [panel(falls(steady(21), (250, 262), share=0.05), signal=BGP)],
    "families-disagree": [panel(falls(LINE, (250, 300)), signal=PROBING, family="a"),
                          panel(falls(LINE, (250, 270)), signal=TRAFFIC, family="b"),
                          panel(gaps(falls(LINE, (260, 310)), (320, 330)), signal="atlas.probes_cnt")],
    "one-family-disagrees": [panel(falls(LINE, (250, 270)), signal=PROBING, family="a"),
                             panel(falls(LINE, (262, 280)), signal="probing.up_pct", family="a")],
    "steps-differ": [panel(np.repeat(falls(LINE, (250, 262)), 6), signal=PROBING, minutes=10, start=10),
                     panel(falls(LINE, (250, 262)), signal=TRAFFIC),
                     panel(falls(LINE[::2], (125, 131)), signal=BGP, minutes=120)],
    "smoothed": [panel(np.convolve(falls(LINE, (250, 280)), np.ones(6) / 6, "same"),
                       smoothed=timedelta(hours=6))],
    "worse-is-higher": [panel(80 * noise(504, 0.1) * np.where(np.arange(504) // 12 == 20, 3.0, 1.0),
                              signal=LATENCY, worse="higher"),
                        panel(LOSS, signal="latency.loss_pct", worse="higher")],
    "lone-tail": [panel(falls(LINE, (500, 504), share=0.0), signal=PROBING), panel(LINE, signal=TRAFFIC)],
    "open-tail": [panel([falls(LINE, (503, 504)), falls(LINE, (498, 504))])],
    "five-minutes": [panel([falls(FINE, (3000, 3003), (4000, 4500)), FINE], minutes=5)],
    "a-minute": [panel(np.repeat(LINE[:60], 60) * noise(3600, 0.02, 4), minutes=1)],
    "drifts": [panel(LINE * np.linspace(1, 0.6, 504)), panel(LINE, signal=BGP)],
    "short": [panel(LINE[:9]), panel(LINE[:9], signal=TRAFFIC)],
    "beyond-all-measure": [panel(np.full(200, 1e308))],
}  # fmt: skip


@pytest.mark.parametrize("panels", HANDMADE.values(), ids=HANDMADE)
def test_panels_made_by_hand_have_the_same_account(panels):
    assert_same(panels, ("final", "live"))


def test_the_gate_suspects_the_same_bins():
    lines = [falls(swinging(21, 0.2, seed=k), (300, 320), *([(400, 420)] if k < 4 else [])) for k in range(9)]
    panels = [panel(lines), panel([counts(6.0, 504, (300, 310), seed=k) for k in range(9)], signal=REPLIES)]
    assert_same(panels, unrelated=True)


@pytest.mark.parametrize("at_once", [1, 504, 1500, 10**9])
def test_how_many_are_swept_at_once_changes_nothing(at_once):
    panels = [panel([falls(LINE, (250 + k, 260)) for k in range(5)]), panel([LINE] * 3, signal=TRAFFIC)]
    parts = list(split_panels(panels, at_once))
    told = [each for part in parts for each in infer_bulk(part, Asked())]
    whole = list(infer_signals(panels, Asked()))
    assert [each.entity for each in told] == [each.entity for each in whole]
    for one, other in zip(told, whole, strict=True):
        assert_same_timeline(one.timeline, other.timeline)


def test_a_signed_rebaseline_is_left_to_the_readable_code():
    with pytest.raises(ValueError, match="signed"):
        next(infer_bulk([panel(LINE)], Asked(signed=panel(LINE).grid.start)))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "file",
    [
        "monash-ip-observatory/irn-2019-11-11_gif.csv",
        "monash-ip-observatory/ven-2019-07-22_gif.csv",
        "iran-2026-ioda/ioda-iran-2025-12-01_2026-01-29.csv",
    ],
)
def test_a_recording_has_the_same_account(shared_data, file):
    assert_same(read_recording(shared_data / file).panels, ("final", "live"))
