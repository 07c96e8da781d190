"""What a service answered is kept as points, and outages reads them again to the last digit."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from darkhours.app.fetch import fetch_points
from darkhours.cli import main
from darkhours.model.errors import ConfigError, InputError
from darkhours.sources import Fetcher, ooni, read_recording, write_points

NOW = datetime(2022, 2, 1, tzinfo=UTC)
HOURS = 24 * 12


class Ooni(BaseHTTPRequestHandler):
    """Answers as OONI's aggregation does: good by day and night, nothing while the country is dark."""

    def do_GET(self):
        self.server.asked.append(parse_qs(urlsplit(self.path).query))
        start = datetime(2022, 1, 1, tzinfo=UTC)
        rows = [
            {
                "measurement_start_day": f"{start + timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ}",
                "ok_count": 0 if 200 <= h < 240 else 90 + h % 7,
                "anomaly_count": 3, "confirmed_count": 0, "failure_count": 1,
                "measurement_count": 4 if 200 <= h < 240 else 94 + h % 7,
            }
            for h in range(HOURS)
            if h != 50
        ]  # fmt: skip
        body = json.dumps({"result": rows if self.server.full else [], "dimension_count": 1, "v": 0}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ooni)
    server.asked, server.full = [], True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(service, entity="Kazakhstan", start="2022-01-01", until="2022-01-13", out=None):
    base = f"http://127.0.0.1:{service.server_port}{urlsplit(ooni.BASE).path}"
    fetcher = Fetcher(lambda: NOW, bases={ooni.BASE: base}, wait_s=0)
    return fetch_points("ooni", entity, start, until, fetcher=fetcher, token=None, out=out)


def test_what_is_fetched_is_read_again_to_the_last_digit(service, tmp_path):
    out = tmp_path / "kz.csv"
    came = ask(service, out=out)
    assert came.path == out
    again = read_recording(out)
    assert again.origin.source == "points"
    assert "OONI" in again.origin.attribution
    for before, after in zip(came.panels, again.panels, strict=True):
        assert (after.signal, after.family, after.datasource) == (
            before.signal,
            before.family,
            before.datasource,
        )
        assert (after.entities, after.grid) == (before.entities, before.grid)
        assert np.array_equal(after.values, before.values, equal_nan=True)
        assert np.isnan(after.values[0, 50])  # not measured is never zero


def test_outages_finds_what_was_fetched(service, tmp_path, capsys):
    out = tmp_path / "kz.csv"
    ask(service, out=out)
    assert main(["outages", str(out), "--json"]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    assert account["entity"]["id"] == "country:KZ"
    assert account["outages"][0]["start"]["at"].startswith("2022-01-09T0")


def test_the_span_and_the_place_are_asked_for_in_the_words_of_the_service(service):
    ask(service)
    assert service.asked[0]["probe_cc"] == ["KZ"]
    assert service.asked[0]["since"] == ["2022-01-01T00:00:00"]


def test_what_came_is_told_with_whom_to_thank(service):
    came = ask(service)
    assert "287 of 288 bins" in came.as_text()
    assert came.as_json()["signals"][0]["measured"] == HOURS - 1
    assert "CC BY" in came.as_json()["inputs"][0]["attribution"]


@pytest.mark.parametrize(
    ("how", "error", "said"),
    [
        pytest.param({"until": "2021-12-31"}, ConfigError, "a time after --from", id="span-runs-backwards"),
        pytest.param({"start": "soon"}, ConfigError, "--from", id="no-time"),
        pytest.param({"entity": "Qwertyland"}, InputError, "Qwertyland", id="no-such-place"),
    ],
)
def test_a_question_that_cannot_be_asked_is_not_asked(service, how, error, said):
    with pytest.raises(error, match=said):
        ask(service, **how)
    assert service.asked == []


def test_an_empty_answer_writes_nothing(service, tmp_path):
    service.full = False
    with pytest.raises(InputError, match="nothing was measured"):
        ask(service, out=tmp_path / "kz.csv")
    assert list(tmp_path.iterdir()) == []


def test_rows_of_points_that_cannot_be_read_are_counted_and_named(service, tmp_path):
    lines = list(write_points(ask(service).recordings))
    bad = [
        lines[1].replace("2022-01-01T00:00:00Z", "yesterday"),
        lines[2].replace("country:KZ", "Kazakhstan"),
        lines[3].replace(",3600,", ",0,"),
        lines[4].replace(",index,", ",feeling,"),
        "too,short\n",
    ]
    path = tmp_path / "bad.csv"
    path.write_text("".join([lines[0], *bad, *lines[6:]]))
    told = read_recording(path).unreadable
    assert [row.first_line for row in told] == [2, 3, 4, 5, 6]
    assert [row.count for row in told] == [1] * 5


def test_the_command_names_what_is_unknown(capsys):
    assert main(["fetch", "tea-leaves", "country:KZ", "--from", "2022-01-01", "--until", "2022-01-02"]) == 2
    assert "expected one of ioda" in capsys.readouterr().err
