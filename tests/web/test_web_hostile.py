"""Claims that mean harm, in every form of a site: they are shown as what they are, and do nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import icalendar
import pytest
from own_cases import own_case
from serving import asking

from darkhours.app.serve import make_site

SCRIPT, TURN, FORMULA = "<script>alert(1)</script>", "\\u202egnp.exe", "=HYPERLINK(0)"
PLACE = "local:x<svg/onload=alert(2)>"
CASE = own_case(
    "hostile",
    entity=PLACE,
    publisher=f"{FORMULA}{SCRIPT}",
    case=f"""title = "{SCRIPT}"

[[entity]]
id = "{PLACE}"
name = "{FORMULA} {SCRIPT}"
tz = "Asia/Tashkent"
""",
    source="""url = "https://example.org/'onmouseover=alert(3)"\n""",
    claim=f"""detail = "throttled"
note = "{FORMULA} {SCRIPT} \\" onmouseover=alert(4) '"

[[claim]]
id = "uz-2"
source = "grid"
entity = "{PLACE}"
service = "internet"
says = {{ event = "{SCRIPT}" }}
note = "@SUM(1)"
""",
)


class _Tags(HTMLParser):
    """What a browser would make of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.bad += [name for name in told if name.startswith("on")]
        self.bad += [value for value in told.values() if "javascript:" in (value or "").lower()]
        if tag == "script" and not (told.get("src") or "").startswith("/static/"):
            self.bad.append(tag)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """What asks a site whose only case of its own means harm."""
    folder = tmp_path_factory.mktemp("cases")
    folder.joinpath("hostile.toml").write_text(CASE, encoding="utf-8")
    turned = CASE.replace('"hostile"', '"turned"').replace("note = ", f'title = "{TURN}" #')
    folder.joinpath("turned.toml").write_text(turned, encoding="utf-8")
    with asking(make_site(None, folder)) as client:
        yield client


@pytest.fixture(scope="module")
def account(hostile):
    """The forms of its account, as the interface names them."""
    told = hostile.get("/api/v1/cases/hostile")
    assert told.status_code == 200, told.text
    return told.json()["accounts"][0]["forms"]


@pytest.mark.parametrize("path", ["/cases", "/cases/hostile", "/compare", "/status", "page"])
def test_a_page_shows_it_and_does_nothing(hostile, account, path):
    answer = hostile.get(account["page"] if path == "page" else path)

    assert answer.status_code == 200
    assert _Tags(answer.text).bad == []
    assert "\u202e" not in answer.text
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("path", ["/cases/turned", "/api/v1/cases/turned", "/status", "/api/v1/cases"])
def test_a_case_that_cannot_be_read_is_told_without_where_it_lies(hostile, path):
    answer = hostile.get(path)

    assert "turned" in answer.text
    assert "pytest" not in answer.text
    assert "\u202e" not in answer.text


def test_a_drawing_shows_it_and_does_nothing(hostile, account):
    text = hostile.get(account["svg"]).text

    root = ET.fromstring(text)  # noqa: S314 — our own
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on")]
    assert "\u202e" not in text


@pytest.mark.parametrize("table", ["windows", "totals", "days", "verdicts", "claims"])
def test_a_table_runs_no_formula(hostile, account, table):
    path = "/api/v1/cases/hostile/claims.csv" if table == "claims" else f"{account['csv']}?table={table}"
    rows = list(csv.reader(io.StringIO(hostile.get(path).text)))

    cells = [cell for row in rows for cell in row]
    assert rows
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\t", "\r"))]
    if table == "claims":
        assert f"'{FORMULA}" in "".join(cells)


def test_a_calendar_has_no_line_of_theirs(hostile, account):
    text = hostile.get(account["ics"]).content

    assert b"\r\nATTENDEE" not in text
    assert b"\r\nX-EVIL" not in text.upper()
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert all("ATTENDEE" not in event for event in events)


def test_programs_get_it_as_text_that_nobody_sniffs(hostile, account):
    for path in (account["json"], account["geojson"], "/api/v1/cases", "/api/v1/cases/hostile/claims"):
        answer = hostile.get(path)

        assert json.loads(answer.text)
        assert answer.headers["content-type"].startswith(("application/json", "application/geo+json"))
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_alert_is_whole_xml(hostile, account):
    text = hostile.get(account["cap"]).text

    ET.fromstring(text)  # noqa: S314 — our own
    assert "<script" not in text


def test_paper_shows_it_and_does_nothing(hostile, account, tmp_path):
    data = hostile.get(account["pdf"]).content

    assert data.startswith(b"%PDF-")
    assert b"/JavaScript" not in data
    assert b"/JS" not in data
    assert b"javascript:" not in data
    if shutil.which("pdftotext") is not None:
        file = tmp_path / "a.pdf"
        file.write_bytes(data)
        said = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, check=True, text=True
        ).stdout
        assert "\u202e" not in said


def test_an_address_is_named_in_no_header_of_theirs(hostile, account):
    answer = hostile.get(account["csv"])

    assert answer.headers["content-disposition"].isascii()
    assert "<" not in answer.headers["content-disposition"]
