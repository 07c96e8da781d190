"""What the pages to file say: the values of the template, words and numbers as on the page."""

from __future__ import annotations

from datetime import UTC

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.render.clock import Clock
from darkhours.render.figures import NBSP, capital, hours, interval
from darkhours.render.lanes import Board, make_board
from darkhours.render.markup import clean
from darkhours.render.method import method_rows
from darkhours.render.palette import LIGHT
from darkhours.render.pdf_picture import picture_of
from darkhours.render.pdf_prose import limits, method, say_attribution
from darkhours.render.pdf_tables import (
    Values,
    evidence,
    evidence_note,
    shown,
    told_by_others,
    utc_text,
    window_table,
)
from darkhours.render.pdf_text import words
from darkhours.render.story import headline, span_words
from darkhours.render.summary import readings
from darkhours.render.terminal import say_summary, worth_telling
from darkhours.render.words import SERVICES, STATUSES, rule_name, unit_word

_HASH_LENGTH = 64


def values_of(account: Account, case: Case | None) -> Values:
    """Return all that the template shows, by name: strings, numbers, lists."""
    board = make_board([account], case)
    clock = board.clock
    service = capital(SERVICES.get(account.service, account.service))
    told = headline(account, clock)
    line = " ".join(part for part in (told.before, told.number, told.doubt, told.after) if part) + "."
    day = account.as_of.astimezone(UTC)
    return {
        "title": f"{service} in {shown(account.name)}, {span_words(account, clock)}",
        "kicker": _kicker(account, clock),
        "author": clean(account.provenance.program),
        "keywords": [clean(account.entity), account.service],
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "colours": LIGHT,
        "statement": line,
        "summary": " ".join([say_summary(account), *_other_readings(account, clock)]),
        "picture": picture_of(board),
        "totals": _totals(account),
        **window_table(board),
        **told_by_others(board),
        "method": method(account),
        "limits": limits(board),
        "evidence": evidence(board.register),
        "evidence_note": evidence_note(board.register),
        "provenance": _provenance(board),
        "attribution": say_attribution(account),
        "foot": _foot(account),
    }


def _kicker(account: Account, clock: Clock) -> str:
    parts = [
        "Account of connectivity",
        f"{shown(account.name)} ({clean(account.entity)})",
        STATUSES.get(account.status, account.status),
        f"as of {utc_text(account.as_of)}",
        f"local time {clock.offset(account.start)} ({clean(account.tz)})",
    ]
    return " · ".join(parts + ([f"case {clean(account.case)}"] if account.case else []))


def _other_readings(account: Account, clock: Clock) -> list[str]:
    return [f"Another reading, {words(reading)}" for reading in readings(account, clock)]


def _totals(account: Account) -> list[Values]:
    return [
        {
            "value": f"{hours(num.value)}{NBSP}{unit_word(rule)}",
            "interval": interval(num),
            "rule": capital(said),
            "name": rule_name(rule),
        }
        for rule, num, said in worth_telling(account)
    ]


def _provenance(board: Board) -> list[Values]:
    rows = method_rows(board.flagship, board.register, board.clock)
    return [{"term": term, **_value(value)} for term, value in rows]


def _value(value: Markup) -> Values:
    told = words(value)
    return {"value": told, "code": told if value.startswith("<code>") else None}


def _foot(account: Account) -> Values:
    sha = account.provenance.case_sha256 or ""
    if not sha:
        return {"words": "Rests on measured signals alone", "sha": ""}
    return {"words": "Case, SHA-256", "sha": clean(sha)[:_HASH_LENGTH]}
