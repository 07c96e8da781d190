"""What a case file means: times, totals, defaults, places, series."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from small_case import CLAIMS, GAZETTEER, HEAD, SMALL, errors, extra, form, look_up, read, with_claim

from darkhours.claims import load_case, read_case
from darkhours.model.case import SeriesRef
from darkhours.model.claim import At, By, During, SaysEvent, SaysState, SaysTopic, SaysTotal, Turn, Within
from darkhours.model.errors import InputError, Problem

HOUR = timedelta(hours=1)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a time of Almaty in January 2022 (UTC+06), UTC."""
    return datetime(2022, 1, day, hour, minute, tzinfo=UTC) - 6 * HOUR


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param(
            '{ turn = 2022-01-05T17:15:00, give = "15m" }', Turn(at(5, 17, 15), give=HOUR / 4), id="turn"
        ),
        pytest.param(
            "{ turn = 2022-01-05T17:15:00 }", Turn(at(5, 17, 15), give=HOUR), id="turn-without-give"
        ),
        pytest.param("{ turn = 2022-01-05T11:15:00Z }", Turn(at(5, 17, 15), give=HOUR), id="turn-in-utc"),
        pytest.param(
            "{ turn = 2022-01-05T13:15:00+02:00 }", Turn(at(5, 17, 15), give=HOUR), id="turn-elsewhere"
        ),
        pytest.param("{ turn = 2022-01-05 }", Turn(at(5), at(6)), id="turn-on-a-day"),
        pytest.param("{ turn = [2022-01-05, 2022-01-06] }", Turn(at(5), at(7)), id="turn-on-one-of-two-days"),
        pytest.param(
            '{ turn = [2022-01-05T17:00:00, 2022-01-05T23:59:00], for = "3h" }',
            Turn(at(5, 17), at(5, 23, 59), lasting=3 * HOUR),
            id="turn-in-the-evening-for-three-hours",
        ),
        pytest.param("{ at = 2022-01-05T17:15:00 }", At(at(5, 17, 15)), id="at"),
        pytest.param(
            '{ at = 2022-01-05T17:15:00, give = "30m" }', At(at(5, 17, 15), HOUR / 2), id="at-about"
        ),
        pytest.param("{ by = 2022-01-05T17:15:00 }", By(at(5, 17, 15)), id="by"),
        pytest.param("{ by = 2022-01-05, since = 2022-01-04 }", By(at(6), at(4)), id="by-days"),
        pytest.param("{ during = [2022-01-05, 2022-01-05] }", During(at(5), at(6)), id="during-a-day"),
        pytest.param(
            '{ within = [2022-01-05, 2022-01-05], for = "1h30m" }',
            Within(at(5), at(6), 1.5 * HOUR),
            id="within",
        ),
        pytest.param(
            '{ within = [2022-01-05, 2022-01-05], for = "4h", every = "1d", times = 3 }',
            Within(at(5), at(6), 4 * HOUR, 24 * HOUR, 3),
            id="schedule",
        ),
    ],
)
def test_each_form_of_time_reads(when, expected):
    assert form(when) == expected


@pytest.mark.parametrize(
    ("text", "hours"),
    [("15m", 0.25), ("3h", 3), ("1h30m", 1.5), ("1d", 24), ("1d12h", 36), ("90m", 1.5)],
)
def test_each_length_of_time_reads(text, hours):
    turn = form(f'{{ turn = 2022-01-05T17:00:00, for = "{text}" }}')
    assert isinstance(turn, Turn)
    assert turn.lasting == hours * HOUR


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param(
            "{ turn = [2022-01-06T06:00:00, 2022-01-06T12:01:00] }",
            Turn(at(6, 6), at(6, 12)),
            id="turn-is-cut",
        ),
        pytest.param(
            "{ during = [2022-01-06T06:00:00, 2022-01-06T18:00:00] }",
            During(at(6, 6), at(6, 12)),
            id="during-is-cut",
        ),
        pytest.param(
            "{ during = [2022-01-07, 2022-01-08] }", During(at(7), at(9)), id="a-forecast-is-kept-and-flagged"
        ),
        pytest.param("{ by = 2022-01-06T18:00:00 }", By(at(6, 12)), id="by-is-cut"),
        pytest.param(
            '{ turn = 2022-01-06T10:00:00, give = "1h", for = "3h" }',
            Turn(at(6, 10), give=HOUR),
            id="an-end-nobody-saw-is-dropped",
        ),
        pytest.param(
            '{ within = [2022-01-06T00:00:00, 2022-01-06T18:00:00], for = "4h" }',
            Within(at(6), at(6, 12), 4 * HOUR),
            id="within-is-cut",
        ),
        pytest.param(
            '{ within = [2022-01-06T10:00:00, 2022-01-06T18:00:00], for = "4h" }',
            Within(at(6, 10), at(6, 12), 2 * HOUR),
            id="a-stretch-is-no-longer-than-its-interval",
        ),
        pytest.param(
            '{ within = [2022-01-05, 2022-01-05], for = "4h", every = "1d", times = 5 }',
            Within(at(5), at(6), 4 * HOUR, 24 * HOUR, 2),
            id="a-schedule-loses-its-future",
        ),
    ],
)
def test_nobody_vouches_for_time_after_publication(when, expected):
    text = with_claim(when=when, published="2022-01-06T12:00:00")
    case = read(text)
    assert next(claim.when for claim in case.claims if claim.id == "extra") == expected
    assert [warning for warning in case.warnings if "publi" in warning]


def test_a_form_that_ends_with_its_publication_is_whole():
    text = with_claim(
        when="{ turn = [2022-01-06T06:00:00, 2022-01-06T12:00:00] }", published="2022-01-06T12:00:00"
    )
    assert read(text).warnings == ()


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("{ turn = [2022-01-17, 2022-01-19] }", Turn(at(17), at(18)), id="turn"),
        pytest.param("{ during = [2022-01-17, 2022-01-19] }", During(at(17), at(18)), id="during"),
        pytest.param(
            '{ turn = 2022-01-17T22:00:00, for = "5h" }',
            Turn(at(17, 22), give=HOUR, lasting=2 * HOUR),
            id="for",
        ),
        pytest.param(
            '{ within = [2022-01-16, 2022-01-16], for = "4h", every = "1d", times = 5 }',
            Within(at(16), at(17), 4 * HOUR, 24 * HOUR, 2),
            id="schedule",
        ),
    ],
)
def test_what_reaches_past_the_case_is_cut_there_with_a_warning(when, expected):
    case = read(with_claim(when=when, published="2022-02-01"))
    assert next(claim.when for claim in case.claims if claim.id == "extra") == expected
    assert any("past the end of the case (2022-01-02 … 2022-01-18)" in warning for warning in case.warnings)


@pytest.mark.parametrize(
    ("time", "utc", "warning"),
    [
        pytest.param("2022-03-27T02:30:00", "2022-03-27T01:30", "does not exist", id="the-hour-that-is-not"),
        pytest.param(
            "2022-10-30T02:30:00", "2022-10-30T00:30", "comes twice", id="the-hour-that-comes-twice"
        ),
        pytest.param("2022-10-30T02:30:00+01:00", "2022-10-30T01:30", "", id="an-offset-is-exact"),
        pytest.param("2022-07-01T12:00:00", "2022-07-01T10:00", "", id="summer"),
        pytest.param("2022-01-15T12:00:00", "2022-01-15T11:00", "", id="winter"),
    ],
)
def test_naive_times_are_local_by_the_tz_database_of_their_date(time, utc, warning):
    text = (
        '[case]\nid = "dst"\ntz = "Europe/Berlin"\nfrom = 2022-01-01\nuntil = 2022-12-31\n'
        'entities = ["local:Here"]\n[[source]]\nid = "s"\npublisher = "S"\nkind = "press"\n'
        '[[claim]]\nid = "a"\nsource = "s"\nentity = "local:Here"\nservice = "internet"\nsays = "dark"\n'
        f"when = {{ at = {time} }}\n"
    )
    case = read(text)
    assert case.claims[0].when == At(datetime.fromisoformat(utc).replace(tzinfo=UTC))
    assert [warning in told for told in case.warnings] == ([True] if warning else [])


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        pytest.param('"degraded"', SaysState("degraded"), id="state"),
        pytest.param(
            '{ total = "gross_h", value = 111 }', SaysTotal("gross_h", 111.0, 1.0), id="whole-hours"
        ),
        pytest.param(
            '{ total = "gross_h", value = 110.5 }', SaysTotal("gross_h", 110.5, 0.5), id="half-hours"
        ),
        pytest.param(
            '{ total = "calendar_days", value = 8 }', SaysTotal("calendar_days", 8.0, 0.0), id="days"
        ),
        pytest.param(
            '{ total = "dark_h", value = 20, besides = { restored_h = 4.5, calendar_days = 2 } }',
            SaysTotal("dark_h", 20.0, 1.0, (("restored_h", 4.5, 0.5), ("calendar_days", 2.0, 0.0))),
            id="besides",
        ),
        pytest.param(
            '{ total = "dark_h", value = 20, over = [2022-01-05, 2022-01-06] }',
            SaysTotal("dark_h", 20.0, 1.0, over=(at(5), at(7))),
            id="over-days",
        ),
        pytest.param('{ topic = "deaths", value = 164 }', SaysTopic("deaths", 164), id="figure"),
        pytest.param('{ topic = "deaths", value = "none" }', SaysTopic("deaths", "none"), id="words"),
        pytest.param('{ event = "curfew" }', SaysEvent("curfew"), id="event"),
        pytest.param('{ event = "curfew", at = 2022-01-05 }', SaysEvent("curfew", at(5)), id="dated-event"),
    ],
)
def test_each_saying_reads(says, expected):
    keys = {} if says.startswith('"') else {"when": ""}
    assert extra(says=says, **keys).says == expected


def test_a_claim_takes_what_it_does_not_say_from_its_source():
    claim = extra(source='"daily"')
    assert (claim.origin, claim.kind, claim.relayed) == ("daily", "press", False)
    assert claim.published == at(11, 9)


@pytest.mark.parametrize(
    ("keys", "relayed"),
    [
        pytest.param({"source": '"daily"', "origin": '"agency"'}, True, id="press-for-another"),
        pytest.param(
            {"source": '"daily"', "origin": '"agency"', "kind": '"official"'}, True, id="quoted-official"
        ),
        pytest.param(
            {"source": '"daily"', "origin": '"agency"', "relayed": "false"}, False, id="told-that-not"
        ),
        pytest.param({"source": '"daily"', "origin": '"daily"'}, False, id="its-own-eyes"),
        pytest.param({"source": '"probes"', "origin": '"others"'}, False, id="no-press"),
    ],
)
def test_press_that_passes_on_another_origin_is_relayed(keys, relayed):
    assert extra(**keys).relayed is relayed


def test_every_other_key_of_a_claim_reads():
    claim = extra(
        origin='"agency"', kind='"witness"', published="2022-01-06", relayed="true", copy_of='"c1"',
        denies='"c2"', extent='"some"', except_='["local:Old-Town"]', detail='"whitelist"', level="0.37",
        implied="true", weight="0", speaker='"A minister"', note='"""two\nlines"""',
    )  # fmt: skip
    assert claim.published == at(7)
    assert (claim.origin, claim.kind, claim.relayed) == ("agency", "witness", True)
    assert (claim.copy_of, claim.denies) == ("c1", "c2")
    assert (claim.extent, claim.excepted) == ("some", ("local:Old-Town",))
    assert (claim.detail, claim.level, claim.implied, claim.weight) == ("whitelist", 0.37, True, 0)
    assert (claim.speaker, claim.note) == ("A minister", "two\nlines")


def test_context_is_the_cases_unless_told():
    claim = extra(entity="", service="", when="", says='{ event = "curfew" }')
    assert (claim.entity, claim.service) == ("city:1526384", "internet")


def test_places_hold_everything_named_and_all_that_contains_it():
    case = read(with_claim(entity='"local:Far%20Away"'))
    assert list(case.places) == ["city:1526384", "country:KZ", "local:Far%20Away", "local:Old-Town"]
    assert case.places["country:KZ"] == GAZETTEER["country:KZ"]
    assert case.places["local:Far%20Away"].name == "Far Away"
    assert case.places["local:Far%20Away"].tz == "Asia/Almaty"
    assert case.containers("local:Old-Town") == ("city:1526384", "country:KZ")


def test_what_the_case_says_of_a_place_goes_before_the_gazetteer():
    case = read(SMALL + '[[entity]]\nid = "country:KZ"\nname = "Qazaqstan"\ntz = "Asia/Aqtau"\n')
    place = case.places["country:KZ"]
    assert (place.name, place.tz, place.population) == ("Qazaqstan", "Asia/Aqtau", 19_000_000)


def test_a_place_that_only_the_case_knows_needs_name_and_zone():
    declared = (
        '[[entity]]\nid = "asn:9198"\nname = "Kazakhtelecom"\ntz = "Asia/Almaty"\nwithin = ["country:KZ"]\n'
    )
    assert read(SMALL + declared).places["asn:9198"].within == ("country:KZ",)


def test_a_gazetteer_that_knows_nearer_names_is_quoted():
    def refuse(entity_id: str):
        if entity_id in GAZETTEER:
            return look_up(entity_id)
        raise InputError("gazetteer", [Problem("", f"unknown {entity_id!r}: did you mean 'country:KZ'?")])

    with pytest.raises(
        InputError, match=r"entity: unknown entity country:QQ; unknown 'country:QQ': did you mean"
    ):
        read_case(with_claim(entity='"country:QQ"').encode(), file="small.toml", lookup=refuse)


def test_the_gazetteer_is_asked_unless_told_otherwise():
    case = read_case(SMALL.encode(), file="small.toml")
    assert case.places["city:1526384"].name == "Almaty"
    assert "country:KZ" in case.containers("city:1526384")


@pytest.mark.parametrize(
    ("keys", "warning"),
    [
        pytest.param({"when": "{ turn = 2022-01-05T17:00:00 }"}, "has no give: 1 h is taken", id="no-give"),
        pytest.param(
            {"except": '["country:KZ"]'}, "country:KZ does not lie in city:1526384", id="outer-exception"
        ),
        pytest.param(
            {"origin": '"Agency"'}, "origins 'Agency', 'agency' count as 2", id="one-origin-spelt-twice"
        ),
    ],
)
def test_doubtful_points_are_read_with_a_warning(keys, warning):
    assert any(warning in told for told in read(with_claim(**keys)).warnings)


def test_the_order_of_the_claims_changes_nothing():
    from dataclasses import replace

    turned = read(HEAD + "".join(reversed(CLAIMS)))
    assert replace(turned, sha256="") == replace(read(SMALL), sha256="")


SERIES = """
[[series]]
file = "data/probes.csv"
signal = "probing.slash24_up_cnt"
entity = "country:KZ"
family = "ioda.probing"
"""


def test_a_series_keeps_its_options():
    case = read(SMALL + SERIES + 'time = "when"\nstep = "10m"\ncount = true\nkind = "count"\n')
    options = (("count", True), ("kind", "count"), ("step", "10m"), ("time", "when"))
    expected = SeriesRef("data/probes.csv", "probing.slash24_up_cnt", "country:KZ", "ioda.probing", options)
    assert case.series == (expected,)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("data/probes.csv", "../probes.csv", "inside the folder of the case", id="upwards"),
        pytest.param("data/probes.csv", "data/../../x", "inside the folder of the case", id="upwards-within"),
        pytest.param("data/probes.csv", "/etc/passwd", "inside the folder of the case", id="absolute"),
        pytest.param("data/probes.csv", "C:probes.csv", "inside the folder of the case", id="drive"),
        pytest.param("data/probes.csv", "https://x/y", "inside the folder of the case", id="address"),
        pytest.param('family = "ioda.probing"\n', "", "series no. 1: family: is missing", id="no-family"),
        pytest.param("country:KZ", "country:QQ", "unknown entity country:QQ", id="unknown-entity"),
        pytest.param('family = "', 'steps = "5m"\nfamily = "', "did you mean 'step'?", id="unknown-option"),
        pytest.param(
            'family = "', 'kind = "sum"\nfamily = "', "expected one of count, gauge, index", id="kind"
        ),
        pytest.param(
            'family = "', 'count = true\nvalue = "v"\nfamily = "', "drop one of them", id="count-and-value"
        ),
    ],
)
def test_a_wrong_series_is_told_with_its_field(old, new, expected):
    assert old in SERIES
    told = errors(SMALL + SERIES.replace(old, new))
    assert any(expected in line for line in told), told


@pytest.mark.shared_data
def test_the_draft_of_almaty_reads_as_it_is(shared_data):
    path = shared_data / "kazakhstan-2022" / "draft-case.toml"
    case = load_case(path, lookup=lambda _: None)
    assert len(case.places) == 8
    assert len(case.claims) == path.read_text(encoding="utf-8").count("[[claim]]")
    assert len(case.warnings) == 2  # two schedules were published before their last day was over
