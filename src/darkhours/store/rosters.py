"""Entities by number, and rosters: the sets of entities that files and writes are about."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import InputError, Problem
from darkhours.places import lookup

Numbers = NDArray[np.int32]
KEPT_ORDERS, CROWD, FEW = 16, 1000, 300
KEPT_NUMBERS = 1 << 24
"""Numbers of all rosters in memory together, 64 MB: ours; two hundred of 80,000 entities."""


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """A set of entities.

    Args:
        no: number in the archive.
        entities: numbers, ascending, shape (n,).
    """

    no: int
    entities: Numbers


class RosterBook:
    """Entities and rosters of one archive, kept in memory once they were asked for.

    Args:
        sql: the manifest.
    """

    def __init__(self, sql: sqlite3.Connection) -> None:
        """Begin with an empty memory."""
        self._sql = sql
        self.forget()

    def forget(self) -> None:
        """Forget everything, as after a transaction that failed."""
        self._numbers: dict[str, int] = {}
        self._entities: dict[int, Entity] = {}
        self._rosters: dict[int, Roster] = {}
        self._kept = 0
        self._orders: list[tuple[tuple[str | Entity, ...], NDArray[np.intp], Roster]] = []
        self._crowds: list[tuple[Numbers, tuple[Entity, ...]]] = []

    def enrol(self, entities: Sequence[str | Entity]) -> tuple[NDArray[np.intp], Roster]:
        """Return the order that sorts entities by number, and their roster; new ones get a number.

        Args:
            entities: ids or entities, each once. An entity of which the id alone is told is described
                by the gazetteer.

        Raises:
            InputError: one is no entity.
            ValueError: one stands there twice.
        """
        for known, order, roster in self._orders:
            if known is entities:
                return order, roster
        ids = tuple(each if isinstance(each, str) else each.id for each in entities)
        self._read_numbers()
        new = [each for each, id_ in zip(entities, ids, strict=True) if id_ not in self._numbers]
        self._insert(new)
        numbers = np.fromiter((self._numbers[id_] for id_ in ids), np.int32, len(ids))
        order = np.argsort(numbers, kind="stable")
        ascending = numbers[order]
        if np.any(ascending[1:] == ascending[:-1]):
            raise ValueError("entities: expected each once, got one twice")
        roster = self.keep(ascending)
        if isinstance(entities, tuple):  # which nobody can change behind our back
            self._orders = [*self._orders[-KEPT_ORDERS + 1 :], (entities, order, roster)]
        return order, roster

    def keep(self, ascending: Numbers) -> Roster:
        """Return the roster of these entities; made if it is new."""
        digest = hashlib.sha256(ascending.tobytes()).digest()
        row = self._sql.execute("SELECT no FROM rosters WHERE digest = ?", [digest]).fetchone()
        if row is None:
            steps = np.diff(ascending, prepend=np.int32(0)).astype("<i4")
            ends = int(ascending[0]), int(ascending[-1])
            added = self._sql.execute(
                "INSERT INTO rosters (digest, first, last, size, packed) VALUES (?, ?, ?, ?, ?)",
                [digest, *ends, len(ascending), zlib.compress(steps.tobytes())],
            )
            row = (int(added.lastrowid or 0),)
        return self._remember(Roster(row[0], ascending))

    def roster(self, no: int) -> Roster:
        """Return a roster by its number."""
        found = self._rosters.get(no)
        if found is None:
            (packed,) = self._sql.execute("SELECT packed FROM rosters WHERE no = ?", [no]).fetchone()
            steps = np.frombuffer(zlib.decompress(packed), "<i4")
            found = self._remember(Roster(no, np.cumsum(steps, dtype=np.int32)))
        return found

    def _remember(self, roster: Roster) -> Roster:
        if roster.no not in self._rosters:
            self._kept += len(roster.entities)
        if self._kept > KEPT_NUMBERS:
            self._rosters, self._kept = {}, len(roster.entities)
        return self._rosters.setdefault(roster.no, roster)

    def numbers_of(self, ids: Sequence[str]) -> Numbers:
        """Return the numbers of entities, in their order.

        Raises:
            InputError: the archive holds nothing of one.
        """
        if len(ids) > 500:  # noqa: PLR2004 — about where reading all of them is no slower than asking for each
            self._read_numbers()
        unknown = []
        out = np.zeros(len(ids), np.int32)
        for at, id_ in enumerate(ids):
            number = self._numbers.get(id_) or self._find(id_)
            out[at] = number
            if not number:
                unknown.append(Problem("entity", f"expected one that the archive holds, got {id_!r}"))
        if unknown:
            raise InputError("archive", unknown[:10])
        return out

    def _find(self, id_: str) -> int:
        row = self._sql.execute("SELECT no FROM entities WHERE id = ?", [id_]).fetchone()
        if row is not None:
            self._numbers[id_] = row[0]
        return row[0] if row else 0

    def entities(self, numbers: Numbers) -> tuple[Entity, ...]:
        """Return entities by their numbers; the same thousands again are not looked up again."""
        for known, crowd in self._crowds:
            if known is numbers:
                return crowd
        missing = [no for no in numbers.tolist() if no not in self._entities]
        if len(missing) < FEW:
            for no in missing:
                self._read_entities(no, no)
        else:
            self._read_entities(min(missing), max(missing))
        found = tuple(self._entities[no] for no in numbers.tolist())
        if len(found) >= CROWD:
            self._crowds = [*self._crowds[-KEPT_ORDERS + 1 :], (numbers, found)]
        return found

    def named(self, prefix: str) -> tuple[Entity, ...]:
        """Return every entity whose id begins so, by id."""
        rows = self._sql.execute(
            "SELECT no FROM entities WHERE id >= ? AND id < ? AND substr(id, 1, ?) = ? ORDER BY id",
            [prefix, prefix + "\U0010ffff", len(prefix), prefix],
        ).fetchall()
        return self.entities(np.array([row[0] for row in rows], np.int32))

    def _read_entities(self, first: int, last: int) -> None:
        rows = self._sql.execute(
            "SELECT no, id, name, tz, within, population, latitude, longitude FROM entities "
            "WHERE no BETWEEN ? AND ?",
            [first, last],
        )
        same: dict[str, tuple[str, ...]] = {}  # zones and containers are few, and each is kept once
        for no, id_, name, tz, within, *rest in rows:
            outer = same.get(within)
            if outer is None:
                outer = same[within] = tuple(json.loads(within))
            called = id_ if name == id_ else name
            self._entities[no] = Entity(id_, called, sys.intern(tz), outer, *rest)

    def _read_numbers(self) -> None:
        (count,) = self._sql.execute("SELECT count(*) FROM entities").fetchone()
        if count > len(self._numbers):
            self._numbers = dict(self._sql.execute("SELECT id, no FROM entities").fetchall())

    def _insert(self, new: Iterable[str | Entity]) -> None:
        for each in new:
            entity = _describe(each) if isinstance(each, str) else each
            added = self._sql.execute(
                "INSERT OR IGNORE INTO entities (id, name, tz, within, population, latitude, longitude) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    *(entity.id, entity.name, entity.tz, json.dumps(entity.within), entity.population),
                    *(entity.latitude, entity.longitude),
                ],
            )
            self._numbers.setdefault(entity.id, int(added.lastrowid or 0))


def _describe(id_: str) -> Entity:
    """Return what the gazetteer knows of an entity; by its id alone where it knows nothing."""
    if not is_entity_id(id_):
        message = f"expected an id such as country:KZ, asn:9198@KZ or local:Kerman/Bam, got {id_!r}"
        raise InputError("entities", [Problem("", message)])
    try:
        return lookup(id_)
    except InputError:
        return Entity(id_, id_, "UTC")
