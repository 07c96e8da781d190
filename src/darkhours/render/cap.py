"""A notice as an alert of the Common Alerting Protocol (CAP 1.2, OASIS 2010)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from darkhours.model.notice import Change, Notice
from darkhours.model.state import State
from darkhours.render.cap_area import add_area
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import clean
from darkhours.render.notice_words import headline, sentences, service_words
from darkhours.render.publisher import Publisher
from darkhours.render.xml import add, write_xml

MEDIA_TYPE = "application/cap+xml"
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
SURE, LIKELY, POSSIBLE = 0.95, 0.5, 0.05
"""Borders of certainty: Observed from the first, Likely above the second, Possible from the third.

CAP puts Likely above a half and Possible below it; the first is ours, the share at which our own
intervals are drawn."""
_SEVERITY = {
    State.DARK: "Severe",
    State.DEGRADED: "Moderate",
    State.UP: "Minor",
    State.UNKNOWN: "Unknown",
}
_URGENCY = {"ongoing": "Immediate", "probation": "Expected", "ended": "Past", "none": "Past"}


def cap_alert(
    notice: Notice,
    publisher: Publisher,
    languages: Sequence[Language] = (ENGLISH,),
    *,
    exercise: bool = False,
) -> str:
    """Return a notice as an alert, with its words in each language.

    The first notice of an outage is an Alert, further ones are Updates that name all earlier ones,
    its end is a Cancel, and so is a revision after which the place was up: receivers take it off
    their maps. Severity follows the state, urgency the status, certainty the probability (`certainty`).

    Args:
        notice: what is told.
        publisher: who sends it.
        languages: of the words, at least one.
        exercise: it is part of an exercise; what is made up for a test is a Test all the same.

    Raises:
        ValueError: no language is given.
    """
    if not languages:
        raise ValueError("expected at least one language for an alert")
    root = Element("alert", {"xmlns": CAP})
    add(root, "identifier", notice.id)
    add(root, "sender", publisher.sender)
    add(root, "sent", sent(notice.told))
    add(root, "status", "Test" if notice.synthetic else "Exercise" if exercise else "Actual")
    kind = message_type(notice)
    add(root, "msgType", kind)
    add(root, "scope", "Public")
    if notice.synthetic:
        add(root, "note", "A test with made-up data. Nothing of it is real.")
    elif kind == "Cancel":
        add(
            root,
            "note",
            "Revised: it no longer holds." if notice.change is Change.REVISED else "It has ended.",
        )
    if notice.earlier:
        earlier = (f"{publisher.sender},{one.id},{sent(one.told)}" for one in notice.earlier)
        add(root, "references", " ".join(earlier))
    add(root, "incidents", notice.outage)
    for language in languages:
        _info(root, notice, publisher, language)
    return write_xml(root)


def message_type(notice: Notice) -> str:
    """Return Alert, Update or Cancel; what refers to nothing can only be an Alert."""
    if not notice.earlier:
        return "Alert"
    withdrawn = notice.change is Change.REVISED and notice.state is State.UP
    return "Cancel" if notice.change is Change.ENDED or withdrawn else "Update"


def certainty(notice: Notice) -> str:
    """Return how certain a notice is, in the words of CAP.

    Observed where p is at least 0.95 and more than one source says so; Likely above a half;
    Possible from 0.05; else Unlikely. Unknown where nobody measured.
    """
    if notice.state is State.UNKNOWN:
        return "Unknown"
    if notice.p >= SURE and not notice.single_source:
        return "Observed"
    if notice.p > LIKELY:
        return "Likely"
    return "Possible" if notice.p >= POSSIBLE else "Unlikely"


def facts(notice: Notice) -> list[tuple[str, str]]:
    """Return what an index of alerts tells of one, by the names of CAP; the same words as in the alert."""
    return [
        ("identifier", notice.id),
        ("sent", sent(notice.told)),
        ("status", "Test" if notice.synthetic else "Actual"),
        ("msgType", message_type(notice)),
        ("urgency", _URGENCY.get(notice.status, "Unknown")),
        ("severity", _SEVERITY[notice.state]),
        ("certainty", certainty(notice)),
        ("areaDesc", clean(notice.name)),
    ]


def _info(root: Element, notice: Notice, publisher: Publisher, language: Language) -> None:
    info = add(root, "info")
    add(info, "language", language.code)
    add(info, "category", "Infra")
    service = service_words(notice.service, language)
    add(info, "event", language.say("Connectivity: {service}", service=service))
    add(info, "responseType", "AllClear" if notice.change is Change.ENDED else "Monitor")
    add(info, "urgency", _URGENCY.get(notice.status, "Unknown"))
    add(info, "severity", _SEVERITY[notice.state])
    add(info, "certainty", certainty(notice))
    add(info, "onset", sent(notice.at.at))
    add(info, "senderName", publisher.name)
    add(info, "headline", headline(notice, language))
    add(info, "description", " ".join(sentences(notice, language)))
    add(info, "web", publisher.link(notice.path))
    for name, value in _parameters(notice):
        parameter = add(info, "parameter")
        add(parameter, "valueName", name)
        add(parameter, "value", value)
    add_area(info, notice)


def _parameters(notice: Notice) -> list[tuple[str, str]]:
    return [
        ("darkhours:change", str(notice.change)),
        ("darkhours:state", str(notice.state)),
        ("darkhours:service", notice.service[:120]),
        ("darkhours:earliest", sent(notice.at.earliest)),
        ("darkhours:latest", sent(notice.at.latest)),
        ("darkhours:p", f"{notice.p:.3f}"),
    ]


def sent(moment: datetime) -> str:
    """Return an instant as CAP wants it: whole seconds, and UTC as ``-00:00``, never ``Z`` (CAP 1.2, 3.3.2).

    >>> sent(datetime(2022, 1, 5, 11, tzinfo=UTC))
    '2022-01-05T11:00:00-00:00'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")
