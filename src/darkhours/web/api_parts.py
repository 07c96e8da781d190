"""What every route of the interface is made of: its answers, its errors, its limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from darkhours.app.instants import read_instant
from darkhours.render.publisher import Publisher
from darkhours.web.answers import FRESH_S, reply
from darkhours.web.api_schema import Schema, ref
from darkhours.web.problems import PROBLEM
from darkhours.web.settings import Settings

API = "/api/v1"
JSON = "application/json"
MOST_POINTS, USUAL_POINTS = 20_000, 2_000
"""Points of a signal in one answer: ours, some 300 kB, and what fills a wide screen."""
MOST_PLACES, USUAL_PLACES = 1_000, 100
LONGEST_TEXT, LONGEST_ID = 200, 230

WHY = {
    400: "The request is none, or its Host is not ours.",
    401: "Writing needs a token: Authorization: Bearer …",
    403: "Writing is off, or this token may not.",
    404: "There is none.",
    405: "The address has no such method.",
    409: "The name is taken, or there is no room.",
    413: "The body is too large.",
    415: "The body has another media type than is told here.",
    422: "A value is wrong, or out of its limits; `detail` says which and what was expected.",
    429: "Too many requests from one address; ask again after Retry-After seconds.",
    503: "Busy, or the archive cannot be read; ask again after Retry-After seconds.",
}
USUAL = (400, 405, 413, 422, 429, 503)
"""Statuses that every route may answer with."""

EntityId = Annotated[
    str,
    Path(
        description="Id of a place, such as `country:KZ`, `region:KZ-75`, `city:1526384`, `asn:9198`.",
        max_length=LONGEST_ID,
        examples=["country:KZ"],
    ),
]
CaseName = Annotated[
    str,
    Path(description="Name of a case.", max_length=LONGEST_TEXT, examples=["almaty-2022"]),
]
Service = Annotated[str, Path(description="`internet`, `mobile`, …", max_length=40, examples=["internet"])]
From = Annotated[
    str | None,
    Query(
        alias="from", description="Begin of the span, ISO 8601, UTC where it names no zone.", max_length=40
    ),
]
Until = Annotated[str | None, Query(description="End of the span, likewise.", max_length=40)]
AsOf = Annotated[
    str | None,
    Query(description="Only what was published by then, ISO 8601.", max_length=40),
]
Cursor = Annotated[str, Query(description="Where the page before ended.", max_length=LONGEST_ID)]


def responses(
    media: str, schema: Schema | None, *more: int, about: str = ""
) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI tells of a route: its answer, and every error as a problem.

    Args:
        media: of the answer.
        schema: of the answer; None where it is text of a form of its own.
        more: statuses beside the usual ones.
        about: what the answer is.
    """
    shown = schema if schema is not None else {"type": "string"}
    answer = {"description": about or "The answer.", "content": {media: {"schema": shown}}}
    told: dict[int | str, dict[str, Any]] = {200: answer, 304: {"description": "You have it already."}}
    for status in sorted({*USUAL, *more}):
        told[status] = {"description": WHY[status], "content": {PROBLEM: {"schema": ref("problem")}}}
    return told


def tell(
    request: Request,
    value: object,
    *,
    cache_s: int = FRESH_S,
    cache: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a value as JSON; NaN, which nobody measured, is null."""
    body = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
    return reply(request, body, JSON, cache=cache or f"public, max-age={cache_s}", headers=headers)


def publisher(settings: Settings) -> Publisher:
    """Return who publishes: the site, under the address that it was told."""
    host = settings.base.split("://", 1)[1]
    return Publisher("Darkhours", settings.base, host)


def instant(text: str | None, name: str) -> datetime | None:
    """Return the instant of a parameter, None where it is not told; raises as `read_instant`."""
    return None if not text else read_instant(text, name)


def utc(moment: datetime | None) -> str | None:
    """Return an instant as documents have it."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def segment(text: str) -> str:
    """Return untrusted text as part of an address; a slash inside an id stays one."""
    return quote(text, safe="@:/", errors="replace")
