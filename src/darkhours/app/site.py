"""The site: what its pages and its interface ask for; every answer is a value."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from darkhours.app.site_cases import CaseShelf
from darkhours.app.site_entity import PlaceView, read_place
from darkhours.app.site_now import Now, read_now
from darkhours.model.errors import InputError, Problem
from darkhours.store import Archive, open_archive


@dataclass
class Site:
    """An archive and its cases, read by many threads at once.

    Args:
        cases: what reports are about.
        folder: of the archive, None where there is none.
        clock: tells the time, UTC.
    """

    cases: CaseShelf
    folder: Path | None
    clock: Callable[[], datetime]
    _own: threading.local = field(default_factory=threading.local)
    _now: tuple[int, Now] | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def archive(self) -> Archive:
        """Return the archive, open in this thread.

        Raises:
            InputError: the site has none.
            StoreError: it cannot be read.
        """
        if self.folder is None:
            message = "expected an archive, this site shows cases only; serve it one: darkhours serve FOLDER"
            raise InputError("site", [Problem("archive", message)])
        if not hasattr(self._own, "archive"):
            self._own.archive = open_archive(self.folder)
        found: Archive = self._own.archive
        return found

    @property
    def version(self) -> int:
        """Return the version of the archive, 0 where there is none."""
        return 0 if self.folder is None else self.archive.version

    def now(self) -> Now | None:
        """Return what is so now, None without an archive; it is worked out once for each version of it.

        Nobody waits for a new version: until it is worked out, a second where very many places are watched,
        the one before it is told.
        """
        if self.folder is None:
            return None
        version, kept = self.archive.version, self._now
        if kept is None:
            with self._guard:
                return self._renewed(version)
        if kept[0] != version and self._guard.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(version,), daemon=True).start()
        return kept[1]

    def _renew(self, version: int) -> None:
        """Work out a new version in a thread of its own, which then closes its archive."""
        try:
            self._renewed(version)
            self.archive.close()
        finally:
            self._guard.release()

    def _renewed(self, version: int) -> Now:
        if self._now is None or self._now[0] != version:
            self._now = (version, read_now(self.archive, self.clock()))
        return self._now[1]

    def place(self, entity: str, start: datetime | None = None, until: datetime | None = None) -> PlaceView:
        """Return one place over a span; raises as `read_place`."""
        now = self.now()
        return read_place(self.archive, entity, (start, until), now.places if now is not None else ())
