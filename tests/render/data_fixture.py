"""Data sets by hand: accounts and traces of one to thousands of entities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from almaty_fixture import num
from odd_fixtures import HOSTILE, curfew, outage, plain

from darkhours.model.account import Account
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Coverage, Trace
from darkhours.model.signal import describe_signal
from darkhours.model.state import State

START = datetime(2019, 11, 11, tzinfo=UTC)
HOURS = 216
UP, DEG, DARK = State.UP, State.DEGRADED, State.DARK


def place(number: int, region: int, onset_h: float, *, back_h: float | None = None) -> Account:
    """Return a place that goes dark at an hour, and is back at another or not at all."""
    parts = [(UP, onset_h - 2), (DEG, 2.0), (DARK, (back_h or HOURS) - onset_h)]
    parts += [(UP, HOURS - back_h)] if back_h else []
    made = outage(plain(parts, start=START, tz="Asia/Tehran", doubt_h=1.0), 1, 2 if back_h else None, "ended")
    made = replace(made, entity=f"local:Province%20{region}/Place%20{number}", name=f"Place {number}")
    return made if back_h else replace(made, status="ongoing", windows=(*made.windows[:-1], _open(made)))


def _open(account: Account):
    return replace(account.windows[-1], end=None)


def untouched(number: int, region: int) -> Account:
    """Return a place that stayed up."""
    made = plain([(UP, HOURS)], start=START, tz="Asia/Tehran")
    totals = dict(made.totals) | {"dark_h": num(0, 0, 0), "disrupted_h": num(0, 0, 0)}
    entity = f"local:Province%20{region}/Place%20{number}"
    return replace(made, entity=entity, name=f"Place {number}", totals=totals)


def data_set(number: int, regions: int = 10) -> list[Account]:
    """Return a data set whose regions fall one after the other over a day; every tenth place stays up."""
    found = []
    for at in range(number):
        region = at % regions
        if at % 10 == 9:
            found.append(untouched(at, region))
        else:
            onset = 130.0 + region * 2 + (at // regions) % 3 * 0.5
            found.append(place(at, region, onset, back_h=200.0 if at % 7 == 3 else None))
    return found


def entities(accounts: list[Account]) -> dict[str, Entity]:
    """Return where the places lie: on a grid that looks like a land."""
    return {
        account.entity: Entity(
            account.entity, account.name, account.tz, (), None, 27 + at % 9 * 1.3, 46 + at // 9 % 9 * 1.9
        )
        for at, account in enumerate(accounts)
    }


def trace(
    account: Account,
    name: str = "probing.slash24_up_cnt",
    family: str = "ioda.probing",
    *,
    step_h: float = 1.0,
    dark_level: float = 0.04,
) -> Trace:
    """Return a signal that follows its account: ordinary 100, a gap of six bins, three suspect ones."""
    grid = Grid(account.start, timedelta(hours=step_h), int(HOURS / step_h))
    level = {UP: 1.0, DEG: 0.6, DARK: dark_level, State.UNKNOWN: np.nan}
    values = np.full(grid.n_bins, 100.0)
    for window in account.windows:
        end = window.end.at if window.end else account.until
        first, last = (round(grid.hours(at) / step_h) for at in (window.start.at, end))
        values[first:last] *= level[window.state]
    coverage = np.full(grid.n_bins, Coverage.COVERED, dtype=np.uint8)
    values[20:26], coverage[20:26] = np.nan, Coverage.NONE
    coverage[40:43] = Coverage.SUSPECT
    base = np.full(grid.n_bins, 100.0)
    base[:12] = np.nan
    return Trace(
        account.entity, describe_signal(name), family, grid, values, base, base * 0.85, base * 0.2, coverage
    )


def bgp(account: Account) -> Trace:
    """Return routes that stayed announced."""
    return trace(account, "bgp.visible_slash24_cnt", "ioda.bgp", dark_level=0.98)


def hostile() -> list[Account]:
    """Return a data set whose names would like to do harm."""
    return [
        replace(account, name=HOSTILE, entity=f"local:%3Cscript%3E{at}/%E2%80%AE{at}")
        for at, account in enumerate(data_set(30))
    ]


def curfews(number: int) -> list[Account]:
    """Return towns that are dark every night."""
    return [replace(curfew(), entity=f"local:Town%20{at}", name=f"Town {at}") for at in range(number)]


def noisy(account: Account, number: int) -> Trace:
    """Return a signal every five minutes that jumps about, has holes and a daily swing: the worst to draw."""
    grid = Grid(
        account.start, timedelta(minutes=5), int((account.until - account.start) / timedelta(minutes=5))
    )
    chance = np.random.default_rng(number)
    values = 100 * chance.gamma(3.0, 0.33, grid.n_bins)
    values[chance.random(grid.n_bins) < 0.3] = np.nan
    base = 100 + 40 * np.sin(np.arange(grid.n_bins) / 288 * 2 * np.pi)
    coverage = np.where(np.isfinite(values), chance.integers(0, 2, grid.n_bins), 2).astype(np.uint8)
    signal = describe_signal("probing.slash24_up_cnt")
    entity, family = account.entity, f"family.{number}"
    return Trace(entity, signal, family, grid, values, base, base * 0.85, base * 0.2, coverage)
