"""A real site on loopback, over the shipped cases and a small archive whose signals are made up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
httpx2 = pytest.importorskip("httpx2", reason="the extra fetch is not installed")
pytest.importorskip("uvicorn", reason="the extra web is not installed")

from darkhours.app.serve import make_site  # noqa: E402
from darkhours.web.run import make_server, settings_of  # noqa: E402

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


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """An archive of a generated week, with its outages found."""
    from darkhours.app.demo_archive import make_demo_archive

    folder = tmp_path_factory.mktemp("site") / "archive"
    make_demo_archive(folder, datetime(2026, 11, 26, 12, tzinfo=UTC))
    return folder


@pytest.fixture(scope="session")
def site(archive):
    """A site of that archive and the shipped cases, whose clock stands at the end of the week."""
    made = make_site(archive, None)
    made.clock = lambda: datetime(2026, 11, 26, 12, 2, tzinfo=UTC)
    return made


@pytest.fixture(scope="session")
def base(site):
    """Its address."""
    with serving(site) as address:
        yield address


@pytest.fixture
def get(base):
    """What asks it, without following anything."""
    with httpx2.Client(base_url=base, timeout=60) as client:
        yield client.get


@pytest.fixture(scope="session")
def serve_site():
    """What serves any site: a context that gives its address."""
    return serving
