"""A new normal that a second family supports: what counts as support, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.measured import Question, detect
from darkhours.infer.choose import infer_all
from darkhours.infer.signals.timelines import Asked
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal
from darkhours.model.state import State

DAYS, STEP_DAY = 60, 30
GRID = Grid(datetime(2022, 1, 1, tzinfo=UTC), timedelta(hours=1), DAYS * 24)
HERE = Entity("local:here", "here", "UTC")


def panel(signal, family, share, *, recovers=None, seed=0):
    """Return one signal of 1,000 an hour that drops to ``share`` on day 30, maybe until day ``recovers``."""
    level = np.ones(GRID.n_bins)
    level[STEP_DAY * 24 : None if recovers is None else recovers * 24] = share
    noise = np.random.default_rng(seed).normal(0, 0.02, GRID.n_bins)
    values = 1000 * level * np.exp(noise)
    return Panel(describe_signal(signal), family, family, (HERE,), GRID, values[None])


def probing(share, **how):
    return panel("probing.slash24_up_cnt", "us.probing", share, **how)


def traffic(share, **how):
    return panel("traffic.bytes_idx", "them.traffic", share, seed=1, **how)


def routes(share):
    return panel("bgp.visible_slash24_cnt", "us.bgp", share, seed=2)


def notes(*panels):
    (account,) = detect(panels)
    return account, [note for note in account.notes if "set anew" in note or note.startswith("without")]


def test_a_step_of_one_family_ends_after_fourteen_days_where_another_stays_whole():
    account, told = notes(probing(0.6), traffic(1.0))
    last = account.windows[-1]
    assert last.state is State.UP
    expected = GRID.start + timedelta(days=STEP_DAY + 14)
    assert abs(last.start.at - expected) <= timedelta(hours=2)
    assert "probing.slash24_up_cnt (us.probing): the baseline was set anew by -4" in told[0]
    assert "while them.traffic was whole" in told[0]
    without = detect([probing(0.6), traffic(1.0)], Question(tuning=Tuning(renew_days=0.0)))[0]
    assert told[1].startswith("without that: ")
    assert f"degraded_h {without.totals['degraded_h'].value:g}" in told[1]
    assert without.totals["degraded_h"].value > 28 * 24


@pytest.mark.parametrize(
    "panels",
    [
        pytest.param([probing(0.6)], id="nobody-else-measures"),
        pytest.param([probing(0.6), traffic(0.6)], id="the-other-family-fell-too"),
        pytest.param([probing(0.6), routes(1.0)], id="routes-say-nothing-of-people"),
        pytest.param([probing(0.05), traffic(1.0)], id="a-dark-signal-is-never-renewed"),
        pytest.param([probing(0.6, recovers=40), traffic(1.0)], id="it-came-back-after-ten-days"),
        pytest.param(
            [probing(0.6), traffic(1.0), panel("telescope.src_ip_cnt", "x.telescope", 0.5, seed=3)],
            id="a-third-family-is-low",
        ),
    ],
)
def test_nothing_is_set_anew_without_support(panels):
    assert notes(*panels)[1] == []


def test_what_comes_later_moves_no_renewal():
    def cut(panel, n_bins):
        grid = Grid(GRID.start, GRID.step, n_bins)
        return Panel(
            panel.signal, panel.family, panel.datasource, panel.entities, grid, panel.values[:, :n_bins]
        )

    whole, short = ([cut(p, n) for p in (probing(0.6), traffic(1.0))] for n in (GRID.n_bins, 52 * 24))
    told = [[note for note in detect(panels)[0].notes if "set anew" in note] for panels in (whole, short)]
    assert told[0] == told[1] != []


def test_places_that_are_weighed_together_do_not_know_of_each_other():
    there = Entity("local:there", "there", "UTC")
    alone = detect([probing(0.6), traffic(1.0)])[0]
    steady = [
        Panel(p.signal, p.family, p.datasource, (HERE, there), GRID, np.vstack([p.values, q.values]))
        for p, q in ((probing(0.6), probing(1.0, seed=7)), (traffic(1.0), traffic(1.0)))
    ]
    assert detect(steady)[0].windows == alone.windows


@pytest.mark.parametrize("unrelated", [False, True])
def test_kernels_leave_such_a_place_to_the_readable_code(unrelated):
    there = Entity("local:there", "there", "UTC")
    panels = [
        Panel(p.signal, p.family, p.datasource, (there, HERE), GRID, np.vstack([q.values, p.values]))
        for p, q in ((probing(0.6), probing(1.0, seed=7)), (traffic(1.0), traffic(1.0)))
    ]
    asked = Asked(unrelated=unrelated)
    both = [list(infer_all(panels, asked, bulk=bulk)) for bulk in (False, True)]
    assert [each.renewed for each in both[1]] == [False, True]
    for readable, kernels in zip(*both, strict=True):
        assert readable.timeline.notes == kernels.timeline.notes
        assert np.array_equal(readable.timeline.codes, kernels.timeline.codes)
