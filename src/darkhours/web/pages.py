"""The pages: what is so now, places, cases, accounts, and how it all is made."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import orjson
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from darkhours import render
from darkhours.app.instants import read_instant
from darkhours.app.site import Site
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError
from darkhours.places import resolve, search
from darkhours.render.language import LANGUAGES
from darkhours.web import documents, frame, now_list, page_case, page_compare, page_entity, page_now
from darkhours.web.answers import FOREVER, reply
from darkhours.web.api_forms import links, place_links
from darkhours.web.kept_pages import KeptPages
from darkhours.web.problems import Trouble

LONGEST_QUERY = 100
JSON = "application/json"
LIKE = 5
"""Places of which the site tells nothing that a search names: ours, as many as it looks for."""
KEPT = 64
"""Pages *now* with a choice or an order that are kept, beside those without: ours, some 150 kB each."""


def router(site: Site, base: str) -> APIRouter:
    """Return the routes of the pages.

    Args:
        site: what they show.
        base: address of the site, without a slash at its end.
    """
    routes = APIRouter(default_response_class=Response, include_in_schema=False)
    _route_signals(routes, site)
    _route_cases(routes, site)
    _route_documents(routes, site, base)
    _route_rest(routes, site)
    return routes


def _route_signals(routes: APIRouter, site: Site) -> None:

    usual, others = KeptPages(2 * len(LANGUAGES)), KeptPages(KEPT)

    @routes.get("/")
    def now(request: Request) -> Response:
        asked, tongue = now_list.read_asked(request.query_params), frame.language_of(request)
        found = site.now()

        def fill() -> str:
            values = page_now.values(site, tongue, asked)
            values |= {"languages": frame.other_languages(asked.parts)}
            return frame.fill(request, site, "now.html.j2", values)

        # What nobody narrowed is never pushed out by what somebody did.
        pages = usual if asked == now_list.Asked(lang=asked.lang) else others
        text = pages.get((asked, tongue.code), -2 if found is None else found.version, fill)
        return frame.html(request, text)

    @routes.get("/entity/{entity:path}")
    def entity(request: Request, entity: str, until: str | None = None, part: str | None = None) -> Response:
        span = _instant(request.query_params.get("from"), "from"), _instant(until, "until")
        if part == "values":
            return reply(request, orjson.dumps(page_entity.cursor_values(site, entity, span)), JSON)
        values = page_entity.values(site, entity, span, frame.language_of(request))
        values |= frame.other_forms(place_links(entity))
        template = "entity_span.html.j2" if part == "picture" else "entity.html.j2"
        return frame.show(request, site, template, values)


def _route_cases(routes: APIRouter, site: Site) -> None:
    @routes.get("/cases")
    def cases(request: Request) -> Response:
        return frame.show(request, site, "cases.html.j2", {"cases": site.cases.lines()})

    @routes.get("/cases/{name}")
    def case(request: Request, name: str) -> Response:
        return frame.show(
            request, site, "case.html.j2", page_case.values(site, name, frame.language_of(request))
        )

    @routes.get("/cases/{name}/{entity:path}/{service}")
    def account(request: Request, name: str, entity: str, service: str, as_of: str | None = None) -> Response:
        answer = site.cases.answer(name, entity, service, _instant(as_of, "as_of"))
        forms = links(name, answer.accounts[0], frame.keep_of(request))
        shown = render.page(
            answer.accounts,
            answer.case,
            traces=answer.traces,
            language=frame.language_of(request),
            frame=frame.frame_for(request, site, forms),
        )
        return frame.html(request, shown)

    @routes.get("/compare")
    def compare(request: Request) -> Response:
        chosen = request.query_params.getlist("with")
        values = page_compare.values(site, chosen, frame.language_of(request))
        return frame.show(request, site, "compare.html.j2", values)


def _route_documents(routes: APIRouter, site: Site, base: str) -> None:
    @routes.get("/method")
    def method(request: Request) -> Response:
        return document(request, frame.language_of(request).say("Method"))

    @routes.get("/api")
    def interface(request: Request) -> Response:
        return document(request, "API")

    def document(request: Request, title: str) -> Response:
        text = documents.text(request.url.path, base, frame.language_of(request).code)
        values = {"title": title, "text": text}
        return frame.show(request, site, "document.html.j2", values, cache_s=3600)


def _route_rest(routes: APIRouter, site: Site) -> None:
    @routes.get("/status")
    def status(request: Request) -> Response:
        problems = [line for line in site.cases.lines() if line.problem]
        values = {"now": site.now(), "problems": problems, "at": site.clock()}
        return frame.show(request, site, "status.html.j2", values)

    @routes.get("/search")
    def find(request: Request, q: str = "") -> Response:
        return _find(request, site, q[:LONGEST_QUERY].strip())

    @routes.get("/static/{tag}/{name}")
    def static(request: Request, tag: str, name: str) -> Response:
        found = frame.assets().get(name)
        if found is None:
            raise HTTPException(404, "expected a file of the site, there is none of that name")
        data, media, known = found
        cache = FOREVER if tag == known else "no-cache"
        return reply(request, data, media, cache=cache)


def _instant(text: str | None, name: str) -> datetime | None:
    return None if not text else read_instant(text, name)


def _find(request: Request, site: Site, query: str) -> Response:
    """Return the places of a name; where there is one only, go there."""
    found: list[Entity] = []
    if query:
        with suppress(InputError):  # what no place goes by alone may still be like the names of some
            found = [resolve(query)]
        found += [each for each in search(query) if each.id not in {known.id for known in found}]
    addresses = [(each, page_entity.address(site, each.id)) for each in found[:20]]
    reached = [(each, address) for each, address in addresses if address]
    if len(reached) == 1:
        return RedirectResponse(reached[0][1], 303)
    beside = [each for each, address in addresses if address is None][:LIKE]
    values = {"query": query, "found": reached, "beside": beside}
    return frame.show(request, site, "search.html.j2", values)


def trouble_page(request: Request, site: Site, trouble: Trouble) -> Response:
    """Return what went wrong as a page."""
    return frame.show_trouble(request, site, trouble)
