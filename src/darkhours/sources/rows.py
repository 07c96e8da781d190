"""Rows of a table gathered into arrays; what cannot be read is counted and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from darkhours.model.panel import Unreadable
from darkhours.model.timeline import Bins, Codes, Floats, Mask
from darkhours.sources.cells import check_numbers, read_numbers
from darkhours.sources.clocks import Clock, Instants, Read
from darkhours.sources.columns import Columns
from darkhours.sources.complaints import Complaints
from darkhours.sources.csv_rows import Chunk
from darkhours.sources.instants import FORMS, is_day_or_month_first
from darkhours.sources.options import MOST_ROWS, TableOptions
from darkhours.sources.roster import Roster, Short
from darkhours.sources.stream import refuse

_SHOWN = 40
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
    _roster: Roster = field(init=False)
    _complaints: Complaints = field(init=False)
    _all_codes: list[Short] = field(default_factory=list)
    _all_micros: list[Bins] = field(default_factory=list)
    _all_values: list[Floats] = field(default_factory=list)
    _all_lines: list[Short] = field(default_factory=list)
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
        self._roster = Roster(self.file)
        self._complaints = Complaints(self.file, strict=self.options.strict)
        self._clock = Clock(self.options.time_format, tz)

    def take(self, chunk: Chunk) -> None:
        """Take the rows of a chunk.

        Raises:
            InputError: the table is none, or a row is unreadable and the reading strict.
        """
        for line, why, example in chunk.broken:
            self._complaints.tell(why, line, example)
        n_rows = len(chunk.times)
        self._seen += n_rows + len(chunk.broken)
        if self._seen > MOST_ROWS:
            raise refuse(self.file, f"expected at most {MOST_ROWS:,} rows, got more; cut the file by time")
        if not n_rows:
            return
        instants = self._read_times(chunk)
        flags = instants.flags
        self._check_zones(chunk, flags)
        values, bad = self._read_values(chunk)
        self._name_unreadable(chunk, flags, bad)
        kept = flags < Read.NO_ZONE
        if not kept.all():
            chunk, instants = chunk.keep(kept), instants.keep(kept)
            values = None if values is None else values[kept]
        codes = self._roster.number(chunk)
        if (instants.flags == Read.TWICE).any():
            self._unfold(codes, instants)
        self._flags += np.bincount(instants.flags, minlength=len(Read))
        self._all_codes.append(codes.astype(np.int32))
        self._all_micros.append(instants.micros)
        self._all_lines.append(chunk.all_lines().astype(np.int32))
        if values is not None:
            self._all_values.append(values)

    def finish(self) -> Gathered:
        """Return all that was taken.

        Raises:
            InputError: nothing could be read, or the column of values is none.
        """
        if self._bad_values > _MOSTLY * max(self._filled, 1):
            raise self._complaints.refuse_all("", "", " and more; name another --value")
        if not self._flags.sum():
            raise self._complaints.refuse_all(
                "expected rows under the header, got none", "no row can be read: ", ""
            )
        codes, lines = _join(self._all_codes), _join(self._all_lines)
        micros = _join(self._all_micros)
        values = None if self.columns.value is None else _join(self._all_values)
        names, codes = self._roster.merge(codes)
        # One after another, and each old one let go of: ten million rows are to fit into a gigabyte.
        order = np.argsort(codes, kind="stable") if (np.diff(codes) < 0).any() else None
        codes, lines = _put(codes, order), _put(lines, order)
        micros = _put(micros, order)
        values = None if values is None else _put(values, order)
        order = self._sort(codes, micros, lines)
        codes, lines = _put(codes, order), _put(lines, order)
        micros = _put(micros, order)
        values = None if values is None else _put(values, order)
        return Gathered(
            names=names,
            codes=codes,
            micros=micros,
            values=values,
            lines=lines,
            places=tuple(self._roster.places) or None,
            zones=tuple(self._roster.zones) or None,
            unreadable=self._complaints.all,
            notes=self._describe(),
        )

    def _sort(self, codes: Short, micros: Bins, lines: Short) -> Order | None:
        """Return the order by time, the file's among equals, of rows that are by entity; None if it is so.

        Raises:
            InputError: an entity goes back in time, where its rows are values and must be in order.
        """
        back = 1 + np.flatnonzero((micros[1:] < micros[:-1]) & (codes[1:] == codes[:-1]))
        if not back.size:
            return None
        if not (self.options.unordered or self.options.count):
            line = int(lines[back].min())
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
                self._complaints.tell(self._why_time(chunk.times[at]), chunk.line_of(at), chunk.times[at])
            for at in np.flatnonzero(flags == Read.NO_ZONE).tolist():
                zone = chunk.zones[at] if chunk.zones is not None else ""
                self._complaints.tell(
                    "zone: expected an IANA name such as Asia/Tehran", chunk.line_of(at), zone
                )
        for at in np.flatnonzero(bad & (flags < Read.NO_ZONE)).tolist():
            name = self.columns.names[self.columns.value or 0]
            cell = chunk.values[at] if isinstance(chunk.values, Sequence) else "a negative or infinite number"
            self._complaints.tell(f"{name}: expected a number of at least 0", chunk.line_of(at), str(cell))

    def _why_time(self, cell: str) -> str:
        name = self.columns.names[self.columns.time]
        if self.options.time_format is not None:
            return f"{name}: expected a time as {self.options.time_format}"
        if is_day_or_month_first(cell):
            return f"{name}: day or month first, nobody can know: say {_SECOND_DATES}"
        return f"{name}: expected a time such as {FORMS}"

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


def _join(parts: list[NDArray[Number]]) -> NDArray[Number]:
    """Return parts as one array, and let go of them: both at once would be twice the memory."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined


def _put(column: NDArray[Number], order: Order | None) -> NDArray[Number]:
    return column if order is None else column[order]
