"""What the answers of the interface look like: their JSON Schemas, as OpenAPI tells them."""

from __future__ import annotations

from typing import Any

from darkhours.app.site_now import GROUPS
from darkhours.model.claim import EXTENTS, KINDS, TOTAL_RULES
from darkhours.model.document_schema import (
    ENTITY,
    MAYBE_TEXT,
    MAYBE_TIME,
    SERVICE,
    SHARE,
    STATUS,
    TEXT,
    TIME,
    schema,
)
from darkhours.model.notice import Change
from darkhours.model.state import State

Schema = dict[str, Any]
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
LINK: Schema = {"type": "string", "format": "uri"}
MAYBE_LINK: Schema = LINK | {"type": ["string", "null"]}
SECONDS: Schema = {"type": "number", "minimum": 0}
STATE: Schema = {"enum": [str(state) for state in State]}
VALUES: Schema = {
    "type": "array",
    "items": {"type": ["number", "null"]},
    "description": "null where nobody measured, which is never zero",
}
BINS: Schema = {"type": "array", "items": COUNT}


def record(**properties: Schema) -> Schema:
    """Return the schema of an object that has exactly these names."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def many(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def ref(name: str) -> Schema:
    """Return what refers to one of `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def components() -> dict[str, Schema]:
    """Return every schema by its name, those of the account's document among them."""
    account = _moved(schema("account"))
    parts: dict[str, Schema] = account.pop("$defs")
    account.pop("$schema")
    head = {"account": account, "window": account["properties"]["windows"]["items"], **parts}
    return {**head, **_problems(), **_places(), **_signals(), **_cases()}


def _moved(value: Any) -> Any:  # noqa: ANN401 — any JSON
    """Return a schema whose references lead to where OpenAPI keeps such."""
    if isinstance(value, dict):
        return {
            key: item.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(item)
            for key, item in value.items()
        }
    return [_moved(item) for item in value] if isinstance(value, list) else value


def _problems() -> dict[str, Schema]:
    mend = record(where=TEXT, message=TEXT, line={"type": ["integer", "null"], "minimum": 1}, severity=TEXT)
    problem = record(
        type={"type": "string", "format": "uri-reference"},
        title=TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=TEXT,
    )
    problem["properties"]["problems"] = many(mend)
    problem["description"] = "RFC 9457; `problems` are those of a case that was sent, each with its line"
    return {"problem": problem}


def _places() -> dict[str, Schema]:
    place = record(
        id=ENTITY,
        name=TEXT,
        kind={"enum": ["country", "region", "city", "asn", "local"]},
        tz=TEXT,
        within=many(ENTITY),
        page=MAYBE_LINK,
        signals=MAYBE_LINK,
    )
    present = record(
        entity=ENTITY,
        name=TEXT,
        group={"enum": list(GROUPS)},
        state=STATE,
        status=STATUS,
        since=ref("edge"),
        began=ref("edge"),
        p=SHARE,
        families=many(TEXT),
        totals={"anyOf": [ref("totals"), {"type": "null"}]},
        synthetic=FLAG,
        page=LINK,
    )
    source = record(
        signal=TEXT,
        family=TEXT,
        datasource=TEXT,
        synthetic=FLAG,
        step_s=SECONDS,
        until=MAYBE_TIME,
        late=FLAG,
        attribution=TEXT,
    )
    now = record(
        version=COUNT,
        at=MAYBE_TIME,
        watched=COUNT,
        synthetic=FLAG,
        places=many(ref("present")),
        sources=many(ref("source")),
        countries=many(record(entity=ENTITY, name=TEXT, measured=FLAG)),
    )
    listing = record(entities=many(ref("place")), cursor=MAYBE_TEXT, next=MAYBE_LINK)
    return {"place": place, "present": present, "source": source, "now": now, "places": listing} | _changes()


def _changes() -> dict[str, Schema]:
    change = record(
        cursor=TEXT,
        id=TEXT,
        outage=TEXT,
        entity=ENTITY,
        name=TEXT,
        service=SERVICE,
        change={"enum": [str(change) for change in Change]},
        state=STATE,
        status=STATUS,
        at=ref("edge"),
        told=TIME,
        p=SHARE,
        families=many(TEXT),
        single_source=FLAG,
        synthetic=FLAG,
        page=LINK,
        alert=LINK,
    )
    changes = record(version=COUNT, events=many(ref("change")), cursor=MAYBE_TEXT, next=MAYBE_LINK)
    return {"change": change, "changes": changes}


def _signals() -> dict[str, Schema]:
    head = {
        "signal": TEXT,
        "family": TEXT,
        "datasource": TEXT,
        "synthetic": FLAG,
        "attribution": TEXT,
        "start": TIME,
        "step_s": SECONDS,
    }
    whole = record(**head, values=VALUES)
    few = record(**head, edges=BINS, low=VALUES, high=VALUES, missing=BINS)
    few["description"] = (
        "bucket i holds the bins from edges[i] on and before edges[i + 1]; a bin begins step_s after the last"
    )
    outage = record(
        key=TEXT,
        start=ref("edge"),
        end={"anyOf": [ref("edge"), {"type": "null"}]},
        status=STATUS,
        synthetic=FLAG,
        totals=ref("totals"),
        windows=many(ref("window")),
    )
    span = {"entity": ENTITY, "name": TEXT, "from": TIME, "until": TIME, "version": COUNT, "synthetic": FLAG}
    return {
        "signal": {"oneOf": [whole, few]},
        "signals": record(**span, signals=many(ref("signal"))),
        "windows": record(**span, outages=many(outage)),
    }


def _cases() -> dict[str, Schema]:
    line = record(id=TEXT, title=TEXT, shipped=FLAG, readable=FLAG, page=LINK, address=LINK)
    forms = record(**dict.fromkeys(("json", "csv", "geojson", "svg", "pdf", "ics", "page"), LINK))
    forms["properties"]["cap"] = LINK
    account = record(
        entity=ENTITY,
        name=TEXT,
        service=SERVICE,
        status=STATUS,
        totals=ref("totals"),
        version=TEXT,
        permanent=MAYBE_LINK,
        forms=forms,
    )
    case = record(
        **{"id": TEXT, "title": TEXT, "tz": TEXT, "from": TIME, "until": TIME},
        sha256=TEXT,
        entities=many(ENTITY),
        accounts=many(account),
        contested=many(record(topic=TEXT, claims=many(TEXT))),
        claims=LINK,
        warnings=many(TEXT),
    )
    kept = record(id=TEXT, new=FLAG, sha256=TEXT, warnings=many(TEXT), address=LINK)
    return {
        "cases": record(cases=many(line)),
        "case": case,
        "kept": kept,
        "claims": record(case=TEXT, sha256=TEXT, claims=many(_claim())),
    }


def _claim() -> Schema:
    source = record(id=TEXT, publisher=TEXT, kind={"enum": list(KINDS)}, url=MAYBE_TEXT, published=MAYBE_TIME)
    number = {"type": "number"}
    total = record(
        total={"enum": list(TOTAL_RULES)},
        value=number,
        unit=number,
        besides=many(record(total={"enum": list(TOTAL_RULES)}, value=number, unit=number)),
        over={"anyOf": [{"type": "array", "items": TIME, "minItems": 2, "maxItems": 2}, {"type": "null"}]},
    )
    says = {
        "oneOf": [
            record(state=STATE),
            total,
            record(topic=TEXT, value={"type": ["number", "string"]}),
            record(event=TEXT, at=MAYBE_TIME),
        ]
    }
    when: dict[str, Schema] = {"form": {"enum": ["turn", "at", "by", "during", "within"]}}
    maybe_s = {"type": ["number", "null"], "minimum": 0}
    when |= {"start": MAYBE_TIME, "end": MAYBE_TIME, "give_s": maybe_s, "for_s": maybe_s, "every_s": maybe_s}
    return record(
        id=TEXT,
        source=source,
        origin=TEXT,
        entity=ENTITY,
        service=SERVICE,
        says=says,
        when={"anyOf": [record(**when, times=COUNT), {"type": "null"}]},
        kind={"enum": list(KINDS)},
        published=MAYBE_TIME,
        relayed=FLAG,
        copy_of=MAYBE_TEXT,
        denies=MAYBE_TEXT,
        extent={"enum": list(EXTENTS)},
        excepted=many(ENTITY),
        detail=MAYBE_TEXT,
        level=SHARE | {"type": ["number", "null"]},
        implied=FLAG,
        weight={"type": ["number", "null"]},
        speaker=MAYBE_TEXT,
        note=TEXT,
    )
