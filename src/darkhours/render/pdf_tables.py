"""The tables of the pages to file: windows, published totals, contested statements, sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from darkhours.model.account import Window
from darkhours.model.case import SeriesRef
from darkhours.model.claim import Source
from darkhours.render.figures import DASH, capital
from darkhours.render.lanes import Board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.lists import Topic, contested_windows, edge_doubt, topics
from darkhours.render.markup import clean, safe_link
from darkhours.render.method import cited
from darkhours.render.pdf_text import isolated, words
from darkhours.render.register import Register
from darkhours.render.spans import window_span
from darkhours.render.story import dispute_sentences
from darkhours.render.verdicts import VerdictRow, verdict_rows
from darkhours.render.words import detail_words, kind_word

Values = dict[str, Any]
_LONGEST_LINK = 2000
"""Characters: typst refuses a link of more than 8,000, and most browsers one of more than some thousands."""


def shown(text: str, language: Language = ENGLISH) -> str:
    """Return words of others on one line, nothing hidden in them, their direction kept to themselves."""
    return isolated(clean(text), rtl=language.rtl)


def utc_text(instant: datetime, year: int | None = None, language: Language = ENGLISH) -> str:
    """Return an instant in UTC, without its year where that is the one that goes without saying."""
    at = instant.astimezone(UTC)
    return language.say("{time}Z", time=language.reading(at, year=at.year != year))


def _in_column(instant: datetime, year: int | None, language: Language) -> str:
    """Return an instant in a column whose head says that it is UTC."""
    at = instant.astimezone(UTC)
    return language.term("under UTC", "{time}Z", time=language.reading(at, year=at.year != year))


def window_table(board: Board) -> Values:
    """Return the windows in both clocks, each with its doubt and its evidence."""
    account, clock, language = board.flagship, board.clock, board.language
    shifts = clock.offset(account.start) != clock.offset(account.until)
    local = language.say("Begins, {offset}", offset=clock.offset(account.start))
    return {
        "headers": {
            "local": language.say("Begins, local") if shifts else local,
            "utc": language.say("Begins, {offset}", offset="UTC"),
        },
        "windows": [_window(board, window) for window in account.windows],
        "windows_note": _windows_note(board),
    }


def _windows_note(board: Board) -> str:
    account, clock, language = board.flagship, board.clock, board.language
    told = [
        language.say(
            "The last window ends with the account, on {local} ({utc}).",
            local=clock.text(account.until),
            utc=utc_text(account.until, clock.year, language),
        )
    ]
    if clock.year is not None:
        told.append(language.say("Times are of {year}.", year=language.digits(str(clock.year))))
    told.append(
        language.say(
            "A window ends where the next begins; p is the share of sampled histories in which its state "
            "holds for more than half of it. Where no claim or signal is named, the state is carried on."
        )
    )
    return " ".join(told)


def _window(board: Board, window: Window) -> Values:
    account, clock, register, language = board.flagship, board.clock, board.register, board.language
    begin, end = window_span(account, window)
    return {
        "state": str(window.state),
        "word": language.state(window.state),
        "local": clock.text(begin),
        "utc": _in_column(begin, clock.year, language),
        "doubt": words(edge_doubt(window.start, clock), rtl=language.rtl) or DASH,
        "hours": language.number((end - begin) / timedelta(hours=1)),
        "p": language.share(window.p),
        "evidence": language.comma.join(claim_names(register, window.evidence, language)) or DASH,
        "detail": language.semicolon.join(_remarks(register, window, language)),
    }


def _remarks(register: Register, window: Window, language: Language) -> list[str]:
    found = [clean(detail_words(window.detail, language))] if window.detail else []
    found += [language.say("one source alone")] if window.single_source else []
    if window.contested:
        claims = language.comma.join(claim_names(register, window.contested, language))
        found.append(language.say("contested by {claims}", claims=claims))
    return found + ([language.say("not over")] if window.end is None else [])


def claim_names(register: Register, claims: Sequence[str], language: Language = ENGLISH) -> list[str]:
    """Return the short names of claims where they end their ids; else the ids, so that each can be found."""
    return [shown(_short(register, ident), language) for ident in claims]


def _short(register: Register, ident: str) -> str:
    return register.labels[ident] if _shortens(register) and ident in register.labels else ident


def _shortens(register: Register) -> bool:
    return all(ident.endswith(label) for ident, label in register.labels.items())


def told_by_others(board: Board) -> Values:
    """Return what is said of published totals, and both sides of what is contested."""
    account, clock, register, language = board.flagship, board.clock, board.register, board.language
    contests = [*contested_windows(account, register, clock), *topics(account, register, clock)]
    return {
        "verdicts": [_verdict(row, register, language) for row in verdict_rows(account, register, language)],
        "disputes": [
            capital(words(sentence, rtl=language.rtl)) for sentence in dispute_sentences(account, clock)
        ],
        "topics": [_topic(topic, register, language) for topic in contests],
    }


def _verdict(row: VerdictRow, register: Register, language: Language) -> Values:
    (claim,) = claim_names(register, (row.claim,), language)
    who = isolated(row.who, rtl=language.rtl)
    return {
        "name": row.name,
        "verdict": row.kind,
        "heading": words(row.heading, rtl=language.rtl),
        "who": language.say("{who}, claim {claim}", who=who, claim=claim),
        "text": words(row.text, rtl=language.rtl),
    }


def _topic(topic: Topic, register: Register, language: Language) -> Values:
    sides = []
    for side in topic.sides:
        (name,) = claim_names(register, (side.claim,), language)
        told = words(side.what, rtl=language.rtl)
        who = isolated(side.who, rtl=language.rtl)
        sides.append(f"{who} ({name}): {told}" if side.who else told)
    return {"name": isolated(topic.name), "sides": language.semicolon.join(sides)}


def evidence(register: Register, language: Language = ENGLISH) -> list[Values]:
    """Return the sources with their claims, addresses as they are written; then the measured files."""
    told = [
        {
            "claims": language.comma.join(claim_names(register, claims, language)),
            "publisher": shown(source.publisher, language),
            "kind": clean(kind_word(source.kind, language)),
            "published": _published(source, language),
            "address": clean(source.url) if source.url else language.say("no address"),
            "ltr": bool(source.url),
            "href": _href(source.url),
        }
        for source, claims in cited(register)
    ]
    return told + [_measured(ref, language) for ref in (register.case.series if register.case else ())]


def _published(source: Source, language: Language) -> str:
    return _in_column(source.published, None, language) if source.published else language.say("not known")


def _href(url: str | None) -> str | None:
    """Return an address to follow; None where it is none, or too long for typst to set as a link."""
    address = safe_link(url)
    return address if address is not None and len(address) <= _LONGEST_LINK else None


def _measured(ref: SeriesRef, language: Language) -> Values:
    file = shown(ref.file, language)
    return {
        "claims": shown(f"{ref.family}/{ref.signal}", language),
        "publisher": shown(ref.family, language),
        "kind": language.say("measured values"),
        "published": DASH,
        "address": language.say("{file} (its SHA-256 stands below)", file=file) if ref.sha256 else file,
        "ltr": False,
        "href": None,
    }


def evidence_note(register: Register, language: Language = ENGLISH) -> str:
    """Return how the numbers of claims lead to their ids."""
    note = language.say("Every claim of the case, by its source.")
    if register.case is not None and register.case.series:
        note = language.say("Every claim of the case, by its source, then its measured files.")
    if not register.labels or not _shortens(register):
        return note
    ident, label = next(iter(register.labels.items()))
    bears = language.say(
        "Claims bear the end of their ids: {label} is {claim}.", label=label, claim=clean(ident)
    )
    return f"{note} {bears}"
