"""The cases of the site: found by name alone, read once, and weighed once for each question."""

from __future__ import annotations

import os
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

from darkhours.app.cases import CaseEntry, CaseLine, find_cases, list_cases
from darkhours.app.publish import Answer, Question, answer
from darkhours.claims import load_case
from darkhours.model.entity import Entity
from darkhours.model.errors import DarkhoursError, InputError, Problem, StoreBusy

KEPT = 32
"""Answers that are kept: ours, some two megabytes each."""

PAST_AT_ONCE = 2
"""Questions of the past that are weighed at once: ours; each takes a core for a second and more."""

WARMED = 8
"""Cases that are weighed before anybody asks: ours, each takes a core for a second or two."""

MOST_NAMED = 2_000
"""States of case files whose places are remembered: ours, twice as many as cases can be sent."""

_Key = tuple[str, int, datetime | None]


@dataclass(frozen=True, slots=True)
class _Named:
    """What a case names: every place, and those that it has an account of."""

    places: dict[str, Entity]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseShelf:
    """The cases that a site shows.

    Args:
        folder: the user's own, None where there are none.
    """

    folder: Path | None
    _kept: OrderedDict[_Key, Answer] = field(default_factory=OrderedDict)
    _locks: dict[_Key, Lock] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)
    _told: dict[str, Any] = field(default_factory=dict)
    _named: dict[tuple[str, int], _Named] = field(default_factory=dict)
    _past: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(PAST_AT_ONCE))

    def lines(self) -> tuple[CaseLine, ...]:
        """Return every case with its title, or with what is wrong with it; read again when a file changes."""
        stamp = tuple((entry.id, _changed(entry.path)) for entry in find_cases(self.folder))
        if self._told.get("stamp") != stamp:
            self._told.update(stamp=stamp, lines=list_cases(self.folder))
        found: tuple[CaseLine, ...] = self._told["lines"]
        return found

    def find(self, name: str) -> CaseEntry:
        """Return the case of a name; a path is never one, for it came from outside.

        Raises:
            InputError: there is none of that name.
        """
        entries = find_cases(self.folder)
        found = next((entry for entry in entries if entry.id == name), None)
        if found is None:
            listed = ", ".join(entry.id for entry in entries) or "none"
            message = f"expected one of {listed}; got {name[:80]!r}"
            raise InputError("case", [Problem("name", message)])
        return found

    def about(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """Return name, title and places of every case that can be read; read again when a file changes."""
        return tuple(
            (line.entry.id, line.title, frozenset(self._named_by(line.entry).places))
            for line in self.lines()
            if line.problem is None
        )

    def places(self) -> tuple[Entity, ...]:
        """Return every place that a case names."""
        found: dict[str, Entity] = {}
        for entry in find_cases(self.folder):
            found |= self._named_by(entry).places
        return tuple(found.values())

    def naming(self, entity: str) -> str | None:
        """Return the name of the first case that names a place, None where none does."""
        return next(
            (each.id for each in find_cases(self.folder) if entity in self._named_by(each).places), None
        )

    def telling(self, entity: str) -> str | None:
        """Return the name of the first case that has an account of a place; to name it is not enough."""
        return next(
            (each.id for each in find_cases(self.folder) if entity in self._named_by(each).accounts), None
        )

    def _named_by(self, entry: CaseEntry) -> _Named:
        """Return what a case names, read once for each state of its file; nothing of a bad one."""
        key = (str(entry.path), _changed(entry.path))
        if key not in self._named:
            try:
                case = load_case(entry.path)
                self._named[key] = _Named(case.places, case.entities)
            except DarkhoursError:
                self._named[key] = _Named({}, ())
            while len(self._named) > MOST_NAMED:
                self._named.pop(next(iter(self._named)), None)
        return self._named.get(key, _Named({}, ()))

    def warm(self) -> None:
        """Weigh the first cases, so that the first reader need not wait; one that cannot be read waits.

        A process that ends afterwards does it, for weighing takes 250 MB that an allocator would keep.
        """
        with ProcessPoolExecutor(1, get_context("spawn"), _go_last) as pool:
            for entry in find_cases(self.folder)[:WARMED]:
                key = (entry.id, _changed(entry.path), None)
                with suppress(RuntimeError):  # that process was killed, or the site ends
                    found = pool.submit(_try, Question(str(entry.path), beside=True), self.folder).result()
                    if found is not None:
                        with self._guard:
                            self._kept.setdefault(key, found)

    def answer(
        self,
        name: str,
        entity: str | None = None,
        service: str = "internet",
        as_of: datetime | None = None,
    ) -> Answer:
        """Return the accounts of a case, the one asked for first, with all others after it.

        Args:
            name: of the case.
            entity: id, None for the flagship.
            service: one of `SERVICES`.
            as_of: only what was published by then counts.

        Raises:
            InputError: no such case or account, or a case that a person must mend.
            ConfigError: the case begins after ``as_of``.
        """
        found = self._every(name, as_of)
        wanted = (found.case.flagship if entity is None else entity, service)
        first = next((each for each in found.accounts if (each.entity, each.service) == wanted), None)
        if first is None:
            known = ", ".join(f"{each.entity}/{each.service}" for each in found.accounts[:40])
            message = f"expected one of {known}; got {'/'.join(wanted)[:120]!r}"
            raise InputError("account", [Problem(name, message)])
        others = tuple(each for each in found.accounts if each is not first)
        return replace(found, accounts=(first, *others))

    def _every(self, name: str, as_of: datetime | None) -> Answer:
        """Return all accounts of a case; the same file is weighed once, and whoever asks meanwhile waits."""
        entry = self.find(name)
        key = (name, _changed(entry.path), as_of)
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            lock = self._locks.setdefault(key, Lock())
        with lock:
            with self._guard:
                if key in self._kept:
                    return self._kept[key]
            try:
                found = self._weigh(entry, as_of)
            finally:
                with self._guard:
                    self._locks.pop(key, None)
            with self._guard:
                self._kept[key] = found
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return found

    def _weigh(self, entry: CaseEntry, as_of: datetime | None) -> Answer:
        """Return all accounts of a case; of the past, which anybody may ask for, only so many at once.

        Raises:
            StoreBusy: so many are being weighed already.
        """
        question = Question(str(entry.path), as_of=as_of, beside=True)
        if as_of is None:
            return answer(question, self.folder)
        if not self._past.acquire(timeout=1):
            raise StoreBusy(
                "cases: expected to weigh what was known then, others are being weighed; ask again"
            )
        try:
            return answer(question, self.folder)
        finally:
            self._past.release()


def _go_last() -> None:
    """Have every other process go first, where the system knows how: readers are there already."""
    if hasattr(os, "nice"):
        os.nice(19)


def _try(question: Question, folder: Path | None) -> Answer | None:
    """Return the accounts of a case, None where it cannot be read: whoever asks for it is told why."""
    with suppress(DarkhoursError):
        return answer(question, folder)
    return None


def _changed(path: Path) -> int:
    """Return when a file was changed last, 0 where it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
