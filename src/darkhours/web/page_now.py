"""The page *now*: the map, and who is dark, degraded, on probation or newly back, the worst first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from darkhours.app.site import Site
from darkhours.app.site_now import GROUPS, Now, Present, group_of
from darkhours.model.entity import Entity
from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.language import ENGLISH, Language
from darkhours.render.map_marks import MapMark
from darkhours.render.map_parts import MapDrawing
from darkhours.render.world import draw_world
from darkhours.web import now_list
from darkhours.web.names import called
from darkhours.web.now_list import Asked


def values(site: Site, language: Language, asked: Asked) -> dict[str, Any]:
    """Return what the page shows."""
    now = site.now()
    listed = {} if now is None else now_list.values(now, asked, language)
    return {
        **listed,
        "now": now,
        "headline": headline(now, language),
        "cases": [line for line in site.cases.lines() if line.problem is None],
        "map": None if now is None else draw_map(now, language),
        "since": since_of(site.clock().year, language),
    }


def headline(now: Now | None, language: Language) -> str:
    """Return what the page says first."""
    if now is None:
        return language.say("Shutdowns, each with its evidence and its doubt")
    if now.at is None:
        return language.say("Nothing has been measured yet")
    dark, degraded = len(now.group("dark")), len(now.group("degraded"))
    if not dark and not degraded:
        return language.say("No place that is watched is dark or degraded")
    told = language.many("{n} place is dark", "{n} places are dark", dark)
    beside = language.many("{n} is degraded", "{n} are degraded", degraded)
    return f"{told}, {beside}"


def since_of(year: int, language: Language) -> Callable[[Present], Markup]:
    """Return what tells since when a place is as it is, in its own local time with UTC beside it."""

    def since(place: Present) -> Markup:
        return Clock(place.entity.tz, year, language).time(datetime.fromisoformat(place.since["at"]))

    return since


def draw_map(now: Now, language: Language) -> MapDrawing:
    """Return the map of the world: who is in trouble, who is up, and whom nobody measured in the last bin."""
    return draw_world(marks_of(now, language), language)


def marks_of(now: Now, language: Language = ENGLISH) -> list[MapMark]:
    """Return every place that a map shows: those worth telling, and all countries of the archive."""
    marks = [
        map_mark(p.entity, p.state, p.status, synthetic=p.synthetic, language=language) for p in now.places
    ]
    told = {p.entity.id for p in now.places if group_of(p) in GROUPS}
    marks += [
        map_mark(entity, State.UP if measured else State.UNKNOWN, "none" if measured else "unmeasured",
              synthetic=now.synthetic, language=language)
        for entity, measured in now.countries
        if entity.id not in told
    ]  # fmt: skip
    return marks


def map_mark(
    entity: Entity, state: State, status: str, *, synthetic: bool, language: Language = ENGLISH
) -> MapMark:
    """Return a place as a map shows it."""
    href = f"/entity/{quote(entity.id, safe='@:')}"
    return MapMark(entity.id, called(entity, language), state, status, href, synthetic)
