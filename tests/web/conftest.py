"""A real site on loopback, over the shipped cases and a small archive whose signals are made up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
httpx2 = pytest.importorskip("httpx2", reason="the extra fetch is not installed")
pytest.importorskip("uvicorn", reason="the extra web is not installed")

from browsing import browser, pytest_collection_modifyitems, visit  # noqa: E402, F401 — fixtures of the browser
from serving import serving  # noqa: E402

from darkhours.app.serve import make_site  # noqa: E402


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
