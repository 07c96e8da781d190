"""What jobs leave: the state from which each goes on, and the events that it has found."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection
from typing import Any

from darkhours.store.ledger import from_us, insert_write, to_us
from darkhours.store.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a job found of an entity, as it was known at a version.

    Args:
        entity: id.
        key: what tells it from other events of the job and entity, such as its first edge; another record
            of the same key takes the place of this one, and both can still be read.
        start: begin, UTC.
        end: end, None while it lasts.
        body: whatever else the job tells, as JSON.
        withdrawn: whether it turned out to be none.
        version: of the record; 0 before it is kept.
    """

    entity: str
    key: str
    start: datetime
    end: datetime | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: bool = False
    version: int = 0


_JOBS = (
    "WITH RECURSIVE told(name) AS (SELECT min(job) FROM events UNION ALL "
    "SELECT (SELECT min(job) FROM events WHERE job > name) FROM told WHERE name IS NOT NULL) "
    "SELECT name FROM told WHERE name IS NOT NULL"
)
"""Every job that has left events, found by one look into the index for each."""


def record(
    shelf: Shelf,
    job: str,
    events: Iterable[Event],
    states: Mapping[str, bytes],
    seen: int | None = None,
    *,
    only: Collection[str] | None = None,
) -> int:
    """Keep events and states together or not at all, and return the version.

    Args:
        shelf: the archive.
        job: name of the job.
        events: what it found, or changed of what it had found.
        states: by batch of entities, what it needs to go on.
        seen: version of the archive that the states have seen; None takes the new one.
        only: batches of the job whose older states stay beside the new ones; None for all.
    """
    with shelf.changing() as sql:
        version = insert_write(sql, "events", shelf.clock(), provenance={"job": job})
        sql.executemany(
            "INSERT INTO events (job, entity, key, start_us, end_us, body, withdrawn, version) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(job, *_row(event), version) for event in events],
        )
        if only is not None:
            kept = {batch for (batch,) in sql.execute("SELECT batch FROM states WHERE job = ?", [job])}
            over = [(job, batch) for batch in sorted(kept.difference(only))]
            sql.executemany("DELETE FROM states WHERE job = ? AND batch = ?", over)
        sql.executemany(
            "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?)",
            [(job, batch, version if seen is None else seen, state) for batch, state in states.items()],
        )
    return version


def _row(event: Event) -> tuple[Any, ...]:
    end = None if event.end is None else to_us(event.end)
    body = json.dumps(dict(event.body), sort_keys=True)
    return event.entity, event.key, to_us(event.start), end, body, event.withdrawn


def load_state(sql: Connection, job: str, batch: str) -> tuple[int, bytes] | None:
    """Return the version that a state has seen and the state itself, None where there is none."""
    row = sql.execute(
        "SELECT version, state FROM states WHERE job = ? AND batch = ?", [job, batch]
    ).fetchone()
    return None if row is None else (row[0], row[1])


def find_events(
    sql: Connection,
    job: str | None = None,
    entity: str | None = None,
    span: tuple[datetime, datetime] | None = None,
    as_of: int | None = None,
    *,
    pick: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> tuple[Event, ...]:
    """Return events by begin, each by its last record.

    Args:
        sql: connection.
        job: of this job only.
        entity: of this entity only.
        span: only those that touch the time from the first instant to the second.
        as_of: by what was recorded until this version; None for all.
        pick: what is kept of each body, which no more than one is read of at a time.
    """
    limits: list[tuple[str, list[Any]]] = [("version <= ?", [2**62 if as_of is None else as_of])]
    limits += [("job = ?", [job])] if job is not None else []
    # The index begins with the job: the jobs are few, and naming them all finds one entity without a scan.
    limits += [(f"job IN ({_JOBS})", [])] if job is None and entity is not None else []
    limits += [("entity = ?", [entity])] if entity is not None else []
    where = " AND ".join(text for text, _ in limits)
    given = [value for _, values in limits for value in values]
    outer = ""
    if span is not None:
        outer = " AND start_us < ? AND coalesce(end_us, ?) > ?"
        given += [to_us(span[1]), 2**62, to_us(span[0])]
    rows = sql.execute(
        "SELECT entity, key, start_us, end_us, body, withdrawn, version FROM "  # noqa: S608 — fixed words
        "(SELECT *, row_number() OVER (PARTITION BY job, entity, key ORDER BY version DESC, no DESC) AS nth "
        f"FROM events WHERE {where}) WHERE nth = 1 AND withdrawn = 0{outer} ORDER BY start_us, entity, key",
        given,
    )
    return tuple(_make(row, pick) for row in rows)


def _make(row: tuple[Any, ...], pick: Callable[[dict[str, Any]], dict[str, Any]]) -> Event:
    entity, key, start, end, body, withdrawn, version = row
    ending = None if end is None else from_us(end)
    return Event(entity, key, from_us(start), ending, pick(json.loads(body)), bool(withdrawn), version)
