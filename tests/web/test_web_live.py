"""Live updates: what is new is told once, nobody holds too many lines, and the site can stop."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from serving import serving

from darkhours.app.serve import make_site
from darkhours.store import Event, open_archive

START = datetime(2026, 11, 25, 3, tzinfo=UTC)


def outage() -> Event:
    """An outage that another process finds."""
    edge = dict.fromkeys(("at", "earliest", "latest"), "2026-11-25T03:00:00Z")
    window = {"state": "dark", "start": edge, "end": None, "p": 1.0, "families": ["a"], "single_source": True}
    total = {"value": 1.0, "low": 1.0, "high": 1.0, "p": 1.0, "expected": 1.0}
    body = {"status": "ongoing", "start": edge, "end": None, "returns": [], "windows": [window]}
    body["totals"] = dict.fromkeys(("dark_h", "degraded_h", "disrupted_h"), total)
    return Event("country:SE", "2026-11-25T03:00:00Z", START, None, body)


@pytest.fixture
def grown(archive, tmp_path):
    """A copy of the archive that may grow, and its site."""
    folder = tmp_path / "archive"
    shutil.copytree(archive, folder)
    made = make_site(folder, None)
    made.clock = lambda: START + timedelta(days=1)
    return made


def read_events(lines):
    """Yield each event as its fields; a comment has none."""
    told: dict[str, str] = {}
    for line in lines:
        if line == "":
            yield told
            told = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            told[name] = value


def test_a_new_version_is_told_with_its_changes(grown):
    with serving(grown) as base, httpx2.stream("GET", f"{base}/events", timeout=30) as answer:
        events = read_events(answer.iter_lines())
        assert next(events) == {"retry": "5000"}
        with open_archive(grown.folder) as archive:
            version = archive.record_events("watch", [outage()])
        told = next(events)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in answer.headers
    assert (told["event"], told["id"]) == ("version", str(version))
    body = json.loads(told["data"])
    assert body["version"] == version
    assert [(each["entity"], each["change"]) for each in body["events"]] == [("country:SE", "began")]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        pytest.param("", {"last-event-id": "0"}, id="by-the-browser"),
        pytest.param("?version=0", {}, id="by-the-page"),
        pytest.param("?version=99", {"last-event-id": "0"}, id="the-browser-knows-better"),
    ],
)
def test_who_was_away_is_told_what_was_missed(site, base, query, headers):
    with httpx2.stream("GET", f"{base}/events{query}", headers=headers, timeout=30) as answer:
        events = read_events(answer.iter_lines())
        next(events)
        told = json.loads(next(events)["data"])

    assert told["version"] == site.version
    assert len(told["events"]) + told["left_out"] == len(site.notices())
    assert all(each["synthetic"] for each in told["events"])


@pytest.mark.parametrize(("limits", "status"), [({"most_streams_each": 2}, 429), ({"most_streams": 2}, 503)])
def test_nobody_holds_too_many_lines_and_each_is_given_back(site, limits, status):
    with serving(site, **limits) as base, httpx2.Client(base_url=base, timeout=30) as client:
        with client.stream("GET", "/events") as one, client.stream("GET", "/events") as two:
            lines = one.iter_lines(), two.iter_lines()  # held, for a line that nobody holds is closed
            assert [next(each) for each in lines] == [": darkhours", ": darkhours"]
            refused = client.get("/events")
        for _ in range(100):
            with client.stream("GET", "/events") as answer:
                if answer.status_code == 200:
                    break

    assert (refused.status_code, refused.headers["retry-after"]) == (status, "30")
    assert refused.headers["content-type"] == "application/problem+json"
    assert answer.status_code == 200


def test_a_site_stops_though_many_listen(site):
    ended = []

    def listen(base: str) -> None:
        with httpx2.stream("GET", f"{base}/events", timeout=60) as answer:
            ended.append([line for line in answer.iter_lines() if line.startswith(":")])

    with serving(site) as base:
        threads = [threading.Thread(target=listen, args=(base,)) for _ in range(5)]
        for thread in threads:
            thread.start()
        assert httpx2.get(f"{base}/cases").status_code == 200
    for thread in threads:
        thread.join(20)

    assert all(not thread.is_alive() for thread in threads)
    assert len(ended) == 5
