"""The calendar: what RFC 5545 wants, as a reader of calendars sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import odd_fixtures as odd
import pytest
from almaty_fixture import almaty
from hostile_names import HOSTILE_NAMES, TURNS
from notice_fixture import PUBLISHER

from darkhours.model.state import State
from darkhours.render.calendar import Dated, calendar, fold_line
from darkhours.render.language import language


def dated(account, **more):
    return Dated(account, f"/entity/{account.entity}", **more)


def read(text):
    """Return the events of a calendar as icalendar reads them."""
    found = icalendar.Calendar.from_ical(text)
    assert found.errors == []
    assert all(not event.errors for event in found.walk())
    return list(found.walk("VEVENT"))


def test_an_outage_is_an_event_in_utc_with_its_link():
    (event,) = read(calendar([dated(almaty())], PUBLISHER))
    outage = almaty().outages[0]
    assert event["DTSTART"].dt == outage.start.at
    assert event["DTEND"].dt == outage.end.at
    assert str(event["SUMMARY"]) == "Almaty: Internet dark, ended"
    assert str(event["URL"]) == "https://example.org/dark/entity/city:1526384"
    assert event["STATUS"] == "CONFIRMED"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (43.2525, 76.9115)
    assert "https://example.org/dark/entity/city:1526384" in str(event["DESCRIPTION"])


def test_what_is_not_over_says_so_and_is_tentative():
    account = odd.ongoing()
    (event,) = read(calendar([dated(account)], PUBLISHER))
    assert event["STATUS"] == "TENTATIVE"
    assert event["DTEND"].dt == account.as_of
    assert str(event["SUMMARY"]) == "Bam: Internet dark, ongoing"
    assert "Not over as of" in str(event["DESCRIPTION"])
    assert event["X-DARKHOURS-STATUS"] == "ongoing"
    assert "GEO" not in event


def test_a_return_on_probation_ends_the_event_at_the_return_and_stays_tentative():
    account = odd.probation()
    (event,) = read(calendar([dated(account)], PUBLISHER))
    assert event["STATUS"] == "TENTATIVE"
    assert event["DTEND"].dt == account.outages[-1].returns[-1].at.at


def test_windows_are_events_of_their_own():
    account = almaty()
    events = read(calendar([dated(account)], PUBLISHER, windows=True))
    bad = [window for window in account.windows if window.state in {State.DARK, State.DEGRADED}]
    assert [event["DTSTART"].dt for event in events] == [window.start.at for window in bad]
    assert len({event["UID"] for event in events}) == len(bad)
    assert not {event["UID"] for event in events} & {
        e["UID"] for e in read(calendar([dated(account)], PUBLISHER))
    }


def test_an_account_without_an_outage_is_an_empty_calendar():
    assert read(calendar([dated(odd.quiet())], PUBLISHER)) == []
    assert read(calendar([dated(odd.unmeasured())], PUBLISHER)) == []


def test_an_edge_that_moves_within_its_day_moves_the_event_and_makes_no_other():
    account = almaty()
    (outage,) = account.outages
    moved = replace(outage, start=replace(outage.start, at=outage.start.at.replace(minute=1)))
    later = replace(account, outages=(moved,), name="Other", as_of=datetime(2023, 1, 1, tzinfo=UTC))
    (one,), (two,) = (read(calendar([dated(its)], PUBLISHER)) for its in (account, later))
    assert one["UID"] == two["UID"]
    assert one["DTSTART"].dt != two["DTSTART"].dt
    elsewhere = replace(account, entity="city:1526273")
    assert read(calendar([dated(elsewhere)], PUBLISHER))[0]["UID"] != one["UID"]


def test_a_test_says_that_it_is_one():
    (event,) = read(calendar([dated(almaty(), synthetic=True)], PUBLISHER))
    assert str(event["SUMMARY"]).startswith("TEST, not real")
    assert "TEST" in event["CATEGORIES"].cats


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_hostile_name_stays_a_name_on_folded_lines(name, code):
    account = replace(odd.ongoing(), name=name, service=name[:40])
    text = calendar([dated(account)], PUBLISHER, language(code), title=name)
    assert len(read(text)) == 1
    assert len(text) < 4_000
    assert not any(char in text for char in TURNS)
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    assert sum(line.startswith(("BEGIN:VEVENT", "UID:")) for line in lines) == 2


@pytest.mark.parametrize("line", ["", "x" * 75, "x" * 76, "қ" * 500, "\U0001f311" * 90, "a" + "\u0e01" * 200])
def test_a_folded_line_unfolds_to_itself(line):
    parts = fold_line(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
    assert all(part.startswith(" ") for part in parts[1:])


def test_the_same_accounts_give_the_same_calendar_in_any_order():
    both = [dated(almaty()), dated(odd.ongoing())]
    assert calendar(both, PUBLISHER) == calendar(both[::-1], PUBLISHER)
