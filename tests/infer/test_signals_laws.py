"""Laws of the inference from signals, on small made series, and what the last bins of a file may say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.measured import Question, detect
from darkhours.model.document import outages_document, to_json
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal
from darkhours.model.state import State

START = datetime(2023, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROBING, TRAFFIC, BGP, LATENCY = (
    "probing.slash24_up_cnt", "traffic.requests_idx", "bgp.visible_slash24_cnt", "latency.rtt_ms",
)  # fmt: skip
DOWN = (State.DARK, State.DEGRADED)


def series(*, days=14, step=HOUR, dark=(), share=0.03, level=1000.0, seed=0, swing=0.2):
    """Return a level with a daily swing and noise, down to ``share`` in each (from, until) of hours."""
    n = round(timedelta(days=days) / step)
    hours = np.arange(n) * (step / HOUR)
    noise = np.random.default_rng(seed).normal(0, 0.03, n)
    line = level * (1 + swing * np.sin(2 * np.pi * hours / 24)) * np.exp(noise)
    for first, until in dark:
        inside = np.clip(np.minimum(hours + step / HOUR, until) - np.maximum(hours, first), 0, None)
        line *= 1 - (1 - share) * inside / (step / HOUR)
    return np.maximum(line, 0.0)


def panel(*lines, signal=PROBING, family="a.probing", step=HOUR, names=("x", "y", "z", "w"), **other):
    entities = tuple(Entity(f"local:{name}", name, "UTC") for name, _ in zip(names, lines, strict=False))
    values = np.array(lines, dtype=float)
    grid = Grid(START, step, values.shape[1])
    kind = describe_signal(signal, other.pop("kind", None), other.pop("worse", None))
    return Panel(kind, family, "made", entities, grid, values, **other)


def windows(account):
    return [(w.state.value, w.start.at, None if w.end is None else w.end.at) for w in account.windows]


def down(account):
    return [w for w in account.windows if w.state in DOWN]


def hours(account, name="dark_h"):
    return account.totals[name].value


TWO = ((200, 212), (250, 262.5))


@pytest.mark.parametrize("form", ["live", "final"])
@pytest.mark.parametrize("cut", [216, 230, 256, 262, 266, 290, 320])
def test_appending_bins_moves_no_window_that_is_closed_for_longer_than_the_admission_lag(form, cut):
    line = series(days=50, dark=[(first + 480, until + 480) for first, until in TWO])
    whole, part = (detect([panel(line[:n])], Question(form))[0] for n in (line.size, 480 + cut))
    until = START + (480 + cut) * HOUR  # 28 days in: the warm-up takes its seven days, whatever the cut
    closed = [w for w in windows(part) if w[2] is not None and w[2] < until - 3 * HOUR]
    assert closed == windows(whole)[: len(closed)]


@pytest.mark.parametrize("factor", [0.001, 7.0, 1e6])
def test_scaling_a_signal_changes_nothing(factor):
    line = series(dark=TWO)
    plain, scaled = (detect([panel(line * f, kind="gauge")])[0] for f in (1.0, factor))
    assert windows(plain) == windows(scaled)


def test_the_order_and_number_of_entities_change_nothing_for_each():
    lines = [series(dark=d, seed=k) for k, d in enumerate((TWO, (), ((100, 130),)))]
    names = ("x", "y", "z")
    there = {a.entity: windows(a) for a in detect([panel(*lines, names=names)])}
    back = {a.entity: windows(a) for a in detect([panel(*lines[::-1], names=names[::-1])])}
    alone = windows(detect([panel(lines[0])])[0])
    assert there == back
    assert there["local:x"] == alone


def test_the_order_of_panels_changes_nothing():
    panels = [panel(series(dark=TWO)), panel(series(dark=TWO, seed=1), signal=TRAFFIC, family="b.traffic")]
    assert windows(detect(panels)[0]) == windows(detect(panels[::-1])[0])


def test_not_measured_is_never_zero():
    line = series()
    line[200:230] = np.nan
    account = detect([panel(line)])[0]
    assert [w.state.value for w in account.windows] == ["up", "unknown", "up"]
    assert account.status == "none"


def test_windows_tile_the_span_and_hours_add_up():
    line = series(dark=TWO)
    line[270:300] = np.nan
    line[:5] = line[-4:] = np.nan
    account = detect([panel(line)])[0]
    assert account.windows[0].start.at == START
    assert account.windows[-1].end.at == START + line.size * HOUR
    for before, after in zip(account.windows, account.windows[1:], strict=False):
        assert before.end == after.start
    parts = sum(hours(account, f"{name}_h") for name in ("dark", "degraded", "restored", "unknown"))
    assert hours(account, "disrupted_h") == pytest.approx(parts, abs=1e-9)


def test_a_second_signal_of_the_same_family_adds_no_evidence():
    line = series(dark=TWO)
    one = panel(line)
    both = [one, panel(line, signal="probing.up_pct")]
    once, twice = detect([one])[0], detect(both)[0]
    assert windows(once) == windows(twice)
    assert [w.p for w in once.windows] == [w.p for w in twice.windows]
    assert all(w.single_source for w in twice.windows)


def test_the_same_seed_gives_the_same_bytes():
    made = [to_json(outages_document(detect([panel(series(dark=TWO))]), [])) for _ in range(2)]
    assert made[0] == made[1]


def test_the_step_of_a_bin_moves_totals_by_less_than_a_bin():
    totals = []
    for minutes in (10, 30):
        step = timedelta(minutes=minutes)
        totals.append(hours(detect([panel(series(step=step, dark=TWO), step=step)])[0]))
    assert totals == pytest.approx([24.5, 24.5], abs=0.5)


def test_the_89th_dark_day_is_dark():
    account = detect([panel(series(days=110, dark=((240, 240 + 89 * 24),)))])[0]
    assert [w.state.value for w in account.windows] == ["up", "dark", "up"]
    assert hours(account) == pytest.approx(89 * 24, abs=0.5)


def test_a_signal_that_stays_dark_to_the_end_is_ongoing():
    account = detect([panel(series(dark=((300, 1e9),)))])[0]
    assert account.status == "ongoing"
    assert account.windows[-1].end is None


@pytest.mark.parametrize("bins", [1, 2])
def test_a_fall_in_the_very_last_bins_is_no_outage(bins):
    """Exports end with bins that are not all counted yet."""
    line = series()
    line[-bins:] *= 0.1
    assert not down(detect([panel(line)])[0])


def test_three_dark_hours_at_the_end_are():
    line = series()
    line[-3:] *= 0.02
    assert detect([panel(line)])[0].status == "ongoing"


@pytest.mark.parametrize(("bins", "status"), [(2, "none"), (6, "none"), (7, "ongoing")])
def test_one_signal_alone_that_falls_in_the_last_bins_is_incomplete(bins, status):
    """Up to six; from seven on it disagrees with the others."""
    step, falls = timedelta(minutes=30), series(step=timedelta(minutes=30))
    falls[-bins:] = 0.0
    panels = [
        panel(falls, step=step),
        panel(series(step=step, seed=1), signal=TRAFFIC, family="b.traffic", step=step),
    ]
    assert detect(panels)[0].status == status


def test_an_incomplete_tail_does_not_hide_that_a_return_is_on_probation():
    line = series(dark=((300, 310),))
    line[-1] = np.nan
    account = detect([panel(line)])[0]
    assert account.windows[-1].state is State.UNKNOWN
    assert account.status == "probation"


def test_a_gap_inside_a_return_does_not_end_it():
    line = series(days=20, dark=((200, 212),))
    line[272:275] = np.nan
    account = detect([panel(line)])[0]
    assert account.status == "ended"
    assert hours(account, "restored_h") == 0
    assert account.outages[0].end.at == account.windows[2].start.at


@pytest.mark.parametrize(("routes", "detail"), [(1.0, "announced-but-dark"), (0.01, "withdrawn")])
def test_routing_tells_what_kind_of_darkness_it_was(routes, detail):
    dark = ((200, 230),)
    line = series(dark=dark, share=routes, swing=0.0, seed=2)
    account = detect([panel(series(dark=dark)), panel(line, signal=BGP, family="a.bgp")])[0]
    assert [w.detail for w in account.windows] == [None, detail, None]


@pytest.mark.parametrize("level", [4.0, 12.0, 25.0, 60.0, 1000.0])
@pytest.mark.parametrize("minutes", [10, 30])
def test_zero_is_dark_and_not_degraded_at_any_level(level, minutes):
    """A bound on what one bin may say must not make degraded likelier than dark where nothing is left."""
    step = timedelta(minutes=minutes)
    line = np.random.default_rng(3).poisson(series(step=step, dark=((250, 270),), share=0.0, level=level))
    account = detect([panel(line.astype(float), step=step)])[0]
    assert hours(account) == pytest.approx(20, abs=1.5)
    assert hours(account, "degraded_h") < 0.5


@pytest.mark.parametrize("begins", [2, 4])
def test_a_curfew_that_begins_inside_the_warm_up_is_found_from_its_first_night(begins):
    """With a twentieth of the replies left at night, which a baseline of those nights would call degraded."""
    step, nights = timedelta(minutes=10), range(begins, 30)
    line = series(days=32, step=step, dark=[(24 * d + 18, 24 * d + 26) for d in nights], share=0.05, level=25)
    line = np.random.default_rng(4).poisson(line).astype(float)
    account = detect([panel(line, step=step)])[0]
    assert [p.nights for p in account.patterns] == [len(nights)]
    assert hours(account) == pytest.approx(8 * len(nights), abs=0.03 * 8 * len(nights))
    assert hours(account, "degraded_h") < 1


def test_bursts_of_latency_are_not_degraded():
    """Congestion for twenty to forty minutes is no outage; what holds for an hour and more is."""
    step = timedelta(minutes=10)
    line = series(days=28, step=step, level=80.0, swing=0.1)
    rng = np.random.default_rng(5)
    for at in rng.integers(1008, line.size - 200, 30):
        line[at : at + rng.integers(1, 5)] *= rng.uniform(2, 12)
    line[3600:3672] *= 1.8
    account = detect([panel(line, signal=LATENCY, family="a.latency", step=step)])[0]
    assert [w.state for w in down(account)] == [State.DEGRADED]
    assert hours(account, "degraded_h") == pytest.approx(12, abs=0.3)


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_what_was_never_more_than_zero_is_unmeasured(value):
    """Of a place where nothing ever answered nobody knows what is ordinary; latency of 0 is none either."""
    for signal, family in ((PROBING, "a.probing"), (LATENCY, "a.latency")):
        account = detect([panel(np.full(200, value), signal=signal, family=family)])[0]
        assert account.status == "unmeasured"


def test_a_file_that_begins_dark_is_dark_until_the_return():
    line = series()
    line[:40] = 0.0
    assert [w.state.value for w in detect([panel(line)])[0].windows][-1] == "up"


def test_values_beyond_all_measure_are_read_without_a_warning():
    assert detect([panel(np.full(200, 1e308))])[0].status == "none"
