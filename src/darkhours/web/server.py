"""The application: pages, interface and static files behind the shield."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response

from darkhours import __version__
from darkhours.app.site import Site
from darkhours.model.errors import DarkhoursError
from darkhours.web import pages
from darkhours.web.problems import Trouble, trouble_of
from darkhours.web.settings import Settings
from darkhours.web.shield import Shield

log = logging.getLogger(__name__)
API = "/api/v1"


def make_app(site: Site, settings: Settings) -> FastAPI:
    """Return the application of a site.

    Args:
        site: what it shows.
        settings: what it was told.
    """
    app = FastAPI(
        title="Darkhours",
        version=__version__,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(pages.router(site, settings))
    _explain(app, site)
    app.add_middleware(GZipMiddleware, minimum_size=600)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)
    app.add_middleware(Shield, settings=settings)
    return app


def _explain(app: FastAPI, site: Site) -> None:
    """Have every error answered in words: a problem for a program, a page for a person."""

    def answer(request: Request, trouble: Trouble) -> Response:
        if request.url.path.startswith("/api/"):
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
        found = answer(request, Trouble(error.status_code, str(error.detail)))
        found.headers.update(error.headers or {})
        return found

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        return answer(
            request, Trouble(500, "expected an answer, the program failed; whoever runs it can see why")
        )
