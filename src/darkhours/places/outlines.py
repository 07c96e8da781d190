"""Outlines of countries and first-level regions, and the map of the world made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from darkhours.places.projection import WORLD_HEIGHT, WORLD_WIDTH, equal_earth
from darkhours.places.record import find_record
from darkhours.places.table import load_table

Ring = tuple[tuple[float, float], ...]
"""Places as degrees east and north; the last is not the first again."""

ATTRIBUTION = "Outlines: Natural Earth"
"""What stands where outlines are shown; Natural Earth is in the public domain and asks for no more."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The border of a place, simplified so that neighbours share it.

    Args:
        entity: id of a country or a region, or ``land:KZ``: what of a country is no region that we know.
        polygons: each a shell and the holes in it.
        label: degrees north and east of a place well inside it.
        covers: regions that were made of it after its borders were drawn, and lie inside them.
    """

    entity: str
    polygons: tuple[tuple[Ring, ...], ...]
    label: tuple[float, float]
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A place on the grid of a map.

    Args:
        entity: its id.
        path: its border as an SVG path; "" where it is too small to have one.
        x: to the right, of a place well inside it.
        y: down.
        size: square units that it takes.
    """

    entity: str
    path: str
    x: float
    y: float
    size: float


@cache
def world() -> tuple[Shape, ...]:
    """Return every country on a grid of 2,000 units across in an equal-area projection, by id.

    Paths are made when the package is built, so that a map is no more than joined text.
    Antarctica, where nobody's access is told of, has a point only.

    >>> len(world()), world()[0].entity
    (250, 'country:AD')
    """
    found = [Shape("country:AQ", "", WORLD_WIDTH / 2, WORLD_HEIGHT * 0.92, 0.0)]
    for key, (path, x, y, size) in load_table("outlines.bin").scan("world:"):
        found.append(Shape(f"country:{key[6:]}", path, float(x), float(y), float(size)))
    return tuple(sorted(found, key=lambda shape: shape.entity))


@lru_cache(maxsize=512)
def outline(entity: str) -> Outline | None:
    """Return the outline of a country or a first-level region in degrees, or None where there is none.

    >>> outline("region:KZ-75").label
    (43.267, 76.907)
    >>> outline("region:KZ-63").covers, outline("city:1526384")
    (('region:KZ-10',), None)
    """
    if not entity.startswith(("country:", "region:", "land:")):
        return None
    fields = load_table("outlines.bin").get(entity)
    return _read(entity, fields) if fields is not None else None


def regions(country: str) -> tuple[Outline, ...]:
    """Return the outlines of the first-level regions of a country, by id.

    Borders are those of about 2018. A region that is younger has none: the one that it was made
    of names it in `covers`.

    Args:
        country: entity id, ``country:KZ``.

    >>> len(regions("country:KZ"))
    16
    """
    found = load_table("outlines.bin").scan(f"region:{country.removeprefix('country:')}-")
    return tuple(_read(entity, fields) for entity, fields in found)


def _read(entity: str, fields: list[str]) -> Outline:
    scale, text, north, east, covers = fields
    polygons = tuple(
        tuple(_decode(ring, int(scale)) for ring in rings.split(";")) for rings in text.split("|")
    )
    return Outline(entity, polygons, (float(north), float(east)), tuple(covers.split()))


def _decode(text: str, scale: int) -> Ring:
    return tuple(_walk(text, scale))


def _walk(text: str, scale: int) -> Iterator[tuple[float, float]]:
    x = y = 0
    numbers = iter(map(int, text.split()))
    for east, north in zip(numbers, numbers, strict=True):
        x, y = x + east, y + north
        yield x / scale, y / scale


def spot(entity: str) -> tuple[float, float] | None:
    """Return degrees north and east by which a place is shown as a point, or None where it has none.

    A country or region goes by the inside of its outline where it has one, else by the seat that
    the gazetteer knows; a network within a place, ``asn:9198@KZ``, has no place of its own.

    >>> spot("region:KZ-10")
    (50.4206, 80.2502)
    """
    drawn = outline(entity)
    if drawn is not None:
        return drawn.label
    record = find_record(entity)
    return record.place if record is not None else None


def world_spot(entity: str) -> tuple[float, float] | None:
    """Return where a place lies on the grid of the world, or None where it has no place."""
    for shape in world() if entity.startswith("country:") else ():
        if shape.entity == entity:
            return shape.x, shape.y
    place = spot(entity)
    return equal_earth(*place) if place is not None else None
