"""Answers: bytes with an entity tag, so that what a client has already is not sent again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

FRESH_S = 30
"""Seconds for which an answer is taken as it is: ours, a tenth of the narrowest bin."""
FOREVER = "public, max-age=31536000, immutable"


def reply(
    request: Request,
    body: bytes | str,
    media: str,
    *,
    cache: str = f"public, max-age={FRESH_S}",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer, or 304 where the client has it.

    Args:
        request: what was asked.
        body: the answer.
        media: its media type.
        cache: for whom and how long it may be kept.
        headers: whatever else.
    """
    data = body.encode() if isinstance(body, str) else body
    tag = f'W/"{sha256(data).hexdigest()[:32]}"'
    told = {"etag": tag, "cache-control": cache, **(headers or {})}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, told)
    return Response(data, 200, told, media)


def _has(told: str, tag: str) -> bool:
    """Return whether one of the tags that a client has is ours (RFC 9110, weak comparison)."""
    return told.strip() == "*" or tag.removeprefix("W/") in {
        each.strip().removeprefix("W/") for each in told.split(",")
    }
