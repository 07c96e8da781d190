"""The entities of a table in the order in which they come, with what the file says of their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from darkhours.model.timeline import Bins
from darkhours.places import valid_zone
from darkhours.sources.csv_rows import Chunk
from darkhours.sources.options import MOST_ENTITIES
from darkhours.sources.stream import refuse

Short = NDArray[np.int32]
Place = tuple[float | None, float | None]
_NORTH, _EAST = 90, 180


class _Numbers(dict[str | tuple[str, ...], int]):
    """The number of each name, given when it first comes."""

    def __missing__(self, name: str | tuple[str, ...]) -> int:
        """Return the next number."""
        self[name] = number = len(self)
        return number


@dataclass(slots=True)
class Roster:
    """Numbers the entities of a table.

    Args:
        file: named in errors.
        names: the cells that name an entity, with the number of each.
        places: degrees north and east of each, from its first row; () where the file has none.
        zones: zone of each entity's first row; () where the file has no such column.
    """

    file: str
    names: _Numbers = field(default_factory=_Numbers)
    places: list[Place] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)

    def number(self, chunk: Chunk) -> Bins:
        """Return the number of each row's entity.

        Raises:
            InputError: there are more than any map has places.
        """
        names, before = self.names, len(self.names)
        keys: Iterable[str | tuple[str, ...]]
        if not chunk.entities:
            keys = repeat("", len(chunk.times))
        else:
            keys = chunk.entities[0] if len(chunk.entities) == 1 else zip(*chunk.entities, strict=True)
        found = np.fromiter(map(names.__getitem__, keys), np.int64, len(chunk.times))
        if len(names) > MOST_ENTITIES:
            raise refuse(
                self.file, f"expected at most {MOST_ENTITIES:,} entities; is --entity the column you mean?"
            )
        if len(names) > before:
            distinct, first = np.unique(found, return_index=True)
            self._place(chunk, first[distinct >= before])
        return found

    def _place(self, chunk: Chunk, rows: Bins) -> None:
        """Keep position and zone of entities that are new, from their first rows."""
        for row in rows.tolist():
            if chunk.place is not None:
                self.places.append(
                    (_read_degrees(chunk.place[0][row], _NORTH), _read_degrees(chunk.place[1][row], _EAST))
                )
            if chunk.zones is not None:
                self.zones.append(chunk.zones[row] if valid_zone(chunk.zones[row]) else "UTC")

    def merge(self, codes: Short) -> tuple[tuple[tuple[str, ...], ...], Short]:
        """Return names without the blanks around them; those that are then the same are one entity."""
        rows = [name if isinstance(name, tuple) else (name,) for name in self.names]
        bare = [tuple(part.strip() for part in row) for row in rows]
        numbers: dict[tuple[str, ...], int] = {}
        where = np.array([numbers.setdefault(row, len(numbers)) for row in bare], np.int32)
        if len(numbers) == len(bare):
            return tuple(bare), codes
        firsts = [bare.index(row) for row in numbers]
        self.places = [self.places[at] for at in firsts] if self.places else []
        self.zones = [self.zones[at] for at in firsts] if self.zones else []
        return tuple(numbers), where[codes]


def _read_degrees(cell: str, most: int) -> float | None:
    try:
        degrees = float(cell)
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None
