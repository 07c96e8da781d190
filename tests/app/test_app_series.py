"""Cases with measured files: claims and signals in one posterior."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shlex
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.publish import Question, answer, write_page
from darkhours.claims import load_case
from darkhours.cli import main
from darkhours.model.document_reader import account_from_document
from darkhours.model.errors import InputError
from darkhours.model.state import State
from darkhours.render.pdf_values import values_of

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
FELL, ROSE = BEGIN + timedelta(days=10, hours=9, minutes=20), BEGIN + timedelta(days=11, hours=18, minutes=40)
HEAD = """
[case]
id = "town-2024"
tz = "UTC"
from = 2024-01-09T00:00:00
until = 2024-01-20T00:00:00
entities = ["local:Town"]

[[entity]]
id = "local:Town"
name = "Town"
tz = "UTC"

[[source]]
id = "paper"
publisher = "Paper"
kind = "press"
url = "https://example.org/paper"
published = 2024-01-13T00:00:00Z
"""
TOLD = """
[[claim]]
id = "fell"
source = "paper"
entity = "local:Town"
service = "internet"
says = "dark"
when = { turn = [2024-01-11T00:00:00, 2024-01-12T00:00:00] }
note = "It went dark on the eleventh."

[[claim]]
id = "rose"
source = "paper"
entity = "local:Town"
service = "internet"
says = "up"
when = { turn = [2024-01-12T00:00:00, 2024-01-13T00:00:00] }
note = "It came back on the twelfth."
"""
SERIES = """
[[series]]
file = "{file}"
signal = "{signal}"
entity = "local:Town"
family = "{family}"
step = "30m"
"""


def values(dark_share: float) -> str:
    chance = np.random.default_rng(3)
    lines = ["time,value"]
    for number in range(19 * 48):
        start = BEGIN + number * timedelta(minutes=30)
        end = start + timedelta(minutes=30)
        dark = max(timedelta(0), min(end, ROSE) - max(start, FELL)) / timedelta(minutes=30)
        level = 1000 * (1 - dark + dark * dark_share) * np.exp(chance.normal(0, 0.02))
        lines.append(f"{start:%Y-%m-%dT%H:%MZ},{level:.1f}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path):
    def make(*parts: str, **files: str):
        (tmp_path / "case.toml").write_text(HEAD + "".join(parts), encoding="utf-8")
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return str(tmp_path)

    return make


PROBING = SERIES.format(file="probing.csv", signal="probing.slash24_up_cnt", family="ioda.probing")
ROUTES = SERIES.format(file="routes.csv", signal="bgp.visible_slash24_cnt", family="ioda.bgp")


def dark_of(found):
    return next(window for window in found.windows if window.state is State.DARK)


def test_a_signal_times_what_reports_know_by_the_day(folder):
    told = dark_of(answer(Question(folder(TOLD)), None).accounts[0])
    both = dark_of(answer(Question(folder(TOLD, PROBING, probing=values(0.03))), None).accounts[0])
    for edge, truth in ((both.start, FELL), (both.end, ROSE)):
        assert abs(edge.at - truth) <= timedelta(minutes=30)
    assert both.start.latest - both.start.earliest < (told.start.latest - told.start.earliest) / 4
    assert both.families == ("ioda.probing", "reports")
    assert {"fell", "ioda.probing/probing.slash24_up_cnt"} <= set(both.evidence)
    assert not both.single_source


def test_a_signal_alone_carries_a_case_that_nobody_reported(folder):
    account = answer(Question(folder(PROBING, probing=values(0.03))), None).accounts[0]
    window = dark_of(account)
    assert window.families == ("ioda.probing",)
    assert window.single_source
    assert account.status == "ended"
    assert account.windows[-1].state is State.UNKNOWN or account.windows[-1].state is State.UP


def test_routes_that_stand_while_probing_is_dark_are_told(folder):
    where = folder(TOLD, PROBING, ROUTES, probing=values(0.03), routes=values(1.0))
    window = dark_of(answer(Question(where), None).accounts[0])
    assert window.detail == "announced-but-dark"
    assert "ioda.bgp" not in window.families


def test_as_of_an_hour_knows_only_what_was_measured_by_then(folder):
    where = folder(TOLD, PROBING, probing=values(0.03))
    early = answer(Question(where, as_of=FELL + timedelta(hours=12)), None).accounts[0]
    assert early.status == "ongoing"
    assert early.windows[-1].end is None
    assert early.windows[-1].families == ("ioda.probing",)


def test_the_page_shows_the_signal_with_its_baseline(folder, tmp_path):
    found = answer(Question(folder(TOLD, PROBING, probing=values(0.03)), beside=True), None)
    page = write_page(found, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "ioda.probing" in page
    assert "baseline" in page


@pytest.mark.parametrize(
    ("part", "told"),
    [
        pytest.param(PROBING.replace("probing.csv", "gone.csv"), "gone.csv", id="no-such-file"),
        pytest.param(PROBING.replace('step = "30m"', 'step = "never"'), "step", id="no-duration"),
        pytest.param(PROBING + 'time = "when"\n', "when", id="no-such-column"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_its_place_in_the_case(folder, capsys, part, told):
    where = folder(TOLD, part, probing=values(0.03))
    with pytest.raises(InputError, match=r"series no\. 1"):
        answer(Question(where), None)
    assert main(["account", where]) == 3
    assert told in capsys.readouterr().err
    assert main(["check", where, "--json"]) == 3
    assert told in json.dumps(json.loads(capsys.readouterr().out)["problems"])


def test_each_measured_file_travels_with_its_hash(folder, tmp_path):
    text = values(0.03)
    where = folder(TOLD, PROBING, ROUTES, probing=text, routes=values(1.0))
    found = answer(Question(where), None)
    told = f"probing.csv sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    inputs = found.accounts[0].provenance.inputs
    assert inputs[:2] == ("https://example.org/paper", told)
    assert inputs[2].startswith("routes.csv sha256:")
    assert told in write_page(found, tmp_path / "page.html").read_text(encoding="utf-8")
    pages = values_of(found.accounts[0], found.case)
    assert told in [row["code"] for row in pages["provenance"]]
    assert [row["claims"] for row in pages["evidence"]][1:] == [
        "ioda.probing/probing.slash24_up_cnt",
        "ioda.bgp/bgp.visible_slash24_cnt",
    ]


def test_a_file_that_no_value_of_is_known_yet_is_no_input(folder):
    where = folder(TOLD, PROBING, probing=values(0.03).replace("2024-", "2025-"))
    assert answer(Question(where), None).accounts[0].provenance.inputs == ("https://example.org/paper",)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param([], id="as-it-is"),
        pytest.param(["--step", "90s", "--seed", "7"], id="step-and-seed"),
        pytest.param(["--as-of", "2024-01-12T03:00:00.700Z", "--step", "30m"], id="as-of"),
        pytest.param(["--service", "mobile", "--step", "1h"], id="service"),
    ],
)
def test_the_command_that_page_and_pdf_show_makes_the_same_account(
    folder, tmp_path, monkeypatch, capsys, asked
):
    (tmp_path / "town-2024").mkdir()
    folder(TOLD, PROBING, probing=values(0.03))
    for name in ("case.toml", "probing.csv"):
        (tmp_path / name).rename(tmp_path / "town-2024" / name)
    monkeypatch.setenv("DARKHOURS_CASES", str(tmp_path))
    assert main(["account", "town-2024", "--json", *asked]) == 0
    first = capsys.readouterr().out
    made = account_from_document(json.loads(first), "first")
    assert main(["account", "town-2024", "--html", str(tmp_path / "a.html"), *asked]) == 0
    capsys.readouterr()
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    (shown,) = re.findall(r"<code>(darkhours account .*?)</code>", page)
    case = load_case(tmp_path / "town-2024" / "case.toml")
    assert shown in [row["code"] for row in values_of(made, case)["provenance"]]
    assert main([*shlex.split(html.unescape(shown))[1:], "--json"]) == 0
    assert capsys.readouterr().out == first
