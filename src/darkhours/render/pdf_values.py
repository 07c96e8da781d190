"""What the pages to file say: the values of the template, words and numbers as on the page."""

from __future__ import annotations

from datetime import UTC

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.render.clock import Clock
from darkhours.render.figures import NBSP, capital
from darkhours.render.lanes import Board, make_board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import clean
from darkhours.render.method import method_rows
from darkhours.render.palette import LIGHT
from darkhours.render.pdf_heads import heads_of
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
from darkhours.render.story import headline, sentences, span_words
from darkhours.render.summary import readings
from darkhours.render.terminal import worth_telling
from darkhours.render.words import rule_name, rule_words, service_word, status_word

_HASH_LENGTH = 64


def values_of(account: Account, case: Case | None, language: Language = ENGLISH) -> Values:
    """Return all that the template shows, by name: strings, numbers, lists.

    Args:
        account: what the pages are about.
        case: the claims behind it.
        language: of all that is ours to say.
    """
    board = make_board([account], case, language=language)
    clock = board.clock
    day = account.as_of.astimezone(UTC)
    return {
        "lang": language.code,
        "dir": language.direction,
        "digits": [language.digits(str(digit)) for digit in range(10)],
        "heads": heads_of(language),
        "title": _title(account, clock),
        "kicker": _kicker(account, clock),
        "author": clean(account.provenance.program),
        "keywords": [clean(account.entity), account.service],
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "colours": LIGHT,
        "statement": _statement(account, clock),
        "summary": _summary(account, clock),
        "picture": picture_of(board),
        "totals": _totals(account, language),
        **window_table(board),
        **told_by_others(board),
        "method": method(account, language),
        "limits": limits(board),
        "evidence": evidence(board.register, language),
        "evidence_note": evidence_note(board.register, language),
        "provenance": _provenance(board),
        "attribution": say_attribution(account, language),
        "foot": _foot(account, language),
    }


def _title(account: Account, clock: Clock) -> str:
    language = clock.language
    return language.say(
        "{service} in {place}, {days}",
        service=capital(service_word(account.service, language)),
        place=shown(account.name, language),
        days=span_words(account, clock),
    )


def _statement(account: Account, clock: Clock) -> str:
    """Return the headline as a sentence."""
    told = headline(account, clock)
    line = " ".join(part for part in (told.before, told.number, told.doubt, told.after) if part)
    return clock.language.say("{sentence}.", sentence=line)


def _kicker(account: Account, clock: Clock) -> str:
    language = clock.language
    values = {"place": shown(account.name, language), "entity": clean(account.entity)}
    zone = {"offset": clock.offset(account.start), "zone": clean(account.tz)}
    parts = [
        language.say("Account of connectivity"),
        language.say("{place} ({entity})", **values),
        status_word(account.status, language),
        language.say("as of {instant}", instant=utc_text(account.as_of, None, language)),
        language.say("local time {offset} ({zone})", **zone),
    ]
    named = [language.say("case {case}", case=clean(account.case))] if account.case else []
    return " · ".join(parts + named)


def _summary(account: Account, clock: Clock) -> str:
    """Return what is said under the statement; what is contested has a heading of its own below."""
    language = clock.language
    told = [words(part, rtl=language.rtl) for part in sentences(account, clock, disputes=False)]
    others = [words(part, rtl=language.rtl) for part in readings(account, clock)]
    return " ".join(told + [language.say("Another reading, {reading}", reading=other) for other in others])


def _totals(account: Account, language: Language) -> list[Values]:
    sofar = account.status != "ended"
    return [
        {
            "value": language.spell(num.value, "day" if rule == "calendar_days" else "hour", glue=NBSP),
            "interval": language.interval(num),
            "rule": capital(rule_words(rule, language, sofar=sofar)[1]),
            "name": rule_name(rule, language),
        }
        for rule, num, _ in worth_telling(account)
    ]


def _provenance(board: Board) -> list[Values]:
    rows = method_rows(board.flagship, board.register, board.clock)
    return [{"term": term, **_value(value, board.language)} for term, value in rows]


def _value(value: Markup, language: Language) -> Values:
    told = words(value, rtl=language.rtl)
    return {"value": told, "code": told if value.startswith("<code>") else None}


def _foot(account: Account, language: Language) -> Values:
    sha = account.provenance.case_sha256 or ""
    if not sha:
        return {"words": language.say("Rests on measured signals alone"), "sha": ""}
    return {"words": language.say("Case, SHA-256"), "sha": clean(sha)[:_HASH_LENGTH]}
