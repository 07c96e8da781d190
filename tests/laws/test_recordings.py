"""What recordings of real shutdowns must give, by the same defaults as everything else.

Bounds are those that a careful reader of the recordings would set; none is a figure of the program (UTC).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np
import pytest

from darkhours.app.outages import Wish, find
from darkhours.model.account import Account, Outage, Window
from darkhours.model.panel import Panel
from darkhours.model.state import State
from darkhours.sources import TableOptions

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

HOUR = timedelta(hours=1)
NOT_UP = (State.DEGRADED, State.DARK)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def middle(instants: list[datetime]) -> datetime:
    return datetime.fromtimestamp(median(at.timestamp() for at in instants), UTC)


def not_up(account: Account) -> list[Window]:
    return [window for window in account.windows if window.state in NOT_UP]


# --- Iran, November 2019: 73 counties by the hour; the file ends inside the blackout ----------------------

MIDDAY = utc("2019-11-17T12:00")
"""An hour at which Iran was dark for certain."""


@pytest.fixture(scope="module")
def iran_2019(shared_data):
    return find(Wish((shared_data / "monash-ip-observatory" / "irn-2019-11-11_gif.csv",)))


@pytest.fixture(scope="module")
def holding(iran_2019) -> dict[str, Outage]:
    """Return the outage of each county that holds the 17th at midday."""
    return {
        account.entity: outage
        for account in iran_2019.accounts
        for outage in account.outages
        if outage.start.at <= MIDDAY and (outage.end is None or outage.end.at > MIDDAY)
    }


def first_low_hours(panel: Panel) -> dict[str, datetime]:
    """Return the first hour of each county at 50 or less that is followed by five more."""
    low = panel.values <= 50
    six = np.lib.stride_tricks.sliding_window_view(low, 6, axis=1).all(axis=2)
    return {
        entity.id: panel.grid.at(int(line.argmax()))
        for entity, line in zip(panel.entities, six, strict=True)
        if line.any()
    }


def test_iran_2019_is_ongoing_in_every_county_but_one_or_two(iran_2019):
    assert len(iran_2019.accounts) == 73
    assert sum(account.status == "ongoing" for account in iran_2019.accounts) in (71, 72)


def test_bam_was_never_dark(iran_2019):
    (bam,) = [account for account in iran_2019.accounts if account.entity == "local:Kerman/Bam"]
    assert State.DARK not in {window.state for window in bam.windows}
    assert bam.totals["dark_h"].value == 0


def test_iran_2019_fell_on_the_evening_of_the_16th(holding):
    begins = middle([outage.start.at for outage in holding.values()])
    assert utc("2019-11-16T17:30") <= begins <= utc("2019-11-16T18:45")


def test_most_counties_fall_within_an_hour_of_their_first_low_hour(iran_2019, holding):
    fell = first_low_hours(iran_2019.recordings[0].panels[0])
    near = [abs(holding[county].start.at - at) <= HOUR for county, at in fell.items() if county in holding]
    assert len(near) >= 71
    assert sum(near) >= 0.8 * len(near)


def test_almost_nothing_is_told_before_the_shutdown(iran_2019):
    early = [w for a in iran_2019.accounts for w in not_up(a) if w.start.at < utc("2019-11-15T06:00")]
    assert len(early) <= 2


def test_iran_2019_was_dark_for_eighty_hours_and_has_no_end(iran_2019):
    assert 79 <= median(account.totals["dark_h"].value for account in iran_2019.accounts) <= 83
    assert sum(account.windows[-1].end is None for account in iran_2019.accounts) >= 71


def test_the_wave_of_iran_2019_is_told_county_by_county(iran_2019, holding):
    """Each county has an account of its own: they did not fall in one bin."""
    assert len({outage.start.at for outage in holding.values()}) >= 20


# --- Venezuela, July 2019: 13 states, an index that its publisher smoothed -------------------------------

CUT = utc("2019-07-22T20:41")
"""When the grid failed, as reported at the time."""


@pytest.fixture(scope="module")
def venezuela(shared_data):
    file = shared_data / "monash-ip-observatory" / "ven-2019-07-22_gif.csv"
    return {h: find(Wish((file,), TableOptions(smoothed=timedelta(hours=h)))) for h in (0, 6)}


@pytest.mark.parametrize("smoothed_h", [0, 6])
def test_venezuela_lost_eleven_states_of_thirteen_and_never_bolivar(venezuela, smoothed_h):
    found = {account.name: account for account in venezuela[smoothed_h].accounts}
    assert len(found) == 13
    assert sum(bool(account.outages) for account in found.values()) >= 11
    (bolivar,) = [account for name, account in found.items() if name.startswith("Bol")]
    assert State.DARK not in {window.state for window in bolivar.windows}


@pytest.mark.parametrize("smoothed_h", [0, 6])
def test_venezuela_fell_in_the_evening_and_nowhere_before(venezuela, smoothed_h):
    begins = [account.outages[0].start.at for account in venezuela[smoothed_h].accounts if account.outages]
    assert utc("2019-07-22T18:30") <= middle(begins) <= utc("2019-07-22T21:30")
    assert min(begins) >= utc("2019-07-22T15:00")


def test_who_says_that_the_index_is_smoothed_gets_intervals_that_hold_the_cut(venezuela):
    begins = [account.outages[0].start for account in venezuela[6].accounts if account.outages]
    assert sum(edge.earliest <= CUT <= edge.latest for edge in begins) >= 10


def test_nobody_needs_to_say_that_the_index_of_venezuela_is_smoothed(venezuela):
    accounts = venezuela[0].accounts
    assert all(any("seems smoothed" in note for note in account.notes) for account in accounts)
    begins = [account.outages[0].start for account in accounts if account.outages]
    assert sum(edge.earliest <= CUT <= edge.latest for edge in begins) >= 10


def test_the_index_of_iran_is_not_taken_to_be_smoothed(iran_2019):
    assert not any("smoothed" in note for account in iran_2019.accounts for note in account.notes)


# --- Iran, January 2026: five families of one country, through the whole shutdown ------------------------


@pytest.fixture(scope="module")
def iran_2026(shared_data) -> Account:
    (account,) = find(
        Wish((shared_data / "iran-2026-ioda" / "ioda-iran-2025-12-01_2026-01-29.csv",))
    ).accounts
    return account


def test_no_signal_of_iran_2026_is_taken_to_be_smoothed(iran_2026):
    assert not any("smoothed" in note for note in iran_2026.notes)


def test_iran_2026_is_one_outage_on_probation(iran_2026):
    assert iran_2026.entity == "country:IR"
    assert len(iran_2026.outages) == 1
    assert iran_2026.status == "probation"


@pytest.mark.parametrize(
    ("index", "state", "low", "high"),
    [
        pytest.param(0, None, "2026-01-08T16:00", "2026-01-08T17:30", id="not-up"),
        pytest.param(0, State.DARK, "2026-01-08T16:45", "2026-01-08T18:45", id="dark"),
        pytest.param(-1, State.DEGRADED, "2026-01-18T12:00", "2026-01-18T14:00", id="searches-are-back"),
        pytest.param(-1, State.UP, "2026-01-26T23:30", "2026-01-27T10:00", id="up-again"),
    ],
)
def test_iran_2026_changes_when_the_signals_do(iran_2026, index, state, low, high):
    states = NOT_UP if state is None else (state,)
    edges = [window.start.at for window in iran_2026.windows if window.state in states]
    assert utc(low) <= edges[index] <= utc(high)


def test_iran_2026_was_dark_for_nine_days_and_a_half(iran_2026):
    assert 230 <= iran_2026.totals["dark_h"].value <= 240


def test_three_families_carry_the_dark_window_and_routing_is_none_of_them(iran_2026):
    dark = [window for window in iran_2026.windows if window.state is State.DARK]
    assert all(len(window.families) >= 3 and not window.single_source for window in dark)
    assert not any("ioda.bgp" in window.families for window in dark)


def test_nothing_is_told_before_the_seventh(iran_2026):
    assert min(window.start.at for window in not_up(iran_2026)) >= utc("2026-01-07T00:00")
