"""Feeds: Atom of everything and of each place, and each change as an alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from darkhours.app.site import Site
from darkhours.app.site_entity import find_card
from darkhours.app.site_notices import Noted, before, current, one_entity
from darkhours.model.errors import InputError, Problem
from darkhours.render import atom, cap
from darkhours.web.answers import reply
from darkhours.web.api_parts import API, LONGEST_ID, EntityId, publisher, responses
from darkhours.web.frame import language_of
from darkhours.web.settings import Settings

MOST = 50
"""Changes on one page of a feed: ours, a month of a busy archive."""
ALERT = f"{API}/alerts/{{id}}.cap.xml"
"""Path of a change as an alert."""
FEED = f"{atom.MEDIA_TYPE}; charset=utf-8"
Before = Annotated[
    str, Query(alias="before", max_length=LONGEST_ID, description="Where the page before ended.")
]
Alert = Annotated[str, Path(pattern="^n-[0-9a-f]{20}$", description="Id of a change.")]


def router(site: Site, settings: Settings) -> APIRouter:
    """Return the routes of the feeds; they come before the pages, whose addresses theirs begin like."""
    routes = APIRouter(default_response_class=Response)

    @routes.get("/feed.atom", tags=["feeds"], responses=responses(FEED, None))
    def every(request: Request, before_: Before = "") -> Response:
        """Tell every change of every place, the newest first."""
        page = _Page(site, settings, "Darkhours", "/feed.atom", "/")
        return _feed(request, page, site.notices(), before_)

    @routes.get("/alerts/feed.atom", tags=["feeds"], responses=responses(FEED, None))
    def alerts(request: Request, before_: Before = "") -> Response:
        """Tell the alert that holds now of every outage, the newest first: an index for whoever gathers CAP.

        An outage that has ended stays, with the alert that cancels it, for as long as it is newly back.
        """
        page = _Page(site, settings, "Darkhours: CAP", "/alerts/feed.atom", "/", index=True)
        return _feed(request, page, current(site.notices(), page.updated), before_)

    @routes.get("/entity/{entity:path}/feed.atom", tags=["feeds"], responses=responses(FEED, None, 404))
    def one(request: Request, entity: EntityId, before_: Before = "") -> Response:
        """Tell every change of one place, the newest first."""
        found = find_card(site.archive, entity).entity
        path = f"/entity/{quote(entity, safe='@:/')}"
        page = _Page(site, settings, f"{found.name} · Darkhours", f"{path}/feed.atom", path)
        return _feed(request, page, one_entity(site.notices(), entity), before_)

    @routes.get(ALERT, tags=["feeds"], responses=responses(cap.MEDIA_TYPE, None, 404))
    def alert(request: Request, id: Alert) -> Response:  # noqa: A002 — its name in the address
        """Tell a change as an alert (CAP 1.2)."""
        found = next((each.notice for each in site.notices() if each.notice.id == id), None)
        if found is None:
            message = f"expected the id of a change that this site has told, got {id!r}"
            raise InputError("entity", [Problem("alert", message)])
        return reply(request, cap.cap_alert(found, publisher(settings)), cap.MEDIA_TYPE)

    return routes


class _Page:
    """Which feed it is."""

    def __init__(
        self, site: Site, settings: Settings, title: str, path: str, alternate: str, *, index: bool = False
    ) -> None:
        """Take what tells it from others."""
        self.index = index
        self.settings, self.title, self.path, self.alternate = settings, title, path, alternate
        now = site.now()
        self.updated = (now.at if now is not None else None) or _day(site.clock())


def _day(instant: datetime) -> datetime:
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


def _feed(request: Request, page: _Page, noted: Sequence[Noted], cursor: str) -> Response:
    wanted = before(noted, cursor)
    shown = wanted[-MOST:]
    more = page.path + "?" + urlencode({"before": shown[0].cursor}) if len(wanted) > MOST else None
    here = page.path + ("?" + urlencode({"before": cursor}) if cursor else "")
    updated = max((each.notice.told for each in noted), default=page.updated)
    told = atom.FeedPage(
        page.title, page.path, here, page.alternate, updated, following=more, alert=ALERT, index=page.index
    )
    language = language_of(request)
    text = atom.atom_feed([each.notice for each in shown], told, publisher(page.settings), language)
    headers = {"vary": "accept-language", "content-language": language.code}
    return reply(request, text, FEED, headers=headers)
