"""Everything that can be wrong with a claim, and how it is told."""

from __future__ import annotations

import pytest
from small_case import SMALL, errors, with_claim


def test_the_small_case_is_right_in_every_point():
    assert errors(SMALL) == []


OUTSIDE = "lies outside the case (2022-01-02 … 2022-01-18): got"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        # --- times ---
        pytest.param(
            {"when": "{ turn = 2023-01-05T17:00:00 }"},
            f"when.turn: {OUTSIDE} 2023-01-05T17:00; widen case.until or mend the year",
            id="wrong-year",
        ),
        pytest.param(
            {"when": "{ turn = 2022-01-18T00:00:00 }"},
            f"when.turn: {OUTSIDE} 2022-01-18T00:00; widen case.until or mend the date",
            id="turn-on-the-end-itself",
        ),
        pytest.param(
            {"when": "{ at = 2022-01-01T23:59:00 }"},
            f"when.at: {OUTSIDE} 2022-01-01T23:59; move case.from back or mend the date",
            id="just-before-the-span",
        ),
        pytest.param(
            {"when": "{ by = 2022-01-18T00:01:00, since = 2022-01-17T00:00:00 }"},
            f"when.by: {OUTSIDE} 2022-01-18T00:01",
            id="by-past-the-end",
        ),
        pytest.param(
            {"when": "{ by = 2022-01-05T00:00:00, since = 2021-12-31T00:00:00 }"},
            f"when.since: {OUTSIDE} 2021-12-31T00:00",
            id="since-before-the-span",
        ),
        pytest.param(
            {"when": "{ turn = 2022-02-30T00:00:00 }"},
            "got: Invalid date or datetime",
            id="thirtieth-of-february",
        ),
        pytest.param(
            {"when": "{ turn = 2022-13-05T00:00:00 }"}, "that does not exist", id="thirteenth-month"
        ),
        pytest.param(
            {"when": "{ turn = 0022-01-05 }"}, "expected a year from 1900 to 2200, got 22", id="year-22"
        ),
        pytest.param(
            {"when": '{ turn = "2022-01-05" }'},
            "expected a time such as 2022-01-05T17:15:00, got the text '2022-01-05'; drop the quotes",
            id="time-in-quotes",
        ),
        pytest.param({"when": "{ turn = 17:00:00 }"}, "got the time 17:00:00 without a date", id="no-date"),
        pytest.param({"when": "{ at = 2022-01-05 }"}, "when.at: expected a clock time", id="at-a-day"),
        pytest.param(
            {"when": "{ during = [2022-01-05] }"}, "expected two times, [begin, end]", id="half-a-pair"
        ),
        pytest.param(
            {"when": "{ during = [1, 2] }"}, "got the number 1; write date and time", id="pair-of-numbers"
        ),
        pytest.param(
            {"when": "{ during = [2022-01-06T00:00:00, 2022-01-05T00:00:00] }"},
            "expected a begin before its end, got 2022-01-06T00:00 … 2022-01-05T00:00; swap or mend them",
            id="backwards",
        ),
        pytest.param(
            {"when": "{ by = 2022-01-05T00:00:00, since = 2022-01-05T00:00:00 }"},
            "when.since: expected a time before by",
            id="since-is-by",
        ),
        # --- forms ---
        pytest.param({"when": ""}, "claim extra: when: is missing", id="no-when"),
        pytest.param({"when": "3"}, "when: expected a table", id="when-is-a-number"),
        pytest.param(
            {"when": "{}"}, "expected exactly one of turn, at, by, during, within, got none", id="empty"
        ),
        pytest.param(
            {"when": "{ at = 2022-01-05T00:00:00, by = 2022-01-06T00:00:00 }"},
            "got at and by",
            id="two-forms",
        ),
        pytest.param(
            {"when": '{ during = [2022-01-05, 2022-01-06], give = "1h" }'},
            "when.give: goes with turn and at, not with during",
            id="give-with-during",
        ),
        pytest.param(
            {"when": '{ turn = [2022-01-05, 2022-01-06], give = "1h" }'},
            "when.give: goes with one clock time",
            id="give-with-an-interval",
        ),
        pytest.param(
            {"when": "{ within = [2022-01-05, 2022-01-06] }"}, "when.for: is missing", id="within-without-for"
        ),
        pytest.param(
            {"when": '{ within = [2022-01-05T00:00:00, 2022-01-05T03:00:00], for = "4h" }'},
            "when.for: expected at most the 3 h of within, got 4 h",
            id="longer-than-its-interval",
        ),
        pytest.param(
            {"when": '{ within = [2022-01-05T00:00:00, 2022-01-05T03:00:00], for = "1h", every = "1d" }'},
            "when.times: is missing",
            id="every-without-times",
        ),
        pytest.param(
            {"when": '{ within = [2022-01-05, 2022-01-06], for = "1h", every = "1d", times = 2 }'},
            "when.every: expected at least the 48 h of within, got 24 h; let within be the",
            id="intervals-that-overlap",
        ),
        pytest.param(
            {"when": '{ turn = 2022-01-05T17:00:00, give = "soon" }'},
            "when.give: expected a length of time",
            id="no-length",
        ),
        pytest.param({"when": "{ turn = 2022-01-05T17:00:00, give = 15 }"}, "write its unit", id="no-unit"),
        pytest.param(
            {"when": '{ turn = 2022-01-05T17:00:00, give = "0m" }'},
            "longer than nothing",
            id="give-of-nothing",
        ),
        pytest.param(
            {"when": "{ trun = 2022-01-05T17:00:00 }"},
            "when.trun: is not a key here; did you mean 'turn'?",
            id="unknown-key-in-when",
        ),
        # --- references ---
        pytest.param({"source": '"probe"'}, "got 'probe'; did you mean 'probes'?", id="unknown-source"),
        pytest.param(
            {"entity": '"city:1526385"'},
            "claim extra: entity: unknown entity city:1526385",
            id="unknown-entity",
        ),
        pytest.param(
            {"except": '["country:QQ"]'}, "except: unknown entity country:QQ", id="unknown-exception"
        ),
        pytest.param(
            {"entity": '"Almaty"'},
            "expected an entity id such as country:KZ, region:KZ-75, city:1526384, asn:9198 or local:Name, "
            "got 'Almaty'; `darkhours entity Almaty` finds it",
            id="name-instead-of-id",
        ),
        pytest.param(
            {"denies": '"c44"'},
            "denies: names no claim of this case: got 'c44'; did you",
            id="unknown-denied",
        ),
        pytest.param({"copy_of": '"zzz"'}, "copy_of: names no claim of this case", id="unknown-original"),
        pytest.param({"denies": '"extra"'}, "goes in a circle: extra → extra", id="denies-itself"),
        pytest.param({"id": '"c1"'}, "claim c1: id: stands twice", id="duplicate-id"),
        # --- types and ranges ---
        pytest.param({"id": ""}, "claim no. 7: id: is missing", id="no-id"),
        pytest.param({"id": '"a b"'}, "expected letters, digits, '.', '_' and '-'", id="blank-in-id"),
        pytest.param(
            {"id": "7"}, "claim no. 7: id: expected text in quotes, got the number 7", id="number-as-id"
        ),
        pytest.param({"says": '"drak"'}, "got 'drak'; did you mean 'dark'?", id="misspelt-state"),
        pytest.param({"says": '"unknown"'}, "expected one of up, degraded, dark", id="nobody-claims-unknown"),
        pytest.param({"says": "true"}, "got true", id="says-true"),
        pytest.param({"service": '"fixd"'}, "did you mean 'fixed'?", id="misspelt-service"),
        pytest.param({"kind": '"rumour"'}, "kind: expected one of measurement, operator", id="unknown-kind"),
        pytest.param({"extent": '"few"'}, "extent: expected one of all, most, some", id="unknown-extent"),
        pytest.param(
            {"level": "1.01"}, "level: expected a number from 0 to 1, got the number 1.01", id="level-over-1"
        ),
        pytest.param(
            {"level": "nan"}, "level: expected a number from 0 to 1, got the number nan", id="level-nan"
        ),
        pytest.param(
            {"weight": '"0"'}, "got the text '0'; numbers stand without quotes", id="number-in-quotes"
        ),
        pytest.param({"weight": "-1"}, "weight: expected a number from 0 to 20", id="weight-below-0"),
        pytest.param({"weight": "true"}, "weight: expected a number, got true", id="true-is-no-number"),
        pytest.param(
            {"implied": '"yes"'}, "expected true or false, got the text 'yes'", id="yes-is-not-true"
        ),
        pytest.param({"published": '"May"'}, "published: expected a time such as", id="published-in-words"),
        pytest.param({"colour": '"red"'}, "claim extra: colour: is not a key here", id="unknown-key"),
        pytest.param(
            {"orgin": '"tass"'}, "orgin: is not a key here; did you mean 'origin'?", id="misspelt-key"
        ),
        pytest.param(
            {"note": f'"{"n" * 4001}"'}, "expected at most 4,000 characters, got 4,001", id="long-note"
        ),
        pytest.param({"speaker": f'"{"n" * 201}"'}, "expected at most 200 characters", id="long-name"),
        pytest.param({"note": '"a\\u0000b"'}, "without control characters, got U+0000", id="nul-in-note"),
        pytest.param({"note": '"a\\u001Bb"'}, "without control characters, got U+001B", id="escape-in-note"),
        pytest.param({"speaker": '"a\\nb"'}, "without control characters, got U+000A", id="two-line-name"),
        # --- what it says ---
        pytest.param(
            {"says": '{ total = "gros_h", value = 1 }', "when": ""},
            "did you mean 'gross_h'?",
            id="unknown-rule",
        ),
        pytest.param({"says": '{ total = "gross_h" }', "when": ""}, "says.value: is missing", id="no-value"),
        pytest.param(
            {"says": '{ total = "gross_h", value = -1 }', "when": ""}, "from 0 to 9,600", id="negative-hours"
        ),
        pytest.param(
            {"says": '{ total = "calendar_days", value = 8.5 }', "when": ""},
            "a whole number",
            id="half-a-day",
        ),
        pytest.param(
            {"says": '{ total = "gross_h", value = 1, besides = { dark = 1 } }', "when": ""},
            "says.besides.dark: is not a key here; did you mean 'dark_h'?",
            id="unknown-rule-besides",
        ),
        pytest.param(
            {"says": '{ total = "gross_h", value = 1, over = [2021-01-01, 2022-01-05] }', "when": ""},
            f"says.over: {OUTSIDE} 2021-01-01T00:00",
            id="over-outside",
        ),
        pytest.param(
            {"says": '{ topic = "deaths" }', "when": ""}, "says.value: is missing", id="topic-without-value"
        ),
        pytest.param(
            {"says": '{ topic = "deaths", value = 2022-01-01 }', "when": ""},
            "a number or words",
            id="dated-value",
        ),
        pytest.param(
            {"says": f'{{ topic = "deaths", value = {"9" * 400} }}', "when": ""},
            "more than 18 digits",
            id="huge",
        ),
        pytest.param(
            {"says": '{ topic = "a", event = "b" }', "when": ""}, "got topic and event", id="two-sayings"
        ),
        pytest.param(
            {"says": '{ topic = "a", event = "b" }', "when": ""},
            "claim extra: says: expected exactly one of",
            id="two-sayings-by-their-field",
        ),
        pytest.param(
            {"says": '{ event = "b", value = 3 }', "when": ""}, "does not go with event", id="event-value"
        ),
        pytest.param(
            {"says": '{ event = "b", at = 2023-01-01 }', "when": ""}, "says.at: lies outside", id="far-event"
        ),
        pytest.param({"says": '{ event = "b" }'}, "when: goes with a state", id="event-with-when"),
        pytest.param(
            {"says": "{ denies = 'c1' }", "when": ""}, "says.denies: is not a key here", id="denies-inside"
        ),
    ],
)
def test_a_wrong_claim_is_told_with_its_field(keys, expected):
    told = errors(with_claim(**keys))
    assert any(expected in line for line in told), told
    assert all(line.startswith("small.toml:") for line in told)
