"""Rows of a Parquet file as columns, through DuckDB, which is an extra."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import numpy as np

from darkhours.model.errors import ConfigError
from darkhours.model.panel import Recording
from darkhours.sources import table
from darkhours.sources.columns import Columns, find_columns
from darkhours.sources.csv_rows import Chunk, Line
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import HashedFile, refuse

MAGIC = b"PAR1"
_ROWS = 1 << 17
_NUMBERS = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
)


@dataclass(frozen=True, slots=True)
class _Schema:
    names: tuple[str, ...]
    types: tuple[str, ...]

    def is_time(self, at: int) -> bool:
        return self.types[at].startswith(("TIMESTAMP", "DATE"))

    def is_aware(self, at: int) -> bool:
        return self.types[at] == "TIMESTAMP WITH TIME ZONE"

    def is_number(self, at: int) -> bool:
        return self.types[at].startswith(_NUMBERS)


def read(stream: BinaryIO, options: TableOptions, file: str) -> Recording:
    """Return a Parquet file as a recording of one panel, by the same rules as a CSV.

    Only what a typed column says of itself is not read again: a timestamp is an instant of UTC where
    the column has a zone, else a local time; a number is a number. Rows are numbered as lines, from 1.

    Args:
        stream: an open file; DuckDB reads it by its name.
        options: as for a CSV.
        file: its name in errors.

    Raises:
        ConfigError: the extra is not installed.
        InputError: the file cannot be read.
    """
    duckdb = _need_duckdb(file)
    hashed = HashedFile(stream)
    head = io.BufferedReader(hashed).peek(4)[:4]
    if head != MAGIC:
        raise refuse(file, f"expected Parquet, which begins with PAR1, got {head!r}; say --format table")
    path = _find_path(stream, file)
    try:
        with duckdb.connect(":memory:") as connection:
            connection.execute("SET TimeZone = 'UTC'")
            described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
            schema = _Schema(tuple(row[0] for row in described), tuple(row[1] for row in described))
            columns = find_columns(schema.names, options, file)
            gathered = table.gather(_cut(connection, path, schema, columns), columns, options, file)
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        raise refuse(file, f"expected a sound Parquet file: {what}; fetch it again") from error
    return table.make_recording(gathered, columns, options, file, hashed.finish())


def _need_duckdb(file: str) -> ModuleType:
    try:
        import duckdb  # noqa: PLC0415 — an extra, loaded only for a Parquet file
    except ImportError as error:
        raise ConfigError(
            f"{file}: reading Parquet needs an extra: pip install 'darkhours[parquet]'"
        ) from error
    found: ModuleType = duckdb
    return found


def _find_path(stream: BinaryIO, file: str) -> str:
    path = str(Path(str(stream.name)).resolve())
    if set(path) & set("*?[]{}"):
        raise refuse(
            file, "expected a path without * ? [ ] { }, which Parquet readers take for patterns; rename"
        )
    return path


def _cut(connection: Any, path: str, schema: _Schema, columns: Columns) -> Iterator[Chunk]:  # noqa: ANN401 — of an extra without types
    asked = ", ".join(f"{_ask(schema, columns, at)} AS c{at}" for at in _used(columns))
    bare = f"SELECT {asked} FROM read_parquet(?, file_row_number = true)"  # noqa: S608 — names are quoted
    count = connection.execute("SELECT count(*) FROM read_parquet(?)", [path]).fetchone()[0]
    for first in range(0, count, _ROWS):
        where = f"WHERE file_row_number >= {first} AND file_row_number < {first + _ROWS}"
        got = connection.execute(f"{bare} {where}", [path]).fetchnumpy()
        yield _take(got, schema, columns, first + 1)


def _used(columns: Columns) -> list[int]:
    named = (columns.time, columns.value, *columns.entity, columns.zone, columns.latitude, columns.longitude)
    return sorted({at for at in named if at is not None})


def _ask(schema: _Schema, columns: Columns, at: int) -> str:
    name = '"' + schema.names[at].replace('"', '""') + '"'
    if at == columns.time and schema.is_time(at):
        return f"epoch_us(CAST({name} AS {'TIMESTAMPTZ' if schema.is_aware(at) else 'TIMESTAMP'}))"
    if at == columns.value and schema.is_number(at):
        return f"CAST({name} AS DOUBLE)"
    return f"coalesce(CAST({name} AS VARCHAR), '')"


def _take(got: dict[str, Any], schema: _Schema, columns: Columns, first: int) -> Chunk:
    """Return a slice as a chunk; rows without a time are told apart, as a CSV's empty cell is."""
    times = got[f"c{columns.time}"]
    n_rows = len(times)
    kept = np.ones(n_rows, bool)
    typed = schema.is_time(columns.time)
    broken: tuple[Line, ...] = ()
    if typed and np.ma.is_masked(times):
        kept = ~np.ma.getmaskarray(times)
        why = f"{schema.names[columns.time]}: expected a time"
        broken = tuple((first + row, why, "") for row in np.flatnonzero(~kept).tolist())
    cells = {key: np.asarray(column)[kept] for key, column in got.items()}
    values = None
    if columns.value is not None:
        column = got[f"c{columns.value}"]
        values = (
            np.ma.filled(column, np.nan)[kept] if schema.is_number(columns.value) else _text(column[kept])
        )
    latitude, longitude = columns.latitude, columns.longitude
    placed = latitude is not None and longitude is not None
    return Chunk(
        first_line=first,
        lines=(first + np.flatnonzero(kept)).tolist() if broken else None,
        times=cells[f"c{columns.time}"].astype(np.int64) if typed else _text(cells[f"c{columns.time}"]),
        values=values,
        entities=tuple(_text(cells[f"c{at}"]) for at in columns.entity),
        zones=None if columns.zone is None else _text(cells[f"c{columns.zone}"]),
        place=(_text(cells[f"c{latitude}"]), _text(cells[f"c{longitude}"])) if placed else None,
        aware=schema.is_aware(columns.time),
        broken=broken,
    )


def _text(column: Any) -> list[str]:  # noqa: ANN401 — of an extra without types
    found: list[str] = column.tolist()
    return found
