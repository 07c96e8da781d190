"""Reads a document back into an account; everything wrong with it is reported together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from darkhours.model.account import (
    TOTAL_NAMES,
    Account,
    Alternative,
    Contested,
    ContextItem,
    Day,
    Edge,
    Num,
    Outage,
    Pattern,
    Provenance,
    Return,
    Stage,
    Standing,
    Totals,
    Verdict,
    Window,
)
from darkhours.model.document_check import find_problems
from darkhours.model.document_schema import schema
from darkhours.model.errors import InputError, Problem
from darkhours.model.state import State

_Item = Mapping[str, Any]
"""A part of a document that has been held against the schema."""


def account_from_document(document: Mapping[str, Any], file: str = "account") -> Account:
    """Return the account that a ``darkhours.account/1`` document holds.

    Names that this version does not know are passed over.

    Args:
        document: what ``json.loads`` gave.
        file: name of the file, for the messages.

    Raises:
        InputError: the document is not such an account; every problem is named.
    """
    found = find_problems(document, schema("account")) or _find_zone_problems(document)
    if found:  # what is no account of this version is told just that
        raise InputError(file, [problem for problem in found if problem.where == "schema"] or found)
    entity = document["entity"]
    return Account(
        case=document["case"],
        as_of=_instant(document["as_of"]),
        status=document["status"],
        entity=entity["id"],
        name=entity["name"],
        tz=entity["tz"],
        service=document["service"],
        start=_instant(document["span"]["from"]),
        until=_instant(document["span"]["until"]),
        families=tuple(document["families"]),
        windows=tuple(_read_window(item) for item in document["windows"]),
        outages=tuple(_read_outage(item) for item in document["outages"]),
        totals=_read_totals(document["totals"]),
        days=tuple(_read_day(item) for item in document["days"]),
        patterns=tuple(_read_pattern(item) for item in document["patterns"]),
        stages=tuple(_read_stage(item) for item in document["stages"]),
        verdicts=tuple(_read_verdict(item) for item in document["verdicts"]),
        contested=tuple(Contested(item["topic"], tuple(item["claims"])) for item in document["contested"]),
        context=tuple(_read_context(item) for item in document["context"]),
        provenance=_read_provenance(document["provenance"]),
        standings=tuple(_read_standing(item) for item in document["standings"]),
        notes=tuple(document["notes"]),
    )


def _find_zone_problems(document: Mapping[str, Any]) -> list[Problem]:
    zone = document["entity"]["tz"]
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        return [Problem("entity.tz", f"expected a zone such as Asia/Almaty, got {zone!r}")]
    return []


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _read_edge(item: _Item) -> Edge:
    return Edge(_instant(item["at"]), _instant(item["earliest"]), _instant(item["latest"]))


def _read_maybe_edge(item: _Item | None) -> Edge | None:
    return None if item is None else _read_edge(item)


def _read_num(item: _Item) -> Num:
    return Num(*(float(item[name]) for name in ("value", "low", "high", "p", "expected")))


def _read_totals(item: _Item) -> Totals:
    return {name: None if item[name] is None else _read_num(item[name]) for name in TOTAL_NAMES}


def _read_maybe(number: float | None) -> float | None:
    return None if number is None else float(number)


def _read_window(item: _Item) -> Window:
    return Window(
        state=State(item["state"]),
        start=_read_edge(item["start"]),
        end=_read_maybe_edge(item["end"]),
        p=float(item["p"]),
        detail=item["detail"],
        families=tuple(item["families"]),
        single_source=item["single_source"],
        evidence=tuple(item["evidence"]),
        contested=tuple(item["contested"]),
    )


def _read_outage(item: _Item) -> Outage:
    return Outage(
        start=_read_edge(item["start"]),
        end=_read_maybe_edge(item["end"]),
        status=item["status"],
        totals=_read_totals(item["totals"]),
        returns=tuple(_read_return(part) for part in item["returns"]),
        alternatives=tuple(_read_alternative(part) for part in item["alternatives"]),
    )


def _read_return(item: _Item) -> Return:
    return Return(
        at=_read_edge(item["at"]),
        lasted_h=float(item["lasted_h"]),
        elapsed_h=_read_maybe(item["elapsed_h"]),
        dark_h=float(item["dark_h"]),
    )


def _read_alternative(item: _Item) -> Alternative:
    return Alternative(
        start=_instant(item["start"]),
        end=None if item["end"] is None else _instant(item["end"]),
        p=float(item["p"]),
        gross_h=_read_maybe(item["gross_h"]),
        dark_h=float(item["dark_h"]),
    )


def _read_day(item: _Item) -> Day:
    hours = (float(item[name]) for name in ("up_h", "degraded_h", "dark_h", "unknown_h"))
    return Day(date.fromisoformat(item["date"]), *hours)


def _read_pattern(item: _Item) -> Pattern:
    first, last = date.fromisoformat(item["first"]), date.fromisoformat(item["last"])
    return Pattern(item["kind"], item["nights"], item["from_local"], item["until_local"], first, last)


def _read_stage(item: _Item) -> Stage:
    return Stage(item["entity"], item["service"], _read_maybe_edge(item["returned"]))


def _read_verdict(item: _Item) -> Verdict:
    return Verdict(
        claim=item["claim"],
        rule=item["rule"],
        claimed=_read_num(item["claimed"]),
        computed=None if item["computed"] is None else _read_num(item["computed"]),
        verdict=item["verdict"],
        fits=item["fits"],
        note=item["note"],
    )


def _read_context(item: _Item) -> ContextItem:
    return ContextItem(None if item["at"] is None else _instant(item["at"]), item["what"], item["claim"])


def _read_standing(item: _Item) -> Standing:
    return Standing(item["claim"], item["standing"], _read_maybe(item["p"]))


def _read_provenance(item: _Item) -> Provenance:
    return Provenance(
        program=item["program"],
        parameters=dict(item["parameters"]),
        seed=item["seed"],
        case_sha256=item["case_sha256"],
        inputs=tuple(item["inputs"]),
    )
