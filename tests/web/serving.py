"""Serves a site on loopback for a test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx2

from darkhours.web.run import make_server, settings_of

TOKEN = "x" * 32


@contextmanager
def serving(site, **limits) -> Iterator[str]:
    """Serve a site on a free port of loopback; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = replace(settings_of("127.0.0.1", port, rate=1000.0, token=TOKEN), **limits)
    server = make_server(site, settings, "127.0.0.1", port, log="critical")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    assert server.started
    try:
        yield settings.base
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def asking(site, headers=None, **limits) -> Iterator[httpx2.Client]:
    """Serve a site; give what asks it, with headers of its own."""
    with (
        serving(site, **limits) as base,
        httpx2.Client(base_url=base, headers=headers, timeout=60) as client,
    ):
        yield client
