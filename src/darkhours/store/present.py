"""What is known of every entity now, and the list of all that was told: a SQLite file beside the manifest.

It is apart from the manifest, so that a watch can tell what it sees while another process writes points.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from darkhours.model.errors import StoreError
from darkhours.store.extra import need_pyarrow
from darkhours.store.ledger import from_us, to_us
from darkhours.store.manifest import PATIENCE_S, Connection, Manifest, lock_file

NAME, LOCK = "darkhours-present.sqlite", "watch.lock"
STATES = ("up", "degraded", "dark", "unknown")
STATUSES = ("none", "ongoing", "probation", "ended", "unmeasured")
KINDS = ("dark", "degraded", "back", "ended", "revised", "withdrawn")
NEVER = np.iinfo(np.int64).min
"""Stands for no instant."""

SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS rosters (no INTEGER PRIMARY KEY, ids TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS present (one INTEGER PRIMARY KEY CHECK (one = 0), roster INTEGER NOT NULL,
    head TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS changes (cursor INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL,
    kind TEXT NOT NULL, state TEXT NOT NULL, status TEXT NOT NULL, form TEXT NOT NULL, at_us INTEGER NOT NULL,
    earliest_us INTEGER NOT NULL, latest_us INTEGER NOT NULL, begun_us INTEGER, until_us INTEGER NOT NULL,
    told_us INTEGER NOT NULL, p REAL NOT NULL, families TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS changes_entity ON changes (entity, cursor);
COMMIT;
"""
COLUMNS = {
    "state": "u1",
    "status": "u1",
    "final": "u1",
    "families": "<u2",
    "p": "<f4",
    "longest_h": "<f4",
    "up_h": "<f4",
    "since": "<i8",
    "begun": "<i8",
    "until": "<i8",
}
"""Columns of `Present` and how each is kept."""

Column = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Present:
    """What is known of every entity now: a row for each, in columns.

    Args:
        entities: ids.
        state: position in `STATES`.
        status: of the last outage, position in `STATUSES`.
        final: 1 where it is told with hindsight, 0 where it was told as it went.
        families: who measures the entity, or tells of its outage: position in `groups`.
        p: probability of the state.
        longest_h: longest return inside the last outage, hours.
        up_h: hours of up that were measured since the last return.
        since: from when the state holds, microseconds since 1970, `NEVER` where nobody knows.
        begun: begin of the last outage, likewise.
        until: end of the last bin that counted, likewise.
        groups: families that speak together.
        cursor: of the newest change that it holds.
    """

    entities: tuple[str, ...]
    state: Column
    status: Column
    final: Column
    families: Column
    p: Column
    longest_h: Column
    up_h: Column
    since: Column
    begun: Column
    until: Column
    groups: tuple[tuple[str, ...], ...] = ()
    cursor: int = 0

    def __len__(self) -> int:
        return len(self.entities)

    def pick(self, rows: Sequence[int] | Column) -> Self:
        """Return some rows."""
        which = np.asarray(rows, dtype=np.int64)
        columns = {name: getattr(self, name)[which] for name in COLUMNS}
        return replace(self, entities=tuple(self.entities[row] for row in which.tolist()), **columns)

    def row(self, at: int) -> dict[str, Any]:
        """Return one entity as plain values, instants as `datetime` or None."""
        instants = {
            name: None if (us := int(getattr(self, name)[at])) == NEVER else from_us(us)
            for name in ("since", "begun", "until")
        }
        return {
            "entity": self.entities[at],
            "state": STATES[int(self.state[at])],
            "status": STATUSES[int(self.status[at])],
            "form": "final" if self.final[at] else "live",
            "p": float(self.p[at]),
            "families": list(self.groups[int(self.families[at])]) if self.groups else [],
            **instants,
        }


def empty_present(entities: Sequence[str] = ()) -> Present:
    """Return entities of which nothing is known."""
    n = len(entities)
    columns: dict[str, Any] = {name: np.zeros(n, dtype=kind) for name, kind in COLUMNS.items()}
    for name in ("since", "begun", "until"):
        columns[name][:] = NEVER
    columns["state"][:], columns["status"][:] = STATES.index("unknown"), STATUSES.index("unmeasured")
    return Present(tuple(entities), **columns, groups=((),))


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was told of an entity.

    Args:
        entity: id.
        kind: one of `KINDS`: it went dark, is degraded, is back (on probation), has been back for as
            long as a probation lasts; edges were revised; or it turned out to be no outage.
        state: of the entity from then on, one of `STATES`.
        status: of its last outage, one of `STATUSES`.
        at: the edge, UTC.
        earliest: earliest that it may have been (90 %).
        latest: latest.
        begun: begin of the outage; None where it turned out to be none.
        until: end of the last bin that counted when it was told.
        p: probability of the state.
        families: who carries it.
        form: ``live`` where it was told as it went, ``final`` with hindsight.
        told: when it was kept, UTC; None before.
        cursor: its number, greater than that of any change before; 0 before it is kept.
    """

    entity: str
    kind: str
    state: str
    status: str
    at: datetime
    earliest: datetime
    latest: datetime
    begun: datetime | None
    until: datetime
    p: float
    families: tuple[str, ...] = ()
    form: str = "live"
    told: datetime | None = None
    cursor: int = 0


class Board:
    """The present and the changes of one archive.

    Args:
        manifest: of the archive, beside which the board lies.
    """

    def __init__(self, manifest: Manifest) -> None:
        """Remember where; it is opened when it is used."""
        self._path, self._like = manifest.folder / NAME, manifest
        self._sql: sqlite3.Connection | None = None
        self._lock: sqlite3.Connection | None = None
        self._ids: tuple[int, tuple[str, ...]] = (0, ())

    def close(self) -> None:
        """Close it, and let another process watch."""
        for each in (self._sql, self._lock):
            if each is not None:
                each.close()
        self._sql = self._lock = None

    def claim(self) -> None:
        """Become the one process that watches, until closed; the system frees the claim of one that died.

        Raises:
            StoreBusy: another watches.
        """
        if self._lock is None:
            folder = self._path.parent
            told = f"{folder}: expected to be the one that watches, but another process does"
            self._lock = lock_file(folder / LOCK, told)

    # --- reading -----------------------------------------------------------------------------------

    def current(self) -> Present:
        """Return what is known of every entity now; of none before anything was told."""
        sql = self._read()
        if sql is None:
            return empty_present()
        row = sql.execute(_PRESENT, [self._ids[0]]).fetchone()
        return empty_present() if row is None else self._held(*row)

    def changes(self, after: int, limit: int, entity: str | None) -> tuple[Change, ...]:
        """Return changes in the order in which they were told."""
        sql = self._read()
        if sql is None:
            return ()
        where, given = ("", [after]) if entity is None else (" AND entity = ?", [after, entity])
        rows = sql.execute(
            f"SELECT {_CHANGE} FROM changes WHERE cursor > ?{where} ORDER BY cursor LIMIT ?",  # noqa: S608
            [*given, limit],
        ).fetchall()
        return tuple(_change(*row) for row in rows)

    def last_cursor(self) -> int:
        """Return the cursor of the newest change, 0 before the first."""
        sql = self._read()
        return 0 if sql is None else int(sql.execute("SELECT max(cursor) FROM changes").fetchone()[0] or 0)

    def _read(self) -> sqlite3.Connection | None:
        if self._sql is None and self._path.exists():
            sql = _open(self._path)
            made = sql.execute("SELECT count(*) FROM sqlite_master WHERE name = 'changes'").fetchone()[0]
            if not made:  # another process is about to
                sql.close()
                return None
            self._sql = sql
        return self._sql

    def _held(self, no: int, head: str, body: bytes, ids: str | None) -> Present:
        if ids is not None:
            self._ids = no, tuple(ids.split("\n")) if ids else ()
        return _unpack(self._ids[1], head, body)

    # --- writing -----------------------------------------------------------------------------------

    def tell(self, rows: Present, changes: Iterable[Change], now: datetime) -> int:
        """Keep rows and changes together or not at all, and return the newest cursor.

        Entities that ``rows`` does not have stay as they are.
        """
        with self._changing() as sql:
            cursor = 0
            for each in changes:
                cursor = int(sql.execute(_INSERT, _row(each, now)).lastrowid or 0)
            cursor = cursor or int(sql.execute("SELECT max(cursor) FROM changes").fetchone()[0] or 0)
            row = sql.execute(_PRESENT, [self._ids[0]]).fetchone()
            merged = rows
            if row is not None:
                held = self._held(*row)
                merged = rows if held.entities == rows.entities else merge(held, rows)
            no = self._ids[0]
            if row is None or merged.entities != self._ids[1]:
                no += 1
                sql.execute("DELETE FROM rosters")
                sql.execute("INSERT INTO rosters VALUES (?, ?)", [no, "\n".join(merged.entities)])
                self._ids = no, merged.entities
            head, body = _pack(replace(merged, cursor=cursor))
            sql.execute("INSERT OR REPLACE INTO present VALUES (0, ?, ?, ?)", [no, head, body])
        return cursor

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        sql = self._read()
        if sql is None:
            self._sql = sql = _make(self._path, self._like)
        sql.execute("BEGIN IMMEDIATE")
        try:
            yield sql
            sql.execute("COMMIT")
        except BaseException:
            self._ids = 0, ()
            if sql.in_transaction:
                sql.execute("ROLLBACK")
            raise


def _open(path: Path) -> sqlite3.Connection:
    sql = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, factory=Connection)
    try:
        sql.execute("PRAGMA synchronous = FULL")
        sql.execute("SELECT count(*) FROM sqlite_master")
    except (sqlite3.DatabaseError, StoreError) as error:
        sql.close()
        told = f"{path}: expected what was told of an archive: {error}; move it away to begin it anew"
        raise StoreError(told) from error
    return sql


def _make(path: Path, like: Manifest) -> sqlite3.Connection:
    """Return the board, made with the kind of journal that the manifest has."""
    sql = _open(path)
    (journal,) = like.sql.execute("PRAGMA journal_mode").fetchone()
    sql.execute(f"PRAGMA journal_mode = {'WAL' if journal.lower() == 'wal' else 'DELETE'}")
    sql.executescript(SCHEMA)
    return sql


def merge(held: Present, rows: Present) -> Present:
    """Return what was known with rows laid over it; new entities come last."""
    place = {id_: at for at, id_ in enumerate(held.entities)}
    new = [id_ for id_ in rows.entities if id_ not in place]
    place |= {id_: len(held.entities) + at for at, id_ in enumerate(new)}
    to = np.array([place[id_] for id_ in rows.entities], dtype=np.int64)
    groups = tuple(dict.fromkeys((*held.groups, *rows.groups)))
    out: dict[str, Any] = {}
    for name, kind in COLUMNS.items():
        mine = getattr(rows, name)
        if name == "families" and rows.groups:
            mine = np.array([groups.index(group) for group in rows.groups], dtype=kind)[mine]
        out[name] = np.concatenate([getattr(held, name), np.zeros(len(new), dtype=kind)])
        out[name][to] = mine
    return Present((*held.entities, *new), **out, groups=groups)


def _pack(present: Present) -> tuple[str, bytes]:
    body = b"".join(np.asarray(getattr(present, name), kind).tobytes() for name, kind in COLUMNS.items())
    head = {"n": len(present), "groups": present.groups, "cursor": present.cursor, "bytes": len(body)}
    return json.dumps(head), need_pyarrow().compress(body, codec="lz4", asbytes=True)


def _unpack(entities: tuple[str, ...], told: str, body: bytes) -> Present:
    head = json.loads(told)
    data = need_pyarrow().decompress(body, head["bytes"], codec="lz4", asbytes=True)
    columns: dict[str, Any] = {}
    at = 0
    for name, kind in COLUMNS.items():
        columns[name] = np.frombuffer(data, kind, head["n"], at)
        at += columns[name].nbytes
    return Present(entities, **columns, groups=tuple(map(tuple, head["groups"])), cursor=head["cursor"])


_PRESENT = (
    "SELECT roster, head, body, CASE WHEN roster = ? THEN NULL ELSE ids END "
    "FROM present JOIN rosters ON rosters.no = present.roster"
)
_CHANGE = (
    "cursor, entity, kind, state, status, form, at_us, earliest_us, latest_us, begun_us, until_us, told_us, "
    "p, families"
)
_INSERT = (
    "INSERT INTO changes (entity, kind, state, status, form, at_us, earliest_us, latest_us, begun_us, "
    "until_us, told_us, p, families) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _row(each: Change, now: datetime) -> list[Any]:
    begun = None if each.begun is None else to_us(each.begun)
    instants = [*map(to_us, (each.at, each.earliest, each.latest)), begun, to_us(each.until), to_us(now)]
    words = [each.entity, each.kind, each.state, each.status, each.form]
    return [*words, *instants, each.p, json.dumps(each.families)]


def _change(*row: Any) -> Change:  # noqa: ANN401 — a row
    cursor, entity, kind, state, status, form, at, earliest, latest, begun, until, told, p, families = row
    return Change(
        entity, kind, state, status, from_us(at), from_us(earliest), from_us(latest),
        None if begun is None else from_us(begun), from_us(until), p, tuple(json.loads(families)), form,
        from_us(told), cursor,
    )  # fmt: skip
