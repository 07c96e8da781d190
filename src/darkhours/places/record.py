"""The rows of the gazetteer as values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from darkhours.places.table import load_table


@dataclass(frozen=True, slots=True)
class Record:
    """What the gazetteer stores of a country, region or city, as of today.

    Args:
        id: entity id.
        name: today's name.
        tz: its own zone, or that of most of its people.
        within: ids of what contains it, nearest first.
        population: people; None where unknown.
        place: degrees north and east; None where it has none.
        weight: people that count when names are compared: for a region those of its cities.
        zones: every zone in it, the most populous first.
    """

    id: str
    name: str
    tz: str
    within: tuple[str, ...]
    population: int | None
    place: tuple[float, float] | None
    weight: int
    zones: tuple[str, ...]


@lru_cache(maxsize=4096)  # thousands of networks lie in a few hundred places
def find_record(entity: str) -> Record | None:
    """Return the row of an id, or None where the gazetteer does not know it."""
    fields = load_table("places.bin").get(entity)
    if fields is None:
        return None
    name, tz, within, population, latitude, longitude, weight, zones = fields
    return Record(
        id=entity,
        name=name,
        tz=tz,
        within=tuple(within.split()),
        population=int(population) if population else None,
        place=(float(latitude), float(longitude)) if latitude else None,
        weight=int(weight or population or 0),
        zones=tuple(zones.split()) or (tz,),
    )
