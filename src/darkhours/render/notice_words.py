"""A notice in words: its headline, and the sentences under it."""

from __future__ import annotations

from datetime import datetime

from darkhours.model.notice import Change, Notice
from darkhours.places.zones import local, valid_zone, zone_name_offset
from darkhours.render.language import Language, mark
from darkhours.render.map_marks import cut
from darkhours.render.markup import clean
from darkhours.render.words import SERVICES

LONGEST_NAME = 120
"""Letters of a name that are told; the rest stands on the page."""
HEADLINES = {
    Change.BEGAN: mark("{place}: {service} {state}"),
    Change.WORSENED: mark("{place}: {service} worse, now {state}"),
    Change.EASED: mark("{place}: {service} better, now {state}"),
    Change.RETURNED: mark("{place}: {service} is back, on probation"),
    Change.ENDED: mark("{place}: {service} is back to stay"),
    Change.REVISED: mark("{place}: {service}, what was told is revised, now {state}"),
}


def notice_name(notice: Notice) -> str:
    """Return the name of the place of a notice, cleaned, and cut where it is longer than any honest one."""
    return cut(clean(notice.name[: 2 * LONGEST_NAME]) or notice.entity, LONGEST_NAME)


def headline(notice: Notice, language: Language) -> str:
    """Return what changed in one line; a test says first that it is one."""
    told = language.say(
        HEADLINES[notice.change],
        place=notice_name(notice),
        service=service_words(notice.service, language),
        state=language.state(str(notice.state)),
    )
    return language.say("TEST, not real: {what}", what=told) if notice.synthetic else told


def service_words(service: str, language: Language) -> str:
    """Return a service in words; one that we do not know as it is written."""
    return language.say(SERVICES[service]) if service in SERVICES else clean(service[:LONGEST_NAME])


def sentences(notice: Notice, language: Language) -> list[str]:
    """Return what a reader must know beside the headline: when, how sure, who says so."""
    at = notice.at
    found = [
        language.say("Since {local} local time ({utc}).", local=local_time(at.at, notice, language),
                     utc=language.instant(at.at)),
        language.say("The instant lies between {earliest} and {latest} (90 %).",
                     earliest=language.instant(at.earliest), latest=language.instant(at.latest)),
        language.say("Probability that it holds: {p}.", p=language.share(notice.p)),
    ]  # fmt: skip
    if notice.families:
        families = language.listing([clean(family[:LONGEST_NAME]) for family in notice.families[:20]])
        found.append(language.say("Carried by: {families}.", families=families))
    if notice.single_source:
        found.append(language.say("One source alone says so."))
    if notice.synthetic:
        found.append(language.say("This is a test with made-up data. Nothing of it is real."))
    return found


def local_time(instant: datetime, notice: Notice, language: Language) -> str:
    """Return an instant on the clocks of the place, with their offset; in UTC where the zone is unknown."""
    if not valid_zone(notice.tz):
        return language.instant(instant)
    offset = zone_name_offset(instant, notice.tz)
    return f"{language.reading(local(instant, notice.tz))} {offset}"
