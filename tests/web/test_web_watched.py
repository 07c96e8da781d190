"""A site beside a watch: pages, feeds and interface tell what it tells, before a detection counts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import numpy as np
import pytest

from darkhours.app.serve import make_site
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.store import open_archive
from darkhours.store.present import Change, empty_present

START = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = ("country:TD", "country:KE", "country:CU")


@pytest.fixture
def watched(tmp_path):
    """An archive of three countries, of which a watch has told: one is dark, one back, one was never out."""
    folder = tmp_path / "archive"
    entities = tuple(Entity(id_, id_[-2:], "UTC") for id_ in PLACES)
    panel = Panel(
        describe_signal("probing.slash24_up_cnt"),
        "own.probing",
        "own",
        entities,
        Grid(START, HOUR, 48),
        np.ones((3, 48)),
    )
    with open_archive(folder, create=True) as archive:
        archive.add(Recording((panel,), Origin("own", "own", "", "")))
        archive.tell(_rows(("dark", "up", "up"), ("ongoing", "probation", "none")), [
            _change("country:TD", "dark", "dark", "ongoing", 40),
            _change("country:KE", "degraded", "degraded", "ongoing", 30),
            _change("country:KE", "back", "up", "probation", 36),
        ])  # fmt: skip
    return folder


def _rows(states, statuses):
    from darkhours.store.present import STATES, STATUSES

    rows = empty_present(PLACES)
    rows.state[:] = [STATES.index(name) for name in states]
    rows.status[:] = [STATUSES.index(name) for name in statuses]
    rows.p[:] = 0.97
    for column, hour in ((rows.since, 40), (rows.begun, 40), (rows.until, 48)):
        column[:] = round((START + hour * HOUR).timestamp() * 1e6)
    return rows


def _change(entity, kind, state, status, hour):
    at = START + hour * HOUR
    begun = START + 30 * HOUR if entity == "country:KE" else at
    return Change(entity, kind, state, status, at, at, at, begun, at + HOUR, 0.97, ("own.probing",))


@pytest.fixture
def ask(watched, serve_site):
    """What asks a site of it."""
    site = make_site(watched, None)
    site.clock = lambda: START + 48 * HOUR
    with serve_site(site) as base, httpx2.Client(base_url=base, timeout=30) as client:
        yield client.get


def test_now_tells_what_the_watch_tells_with_no_hours_before_they_are_counted(ask):
    told = {place["entity"]: place for place in ask("/api/v1/now").json()["places"]}

    assert {id_: (p["state"], p["status"]) for id_, p in told.items()} == {
        "country:TD": ("dark", "ongoing"),
        "country:KE": ("up", "probation"),
    }
    assert told["country:TD"]["totals"] is None
    assert "synthetic" not in ask("/").text


def test_changes_are_told_in_their_order_and_go_on_from_a_cursor(ask):
    first = ask("/api/v1/events", params={"limit": 2}).json()

    rest = ask("/api/v1/events", params={"after": first["cursor"]}).json()

    assert [each["change"] for each in first["events"] + rest["events"]] == ["began", "began", "returned"]


def test_a_change_of_an_outage_refers_to_what_was_told_of_it_before(ask):
    feed = ask("/feed.atom").text

    assert feed.count("<entry>") == 3
    assert "country:KE" in feed


def test_a_change_without_a_write_is_a_new_version(watched):
    site = make_site(watched, None)
    before = site.version
    with open_archive(watched) as archive:
        archive.tell(
            _rows(("up",) * 3, ("probation",) * 3), [_change("country:TD", "back", "up", "probation", 44)]
        )

    assert site.version > before
    assert [noted.version for noted in site.notices()][-1] > before
