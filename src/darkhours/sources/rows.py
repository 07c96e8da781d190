"""Rows of a table gathered into arrays; what cannot be read is counted and named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from darkhours.model.errors import InputError
from darkhours.model.panel import Unreadable
from darkhours.model.timeline import Bins, Codes, Floats, Mask
from darkhours.places import valid_zone
from darkhours.sources.cells import check_numbers, read_numbers
from darkhours.sources.clocks import Clock, Instants, Read
from darkhours.sources.columns import Columns
from darkhours.sources.csv_rows import Chunk
from darkhours.sources.instants import FORMS, is_day_or_month_first
from darkhours.sources.options import MOST_ENTITIES, MOST_ROWS, TableOptions
from darkhours.sources.stream import refuse

_SHOWN = 40
Short = NDArray[np.int32]
Number = TypeVar("Number", np.int32, np.int64, np.float64)
Order = NDArray[np.intp]
_MOSTLY = 0.5
_SECOND_DATES = "--time-format '%d/%m/%Y %H:%M' or '%m/%d/%Y %H:%M'"


@dataclass(frozen=True, slots=True)
class Gathered:
    """All rows of a table that could be read, by entity, then time.

    Args:
        names: the cells that name an entity, one row for each in order of first appearance.
        codes: entity of each row, shape (n,).
        micros: instant of each row in microseconds since 1970, UTC; shape (n,).
        values: NaN where a row has none, shape (n,); None where rows are counted.
        lines: line of each row, shape (n,).
        places: degrees north and east of each entity, None where the file has none.
        zones: zone of each entity's first row, None where the file has no such column.
        unreadable: what could not be read.
        notes: what was decided on the way.
    """

    names: tuple[tuple[str, ...], ...]
    codes: Short
    micros: Bins
    values: Floats | None
    lines: Short
    places: tuple[tuple[float | None, float | None], ...] | None
    zones: tuple[str, ...] | None
    unreadable: tuple[Unreadable, ...]
    notes: tuple[str, ...]


class _Names(dict[str | tuple[str, ...], int]):
    """The number of each name, given when it first comes."""

    def __missing__(self, name: str | tuple[str, ...]) -> int:
        """Return the next number."""
        self[name] = number = len(self)
        return number


@dataclass(slots=True)
class Gatherer:
    """Takes chunks of a table one after another.

    Args:
        file: named in errors.
        columns: what the chunks hold.
        options: how to read them.
        comma: whether a comma is the decimal mark.
    """

    file: str
    columns: Columns
    options: TableOptions
    comma: bool = False
    _clock: Clock = field(init=False)
    _codes: _Names = field(default_factory=_Names)
    _places: list[tuple[float | None, float | None]] = field(default_factory=list)
    _zones: list[str] = field(default_factory=list)
    _all_codes: list[Short] = field(default_factory=list)
    _all_micros: list[Bins] = field(default_factory=list)
    _all_values: list[Floats] = field(default_factory=list)
    _all_lines: list[Short] = field(default_factory=list)
    _unreadable: dict[str, Unreadable] = field(default_factory=dict)
    _flags: np.ndarray[tuple[int], np.dtype[np.int64]] = field(
        default_factory=lambda: np.zeros(len(Read), np.int64)
    )
    _first_aware: int | None = None
    _first_naive: int | None = None
    _folds: dict[int, tuple[int, bool]] = field(default_factory=dict)
    _seen: int = 0
    _filled: int = 0
    _bad_values: int = 0

    def __post_init__(self) -> None:
        """Set the clock to the zone of the options."""
        tz = self.options.tz if self.options.tz and self.columns.zone is None else "UTC"
        self._clock = Clock(self.options.time_format, tz)

    def take(self, chunk: Chunk) -> None:
        """Take the rows of a chunk.

        Raises:
            InputError: the table is none, or a row is unreadable and the reading strict.
        """
        for line, why, example in chunk.broken:
            self._tell(why, line, example)
        n_rows = len(chunk.times)
        self._seen += n_rows + len(chunk.broken)
        if self._seen > MOST_ROWS:
            raise refuse(self.file, f"expected at most {MOST_ROWS:,} rows, got more; cut the file by time")
        if not n_rows:
            return
        instants = self._read_times(chunk)
        micros, flags = instants.micros, instants.flags
        self._check_zones(chunk, flags)
        values, bad = self._read_values(chunk)
        self._name_unreadable(chunk, flags, bad)
        kept = (flags < Read.NO_ZONE) & ~bad
        codes = self._code(chunk)
        if (flags == Read.TWICE).any():
            self._unfold(codes, instants)
        lines = (
            np.arange(n_rows) + chunk.first_line if chunk.lines is None else np.array(chunk.lines, np.int64)
        )
        self._flags += np.bincount(flags[kept], minlength=len(Read))
        self._all_codes.append(codes[kept].astype(np.int32))
        self._all_micros.append(micros[kept])
        self._all_lines.append(lines[kept].astype(np.int32))
        if values is not None:
            self._all_values.append(values[kept])

    def finish(self) -> Gathered:
        """Return all that was taken.

        Raises:
            InputError: nothing could be read, or the column of values is none.
        """
        if self._bad_values > _MOSTLY * max(self._filled, 1):
            worst = max((each for each in self._unreadable.values()), key=lambda each: each.count)
            raise refuse(
                self.file,
                f"{worst.why}, got {worst.example!r} and more; name another --value",
                worst.first_line,
            )
        if not self._flags.sum():
            raise self._refuse_all()
        codes, lines = _join(self._all_codes), _join(self._all_lines)
        micros = _join(self._all_micros)
        values = None if self.columns.value is None else _join(self._all_values)
        order = self._sort(codes, micros, lines)
        if order is not None:
            codes, lines = codes[order], lines[order]
            micros = micros[order]
            values = None if values is None else values[order]
        return Gathered(
            names=tuple(name if isinstance(name, tuple) else (name,) for name in self._codes),
            codes=codes,
            micros=micros,
            values=values,
            lines=lines,
            places=tuple(self._places) if self._places else None,
            zones=tuple(self._zones) if self._zones else None,
            unreadable=tuple(self._unreadable.values()),
            notes=self._describe(),
        )

    def _sort(self, codes: Short, micros: Bins, lines: Short) -> Order | None:
        """Return the order of rows by entity, then time, the file's among equals; None if it is so.

        Raises:
            InputError: an entity goes back in time, where its rows are values and must be in order.
        """
        order = np.argsort(codes, kind="stable") if (np.diff(codes) < 0).any() else None
        ordered = (codes, micros) if order is None else (codes[order], micros[order])
        back = np.flatnonzero((np.diff(ordered[1]) < 0) & (np.diff(ordered[0]) == 0))
        if not back.size:
            return order
        if not (self.options.unordered or self.options.count):
            line = int((lines if order is None else lines[order])[back + 1].min())
            message = "expected times that do not decrease within an entity, got one before the row above it"
            name = self.columns.names[self.columns.time]
            raise refuse(self.file, f"{message}; sort the file, or read it with --unordered", line, name)
        return np.lexsort((micros, codes))

    def _read_times(self, chunk: Chunk) -> Instants:
        if isinstance(chunk.times, np.ndarray):
            return self._clock.place(chunk.times, aware=chunk.aware)
        return self._clock.read(chunk.times, chunk.zones)

    def _read_values(self, chunk: Chunk) -> tuple[Floats | None, Mask]:
        if chunk.values is None:
            return None, np.zeros(len(chunk.times), bool)
        if isinstance(chunk.values, np.ndarray):
            values, bad = check_numbers(chunk.values)
        else:
            values, bad = read_numbers(chunk.values, comma=self.comma)
        self._filled += int((bad | ~np.isnan(values)).sum())
        self._bad_values += int(bad.sum())
        return values, bad

    def _check_zones(self, chunk: Chunk, flags: Codes) -> None:
        """Refuse times with and without a zone in one column: nobody can know the zone of the rest."""
        aware = flags == Read.AWARE
        naive = (flags > Read.AWARE) & (flags < Read.NO_ZONE)
        if self._first_aware is None and aware.any():
            self._first_aware = chunk.line_of(int(aware.argmax()))
        if self._first_naive is None and naive.any():
            self._first_naive = chunk.line_of(int(naive.argmax()))
        if self._first_aware is not None and self._first_naive is not None:
            line = max(self._first_aware, self._first_naive)
            raise refuse(
                self.file,
                "expected times that all bear a zone, or none: got one without on line "
                f"{self._first_naive} and one with on line {self._first_aware}; write the zone everywhere",
                line,
                self.columns.names[self.columns.time],
            )

    def _name_unreadable(self, chunk: Chunk, flags: Codes, bad: Mask) -> None:
        if not isinstance(chunk.times, np.ndarray):
            for at in np.flatnonzero(flags == Read.UNREADABLE).tolist():
                self._tell(self._why_time(chunk.times[at]), chunk.line_of(at), chunk.times[at])
            for at in np.flatnonzero(flags == Read.NO_ZONE).tolist():
                zone = chunk.zones[at] if chunk.zones is not None else ""
                self._tell("zone: expected an IANA name such as Asia/Tehran", chunk.line_of(at), zone)
        for at in np.flatnonzero(bad & (flags < Read.NO_ZONE)).tolist():
            name = self.columns.names[self.columns.value or 0]
            cell = chunk.values[at] if isinstance(chunk.values, Sequence) else "a negative or infinite number"
            self._tell(f"{name}: expected a number of at least 0", chunk.line_of(at), str(cell))

    def _why_time(self, cell: str) -> str:
        name = self.columns.names[self.columns.time]
        if self.options.time_format is not None:
            return f"{name}: expected a time as {self.options.time_format}"
        if is_day_or_month_first(cell):
            return f"{name}: day or month first, nobody can know: say {_SECOND_DATES}"
        return f"{name}: expected a time such as {FORMS}"

    def _tell(self, why: str, line: int | None, example: str) -> None:
        example = example if len(example) <= _SHOWN else example[: _SHOWN - 1] + "…"
        if self.options.strict:
            raise refuse(self.file, f"{why}, got {example!r}; mend the row, or read without --strict", line)
        before = self._unreadable.get(why)
        told = Unreadable(why, 1, line, example)
        if before is not None:
            told = Unreadable(why, before.count + 1, before.first_line, before.example)
        self._unreadable[why] = told

    def _code(self, chunk: Chunk) -> Bins:
        codes, before = self._codes, len(self._codes)
        keys: Iterable[str | tuple[str, ...]]
        if not chunk.entities:
            keys = repeat("", len(chunk.times))
        else:
            keys = chunk.entities[0] if len(chunk.entities) == 1 else zip(*chunk.entities, strict=True)
        found = np.fromiter(map(codes.__getitem__, keys), np.int64, len(chunk.times))
        if len(codes) > MOST_ENTITIES:
            raise refuse(
                self.file, f"expected at most {MOST_ENTITIES:,} entities; is --entity the column you mean?"
            )
        if len(codes) > before:
            distinct, first = np.unique(found, return_index=True)
            self._keep_places(chunk, first[distinct >= before])
        return found

    def _keep_places(self, chunk: Chunk, rows: Bins) -> None:
        """Keep position and zone of entities that are new, from their first rows."""
        for row in rows.tolist():
            if chunk.place is not None:
                self._places.append(
                    (_read_degrees(chunk.place[0][row], 90), _read_degrees(chunk.place[1][row], 180))
                )
            if chunk.zones is not None:
                self._zones.append(chunk.zones[row] if valid_zone(chunk.zones[row]) else "UTC")

    def _unfold(self, codes: Bins, instants: Instants) -> None:
        """Take the later instant of a time that comes twice once its entity has gone back in it."""
        micros, second = instants.micros, instants.second
        for row in np.flatnonzero(instants.flags == Read.TWICE).tolist():
            code, wall, turned = int(codes[row]), int(micros[row]), int(second[row] - micros[row])
            latest, later = self._folds.get(code, (-turned, False))
            later = wall - latest <= turned and (later or wall <= latest)  # else another autumn
            self._folds[code] = (wall, later)
            if later:
                micros[row] = second[row]

    def _refuse_all(self) -> InputError:
        if not self._unreadable:
            return refuse(self.file, "expected rows under the header, got none")
        worst = max(self._unreadable.values(), key=lambda each: each.count)
        return refuse(self.file, f"no row can be read: {worst.why}, got {worst.example!r}", worst.first_line)

    def _describe(self) -> tuple[str, ...]:
        notes = []
        if self._flags[Read.SKIPPED]:
            notes.append(
                f"{self._flags[Read.SKIPPED]:,} rows bear a local time that the clocks jumped over; "
                "they are read with the offset before the jump"
            )
        if self._flags[Read.TWICE]:
            notes.append(
                f"{self._flags[Read.TWICE]:,} rows bear a local time that the clocks showed twice; "
                "the second is taken where an entity goes back in its rows"
            )
        return tuple(notes)


def _read_degrees(cell: str, most: int) -> float | None:
    try:
        degrees = float(cell)
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None


def _join(parts: list[NDArray[Number]]) -> NDArray[Number]:
    """Return parts as one array, and let go of them: both at once would be twice the memory."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined
