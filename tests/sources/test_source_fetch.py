"""Services are asked over a real connection, on loopback: what they answer, and what they fail to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from small_answers import ANNOTATIONS, ATLAS, IODA_SIGNALS, NOW, OONI, RADAR, RIPESTAT, encode

from darkhours.model.errors import ConfigError, InputError, SourceMalformed, SourceUnavailable
from darkhours.sources import (
    SERVICES,
    Fetcher,
    atlas,
    cloudflare,
    fetch_recordings,
    fetching,
    ioda_api,
    ooni,
    ripestat,
)

SPAN = (datetime(2022, 1, 5, tzinfo=UTC), datetime(2022, 1, 6, tzinfo=UTC))
TOKEN = "secret"  # noqa: S105 — of no service
BASES = [module.BASE for module in (atlas, cloudflare, ioda_api, ooni, ripestat)]


class Service(ThreadingHTTPServer):
    """Answers from a list, and keeps what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = []
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, body, length = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def _serve() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def service():
    with _serve() as server:
        yield server


def fetcher_of(service, **changes):
    bases = {base: f"{service.address}{urlsplit(base).path}" for base in BASES}
    return Fetcher(now=lambda: NOW, bases=bases, wait_s=0, **changes)


def answer(service, *bodies, status=200):
    service.answers += [(status, body if isinstance(body, bytes) else encode(body), None) for body in bodies]


def ask(service, source, entity="country:KZ", **changes):
    return fetch_recordings(source, entity, *SPAN, fetcher=fetcher_of(service, **changes), token=TOKEN)


def asked(service, at=0):
    path, query = urlsplit(service.asked[at][0]).path, urlsplit(service.asked[at][0]).query
    return path, {key: values[0] for key, values in parse_qs(query).items()}


@pytest.mark.parametrize(
    ("source", "body", "path", "query"),
    [
        pytest.param(
            "ioda-api",
            IODA_SIGNALS,
            "/v2/signals/raw/country/KZ",
            {"from": "1641340800", "until": "1641427200"},
            id="ioda-api",
        ),
        pytest.param(
            "ooni",
            OONI,
            "/api/v1/aggregation",
            {
                "probe_cc": "KZ",
                "test_name": "web_connectivity",
                "since": "2022-01-05T00:00:00",
                "until": "2022-01-06T00:00:00",
                "axis_x": "measurement_start_day",
                "time_grain": "hour",
            },
            id="ooni",
        ),
        pytest.param(
            "ripestat",
            RIPESTAT,
            "/data/country-resource-stats/data.json",
            {
                "resource": "kz",
                "starttime": "2022-01-05T00:00",
                "endtime": "2022-01-06T00:00",
                "resolution": "5m",
            },
            id="ripestat",
        ),
        pytest.param(
            "ripe-atlas",
            ATLAS,
            "/api/v2/probes/",
            {"country_code": "KZ", "page_size": "500", "status": "1,2"},
            id="ripe-atlas",
        ),
    ],
)
def test_a_service_is_asked_for_the_entity_and_span_and_its_answer_read(service, source, body, path, query):
    answer(service, body)
    (recording,) = ask(service, source)
    assert asked(service) == (path, query)
    assert recording.panels[0].entities[0].id == "country:KZ"
    assert recording.origin.fetched == NOW
    assert recording.origin.file.startswith(service.address)
    assert service.asked[0][1]["User-Agent"].startswith("darkhours/")


def test_radar_is_asked_three_times_with_its_token_which_is_kept_nowhere(service):
    answer(service, RADAR, RADAR, ANNOTATIONS)
    recordings = ask(service, "cloudflare-radar", "asn:9198")
    paths = [asked(service, at)[0].removeprefix("/client/v4/radar/") for at in range(3)]
    assert paths == ["netflows/timeseries", "http/timeseries", "annotations/outages"]
    assert {headers["Authorization"] for _, headers in service.asked} == {"Bearer secret"}
    assert [panel.family for each in recordings for panel in each.panels] == [
        "cloudflare.netflows",
        "cloudflare.http",
    ]
    assert recordings[0].panels[0].entities[0].id == "asn:9198"
    assert "secret" not in repr(recordings)


def test_all_pages_of_probes_are_one_answer(service):
    first = {**ATLAS, "next": f"{service.address}/api/v2/probes/?page=2"}
    answer(service, first, ATLAS)
    (recording,) = ask(service, "ripe-atlas")
    assert recording.panels[0].values.tolist() == [[4]]
    assert recording.panels[0].grid.start == datetime(2022, 1, 5, 12, tzinfo=UTC)


def test_a_next_page_elsewhere_is_not_followed(service):
    answer(service, {**ATLAS, "next": "https://elsewhere.example/api/v2/probes/?page=2"})
    with pytest.raises(SourceMalformed, match="same host"):
        ask(service, "ripe-atlas")


def test_snapshots_of_probes_join_to_a_series():
    from datetime import timedelta

    from darkhours.sources.answer import Asked

    hours = [atlas.parse(encode(ATLAS), Asked(fetched=NOW + timedelta(minutes=10 * at))) for at in (0, 1, 3)]
    (panel,) = atlas.join(hours).panels
    assert panel.values.shape == (1, 4)
    assert panel.values[0, :2].tolist() == [2, 2]


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_service_that_fails_is_asked_again(service, status):
    answer(service, b"sorry", status=status)
    answer(service, OONI)
    assert ask(service, "ooni")[0].panels
    assert len(service.asked) == 2


def test_a_service_that_keeps_failing_is_unavailable(service):
    answer(service, *[b"sorry"] * 3, status=503)
    with pytest.raises(SourceUnavailable, match="answered 503"):
        ask(service, "ooni", attempts=3)
    assert len(service.asked) == 3


def test_a_service_that_is_not_there_is_unavailable(service):
    fetcher = Fetcher(now=lambda: NOW, bases={ooni.BASE: "http://127.0.0.1:9"}, attempts=2, wait_s=0)
    with pytest.raises(SourceUnavailable, match="no answer"):
        fetch_recordings("ooni", "country:KZ", *SPAN, fetcher=fetcher)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        pytest.param(404, b"{}", "got 404", id="unknown-there"),
        pytest.param(401, b"{}", "token", id="not-allowed"),
        pytest.param(302, b"", "got 302", id="sent-elsewhere"),
        pytest.param(200, b"<html>maintenance</html>", "HTML", id="html"),
        pytest.param(200, b"", "empty", id="empty"),
        pytest.param(200, encode(OONI)[:200], "whole JSON", id="cut-off"),
        pytest.param(200, b'{"error": "x", "result": 3}', "result", id="another-shape"),
    ],
)
def test_an_answer_that_is_none_is_malformed_and_not_asked_for_again(service, status, body, said):
    answer(service, body, status=status)
    with pytest.raises(SourceMalformed, match=said):
        ask(service, "ooni")
    assert len(service.asked) == 1


def test_an_answer_that_breaks_off_is_malformed(service):
    service.answers.append((200, encode(OONI), 10**6))
    with pytest.raises(SourceMalformed, match="broke off"):
        ask(service, "ooni")


def test_an_answer_without_end_is_not_read_to_its_end(service):
    answer(service, b" " * 200_000)
    with pytest.raises(SourceMalformed, match="at most 100,000 bytes"):
        ask(service, "ooni", most_bytes=100_000)


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ("ooni", "city:1526384"),
        ("ripestat", "asn:9198"),
        ("ioda-api", "local:Bam"),
        ("ripe-atlas", "country:"),
    ],
)
def test_an_entity_that_a_service_does_not_know_is_an_input_error(service, source, entity):
    with pytest.raises(InputError, match="entity"):
        ask(service, source, entity)
    assert service.asked == []


def test_an_unknown_service_a_missing_token_and_a_missing_extra_are_settings(service, monkeypatch):
    with pytest.raises(ConfigError, match="unknown service"):
        ask(service, "weather")
    with pytest.raises(ConfigError, match="token"):
        fetch_recordings("cloudflare-radar", "country:KZ", *SPAN, fetcher=fetcher_of(service))
    monkeypatch.setitem(__import__("sys").modules, "httpx2", None)
    with pytest.raises(ConfigError, match=r"darkhours\[fetch\]"):
        ask(service, "ooni")


def test_every_service_is_covered_here():
    assert set(SERVICES) == {"ioda-api", "ooni", "ripestat", "ripe-atlas", "cloudflare-radar"}
    assert json.loads(encode(OONI))
    assert fetching.ATTEMPTS > 1
