"""The site: what its pages and its interface ask for; every answer is a value."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from darkhours.app.site_baseline import BaselineShelf, Elsewhere, Learned
from darkhours.app.site_cases import CaseShelf
from darkhours.app.site_entity import PlaceView, read_place
from darkhours.app.site_listing import Register, make_register
from darkhours.app.site_notices import Noted, read_notices
from darkhours.app.site_now import Now, last_outages, read_now
from darkhours.app.site_versions import AccountShelf
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, Problem
from darkhours.store import Archive, Event, Footers, open_archive


@dataclass
class Site:
    """An archive and its cases, read by many threads at once.

    Args:
        cases: what reports are about.
        folder: of the archive, None where there is none.
        clock: tells the time, UTC.
        elsewhere: works out what no page waits for in another process; None: this one does.
        soon: the same for what a page waits for.
    """

    cases: CaseShelf
    folder: Path | None
    clock: Callable[[], datetime]
    elsewhere: Elsewhere | None = None
    soon: Elsewhere | None = None
    _own: threading.local = field(default_factory=threading.local)
    _footers: Footers = field(default_factory=Footers)
    _now: tuple[int, Now] | None = None
    _noting: threading.Lock = field(default_factory=threading.Lock)
    _noted: tuple[tuple[int, int], tuple[Noted, ...]] = ((-1, -1), ())
    _events: tuple[int, int] = (0, 0)
    _last: tuple[int, dict[str, Event]] = field(default_factory=lambda: (-1, {}))
    _places: tuple[int, dict[str, Entity]] = field(default_factory=lambda: (-1, {}))
    _register: tuple[tuple[tuple[Entity, ...], int], Register] = (((), -1), Register((), "", ()))
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
            self._own.archive = open_archive(self.folder, footers=self._footers)
        found: Archive = self._own.archive
        return found

    def leave(self) -> None:
        """Close the archive of this thread, which ends."""
        if hasattr(self._own, "archive"):
            self._own.archive.close()
            del self._own.archive

    @property
    def version(self) -> int:
        """Return what grows with every write and every change that is told, 0 where there is no archive."""
        return 0 if self.folder is None else self.archive.version + self.archive.last_cursor

    def now(self) -> Now | None:
        """Return what is so now, None without an archive; it is worked out once for each version of it.

        Nobody waits for a new version: until it is worked out, a second where very many places are watched,
        the one before it is told.
        """
        if self.folder is None:
            return None
        version, kept = self.version, self._now
        if kept is None:
            with self._guard:
                return self._renewed(version)
        if kept[0] != version and self._guard.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(version,), daemon=True).start()
        return kept[1]

    def notices(self) -> tuple[Noted, ...]:
        """Return what the archive tells of each change; none without one, and worked out once a version."""
        if self.folder is None:
            return ()
        told = (self._newest_events(), self.archive.last_cursor)
        if self._noted[0] != told:
            with self._noting:
                if self._noted[0] != told:
                    self._noted = (told, read_notices(self.archive))
        return self._noted[1]

    def _newest_events(self) -> int:
        """Return the version of the newest write of events; most writes are of points, and change none."""
        seen, newest = self._events
        writes = self.archive.writes(seen)
        if writes:
            newest = max((each.version for each in writes if each.kind == "events"), default=newest)
            self._events = (writes[-1].version, newest)
        return newest

    def _known(self) -> dict[str, Entity]:
        """Return the places of the archive, by id; read again when there are more of them."""
        count = 0 if self.folder is None else self.archive.count_entities()
        if self._places[0] != count:
            measured = () if self.folder is None else self.archive.entities()
            self._places = (count, {each.id: each for each in measured})
        return self._places[1]

    def _outages(self) -> dict[str, Event]:
        """Return the last outage of each place, read again when there are new ones."""
        newest = self._newest_events()
        if self._last[0] != newest:
            self._last = (newest, last_outages(self.archive))
        return self._last[1]

    def register(self) -> Register:
        """Return every place that the archive or a case knows; made again when there are more of them."""
        told, known = self.cases.places(), self._known()
        if self._register[0] != (told, len(known)):
            both = {each.id: each for each in told} | known
            self._register = ((told, len(known)), make_register(both.values()))
        return self._register[1]

    def is_measured(self, entity: str) -> bool:
        """Return whether the archive knows a place."""
        return entity in self._known()

    @cached_property
    def _baselines(self) -> BaselineShelf:
        return BaselineShelf(lambda: self.archive, self.leave, self.elsewhere, self.soon)

    @cached_property
    def versions(self) -> AccountShelf:
        """Return the accounts that are kept for ever, beside the archive."""
        return AccountShelf(None if self.folder is None else self.folder / "accounts")

    def _renew(self, version: int) -> None:
        """Work out a new version in a thread of its own, which then closes its archive."""
        try:
            self._renewed(version)
        finally:
            self.leave()
            self._guard.release()

    def _renewed(self, version: int) -> Now:
        if self._now is None or self._now[0] != version:
            self._now = (
                version,
                read_now(self.archive, (self.clock(), version), self._known(), self._outages()),
            )
        return self._now[1]

    def place(self, entity: str, start: datetime | None = None, until: datetime | None = None) -> PlaceView:
        """Return one place over a span; raises as `read_place`."""
        now = self.now()
        known = self._known().get(entity) if self.folder is not None else None
        return read_place(
            self.archive, known or entity, (start, until), now.places if now is not None else ()
        )

    def learned(self, view: PlaceView) -> Learned | None:
        """Return what the signals of a view would be held against, None where that is not worked out."""
        return self._baselines.learn(self.archive, view)

    def is_learning(self, view: PlaceView) -> bool:
        """Return whether the baselines of a view will be there soon."""
        return self._baselines.is_pending(self.archive, view)
