"""What the manifest tells of series, files and writes, as values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from darkhours.model.signal import SignalKind
from darkhours.store.series import EPOCH, Series

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of points: a rectangle of entities and bins, every cell of it there, null where unmeasured.

    Args:
        no: its number.
        series: number of the series.
        name: path below the root of the points.
        level: 0 as written, 1 merged by the hour, 2 by the day, 3 by the month.
        layer: 0 where no earlier write holds any of its cells; else the version that laid it over them.
        overrides: whether its nulls, too, take the place of what is below.
        from_bin: first bin.
        until_bin: end of its bins, exclusive.
        roster: number of the roster of its entities.
        first_entity: least number of an entity in it.
        last_entity: greatest.
        max_version: newest write in it.
        number: type of its values, one of `numbers.NUMBERS`.
        n_bytes: size.
        sha256: of its bytes.
    """

    no: int
    series: int
    name: str
    level: int
    layer: int
    overrides: bool
    from_bin: int
    until_bin: int
    roster: int
    first_entity: int
    last_entity: int
    max_version: int
    number: str
    n_bytes: int
    sha256: str

    @property
    def n_bins(self) -> int:
        """Return how many bins it has."""
        return self.until_bin - self.from_bin


@dataclass(frozen=True, slots=True)
class Write:
    """One acknowledged change of the archive.

    Args:
        version: its number; a later write has a greater one.
        at: when it was acknowledged, UTC.
        kind: ``append``, ``add``, ``correct``, ``retain`` or ``events``.
        series: number of the series, None where it is about none.
        from_bin: first bin.
        until_bin: end of its bins, exclusive.
        roster: number of the roster of its entities.
        layered: whether it lies over cells that were there.
        provenance: where it came from, as JSON.
    """

    version: int
    at: datetime
    kind: str
    series: int | None
    from_bin: int | None
    until_bin: int | None
    roster: int | None
    layered: bool
    provenance: Mapping[str, Any]


_FILE = ", ".join(field.name for field in fields(Stored))
_SERIES = (
    "no, signal, sense, kind, worse, about, family, datasource, step_s, phase_s, attribution, counted, "
    "smoothed_s, floor, kept_from"
)
_LIVE = f"SELECT {_FILE} FROM files WHERE dropped_us IS NULL AND series = ?"  # noqa: S608 — names of ours


def list_series(sql: sqlite3.Connection) -> tuple[Series, ...]:
    """Return every series by number."""
    rows = sql.execute(f"SELECT {_SERIES} FROM series ORDER BY no").fetchall()  # noqa: S608 — names of ours
    return tuple(_make_series(row) for row in rows)


def _make_series(row: tuple[Any, ...]) -> Series:
    no, signal, sense, kind, worse, about, family, datasource, step, phase, *rest = row
    thanks, counted, smoothed, floor, kept_from = rest
    return Series(
        no=no,
        signal=SignalKind(signal, sense, kind, worse, about),
        family=family,
        datasource=datasource,
        step=timedelta(seconds=step),
        phase=timedelta(seconds=phase),
        attribution=thanks,
        counted=bool(counted),
        smoothed=timedelta(seconds=smoothed),
        floor=floor,
        kept_from=kept_from,
    )


def insert_series(sql: sqlite3.Connection, new: Series) -> int:
    """Add a series and return its number."""
    kind = new.signal
    row = [
        *(kind.name, kind.sense, kind.kind, kind.worse, kind.about, new.family, new.datasource),
        *(int(new.step.total_seconds()), int(new.phase.total_seconds()), new.attribution, new.counted),
        *(new.smoothed.total_seconds(), new.floor, new.kept_from),
    ]
    names = _SERIES.removeprefix("no, ")
    added = sql.execute(f"INSERT INTO series ({names}) VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 — names of ours
    return int(added.lastrowid or 0)


def find_files(
    sql: sqlite3.Connection,
    series: Series,
    from_bin: int | None = None,
    until_bin: int | None = None,
    *,
    among: tuple[int, int] | None = None,
) -> list[Stored]:
    """Return the files that count, in the order in which they are laid over each other.

    Args:
        sql: connection.
        series: of which series.
        from_bin: only those that reach past this bin.
        until_bin: only those that begin before it.
        among: only those with an entity numbered from the first to the second.
    """
    where, given = "", [series.no]
    if from_bin is not None and until_bin is not None:
        where, given = " AND until_bin > ? AND from_bin < ?", [series.no, from_bin, until_bin]
    if among is not None:
        where, given = f"{where} AND last_entity >= ? AND first_entity <= ?", [*given, *among]
    rows = sql.execute(f"{_LIVE}{where} ORDER BY layer, from_bin, no", given).fetchall()
    return [Stored(*row) for row in rows]


def find_newest(sql: sqlite3.Connection, series: Series) -> Stored | None:
    """Return a file that holds the newest bin of a series, None where it has none."""
    row = sql.execute(f"{_LIVE} ORDER BY until_bin DESC LIMIT 1", [series.no]).fetchone()
    return None if row is None else Stored(*row)


def newest_within(sql: sqlite3.Connection, series: Series, from_bin: int, until_bin: int) -> int:
    """Return the newest version in the files that reach into bins, 0 where none does."""
    row = sql.execute(
        "SELECT max(max_version) FROM files WHERE dropped_us IS NULL AND series = ? AND until_bin > ? "
        "AND from_bin < ?",
        [series.no, from_bin, until_bin],
    ).fetchone()
    return int(row[0] or 0)


def next_file(sql: sqlite3.Connection) -> int:
    """Return the number of the next file; no number comes twice, so no name does."""
    row = sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'files'").fetchone()
    return 1 + (row[0] if row else 0)


def insert_file(sql: sqlite3.Connection, new: Stored) -> None:
    """Make a file count."""
    marks = ", ".join("?" * len(fields(Stored)))
    sql.execute(f"INSERT INTO files ({_FILE}) VALUES ({marks})", astuple(new))  # noqa: S608 — names of ours


def drop_files(sql: sqlite3.Connection, numbers: Iterable[int], now: datetime) -> None:
    """Make files no longer count; they lie there until a reader who knows of them has had the time."""
    sql.executemany("UPDATE files SET dropped_us = ? WHERE no = ?", [(to_us(now), no) for no in numbers])


def find_dropped(sql: sqlite3.Connection, before: datetime) -> list[tuple[int, str]]:
    """Return number and name of the files that had ceased to count before an instant."""
    return sql.execute("SELECT no, name FROM files WHERE dropped_us <= ?", [to_us(before)]).fetchall()


def insert_write(
    sql: sqlite3.Connection,
    kind: str,
    now: datetime,
    span: tuple[int, int, int, int] | None = None,
    *,
    layered: bool = False,
    provenance: Mapping[str, Any] | None = None,
) -> int:
    """Add a write and return its version.

    Args:
        sql: connection.
        kind: what was done.
        now: when.
        span: series, first bin, end of the bins, roster.
        layered: whether it lies over cells that were there.
        provenance: where it came from.
    """
    series, from_bin, until_bin, roster = span or (None, None, None, None)
    row = [to_us(now), kind, series, from_bin, until_bin, roster, layered, json.dumps(dict(provenance or {}))]
    added = sql.execute(
        "INSERT INTO writes (at_us, kind, series, from_bin, until_bin, roster, layered, provenance) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    return int(added.lastrowid or 0)


def find_spans(
    sql: sqlite3.Connection, series: Series, from_bin: int, until_bin: int, after: int = 0
) -> list[tuple[int, int, int]]:
    """Return (first bin, end, roster) of the plain writes newer than a version that reach into the bins."""
    return sql.execute(
        "SELECT from_bin, until_bin, roster FROM writes "
        "WHERE series = ? AND until_bin > ? AND from_bin < ? AND version > ? AND layered = 0",
        [series.no, from_bin, until_bin, after],
    ).fetchall()


def list_writes(sql: sqlite3.Connection, since: int = 0) -> list[Write]:
    """Return the writes after a version, oldest first."""
    rows = sql.execute(
        "SELECT version, at_us, kind, series, from_bin, until_bin, roster, layered, provenance "
        "FROM writes WHERE version > ? ORDER BY version",
        [since],
    ).fetchall()
    return [_make_write(*row) for row in rows]


def _make_write(*row: Any) -> Write:  # noqa: ANN401 — a row
    version, at, kind, series, first, end, roster, layered, provenance = row
    return Write(
        version, from_us(at), kind, series, first, end, roster, bool(layered), json.loads(provenance)
    )


def newest_version(sql: sqlite3.Connection, until: datetime | None = None) -> int:
    """Return the version of the last write, or of the last by an instant; 0 where there is none."""
    limit = "" if until is None else "WHERE at_us <= ?"
    given = [] if until is None else [to_us(until)]
    row = sql.execute(f"SELECT max(version) FROM writes {limit}", given).fetchone()  # noqa: S608 — a fixed word
    return int(row[0] or 0)


def written_at(sql: sqlite3.Connection, version: int) -> datetime:
    """Return when the newest write up to a version was acknowledged; 1970 before the first."""
    row = sql.execute(
        "SELECT at_us FROM writes WHERE version <= ? ORDER BY version DESC LIMIT 1", [version]
    ).fetchone()
    return EPOCH if row is None else from_us(row[0])


def to_us(instant: datetime) -> int:
    """Return an instant in microseconds since 1970."""
    return (instant - EPOCH) // MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Return the instant of microseconds since 1970."""
    return EPOCH + microseconds * MICROSECOND
