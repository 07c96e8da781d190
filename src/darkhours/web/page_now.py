"""The page *now*: the map, and who is dark, degraded, on probation or newly back, the worst first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from darkhours.app.site import Site
from darkhours.app.site_now import GROUPS, Now, Present, group_of
from darkhours.render.clock import Clock
from darkhours.render.language import Language, mark

MOST = 50
"""Places of a group on the page: ours, a screen or two; the interface has all of them."""
TITLES = {
    "dark": mark("Dark"),
    "degraded": mark("Degraded"),
    "probation": mark("Back, on probation"),
    "back": mark("Newly back"),
}


def values(site: Site, language: Language) -> dict[str, Any]:
    """Return what the page shows."""
    now = site.now()
    groups = [] if now is None else [(key, language.say(TITLES[key]), now.group(key)) for key in GROUPS]
    return {
        "now": now,
        "groups": groups,
        "most": MOST,
        "headline": headline(now, language),
        "cases": [line for line in site.cases.lines() if line.problem is None],
        "map": None if now is None else draw_map(now, language),
        "since": since_of(site.clock().year),
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


def since_of(year: int) -> Callable[[Present], Markup]:
    """Return what tells since when a place is as it is, in its own local time with UTC beside it."""

    def since(place: Present) -> Markup:
        return Clock(place.entity.tz, year).time(datetime.fromisoformat(place.since["at"]))

    return since


def draw_map(now: Now, language: Language) -> Any:  # noqa: ANN401 — a drawing of `render`
    """Return the map of the world, None where nothing on it has a place."""
    if find_spec("darkhours.render.world") is None:
        return None
    from darkhours.render.map_marks import MapMark  # noqa: PLC0415
    from darkhours.render.world import draw_world  # noqa: PLC0415

    marks = [
        MapMark(p.entity.id, p.entity.name, p.state, p.status, f"/entity/{quote(p.entity.id, safe='@:')}")
        for p in now.places
        if group_of(p) in GROUPS
    ]
    return draw_world(marks, language)
