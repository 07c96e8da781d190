"""The shield: headers on every answer, and limits on every request, before anything is worked out."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from darkhours.web.problems import Trouble
from darkhours.web.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script but our own files, no style in the text, no other host, no frame."""

HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
"""Of every answer (OWASP, Secure Headers)."""

OPEN = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "etag, link, retry-after, content-disposition"),
    ("cross-origin-resource-policy", "cross-origin"),
)
"""Of answers that pages of anybody may read: the interface and the feeds, which need no right."""

KNOWN = 10_000
"""Addresses whose requests are counted; the one that was silent for longest is forgotten first."""


class Shield:
    """An application behind limits: who asks too much, says too much or takes too long is turned away."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Take the application and its limits."""
        self.app = app
        self.settings = settings
        self._hosts = frozenset(_name(host) for host in settings.hosts)
        self._asked: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = self._guard(send, scope["path"])
        if scope["method"] == "HEAD":  # the server keeps the body of the answer to itself
            scope = {**scope, "method": "GET", "darkhours.head": True}
        refused = self._refuse(scope)
        if refused is not None:
            await refused.as_response()(scope, receive, guarded)
            return
        await self.app(scope, self._bounded(receive), guarded)

    def _refuse(self, scope: Scope) -> Trouble | None:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        if _name(host.decode("latin-1")) not in self._hosts:
            return Trouble(
                400, "expected a name of this site as Host; whoever runs it can add one with --name"
            )
        client = scope.get("client")
        if not self._may_ask(client[0] if client else ""):
            rate = f"{self.settings.rate:g} requests a second"
            return Trouble(429, f"expected at most {rate} for long; ask again in a moment", 1)
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > self.settings.most_body:
            most = f"{self.settings.most_body:,} bytes"
            return Trouble(413, f"expected a body of at most {most}; send less")
        return None

    def _may_ask(self, address: str) -> bool:
        """Return whether an address has a request left, and take it (a token bucket)."""
        now = monotonic()
        left, then = self._asked.pop(address, (float(self.settings.burst), now))
        left = min(self.settings.burst, left + (now - then) * self.settings.rate)
        allowed = left >= 1
        self._asked[address] = (left - 1 if allowed else left, now)
        while len(self._asked) > KNOWN:
            self._asked.popitem(last=False)
        return allowed

    def _bounded(self, receive: Receive) -> Receive:
        """Return what receives no more than a body may hold, whatever length was told."""
        got = 0

        async def bounded() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > self.settings.most_body:
                raise HTTPException(
                    413, f"expected a body of at most {self.settings.most_body:,} bytes; send less"
                )
            return message

        return bounded

    def _guard(self, send: Send, path: str) -> Send:
        """Return what adds headers, and lets go of a client that does not take what it is sent."""
        more = (*OPEN, *HEADERS) if is_open(path) else HEADERS
        gone = False

        async def guarded(message: Message) -> None:
            nonlocal gone
            if gone:
                return
            if message["type"] == "http.response.start":
                told = {name for name, _ in message["headers"]}
                extra = {name.encode(): value.encode() for name, value in reversed(more)}
                kept = [(name, value) for name, value in extra.items() if name not in told]
                message = {**message, "headers": [*message["headers"], *kept]}
            try:
                async with asyncio.timeout(self.settings.slow_s):
                    await send(message)
            except TimeoutError:
                gone = True  # the wire is cut by its protocol

        return guarded


def is_open(path: str) -> bool:
    """Return whether pages of anybody may read what lies under a path."""
    return path.startswith("/api/") or path.endswith("/feed.atom")


def _name(host: str) -> str:
    """Return the name in a Host without its port; an address in brackets keeps them.

    >>> _name("[::1]:8000"), _name("Dark.Example.org:80"), _name("::1")
    ('[::1]', 'dark.example.org', '[::1]')
    """
    host = host.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return f"[{host}]" if host.count(":") > 1 else host.partition(":")[0]
