"""Runs a site: one process, threads for what waits, and a short end."""

from __future__ import annotations

from urllib.parse import urlsplit

import uvicorn

from darkhours.app.site import Site
from darkhours.model.errors import ConfigError
from darkhours.web.server import make_app
from darkhours.web.settings import Settings

LOCAL = ("127.0.0.1", "localhost", "[::1]")
KEEP_ALIVE_S = 15
GRACE_S = 5
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
) -> Settings:
    """Return what a site is told by its command line.

    Raises:
        ConfigError: the base is no web address, or the rate none.
    """
    shown = f"[{host}]" if ":" in host else host
    base = base.rstrip("/") if base else f"http://{shown}:{port}"
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ConfigError(f"--base: expected an address such as https://dark.example.org, got {base!r}")
    if not rate > 0:
        raise ConfigError(f"--rate: expected requests a second above 0, got {rate:g}")
    hosts = dict.fromkeys((*LOCAL, parts.hostname, shown, *names))
    return Settings(base, tuple(hosts), token or None, rate, max(1, int(4 * rate)))


def run(site: Site, settings: Settings, host: str, port: int) -> int:
    """Serve until told to stop; return the exit code."""
    config = uvicorn.Config(
        make_app(site, settings),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=MOST_AT_ONCE,
        h11_max_incomplete_event_size=32_768,
    )
    uvicorn.Server(config).run()
    return 0
