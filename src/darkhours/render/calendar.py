"""Outages as a calendar (iCalendar, RFC 5545): an event for each outage or each window that is not up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from darkhours.model.account import Account, Edge
from darkhours.model.state import State
from darkhours.places.outlines import spot
from darkhours.render.language import ENGLISH, Language, mark
from darkhours.render.map_marks import cut
from darkhours.render.markup import settled
from darkhours.render.notice_words import LONGEST_NAME, service_words
from darkhours.render.publisher import Publisher, urn
from darkhours.render.words import STATUSES

MEDIA_TYPE = "text/calendar"
FOLD = 75
"""Octets of a line, its end not counted (RFC 5545, 3.1)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Dated:
    """An account that becomes events.

    Args:
        account: what is told.
        path: of its page, from the root of the site.
        synthetic: it was made up for a test.
    """

    account: Account
    path: str
    synthetic: bool = False


def calendar(
    accounts: Sequence[Dated],
    publisher: Publisher,
    language: Language = ENGLISH,
    *,
    title: str = "Darkhours",
    windows: bool = False,
) -> str:
    """Return accounts as a calendar, instants in UTC, lines ended and folded as the standard wants.

    An outage that is not over ends, in the calendar, where what is known ends; it says "ongoing" and
    is tentative, so that nobody takes that for its end. So is one whose return is on probation. The
    id of an event is made of entity, service, the UTC day of its onset and its number on that day:
    evidence that moves an edge within the day moves the event, and does not make another.

    Args:
        accounts: in any order.
        publisher: who publishes.
        language: of the words.
        title: of the calendar; untrusted.
        windows: an event for each window that is dark or degraded, in place of one for each outage.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Darkhours//Darkhours//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(title[:LONGEST_NAME])}",
    ]
    for dated in sorted(accounts, key=lambda one: (one.account.entity, one.account.service)):
        seen: dict[str, int] = {}
        spans = _windows(dated.account) if windows else _outages(dated.account)
        for span in spans:
            day = f"{span.start.at.astimezone(UTC):%Y%m%d}"
            seen[day] = seen.get(day, 0) + 1
            kind = "window" if windows else "outage"
            key = (dated.account.entity, dated.account.service, kind, day, str(seen[day]))
            lines += _event(span, dated, urn("calendar", *key), publisher, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold_line(line)}\r\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Span:
    start: Edge
    end: Edge | None
    state: str
    status: str


def _outages(account: Account) -> Iterator[_Span]:
    for outage in account.outages:
        inside = {
            window.state
            for window in account.windows
            if window.start.at >= outage.start.at and (outage.end is None or window.start.at < outage.end.at)
        }
        state = State.DARK if State.DARK in inside else State.DEGRADED
        end = outage.end
        if end is None and outage.status == "probation" and outage.returns:
            end = outage.returns[-1].at
        yield _Span(outage.start, end, str(state), outage.status)


def _windows(account: Account) -> Iterator[_Span]:
    for window in account.windows:
        if window.state in {State.DARK, State.DEGRADED}:
            status = "ongoing" if window.end is None else "ended"
            yield _Span(window.start, window.end, str(window.state), status)


def _event(span: _Span, dated: Dated, uid: str, publisher: Publisher, language: Language) -> Iterator[str]:
    account = dated.account
    over = span.end is not None and span.status == "ended"
    end = span.end.at if span.end is not None else min(account.until, account.as_of)
    link = publisher.link(dated.path)
    yield from ("BEGIN:VEVENT", f"UID:{uid.removeprefix('urn:uuid:')}", f"DTSTAMP:{_utc(account.as_of)}")
    yield f"DTSTART:{_utc(span.start.at)}"
    if end > span.start.at:
        yield f"DTEND:{_utc(end)}"
    yield f"SUMMARY:{_text(_summary(span, dated, language))}"
    yield f"DESCRIPTION:{_text(_description(span, dated, link, language))}"
    yield f"URL:{link}"
    yield f"LOCATION:{_text(_name(account))}"
    point = spot(account.entity)
    if point is not None:
        yield f"GEO:{point[0]:.4f};{point[1]:.4f}"
    yield f"CATEGORIES:{'TEST,' if dated.synthetic else ''}{span.state.upper()}"
    yield f"STATUS:{'CONFIRMED' if over else 'TENTATIVE'}"
    yield from ("TRANSP:TRANSPARENT", f"X-DARKHOURS-STATUS:{_text(span.status)}", "END:VEVENT")


def _name(account: Account) -> str:
    return cut(settled(account.name[: 2 * LONGEST_NAME]) or account.entity, LONGEST_NAME)


def _summary(span: _Span, dated: Dated, language: Language) -> str:
    account = dated.account
    told = language.say(
        "{place}: {service} {state}, {status}",
        place=_name(account),
        service=service_words(account.service, language),
        state=language.state(span.state),
        status=language.say(STATUSES[span.status]) if span.status in STATUSES else span.status,
    )
    return language.say("TEST, not real: {what}", what=told) if dated.synthetic else told


def _description(span: _Span, dated: Dated, link: str, language: Language) -> str:
    found = [_bounds(mark("Began between {earliest} and {latest} (90 %)."), span.start, language)]
    if span.end is not None:
        found.append(_bounds(mark("Ended between {earliest} and {latest} (90 %)."), span.end, language))
    else:
        known = language.instant(dated.account.as_of)
        found.append(
            language.say("Not over as of {instant}: the end shown is only where the data end.", instant=known)
        )
    if dated.synthetic:
        found.append(language.say("This is a test with made-up data. Nothing of it is real."))
    return "\n".join([*found, link])


def _bounds(message: str, edge: Edge, language: Language) -> str:
    return language.say(
        message, earliest=language.instant(edge.earliest), latest=language.instant(edge.latest)
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Return text as a value of type TEXT (RFC 5545, 3.3.11): made visible, then escaped."""
    return "\n".join(settled(line) for line in text.split("\n")).translate(_ESCAPES)


def fold_line(line: str) -> str:
    r"""Return a line folded at 75 octets, never inside a character.

    >>> [len(part.encode()) for part in fold_line("é" * 60).split("\r\n")]
    [74, 47]
    """
    parts, room = [""], FOLD
    for char in line:
        size = len(char.encode("utf-8"))
        if size > room:
            parts.append("")
            room = FOLD - 1
        parts[-1] += char
        room -= size
    return "\r\n ".join(parts)
