"""The JSON Schema of the documents: their names, their order and what each may hold."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from darkhours.model.account import TOTAL_NAMES
from darkhours.model.entity import ENTITY_ID
from darkhours.model.state import SERVICES, State

Schema = dict[str, Any]
"""A JSON Schema, draft 2020-12, as plain values."""

ACCOUNT = "darkhours.account/1"
OUTAGES = "darkhours.outages/1"
STATUSES = ("none", "unmeasured", "ongoing", "probation", "ended")
VERDICTS = ("supported", "contradicted", "fits-another-rule", "undecided")
STANDINGS = ("agrees", "doubtful", "contradicted", "copy", "unused")
NULLABLE_TOTALS = ("gross_h", "first_return_h", "first_return_dark_h")
"""Totals that do not exist for an outage that was never dark, or not yet back."""

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
HOURS: Schema = {"type": "number", "minimum": 0}
MAYBE_HOURS: Schema = {"type": ["number", "null"], "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
TIME: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
}
MAYBE_TIME: Schema = TIME | {"type": ["string", "null"]}
DATE: Schema = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
CLOCK: Schema = {"type": "string", "pattern": r"^[0-2][0-9]:[0-5][0-9]$"}
ENTITY: Schema = {"type": "string", "pattern": rf"^({ENTITY_ID.pattern})$"}
SERVICE: Schema = {"enum": list(SERVICES)}
STATUS: Schema = {"enum": list(STATUSES)}


def schema(name: str) -> Schema:
    """Return the JSON Schema of a document: what `darkhours schema` prints.

    Strict, because every output is checked against it: a name that is not here is a
    mistake of ours. Names are added, never renamed; another major version is another
    schema name.

    Args:
        name: ``account`` or ``outages``.

    Raises:
        ValueError: there is no such document.

    >>> schema("account")["properties"]["schema"]
    {'const': 'darkhours.account/1'}
    """
    if name == "account":
        return _top(ACCOUNT, _account())
    if name == "outages":
        listed = _record(
            schema={"const": OUTAGES}, accounts=_many({"$ref": "#/$defs/account"}), notes=_many(TEXT)
        )
        return _top(OUTAGES, listed, account=_account())
    message = f"unknown document {name!r}: expected 'account' or 'outages'"
    raise ValueError(message)


def _top(title: str, body: Schema, **more: Schema) -> Schema:
    """Return a whole schema with the definitions that its parts refer to."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    defs = {"edge": _edge(), "num": _num(), "totals": _totals()} | more
    return deepcopy({"$schema": draft, "title": title} | body | {"$defs": defs})


def _record(**properties: Schema) -> Schema:
    """Return the schema of an object that has exactly these names."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _many(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def _one(definition: str) -> Schema:
    """Return a reference to a definition."""
    return {"$ref": f"#/$defs/{definition}"}


def _maybe(definition: str) -> Schema:
    """Return a reference to a definition that may also be null."""
    return {"anyOf": [_one(definition), {"type": "null"}]}


def _edge() -> Schema:
    return _record(at=TIME, earliest=TIME, latest=TIME)


def _num() -> Schema:
    number = {"type": "number"}
    return _record(value=number, low=number, high=number, p=SHARE, expected=number)


def _totals() -> Schema:
    return _record(
        **{name: _maybe("num") if name in NULLABLE_TOTALS else _one("num") for name in TOTAL_NAMES}
    )


def _window() -> Schema:
    return _record(
        state={"enum": [str(state) for state in State]},
        detail=MAYBE_TEXT,
        start=_one("edge"),
        end=_maybe("edge"),
        p=SHARE,
        families=_many(TEXT),
        single_source={"type": "boolean"},
        evidence=_many(TEXT),
        contested=_many(TEXT),
    )


def _outage() -> Schema:
    returned = _record(at=_one("edge"), lasted_h=HOURS, elapsed_h=MAYBE_HOURS, dark_h=HOURS)
    reading = _record(start=TIME, end=MAYBE_TIME, p=SHARE, gross_h=MAYBE_HOURS, dark_h=HOURS)
    return _record(
        start=_one("edge"),
        end=_maybe("edge"),
        status=STATUS,
        totals=_one("totals"),
        returns=_many(returned),
        alternatives=_many(reading),
    )


def _verdict() -> Schema:
    return _record(
        claim=TEXT,
        rule=TEXT,
        claimed=_one("num"),
        computed=_maybe("num"),
        verdict={"enum": list(VERDICTS)},
        fits=MAYBE_TEXT,
        note=TEXT,
    )


def _lists() -> dict[str, Schema]:
    """Return the schemas of the lists that follow the totals."""
    day = _record(date=DATE, up_h=HOURS, degraded_h=HOURS, dark_h=HOURS, unknown_h=HOURS)
    pattern = _record(
        kind={"const": "curfew"},
        nights={"type": "integer", "minimum": 1},
        from_local=CLOCK,
        until_local=CLOCK,
        first=DATE,
        last=DATE,
    )
    return {
        "days": _many(day),
        "patterns": _many(pattern),
        "stages": _many(_record(entity=ENTITY, service=SERVICE, returned=_maybe("edge"))),
        "verdicts": _many(_verdict()),
        "contested": _many(_record(topic=TEXT, claims=_many(TEXT))),
        "context": _many(_record(at=MAYBE_TIME, what=TEXT, claim=TEXT)),
    }


def _provenance() -> Schema:
    parameters = {"type": "object", "additionalProperties": {"type": ["number", "string"]}}
    return _record(
        program=TEXT,
        parameters=parameters,
        seed={"type": "integer"},
        case_sha256=MAYBE_TEXT,
        inputs=_many(TEXT),
    )


def _account() -> Schema:
    """Return the schema of an account; `standings` and `notes` are our additions to the design."""
    head = {
        "schema": {"const": ACCOUNT},
        "case": MAYBE_TEXT,
        "as_of": TIME,
        "status": STATUS,
        "entity": _record(id=ENTITY, name=TEXT, tz=TEXT),
        "service": SERVICE,
        "span": _record(**{"from": TIME, "until": TIME}),
        "families": _many(TEXT),
        "windows": _many(_window()),
        "outages": _many(_outage()),
        "totals": _one("totals"),
    }
    standing = _record(claim=TEXT, standing={"enum": list(STANDINGS)}, p=SHARE | {"type": ["number", "null"]})
    tail = {"provenance": _provenance(), "standings": _many(standing), "notes": _many(TEXT)}
    return _record(**head, **_lists(), **tail)
