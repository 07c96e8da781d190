"""Rows of a CSV as columns of text, some thousand at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Protocol, TextIO

from darkhours.model.timeline import Bins, Floats
from darkhours.sources.columns import Columns, find_columns
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import LONGEST_LINE, refuse

DELIMITERS = (",", ";", "\t")
_ROWS = 1 << 13  # fits the cache of a processor: 1.6 times as fast as eight times as many
Line = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table, as columns.

    Args:
        first_line: line of its first row, from 1.
        lines: line of each row where rows span several, else None: one row a line.
        times: text, or microseconds since 1970 where the column is typed.
        aware: of typed times, whether they are instants of UTC.
        values: text or numbers; None where rows are counted.
        entities: the columns that name the entity.
        zones: the column that names zones, None where there is none.
        place: the columns of degrees north and east, None where there are none.
        broken: rows that are no rows: line, why, and an example; they are not in the columns.
    """

    first_line: int
    lines: Sequence[int] | None
    times: Sequence[str] | Bins
    values: Sequence[str] | Floats | None
    entities: tuple[Sequence[str], ...]
    zones: Sequence[str] | None = None
    place: tuple[Sequence[str], Sequence[str]] | None = None
    aware: bool = False
    broken: tuple[Line, ...] = ()

    def line_of(self, row: int) -> int:
        """Return the line of a row of this chunk."""
        return self.first_line + row if self.lines is None else self.lines[row]


class _Reader(Protocol):
    """What is used of a reader of the csv module, which has no public type before Python 3.13."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV whose header has been read.

    Args:
        columns: what is read of it.
        chunks: its rows, once.
        comma: whether a comma is its decimal mark.
    """

    columns: Columns
    chunks: Iterator[Chunk]
    comma: bool


def open_csv(text: TextIO, options: TableOptions, file: str) -> CsvTable:
    """Return a CSV with its header read and its columns found.

    The delimiter is the one of comma, semicolon and tab that parts the header into most
    columns; where none parts it, the table has one column.

    Raises:
        InputError: there is no header, or it has not the columns.
    """
    try:
        first = text.readline()
    except UnicodeDecodeError as error:
        raise _refuse_encoding(file) from error
    parted = {mark: next(csv.reader([first], delimiter=mark), []) for mark in DELIMITERS}
    mark = max(DELIMITERS, key=lambda each: len(parted[each]))
    columns = find_columns(parted[mark], options, file)
    csv.field_size_limit(LONGEST_LINE)
    return CsvTable(columns, _cut(csv.reader(text, delimiter=mark), columns, file), mark == ";")


def _refuse_encoding(file: str) -> Exception:
    return refuse(file, "expected text in UTF-8, got other bytes; save the table as UTF-8")


def _cut(reader: _Reader, columns: Columns, file: str) -> Iterator[Chunk]:
    line = 2
    while True:
        try:
            rows = list(islice(reader, _ROWS))
        except UnicodeDecodeError as error:
            raise _refuse_encoding(file) from error
        except csv.Error as error:
            where = reader.line_num + 1
            raise refuse(file, f"expected a table: {error}; is a quote left open?", where) from error
        if not rows:
            return
        after = reader.line_num + 2
        yield _take(rows, columns, line, after)
        line = after


def _take(rows: list[list[str]], columns: Columns, line: int, after: int) -> Chunk:
    """Return rows as columns; those of another width are told apart, blank lines carry nothing."""
    lines: list[int] | None = None if after - line == len(rows) else _count_lines(rows, line)
    broken: tuple[Line, ...] = ()
    if set(map(len, rows)) != {columns.width}:
        lines = list(range(line, line + len(rows))) if lines is None else lines
        whole = [_is_whole(row, columns.width) for row in rows]
        broken = tuple(
            (at, f"row: expected {columns.width} cells", f"{len(row)} cells")
            for at, row, sound in zip(lines, rows, whole, strict=True)
            if not sound and row
        )
        lines = [at for at, sound in zip(lines, whole, strict=True) if sound]
        rows = [row for row, sound in zip(rows, whole, strict=True) if sound]
    latitude, longitude = columns.latitude, columns.longitude
    placed = latitude is not None and longitude is not None
    return Chunk(
        first_line=line,
        lines=lines,
        times=_pick(rows, columns.time) or (),
        values=_pick(rows, columns.value),
        entities=tuple(_pick(rows, at) or () for at in columns.entity),
        zones=_pick(rows, columns.zone),
        place=(_pick(rows, latitude) or (), _pick(rows, longitude) or ()) if placed else None,
        broken=broken,
    )


def _pick(rows: list[list[str]], at: int | None) -> list[str] | None:
    return None if at is None else list(map(itemgetter(at), rows))


def _is_whole(row: list[str], width: int) -> bool:
    return len(row) >= width and not any(row[width:])


def _count_lines(rows: list[list[str]], line: int) -> list[int]:
    """Return the line on which each row begins, where cells hold line breaks of their own."""
    found = []
    for row in rows:
        found.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    return found
