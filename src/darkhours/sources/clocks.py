"""Columns of time to instants of UTC, each distinct cell once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

import numpy as np

from darkhours.model.timeline import Bins, Codes
from darkhours.places.zones import find_zone
from darkhours.sources.instants import Stamp, find_reader
from darkhours.sources.quick_times import read_quickly

_MOST_KEPT = 1 << 18
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


class Read(IntEnum):
    """How a cell of time was read; from `NO_ZONE` on it was not."""

    AWARE = 0
    NAIVE = 1
    SKIPPED = 2  # a local time that the clocks jumped over
    TWICE = 3  # a local time that the clocks showed twice
    NO_ZONE = 4
    UNREADABLE = 5


@dataclass(frozen=True, slots=True)
class Instants:
    """A column of time on UTC.

    Args:
        micros: microseconds since 1970, the earlier of two where the clocks showed a time twice.
        second: the later of two, else the same.
        flags: `Read` of each.
    """

    micros: Bins
    second: Bins
    flags: Codes


@dataclass(slots=True)
class Clock:
    """Reads columns of time; keeps what distinct cells mean, for they come again in every entity.

    Args:
        time_format: as in `TableOptions`.
        tz: zone of naive times.
    """

    time_format: str | None
    tz: str
    _index: dict[str, int] = field(default_factory=dict)
    _kept: list[tuple[int, int, int]] = field(default_factory=list)

    def read(self, cells: Sequence[str], zones: Sequence[str] | None = None) -> Instants:
        """Return the instants of a column of time.

        Args:
            cells: as in the file.
            zones: a column that names the zone of each row, None for one zone.
        """
        if zones is not None:
            cells = [f"{cell}\0{zone}" for cell, zone in zip(cells, zones, strict=True)]
        if len(self._index) > _MOST_KEPT:
            self._index.clear()
            self._kept.clear()
        new = set(cells) - self._index.keys()
        if self.time_format is None and zones is None and 2 * len(new) > len(cells):
            quick = read_quickly(cells)
            if quick is not None:
                return self.place(quick.micros, aware=quick.aware)
        self._learn(new)
        where = np.fromiter(map(self._index.__getitem__, cells), np.int64, len(cells))
        table = np.array([self._kept[at] for at in np.unique(where)], np.int64)
        rows = table[np.searchsorted(np.unique(where), where)]
        return Instants(rows[:, 0], rows[:, 1], rows[:, 2].astype(np.uint8))

    def place(self, micros: Bins, *, aware: bool) -> Instants:
        """Return microseconds as instants: of UTC where they are aware, else of the zone."""
        if aware or self.tz == "UTC":
            return Instants(
                micros, micros, np.full(micros.size, Read.AWARE if aware else Read.NAIVE, np.uint8)
            )
        distinct, where = np.unique(micros, return_inverse=True)
        table = np.array([_place(int(micro), self.tz) for micro in distinct], np.int64)[where]
        return Instants(table[:, 0], table[:, 1], table[:, 2].astype(np.uint8))

    def _learn(self, cells: set[str]) -> None:
        reader = find_reader(self.time_format)
        for cell in cells:
            text, _, zone = cell.partition("\0")
            self._index[cell] = len(self._kept)
            self._kept.append(_understand(reader(text), zone.strip() or self.tz))


def _understand(stamp: Stamp | None, tz: str) -> tuple[int, int, int]:
    if stamp is None:
        return 0, 0, int(Read.UNREADABLE)
    if stamp.aware:
        return stamp.micros, stamp.micros, int(Read.AWARE)
    return _place(stamp.micros, tz)


def _place(micros: int, tz: str) -> tuple[int, int, int]:
    """Return a local time as the instants that it may be, earlier and later, and how it was read.

    A time that the clocks jumped over is read with the offset before the jump (PEP 495).
    """
    if tz == "UTC":
        return micros, micros, int(Read.NAIVE)
    try:
        zone = find_zone(tz)
    except ValueError:
        return 0, 0, int(Read.NO_ZONE)
    wall = (_EPOCH + micros * _MICRO).replace(tzinfo=zone)
    first, second = ((wall.replace(fold=fold).astimezone(UTC) - _EPOCH) // _MICRO for fold in (0, 1))
    if first == second:
        return first, first, int(Read.NAIVE)
    return (first, second, int(Read.TWICE)) if first < second else (first, first, int(Read.SKIPPED))
