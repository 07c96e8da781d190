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
        """Return what is so now, None without an archive; it is worked out once for each version of it."""
        if self.folder is None:
            return None
        version = self.archive.version
        kept = self._now
        if kept is not None and kept[0] == version:
            return kept[1]
        with self._guard:
            kept = self._now
            if kept is None or kept[0] != version:
                kept = (version, read_now(self.archive, self.clock()))
                self._now = kept
        return kept[1]

    def place(self, entity: str, start: datetime | None = None, until: datetime | None = None) -> PlaceView:
        """Return one place over a span; raises as `read_place`."""
        now = self.now()
        return read_place(self.archive, entity, (start, until), now.places if now is not None else ())
