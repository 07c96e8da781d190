"""The manifest: a SQLite file that says what there is; what it does not name is not there."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from darkhours.model.errors import StoreBusy, StoreError
from darkhours.store.files import sync_path

NAME, LOCK = "darkhours-archive.sqlite", "writer.lock"
FORMAT = 1
"""Form of the archive; another number is another program's."""
PATIENCE_S = 30.0
"""Seconds that a reader waits for the instant of a commit: ours, commits take milliseconds."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE series (no INTEGER PRIMARY KEY, signal TEXT NOT NULL, sense TEXT NOT NULL, kind TEXT NOT NULL,
    worse TEXT NOT NULL, about TEXT NOT NULL, family TEXT NOT NULL, datasource TEXT NOT NULL,
    step_s INTEGER NOT NULL, phase_s INTEGER NOT NULL, attribution TEXT NOT NULL, counted INTEGER NOT NULL,
    smoothed_s REAL NOT NULL, floor INTEGER NOT NULL DEFAULT 0, kept_from INTEGER,
    UNIQUE (signal, family, datasource, step_s, phase_s));
CREATE TABLE entities (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, tz TEXT NOT NULL,
    within TEXT NOT NULL, population INTEGER, latitude REAL, longitude REAL);
CREATE TABLE rosters (no INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, first INTEGER NOT NULL,
    last INTEGER NOT NULL, size INTEGER NOT NULL, packed BLOB NOT NULL);
CREATE TABLE writes (version INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, kind TEXT NOT NULL,
    series INTEGER REFERENCES series, from_bin INTEGER, until_bin INTEGER, roster INTEGER REFERENCES rosters,
    layered INTEGER NOT NULL DEFAULT 0, provenance TEXT NOT NULL DEFAULT '{}');
CREATE INDEX writes_span ON writes (series, until_bin);
CREATE TABLE files (no INTEGER PRIMARY KEY AUTOINCREMENT, series INTEGER NOT NULL REFERENCES series,
    name TEXT NOT NULL UNIQUE, level INTEGER NOT NULL, layer INTEGER NOT NULL, overrides INTEGER NOT NULL,
    from_bin INTEGER NOT NULL, until_bin INTEGER NOT NULL, roster INTEGER NOT NULL REFERENCES rosters,
    first_entity INTEGER NOT NULL, last_entity INTEGER NOT NULL, max_version INTEGER NOT NULL,
    number TEXT NOT NULL, n_bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, dropped_us INTEGER);
CREATE INDEX files_live ON files (series, until_bin) WHERE dropped_us IS NULL;
CREATE TABLE partials (series INTEGER NOT NULL REFERENCES series, bin INTEGER NOT NULL,
    version INTEGER NOT NULL, PRIMARY KEY (series, bin, version)) WITHOUT ROWID;
CREATE TABLE states (job TEXT NOT NULL, batch TEXT NOT NULL, version INTEGER NOT NULL, state BLOB NOT NULL,
    PRIMARY KEY (job, batch));
CREATE TABLE events (no INTEGER PRIMARY KEY, job TEXT NOT NULL, entity TEXT NOT NULL, key TEXT NOT NULL,
    start_us INTEGER NOT NULL, end_us INTEGER, body TEXT NOT NULL, withdrawn INTEGER NOT NULL,
    version INTEGER NOT NULL);
CREATE INDEX events_key ON events (job, entity, key, version);
"""


class Connection(sqlite3.Connection):
    """A connection whose failures are ours: a disk that is full, a manifest that stays locked."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 — as it is there
        """Run a statement.

        Raises:
            StoreError: the manifest cannot be read or written.
            StoreBusy: it is being written for longer than a reader waits.
        """
        with _ours():
            return super().execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """Run a statement for each row; raises as `execute`."""
        with _ours():
            return super().executemany(sql, rows)


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        kind = StoreBusy if "locked" in str(error) else StoreError
        raise kind(f"the manifest of the archive: {error}; mend it, or try again later") from error


class Manifest:
    """An open manifest.

    Args:
        folder: where it lies: on a disk, local or shared, also where the points lie elsewhere.
    """

    def __init__(self, folder: Path) -> None:
        """Open it.

        Raises:
            StoreError: there is none, or it is newer than this program.
        """
        self.folder = folder
        if not (folder / NAME).is_file():
            raise StoreError(f"{folder}: expected an archive, found none; make one: darkhours store init")
        self._lock: sqlite3.Connection | None = None
        self.sql = sqlite3.connect(
            folder / NAME, timeout=PATIENCE_S, isolation_level=None, factory=Connection
        )
        try:
            self.settings = self._read_settings()
        except BaseException:
            self.sql.close()
            raise
        self.sql.execute("PRAGMA synchronous = FULL")
        self.sql.execute("PRAGMA foreign_keys = ON")

    def _read_settings(self) -> dict[str, str]:
        try:
            found = dict(self.sql.execute("SELECT key, value FROM meta").fetchall())
        except (sqlite3.DatabaseError, StoreError) as error:
            raise StoreError(
                f"{self.folder / NAME}: expected the manifest of an archive: {error}; is it another file?"
            ) from error
        form = int(found.get("format", 0))
        if form > FORMAT:
            raise StoreError(
                f"{self.folder}: expected an archive of format {FORMAT} or older, got {form}; "
                "take a newer darkhours"
            )
        return found

    def close(self) -> None:
        """Close it, and let another process write."""
        self.sql.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def claim(self) -> None:
        """Become the one process that writes, until closed; the system frees the claim of one that died.

        Raises:
            StoreBusy: another writes.
        """
        if self._lock is not None:
            return
        held = self.sql.execute("SELECT value FROM meta WHERE key = 'writer'").fetchone()
        who = held[0] if held else "another process"
        told = f"{self.folder}: expected to be the one that writes, but {who} does"
        lock = lock_file(self.folder / LOCK, told)
        self._lock = lock
        with self.changing():
            me = f"process {os.getpid()} on {socket.gethostname()}"
            self.sql.execute("INSERT OR REPLACE INTO meta VALUES ('writer', ?)", [me])

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a transaction: all of it is durable when the block is left, or none.

        Raises:
            StoreError: another process writes.
        """
        self.claim()
        self.sql.execute("BEGIN IMMEDIATE")
        try:
            yield self.sql
            self.commit()
        except BaseException:
            if self.sql.in_transaction:
                self.sql.execute("ROLLBACK")
            raise

    def commit(self) -> None:
        """Make the transaction durable; a seam that tests fail at."""
        self.sql.execute("COMMIT")

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a read: everything in the block is of one instant."""
        if self.sql.in_transaction:
            yield self.sql
            return
        self.sql.execute("BEGIN")
        try:
            yield self.sql
        finally:
            self.sql.execute("COMMIT")


def lock_file(path: Path, held: str) -> sqlite3.Connection:
    """Return a lock that one process can hold, until it closes it or dies.

    Args:
        path: of the lock: an exclusive transaction on a SQLite file, which every platform has.
        held: what to say where another process holds it.

    Raises:
        StoreBusy: another process holds it.
    """
    lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("PRAGMA journal_mode = DELETE")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise StoreBusy(f"{held}; wait for it, or end it: readers need no lock") from error
    return lock


def make_manifest(folder: Path, points: str, *, shared: bool) -> None:
    """Make an empty manifest, whole or not at all.

    Args:
        folder: where; made if it is not there.
        points: where the points lie: "" for a folder beside it, else an address such as ``s3://…``.
        shared: whether several machines will open it over a network file system, on which SQLite's
            write-ahead log does not work; then a plain journal is used, and a commit makes readers wait.

    Raises:
        StoreError: there is one already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target, part = folder / NAME, folder / f"{NAME}.part"
    if target.exists():
        raise StoreError(f"{folder}: expected no archive yet, found one; use it, or name another folder")
    part.unlink(missing_ok=True)
    sql = sqlite3.connect(part, isolation_level=None)
    try:
        sql.execute("PRAGMA synchronous = FULL")
        sql.executescript(f"BEGIN;{SCHEMA}COMMIT;")
        sql.executemany("INSERT INTO meta VALUES (?, ?)", [("format", str(FORMAT)), ("points", points)])
        sql.execute(f"PRAGMA journal_mode = {'DELETE' if shared else 'WAL'}")
    finally:
        sql.close()
    part.replace(target)
    sync_path(folder)
