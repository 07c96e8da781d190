"""The use case behind `serve`: an archive and its cases as a site, until it is told to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from darkhours.app.screen import working
from darkhours.app.site import Site
from darkhours.app.site_cases import CaseShelf
from darkhours.model.errors import ConfigError, InputError, Problem

NEEDED = ("fastapi", "uvicorn", "orjson", "babel")


def need_web() -> None:
    """Check that what a site needs is installed.

    Raises:
        ConfigError: the extra is not.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise ConfigError("serve: a site needs an extra: pip install 'darkhours[web]'")


def make_site(folder: Path | None, cases: Path | None) -> Site:
    """Return the site of an archive and of the cases.

    Args:
        folder: of the archive, None for a site of cases alone.
        cases: the user's own, None where there are none.

    Raises:
        InputError: there is no archive in the folder.
        StoreError: it is newer than this program.
    """
    if folder is not None:
        _look_at(folder.expanduser())
    clock = lambda: datetime.now(UTC)  # noqa: E731 — the one clock of the site
    return Site(CaseShelf(cases), None if folder is None else folder.expanduser(), clock)


@contextmanager
def demo_archive() -> Iterator[Path]:
    """Give the folder of a generated archive, which goes afterwards."""
    from darkhours.app.demo_archive import make_demo_archive  # noqa: PLC0415 — an extra

    with TemporaryDirectory(prefix="darkhours-demo-") as folder:
        with working("making up a fortnight of signals"):
            made = make_demo_archive(Path(folder) / "archive", datetime.now(UTC))
        yield made


def _look_at(folder: Path) -> None:
    from darkhours.store import open_archive  # noqa: PLC0415 — an extra

    if not folder.is_dir():
        message = "expected the folder of an archive, got none; make one: darkhours store init FOLDER"
        raise InputError(str(folder), [Problem("", message)])
    open_archive(folder).close()
