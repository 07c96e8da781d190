"""The application: pages, interface, feeds and static files behind the shield."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Match

from darkhours import __version__
from darkhours.app.site import Site
from darkhours.model.errors import DarkhoursError
from darkhours.web import api_cases, api_places, api_writing, feeds, live, pages
from darkhours.web.api_parts import API, tell
from darkhours.web.api_schema import components
from darkhours.web.problems import Trouble, trouble_of
from darkhours.web.settings import Settings
from darkhours.web.shield import Shield, is_open

THREADS = 4
"""Answers that are worked out at once: ours; an archive of 80,000 places takes some 40 MB in each thread."""
PACKED = 5
"""Level of compression: ours; the highest saves 2 % and takes three times as long."""
log = logging.getLogger(__name__)
ABOUT = (
    "What a site of Darkhours shows, for programs. Reading is open to everybody, and to pages of every "
    "origin. Times are UTC, hours are numbers, null is what nobody measured, which is never zero. What "
    "is made up for show says `synthetic`. Errors are RFC 9457. Every answer has an ETag; "
    "ask with If-None-Match."
)
WAYS_IN = {
    "documentation": "/api",
    "description": f"{API}/openapi.json",
    "now": f"{API}/now",
    "entities": f"{API}/entities",
    "events": f"{API}/events",
    "cases": f"{API}/cases",
    "feed": "/feed.atom",
}
"""What the root of the interface leads to."""
NO_METHOD = 405
READ = "GET, HEAD, OPTIONS"


class _Application(FastAPI):
    """An application whose description is exact: our own schemas, and every error as it is sent."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        if self.openapi_schema is None:
            told = get_openapi(title=self.title, version=self.version, description=ABOUT, routes=self.routes)
            told["components"]["schemas"] = components()
            self.openapi_schema = told
        return self.openapi_schema


def make_app(site: Site, settings: Settings) -> FastAPI:
    """Return the application of a site.

    Args:
        site: what it shows.
        settings: what it was told.
    """
    app = _Application(
        title="Darkhours",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_few_threads,
    )
    app.state.live = live.Live(site, settings)
    app.include_router(_description(app, settings.base))
    app.state.routers = (
        api_places.router(site, settings),
        api_cases.router(site, settings),
        api_writing.router(settings),
        feeds.router(site, settings),
        live.router(app.state.live),
        pages.router(site, settings.base),
    )
    for routes in app.state.routers:
        app.include_router(routes)
    _explain(app, site)
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=PACKED)
    app.add_middleware(Shield, settings=settings)
    return app


@asynccontextmanager
async def _few_threads(_: FastAPI) -> AsyncIterator[None]:
    """Answer in few threads: each opens the archive for itself, and one interpreter has use for no more."""
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def _description(app: FastAPI, base: str) -> APIRouter:
    routes = APIRouter()

    @routes.get(f"{API}/openapi.json", include_in_schema=False)
    def description(request: Request) -> Response:
        return tell(request, app.openapi(), cache_s=3600)

    @routes.get(API, include_in_schema=False)
    def root(request: Request) -> Response:
        about = {"name": app.title, "version": app.version, "about": ABOUT}
        return tell(request, about | {name: base + path for name, path in WAYS_IN.items()}, cache_s=3600)

    return routes


def _explain(app: FastAPI, site: Site) -> None:
    """Have every error answered in words: a problem for a program, a page for a person."""

    def answer(request: Request, trouble: Trouble) -> Response:
        if is_open(request.url.path):
            return trouble.as_response()
        return pages.trouble_page(request, site, trouble)

    @app.exception_handler(DarkhoursError)
    def ours(request: Request, error: DarkhoursError) -> Response:
        return answer(request, trouble_of(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors()[:5])
        return answer(request, Trouble(422, said))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == NO_METHOD:
            return _no_method(request, error, answer)
        found = answer(request, Trouble(error.status_code, str(error.detail)))
        found.headers.update(error.headers or {})
        return found

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        return answer(
            request, Trouble(500, "expected an answer, the program failed; whoever runs it can see why")
        )


def _no_method(
    request: Request, error: HTTPException, answer: Callable[[Request, Trouble], Response]
) -> Response:
    """Return which methods an address has: what OPTIONS asks for, and what a wrong one is told."""
    told = (error.headers or {}).get("Allow", "").split(", ")
    for route in (each for routes in request.app.state.routers for each in routes.routes):
        if route.matches(request.scope)[0] is not Match.NONE:
            told += getattr(route, "methods", None) or ()
    methods = [READ if each == "GET" else each for each in sorted(set(told)) if each]
    headers = {"allow": ", ".join(methods)}
    if request.method == "OPTIONS":
        if is_open(request.url.path):
            headers |= {
                "access-control-allow-methods": "GET, HEAD",
                "access-control-allow-headers": "if-none-match, last-event-id",
                "access-control-max-age": "86400",
            }
        return Response(None, 204, headers)
    found = answer(
        request, Trouble(NO_METHOD, f"expected one of {headers['allow']}, got {request.method[:20]}")
    )
    found.headers.update(headers)
    return found
