"""The tables of the pages to file: windows, published totals, contested statements, sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from darkhours.model.account import Window
from darkhours.model.case import SeriesRef
from darkhours.render.dates import day_name
from darkhours.render.figures import DASH, NBSP, hours, share
from darkhours.render.lanes import Board
from darkhours.render.lists import Topic, contested_windows, edge_doubt, topics
from darkhours.render.markup import clean, safe_link
from darkhours.render.method import cited
from darkhours.render.pdf_text import isolated, words
from darkhours.render.register import Register
from darkhours.render.spans import window_span
from darkhours.render.story import dispute_sentences
from darkhours.render.verdicts import verdict_rows
from darkhours.render.words import KINDS, detail_words

Values = dict[str, Any]
_LONGEST_LINK = 2000
"""Characters: typst refuses a link of more than 8,000, and most browsers one of more than some thousands."""


def shown(text: str) -> str:
    """Return words of others on one line, nothing hidden in them, their direction kept to themselves."""
    return isolated(clean(text))


def utc_text(instant: datetime, year: int | None = None) -> str:
    """Return an instant in UTC, without its year where that is the one that goes without saying."""
    at = instant.astimezone(UTC)
    told = "" if at.year == year else f" {at.year}"
    return f"{day_name(at.date())}{told}{NBSP}{at:%H:%M}Z"


def window_table(board: Board) -> Values:
    """Return the windows in both clocks, each with its doubt and its evidence."""
    account, clock = board.flagship, board.clock
    shifts = clock.offset(account.start) != clock.offset(account.until)
    offset = "local" if shifts else clock.offset(account.start)
    year = "" if clock.year is None else f" Times are of {clock.year}."
    last = f"{clock.text(account.until)} ({utc_text(account.until, clock.year)})"
    return {
        "headers": {"local": f"Begins, {offset}", "utc": "Begins, UTC"},
        "windows": [_window(board, window) for window in account.windows],
        "windows_note": (
            f"The last window ends with the account, on {last}.{year} A window ends where the next begins; "
            "p is the share of sampled histories in which its state holds for more than half of it. Where no "
            "claim or signal is named, the state is carried on."
        ),
    }


def _window(board: Board, window: Window) -> Values:
    account, clock, register = board.flagship, board.clock, board.register
    begin, end = window_span(account, window)
    return {
        "state": str(window.state),
        "local": clock.text(begin),
        "utc": utc_text(begin, clock.year),
        "doubt": words(edge_doubt(window.start, clock)) or DASH,
        "hours": hours((end - begin) / timedelta(hours=1)),
        "p": share(window.p),
        "evidence": ", ".join(claim_names(register, window.evidence)) or DASH,
        "detail": "; ".join(_remarks(register, window)),
    }


def _remarks(register: Register, window: Window) -> list[str]:
    found = [clean(detail_words(window.detail))] if window.detail else []
    found += ["one source alone"] if window.single_source else []
    if window.contested:
        found.append(f"contested by {', '.join(claim_names(register, window.contested))}")
    return found + (["not over"] if window.end is None else [])


def claim_names(register: Register, claims: Sequence[str]) -> list[str]:
    """Return the short names of claims where they end their ids; else the ids, so that each can be found."""
    return [shown(_short(register, ident)) for ident in claims]


def _short(register: Register, ident: str) -> str:
    return register.labels[ident] if _shortens(register) and ident in register.labels else ident


def _shortens(register: Register) -> bool:
    return all(ident.endswith(label) for ident, label in register.labels.items())


def told_by_others(board: Board) -> Values:
    """Return what is said of published totals, and both sides of what is contested."""
    account, clock, register = board.flagship, board.clock, board.register
    verdicts = [
        {
            "name": row.name,
            "heading": words(row.heading),
            "who": f"{isolated(row.who)}, claim {claim_names(register, (row.claim,))[0]}",
            "text": words(row.text),
        }
        for row in verdict_rows(account, register)
    ]
    contests = [*contested_windows(account, register, clock), *topics(account, register, clock)]
    return {
        "verdicts": verdicts,
        "disputes": [words(sentence) for sentence in dispute_sentences(account, clock)],
        "topics": [_topic(topic, register) for topic in contests],
    }


def _topic(topic: Topic, register: Register) -> Values:
    sides = []
    for side in topic.sides:
        (name,) = claim_names(register, (side.claim,))
        told = words(side.what)
        sides.append(f"{isolated(side.who)} ({name}): {told}" if side.who else told)
    return {"name": isolated(topic.name), "sides": sides}


def evidence(register: Register) -> list[Values]:
    """Return the sources with their claims, addresses as they are written; then the measured files."""
    told = [
        {
            "claims": ", ".join(claim_names(register, claims)),
            "publisher": shown(source.publisher),
            "kind": KINDS.get(source.kind, clean(source.kind)),
            "published": utc_text(source.published) if source.published else "not known",
            "address": shown(source.url) if source.url else "no address",
            "href": _href(source.url),
        }
        for source, claims in cited(register)
    ]
    return told + [_measured(ref) for ref in (register.case.series if register.case else ())]


def _href(url: str | None) -> str | None:
    """Return an address to follow; None where it is none, or too long for typst to set as a link."""
    address = safe_link(url)
    return address if address is not None and len(address) <= _LONGEST_LINK else None


def _measured(ref: SeriesRef) -> Values:
    return {
        "claims": shown(f"{ref.family}/{ref.signal}"),
        "publisher": shown(ref.family),
        "kind": "measured values",
        "published": DASH,
        "address": f"{shown(ref.file)} (its SHA-256 stands below)" if ref.sha256 else shown(ref.file),
        "href": None,
    }


def evidence_note(register: Register) -> str:
    """Return how the numbers of claims lead to their ids."""
    measured = register.case is not None and register.case.series
    note = f"Every claim of the case, by its source{', then its measured files' if measured else ''}."
    if not register.labels or not _shortens(register):
        return note
    ident, label = next(iter(register.labels.items()))
    return f"{note} Claims bear the end of their ids: {label} is {clean(ident)}."
