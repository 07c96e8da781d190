"""The interface, of places: what is so now, who there is, their signals, windows and changes."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from darkhours.app.site import Site
from darkhours.app.site_choice import CHANGED, KINDS, ORDERS, Choice, choose, read_choice
from darkhours.app.site_entity import Line, PlaceView, find_card
from darkhours.app.site_listing import list_places
from darkhours.app.site_notices import Noted, after, one_entity
from darkhours.app.site_now import GROUPS, Now, Present, Source, group_of
from darkhours.model.entity import Entity
from darkhours.model.signal import SignalKind
from darkhours.render import geojson
from darkhours.render.envelope import envelope
from darkhours.store import Event
from darkhours.web import page_now
from darkhours.web.answers import reply
from darkhours.web.api_parts import (
    API,
    JSON,
    LONGEST_TEXT,
    MOST_PLACES,
    MOST_POINTS,
    USUAL_PLACES,
    USUAL_POINTS,
    Cursor,
    EntityId,
    From,
    Until,
    instant,
    publisher,
    responses,
    segment,
    tell,
    utc,
)
from darkhours.web.api_schema import ref
from darkhours.web.settings import Settings

Points = Annotated[
    int,
    Query(ge=1, le=MOST_POINTS, description="Points of a signal at most; more are told by their extremes."),
]
Few = Annotated[int, Query(ge=1, le=MOST_PLACES, description="How many at most.")]
Words = Annotated[str, Query(max_length=LONGEST_TEXT, description="Name in any script, or part of an id.")]
Group = Annotated[str, Field(pattern=f"^({'|'.join(GROUPS)})?$")]
Groups = Annotated[list[Group], Query(max_length=20, description="Groups of places; all unless told.")]
NO_GROUPS: list[str] = []
Kind = Annotated[str, Query(pattern=f"^({'|'.join(KINDS)})?$", description="Places of this kind only.")]
Country = Annotated[
    str, Query(pattern="^([A-Z]{2})?$", description="Only this country and what lies in it, such as `KZ`.")
]
Lately = Annotated[
    str,
    Query(
        pattern=f"^({'|'.join(CHANGED)})?$", description="Only what became as it is in the time before `at`."
    ),
]
Order = Annotated[
    str,
    Query(
        pattern=f"^({'|'.join(ORDERS)})$",
        description="By what; with a hyphen the newest, the most or the last name first.",
    ),
]
Prefix = Annotated[str, Query(max_length=LONGEST_TEXT, description="Begin of the id, such as `region:KZ`.")]


def router(site: Site, settings: Settings) -> APIRouter:
    """Return the routes of places."""
    routes = APIRouter(prefix=API, default_response_class=Response)
    _route_now(routes, site, settings)
    _route_entities(routes, site, settings)
    _route_signals(routes, site)
    _route_events(routes, site, settings)
    return routes


def _route_now(routes: APIRouter, site: Site, settings: Settings) -> None:
    @routes.get("/now", tags=["now"], responses=responses(JSON, ref("now")))
    def now(  # noqa: PLR0917 — what the address tells
        request: Request,
        group: Groups = NO_GROUPS,
        kind: Kind = "",
        country: Country = "",
        changed: Lately = "",
        sort: Order = "worst",
    ) -> Response:
        """Tell who is dark, degraded, on probation or newly back, the worst first, and how fresh it is.

        The choice narrows and orders `places` alone; everything else is told whole.
        """
        choice = read_choice(group, kind, country, changed, sort)
        return tell(request, _now(site.now(), settings, choice))

    places = responses(geojson.MEDIA_TYPE, {"type": "object"}, 404)

    @routes.get("/now.geojson", tags=["now"], responses=places)
    def now_on_a_map(request: Request) -> Response:
        """Tell the same as GeoJSON, with outlines or points."""
        told = site.now()
        at = site.clock() if told is None or told.at is None else told.at
        marks = [] if told is None else page_now.marks_of(told)
        text = geojson.states_geojson(marks, publisher(settings), at)
        return reply(request, text, geojson.MEDIA_TYPE)


def _route_entities(routes: APIRouter, site: Site, settings: Settings) -> None:
    @routes.get("/entities", tags=["places"], responses=responses(JSON, ref("places")))
    def entities(
        request: Request, q: Words = "", prefix: Prefix = "", cursor: Cursor = "", limit: Few = USUAL_PLACES
    ) -> Response:
        """List the places that the archive or a case knows, by id."""
        page = list_places(site.places(), query=q.strip(), prefix=prefix, cursor=cursor, limit=limit)
        asked = {"q": q, "prefix": prefix, "limit": str(limit)}
        told = {
            "entities": [_place(each, site, settings) for each in page.places],
            "cursor": page.cursor,
            "next": _next("entities", asked, settings, cursor=page.cursor),
        }
        return tell(request, told)


def _route_signals(routes: APIRouter, site: Site) -> None:
    @routes.get(
        "/entities/{entity:path}/signals", tags=["places"], responses=responses(JSON, ref("signals"), 404)
    )
    def signals(
        request: Request,
        entity: EntityId,
        from_: From = None,
        until: Until = None,
        points: Points = USUAL_POINTS,
    ) -> Response:
        """Tell every signal of a place over a span, the last measured week unless told.

        Where a signal has more bins than `points`, each bucket of bins is told by its lowest and its
        highest value and by how many of its bins nobody measured: no peak, no dip and no gap is lost.
        """
        view = site.place(entity, instant(from_, "from"), instant(until, "until"))
        return tell(request, {**_span(view), "signals": [_signal(line, points) for line in view.lines]})

    @routes.get(
        "/entities/{entity:path}/windows", tags=["places"], responses=responses(JSON, ref("windows"), 404)
    )
    def windows(request: Request, entity: EntityId, from_: From = None, until: Until = None) -> Response:
        """Tell the outages that touch a span, each with its windows."""
        view = site.place(entity, instant(from_, "from"), instant(until, "until"))
        outages = [_outage(event, synthetic=view.synthetic) for event in view.outages]
        return tell(request, {**_span(view), "outages": outages})


def _route_events(routes: APIRouter, site: Site, settings: Settings) -> None:
    @routes.get("/events", tags=["changes"], responses=responses(JSON, ref("changes"), 404))
    def events(
        request: Request,
        after_: Annotated[Cursor, Query(alias="after")] = "",
        entity: Annotated[str, Query(max_length=LONGEST_TEXT, description="Of this place only.")] = "",
        limit: Few = USUAL_PLACES,
    ) -> Response:
        """Tell every change in the order in which it was told; ask again with the cursor for what is new."""
        version, every = site.version, site.notices()
        wanted = after(one_entity(every, entity) if entity else every, after_)
        page = wanted[:limit]
        cursor = page[-1].cursor if page else after_ or None
        asked = {"entity": entity, "limit": str(limit)}
        more = cursor if len(wanted) > limit else None
        told = {
            "version": version,
            "events": [change(each, settings) for each in page],
            "cursor": cursor,
            "next": _next("events", asked, settings, after=more),
        }
        return tell(request, told)

    @routes.get("/entities/{entity:path}", tags=["places"], responses=responses(JSON, ref("place"), 404))
    def one(request: Request, entity: EntityId) -> Response:
        """Tell of one place, and what contains it."""
        found = next((each for each in site.places() if each.id == entity), None)
        return tell(request, _place(found or find_card(site.archive, entity).entity, site, settings))


def _next(name: str, asked: dict[str, str], settings: Settings, **cursor: str | None) -> str | None:
    """Return where the next page is, None where this was the last."""
    further = {key: value for key, value in cursor.items() if value}
    if not further:
        return None
    kept = {key: value for key, value in asked.items() if value}
    return f"{settings.base}{API}/{name}?{urlencode({**kept, **further}, errors='replace')}"


def _now(now: Now | None, settings: Settings, choice: Choice) -> dict[str, Any]:
    if now is None:
        lists: dict[str, Any] = {"places": [], "sources": [], "countries": []}
        return {"version": 0, "at": None, "watched": 0, "synthetic": False, **lists}
    return {
        "version": now.version,
        "at": utc(now.at),
        "watched": now.watched,
        "synthetic": now.synthetic,
        "places": [_present(place, settings) for place in choose(now, choice)],
        "sources": [_source(source) for source in now.sources],
        "countries": [
            {"entity": entity.id, "name": entity.name, "measured": measured}
            for entity, measured in now.countries
        ],
    }


def _present(place: Present, settings: Settings) -> dict[str, Any]:
    return {
        "entity": place.entity.id,
        "name": place.entity.name,
        "group": group_of(place),
        "state": str(place.state),
        "status": place.status,
        "since": place.since,
        "began": place.began,
        "p": place.p,
        "families": place.families,
        "totals": place.totals or None,
        "synthetic": place.synthetic,
        "page": f"{settings.base}/entity/{segment(place.entity.id)}",
    }


def _source(source: Source) -> dict[str, Any]:
    series = source.series
    return {
        "signal": series.signal.name,
        "family": series.family,
        "datasource": series.datasource,
        "synthetic": source.synthetic,
        "step_s": series.step.total_seconds(),
        "until": utc(source.until),
        "late": source.late,
        "attribution": series.attribution,
    }


def _place(entity: Entity, site: Site, settings: Settings) -> dict[str, Any]:
    measured = site.is_measured(entity.id)
    case = None if measured else site.cases.naming(entity.id)
    page = f"/entity/{segment(entity.id)}" if measured else f"/cases/{segment(case)}" if case else None
    signals = f"{settings.base}{API}/entities/{segment(entity.id)}/signals"
    return {
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "tz": entity.tz,
        "within": entity.within,
        "page": None if page is None else settings.base + page,
        "signals": signals if measured else None,
    }


def _span(view: PlaceView) -> dict[str, Any]:
    return {
        "entity": view.entity.id,
        "name": view.entity.name,
        "from": utc(view.start),
        "until": utc(view.until),
        "version": view.version,
        "synthetic": view.synthetic,
    }


def _signal(line: Line, points: int) -> dict[str, Any]:
    kind: SignalKind = line.signal
    head = {
        "signal": kind.name,
        "family": line.family,
        "datasource": line.datasource,
        "synthetic": line.synthetic,
        "attribution": line.attribution,
        "start": utc(line.grid.start),
        "step_s": line.grid.step.total_seconds(),
    }
    if line.values.size <= points:
        return {**head, "values": line.values}
    few = envelope(line.values, points)
    return {**head, "edges": few.edges, "low": few.low, "high": few.high, "missing": few.missing}


def _outage(event: Event, *, synthetic: bool) -> dict[str, Any]:
    body = event.body
    names = ("start", "end", "status", "totals", "windows")
    return {"key": event.key, **{name: body[name] for name in names}, "synthetic": synthetic}


def change(noted: Noted, settings: Settings) -> dict[str, Any]:
    """Return a change as the interface tells it."""
    notice = noted.notice
    edge = {name: utc(getattr(notice.at, name)) for name in ("at", "earliest", "latest")}
    return {
        "cursor": noted.cursor,
        "id": notice.id,
        "outage": notice.outage,
        "entity": notice.entity,
        "name": notice.name,
        "service": notice.service,
        "change": str(notice.change),
        "state": str(notice.state),
        "status": notice.status,
        "at": edge,
        "told": utc(notice.told),
        "p": notice.p,
        "families": notice.families,
        "single_source": notice.single_source,
        "synthetic": notice.synthetic,
        "page": settings.base + notice.path,
        "alert": f"{settings.base}{API}/alerts/{notice.id}.cap.xml",
    }
