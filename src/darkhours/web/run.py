"""Runs a site: one process, threads for what waits, and a short end."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import threading
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from socket import socket
from typing import TypeAlias
from urllib.parse import urlsplit

import uvicorn
from anyio import to_thread

from darkhours.app.serve import make_site
from darkhours.app.site import Site
from darkhours.model.errors import ConfigError, DarkhoursError
from darkhours.places import index_names
from darkhours.web.beside import WAIT_S, Asks, answer_beside, let_others_first
from darkhours.web.door import Door
from darkhours.web.live import Live
from darkhours.web.server import make_app
from darkhours.web.settings import Settings
from darkhours.web.wire import patient

log = logging.getLogger(__name__)
LOCAL = ("127.0.0.1", "localhost", "[::1]")
KEEP_ALIVE_S = 15
GRACE_S = 5
SHORTEST_TOKEN = 16
"""Characters of a token: ours, 64 random bits as hexadecimal digits."""
SETTLED_S = 10
"""Seconds before names are indexed: ours, the first readers come before it, and it takes one."""
_Lines: TypeAlias = tuple[Connection, Connection] | None
MOST_AT_ONCE = 500
"""Connections at once: ours; beyond them 503 is told at once rather than everybody kept waiting."""


def settings_of(
    host: str,
    port: int,
    base: str | None = None,
    names: tuple[str, ...] = (),
    *,
    rate: float = 100.0,
    token: str | None = None,
    cases: Path | None = None,
) -> Settings:
    """Return what a site is told by its command line.

    Raises:
        ConfigError: the base is no web address, the rate none, or the token too short to be a secret.
    """
    shown = f"[{host}]" if ":" in host else host
    base = base.rstrip("/") if base else f"http://{shown}:{port}"
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ConfigError(f"--base: expected an address such as https://dark.example.org, got {base!r}")
    if not rate > 0:
        raise ConfigError(f"--rate: expected requests a second above 0, got {rate:g}")
    if token and len(token) < SHORTEST_TOKEN:
        raise ConfigError(
            f"DARKHOURS_WRITE_TOKEN: expected at least {SHORTEST_TOKEN} characters, got {len(token)}; "
            "take random ones"
        )
    hosts = dict.fromkeys((*LOCAL, parts.hostname, shown, *names))
    return Settings(base, tuple(hosts), token or None, rate, max(1, int(4 * rate)), cases=cases)


class _Server(uvicorn.Server):
    """A server that ends streams before it waits for what is going on."""

    def __init__(self, config: uvicorn.Config, live: Live, site: Site) -> None:
        """Take what is served, its streams and its site."""
        super().__init__(config)
        self.live, self.site = live, site
        self._door: Door | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin; on a socket that other processes share, by a door of our own."""
        await super().startup(None if sockets is None else [])
        if sockets is not None:
            at_work = to_thread.current_default_thread_limiter()
            self._door = Door(sockets, self._protocol, lambda: at_work.borrowed_tokens > 0)
            self._door.open(self.config.backlog)
        threading.Thread(target=settle, args=(self.site,), daemon=True).start()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End everything."""
        if self._door is not None:
            self._door.close()
        self.live.close()
        await super().shutdown(sockets)


def settle(site: Site) -> None:
    """Read what every page needs before somebody asks, and have it never again looked through for garbage.

    All places of a large archive are some hundred thousand objects, which stay; to look through them takes
    a tenth of a second, in which nobody is answered.
    """
    try:
        site.now()
    except DarkhoursError as error:  # the first page says so too
        log.warning("%s", error)
    finally:
        site.leave()
    gc.collect()
    gc.freeze()
    time.sleep(SETTLED_S)
    index_names()


def make_server(
    site: Site, settings: Settings, host: str, port: int, *, log: str = "warning"
) -> uvicorn.Server:
    """Return the server of a site, ready to run."""
    app = make_app(site, settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=patient(settings.slow_s),
        ws="none",
        log_level=log,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=MOST_AT_ONCE,
        h11_max_incomplete_event_size=32_768,
    )
    return _Server(config, app.state.live, site)


def run(site: Site, settings: Settings, host: str, port: int, processes: int = 1) -> int:
    """Serve until told to stop; return the exit code.

    Args:
        site: what is shown.
        settings: what it was told.
        host: address to listen on.
        port: port to listen on.
        processes: how many share the work; each counts the requests of an address for itself.
    """
    if processes == 1:
        _warm(site)
        make_server(site, settings, host, port).run()
        return 0
    config = make_server(site, settings, host, port).config
    shared = config.bind_socket()
    context = get_context("spawn")
    lines: list[_Lines] = [None] * processes
    if site.folder is not None:
        lines = [*answer_beside(site.folder, processes)]
    others = [
        context.Process(target=_share, args=((site.folder, site.cases.folder), settings, shared, each))
        for each in lines
    ]
    for each in others:
        each.start()
    let_others_first()
    return _wait(others)


def _share(
    folders: tuple[Path | None, Path | None], settings: Settings, shared: socket, lines: _Lines
) -> None:
    """Serve in a process of its own, on a socket that others serve too."""
    host, port = shared.getsockname()[:2]
    site = make_site(*folders)
    if lines is not None:
        site.soon, site.elsewhere = Asks(lines[0], fine=True, wait_s=WAIT_S), Asks(lines[1])
    _warm(site)
    make_server(site, settings, host, port).run([shared])


def _warm(site: Site) -> None:
    """Weigh the cases while the site answers already."""
    threading.Thread(target=site.cases.warm, name="cases", daemon=True).start()


def _wait(others: list[SpawnProcess]) -> int:
    """Wait until told to stop, or until one of the processes ends, and end all."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    while not told.wait(0.5):
        if not all(each.is_alive() for each in others):
            log.error("a process of the site ended by itself; all are ended")
            break
    for each in others:
        each.terminate()
    for each in others:
        each.join(GRACE_S + 5)
    return 0 if told.is_set() else 1
