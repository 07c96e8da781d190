"""The documents: their round trip, their schema, and what is said of bad ones."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from documents_by_strategy import ACCOUNTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from darkhours.model.account import TOTAL_NAMES, Account, Day, Edge, Num, Provenance, Window
from darkhours.model.document import (
    account_from_document,
    account_to_document,
    outages_document,
    schema,
    to_json,
)
from darkhours.model.document_check import find_problems
from darkhours.model.errors import InputError
from darkhours.model.state import State

UNHURRIED = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


EDGE = Edge(*(datetime(2022, 1, 5, hour, tzinfo=UTC) for hour in (11, 10, 12)))
HOURS = Num(126.25, 124.0, 131.5, 0.75, 126.9)


@pytest.fixture
def example():
    """Return a small account with a window and a day."""
    return Account(
        case="almaty-2022",
        as_of=EDGE.latest,
        status="ongoing",
        entity="city:1526384",
        name="Almaty",
        tz="Asia/Almaty",
        service="internet",
        start=EDGE.earliest,
        until=EDGE.latest,
        families=("reports",),
        windows=(Window(State.DARK, EDGE, None, 0.9, evidence=("kz-1",)),),
        outages=(),
        totals=dict.fromkeys(TOTAL_NAMES, HOURS),
        days=(Day(EDGE.at.date(), 17.5, 0.0, 6.5, 0.0),),
        patterns=(),
        stages=(),
        verdicts=(),
        contested=(),
        context=(),
        provenance=Provenance("darkhours 0", {}, 7, None),
    )


@UNHURRIED
@given(ACCOUNTS)
def test_an_account_comes_back_from_its_document_unchanged(account):
    assert account_from_document(json.loads(to_json(account_to_document(account)))) == account


@UNHURRIED
@given(ACCOUNTS)
def test_every_document_passes_its_own_schema(account):
    document = json.loads(to_json(outages_document([account], ["a note"])))
    Draft202012Validator(schema("outages")).validate(document)
    Draft202012Validator(schema("account")).validate(document["accounts"][0])
    assert find_problems(document, schema("outages")) == []


@UNHURRIED
@given(ACCOUNTS, st.data())
def test_our_reader_and_the_json_schema_agree_on_broken_documents(account, data):
    document = account_to_document(account)
    broken = break_somewhere(document, data)
    expected = Draft202012Validator(schema("account")).is_valid(broken)
    assert (find_problems(broken, schema("account")) == []) == expected


def break_somewhere(document, data):
    """Return the document with one value replaced, or one name taken away."""
    broken = copy.deepcopy(document)
    part = broken
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        inner = part[key]
        if not (isinstance(inner, (dict, list)) and inner and data.draw(st.booleans())):
            break
        part = inner
    if isinstance(part, dict) and data.draw(st.booleans()):
        del part[key]
    else:
        part[key] = data.draw(st.sampled_from([None, True, -1, 0.5, "x", [], {}, [1]]))
    return broken


@pytest.mark.parametrize("name", ["account", "outages"])
def test_a_schema_is_itself_valid_and_ours_to_change(name):
    Draft202012Validator.check_schema(schema(name))
    schema(name)["$defs"].clear()
    assert schema(name)["$defs"]


def test_a_schema_of_another_name_is_a_programming_mistake():
    with pytest.raises(ValueError, match="expected 'account' or 'outages'"):
        schema("claims")


DESIGN_NAMES = [
    "schema",
    "case",
    "as_of",
    "status",
    "entity",
    "service",
    "span",
    "families",
    "windows",
    "outages",
    "totals",
    "days",
    "patterns",
    "stages",
    "verdicts",
    "contested",
    "context",
    "provenance",
    "standings",
    "notes",
]


@UNHURRIED
@given(ACCOUNTS)
def test_names_stand_in_the_order_of_the_design(account):
    document = account_to_document(account)
    assert list(document) == DESIGN_NAMES
    assert list(document["entity"]) == ["id", "name", "tz"]
    assert list(document["span"]) == ["from", "until"]
    for window in document["windows"]:
        assert list(window) == [
            "state", "detail", "start", "end", "p", "families", "single_source", "evidence", "contested",
        ]  # fmt: skip


@UNHURRIED
@given(ACCOUNTS)
def test_the_order_of_names_in_the_schema_is_that_of_the_document(account):
    assert list(schema("account")["properties"]) == list(account_to_document(account))


@UNHURRIED
@given(ACCOUNTS)
def test_times_are_utc_in_whole_seconds_whatever_zone_they_came_in(account):
    moved = replace(
        account,
        as_of=account.as_of.astimezone(timezone(timedelta(hours=6))) + timedelta(microseconds=5),
    )
    assert account_to_document(moved)["as_of"] == f"{account.as_of:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        pytest.param(135.25, 135.25, id="exact-quarters-stay"),
        pytest.param(107.58333333, 107.5833, id="four-decimals"),
        pytest.param(-0.00001, 0.0, id="no-negative-zero"),
    ],
)
def test_hours_are_written_with_four_decimals(example, hours, written):
    day = replace(example.days[0], dark_h=hours)
    document = account_to_document(replace(example, days=(day,)))
    assert str(document["days"][0]["dark_h"]) == str(written)


def test_small_parameters_of_the_method_are_not_rounded_away(example):
    rate = 1 / 600_000
    provenance = replace(example.provenance, parameters={"rate_into_dark": rate})
    document = json.loads(to_json(account_to_document(replace(example, provenance=provenance))))
    assert document["provenance"]["parameters"]["rate_into_dark"] == rate


def test_what_is_no_number_cannot_be_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"value": float("nan")})


BAD = [
    pytest.param(
        lambda d: d.update(schema="darkhours.account/2"),
        "schema: expected 'darkhours.account/1'",
        id="major",
    ),
    pytest.param(
        lambda d: d.pop("windows"),
        "windows: expected here, but missing",
        id="missing",
    ),
    pytest.param(
        lambda d: d.update(status="fine"),
        "status: expected one of none, unmeasured",
        id="enum",
    ),
    pytest.param(
        lambda d: d.update(as_of="2022-13-01T00:00:00Z"),
        "as_of: expected a time such as",
        id="no-such-time",
    ),
    pytest.param(
        lambda d: d.update(as_of="2022-01-01"),
        "as_of: expected a time such as",
        id="date-for-time",
    ),
    pytest.param(
        lambda d: d["days"][0].update(date="2022-02-30"),
        "days[0].date: expected a date",
        id="no-such-date",
    ),
    pytest.param(
        lambda d: d["entity"].update(id="Almaty"),
        "entity.id: expected a text of the form",
        id="entity",
    ),
    pytest.param(
        lambda d: d["entity"].update(tz="Asia/Nowhere"),
        "entity.tz: expected a zone such as",
        id="zone",
    ),
    pytest.param(
        lambda d: d["windows"][0].update(p=1.5),
        "windows[0].p: expected a number of at most 1",
        id="share-over-one",
    ),
    pytest.param(
        lambda d: d["windows"][0].update(p=True),
        "windows[0].p: expected a number, got True",
        id="truth-for-number",
    ),
    pytest.param(
        lambda d: d["days"][0].update(up_h=float("inf")),
        "days[0].up_h: expected a number",
        id="infinite",
    ),
    pytest.param(
        lambda d: d["days"][0].update(up_h=10**400),
        "days[0].up_h: expected a number",
        id="huge",
    ),
    pytest.param(
        lambda d: d["totals"].update(dark_h=None),
        "totals.dark_h: expected a table of names, got None",
        id="null",
    ),
    pytest.param(
        lambda d: d.update(notes="a"),
        "notes: expected a list",
        id="text-for-list",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BAD)
def test_a_bad_document_is_an_input_error_that_names_the_place(example, spoil, message):
    document = json.loads(to_json(account_to_document(example)))
    spoil(document)
    with pytest.raises(InputError) as caught:
        account_from_document(document, "old.json")
    assert f"old.json: {message}" in str(caught.value)


@pytest.mark.parametrize(
    "value", [None, [], "account", 3, {}], ids=["null", "list", "text", "number", "empty"]
)
def test_what_is_no_account_at_all_is_an_input_error(value):
    with pytest.raises(InputError, match=r"old\.json"):
        account_from_document(value, "old.json")


def test_all_problems_of_a_document_are_reported_together(example):
    document = account_to_document(example) | {"status": "fine", "service": "pigeon", "as_of": 7}
    with pytest.raises(InputError) as caught:
        account_from_document(document)
    assert len(caught.value.problems) == 3


def test_names_of_a_later_version_are_passed_over(example):
    document = account_to_document(example) | {"impact": {"people": 2_000_000}}
    assert account_from_document(document) == account_from_document(account_to_document(example))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@UNHURRIED
@given(st.dictionaries(st.text(), PLAIN, max_size=4))
def test_a_document_is_written_as_the_standard_library_would(document):
    assert to_json(document) == json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
