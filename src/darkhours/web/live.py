"""Live updates as server-sent events: a new version of the archive, and what changed with it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from darkhours.app.site import Site
from darkhours.web.api_parts import responses
from darkhours.web.api_places import change
from darkhours.web.problems import Trouble
from darkhours.web.settings import Settings

LOOK_S = 2.0
"""Seconds between two looks at the version: ours, far below the narrowest bin."""
ALIVE_S = 15.0
"""Seconds after which a comment is sent where nothing was: proxies take a minute of silence for an end."""
MOST = 100
"""Changes told at once: ours; who was away for longer reads the rest from the interface."""
STREAM = "text/event-stream"


class Live:
    """Everybody who listens, and the one look at the archive that all of them share."""

    def __init__(self, site: Site, settings: Settings) -> None:
        """Take the site, and how many may listen."""
        self.site, self.settings = site, settings
        self._listening: Counter[str] = Counter()
        self._looked = 0.0
        self._version = 0
        self._closing: asyncio.Event | None = None
        self._looking: asyncio.Lock | None = None

    def close(self) -> None:
        """End every stream: the site stops."""
        if self._closing is not None:
            self._closing.set()

    @property
    def listeners(self) -> int:
        """Return how many listen."""
        return self._listening.total()

    def refuse(self, address: str) -> Trouble | None:
        """Return why an address may not listen, None where it may."""
        if self._listening[address] >= self.settings.most_streams_each:
            most = self.settings.most_streams_each
            return Trouble(429, f"expected at most {most} streams of events from one address; close one", 30)
        if self.listeners >= self.settings.most_streams:
            return Trouble(503, "expected room for a stream of events, there is none; ask again", 30)
        return None

    async def version(self) -> int:
        """Return the version of the archive, looked up at most once in `LOOK_S` for all."""
        self._looking = self._looking or asyncio.Lock()
        async with self._looking:
            if monotonic() - self._looked >= LOOK_S or not self._looked:
                self._version = await run_in_threadpool(lambda: self.site.version)
                self._looked = monotonic()
        return self._version

    async def stream(self, address: str, seen: int | None) -> AsyncIterator[bytes]:
        """Yield what is sent to one listener, until it goes or the site stops."""
        self._closing = self._closing or asyncio.Event()
        self._listening[address] += 1
        try:
            now = await self.version()
            seen = now if seen is None or seen > now else seen
            yield format_sse_event(comment="darkhours", retry=5000)
            told = monotonic()
            while not self._closing.is_set():
                now = await self.version()
                if now != seen:
                    yield await run_in_threadpool(self._tell, seen, now)
                    seen, told = now, monotonic()
                elif monotonic() - told >= ALIVE_S:
                    yield format_sse_event(comment="")
                    told = monotonic()
                await self._wait()
        finally:
            self._listening[address] -= 1
            if not self._listening[address]:
                del self._listening[address]

    async def _wait(self) -> None:
        if self._closing is None:
            return
        try:
            async with asyncio.timeout(LOOK_S):
                await self._closing.wait()
        except TimeoutError:
            return

    def _tell(self, seen: int, now: int) -> bytes:
        new = [each for each in self.site.notices() if each.version > seen]
        told = {
            "version": now,
            "events": [change(each, self.settings) for each in new[-MOST:]],
            "left_out": max(0, len(new) - MOST),
        }
        return format_sse_event(data_str=orjson.dumps(told).decode(), event="version", id=str(now))


def router(live: Live) -> APIRouter:
    """Return the route of the stream."""
    routes = APIRouter(default_response_class=Response)

    @routes.get("/events", tags=["changes"], responses=responses(STREAM, None))
    async def events(
        request: Request,
        version: Annotated[
            int | None, Query(ge=0, le=2**53, description="Version that is known already.")
        ] = None,
        last_event_id: Annotated[str | None, Header(max_length=40)] = None,
    ) -> Response:
        """Send an event `version` whenever the archive has a new one, with the changes that came with it."""
        address = request.client.host if request.client else ""
        refused = live.refuse(address)
        if refused is not None:
            return refused.as_response()
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        if request.scope.get("darkhours.head"):
            return Response(None, 200, headers, STREAM)
        seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else version
        return EventSourceResponse(live.stream(address, seen), headers=headers)

    return routes
