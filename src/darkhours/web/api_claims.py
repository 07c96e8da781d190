"""The claims of a case as the interface tells them: what was said, by whom, and of when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from darkhours.model.case import Case
from darkhours.model.claim import (
    At,
    By,
    Claim,
    During,
    SaysEvent,
    SaysState,
    SaysTotal,
    Source,
    Turn,
    When,
    Within,
)
from darkhours.render.cells import write_csv
from darkhours.web.api_parts import utc

COLUMNS = (
    "id", "entity", "service", "says", "value", "when", "start", "end", "published", "publisher", "kind",
    "url", "origin", "note",
)  # fmt: skip


def claim(case: Case, told: Claim) -> dict[str, Any]:
    """Return a claim as plain values."""
    same = (
        "id", "origin", "entity", "service", "kind", "relayed", "copy_of", "denies", "extent", "excepted",
        "detail", "level", "implied", "weight", "speaker", "note",
    )  # fmt: skip
    return {
        **{name: getattr(told, name) for name in same},
        "source": _source(case.sources[told.source]),
        "says": _says(told),
        "when": None if told.when is None else _when(told.when),
        "published": utc(told.published or case.sources[told.source].published),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "publisher": source.publisher,
        "kind": source.kind,
        "url": source.url,
        "published": utc(source.published),
    }


def _says(told: Claim) -> dict[str, Any]:
    says = told.says
    if isinstance(says, SaysState):
        return {"state": says.state}
    if isinstance(says, SaysTotal):
        besides = [dict(zip(("total", "value", "unit"), each, strict=True)) for each in says.besides]
        over = None if says.over is None else [utc(each) for each in says.over]
        return {"total": says.rule, "value": says.value, "unit": says.unit, "besides": besides, "over": over}
    if isinstance(says, SaysEvent):
        return {"event": says.event, "at": utc(says.at)}
    return {"topic": says.topic, "value": says.value}


def _when(when: When) -> dict[str, Any]:
    found: dict[str, Any] = {"form": type(when).__name__.lower(), "start": None, "end": None}
    found |= {"give_s": None, "for_s": None, "every_s": None, "times": 1}
    told: dict[str, Any]
    match when:
        case Turn():
            told = {
                "start": utc(when.start),
                "end": utc(when.end),
                "give_s": _s(when.give),
                "for_s": _s(when.lasting),
            }
        case At():
            told = {"start": utc(when.at), "give_s": _s(when.give)}
        case By():
            told = {"start": utc(when.since), "end": utc(when.by)}
        case During():
            told = {"start": utc(when.start), "end": utc(when.end)}
        case Within():
            told = {"start": utc(when.start), "end": utc(when.end), "for_s": _s(when.lasting)}
            told |= {"every_s": _s(when.every), "times": when.times}
    return found | told


def _s(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def claims_csv(case: Case) -> str:
    """Return the claims as a table; what a spreadsheet would run is disarmed, as in every table of ours."""
    return write_csv([list(COLUMNS), *_rows(case)])


def _rows(case: Case) -> Iterable[list[object]]:
    for each in case.claims:
        told = claim(case, each)
        says, when, source = told["says"], told["when"] or {}, told["source"]
        kind, value = next(iter(says.items()))
        row = {
            **told,
            **source,
            "id": each.id,
            "kind": each.kind,
            "published": told["published"],
            "says": value,
            "value": says.get("value", "") if kind != "event" else "",
            "when": when.get("form", ""),
            "start": when.get("start"),
            "end": when.get("end"),
        }
        yield ["" if row[name] is None else row[name] for name in COLUMNS]
