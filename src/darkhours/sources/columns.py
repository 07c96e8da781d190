"""Which columns of a table are read: those that were named, and those that can be no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkhours.model.errors import InputError
from darkhours.places.zones import valid_zone
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import refuse

_TIMES = frozenset({"time", "timestamp", "datetime", "date", "instant", "time (utc)", "ts"})
_LATITUDES = frozenset({"lat", "latitude"})
_LONGITUDES = frozenset({"lon", "lng", "long", "longitude"})
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that are read, None or () where there is none.

    Args:
        width: cells of a whole row.
        names: the header.
        time: column of instants.
        value: column of values, None where rows are counted.
        entity: columns that together name the entity.
        zone: column that names the zone of a row.
        latitude: column of degrees north.
        longitude: column of degrees east.
    """

    width: int
    names: tuple[str, ...]
    time: int
    value: int | None
    entity: tuple[int, ...]
    zone: int | None
    latitude: int | None
    longitude: int | None


def find_columns(header: Sequence[str], options: TableOptions, file: str) -> Columns:
    """Return the columns that the options name, and those that are certain without being named.

    Certain is a column of time where exactly one is called like one, and a column of values
    where exactly one is left.

    Raises:
        InputError: one that was named is not there, or one that was not named is not certain.
    """
    names = tuple(name.strip() for name in header)
    finder = _Finder(names, file)
    time = finder.find(options.time, "--time") if options.time else finder.only(_TIMES, "--time")
    entity = tuple(finder.find(name, "--entity") for name in options.entity)
    zone = _find_zone_column(options.tz, finder)
    place = (finder.maybe(_LATITUDES), finder.maybe(_LONGITUDES))
    value = None
    if options.value is not None and not options.count:
        value = finder.find(options.value, "--value")
    elif not options.count:
        value = finder.left({time, *entity, zone, *place})
    return Columns(len(names), names, time, value, entity, zone, *place)


def _find_zone_column(tz: str | None, finder: _Finder) -> int | None:
    if tz is None or valid_zone(tz):
        return None
    if tz in finder.names:
        return finder.find(tz, "--tz")
    raise finder.refuse(f"--tz: expected an IANA zone such as Asia/Tehran, or a column: got {tz!r}")


@dataclass(frozen=True, slots=True)
class _Finder:
    names: tuple[str, ...]
    file: str

    def find(self, name: str, option: str) -> int:
        where = [at for at, each in enumerate(self.names) if each == name]
        if len(where) == 1:
            return where[0]
        if where:
            raise self.refuse(f"{option}: expected one column {name!r}, the header has {len(where)}; rename")
        raise self.refuse(f"{option}: no column {name!r}; the file has {self._list()}")

    def only(self, known: frozenset[str], option: str) -> int:
        where = [at for at, each in enumerate(self.names) if each.lower() in known]
        if len(where) == 1:
            return where[0]
        raise self.refuse(
            f"expected {option} COLUMN, for no one column is certain; the file has {self._list()}"
        )

    def maybe(self, known: frozenset[str]) -> int | None:
        where = [at for at, each in enumerate(self.names) if each.lower() in known]
        return where[0] if len(where) == 1 else None

    def left(self, taken: set[int | None]) -> int:
        where = [at for at in range(len(self.names)) if at not in taken]
        if len(where) == 1:
            return where[0]
        raise self.refuse(
            f"expected --value COLUMN or --count, for no one column is certain; the file has {self._list()}"
        )

    def refuse(self, message: str) -> InputError:
        return refuse(self.file, message, 1)

    def _list(self) -> str:
        shown = ", ".join(repr(name) for name in self.names[:_SHOWN])
        return f"{shown}, …" if len(self.names) > _SHOWN else shown or "none"
