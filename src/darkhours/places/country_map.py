"""The map of one country: its regions on a grid, by a projection about its own middle."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from darkhours.places.outlines import Outline, Ring, Shape, outline, regions, spot
from darkhours.places.projection import Azimuthal

WIDE, HIGH, EDGE = 1000, 760, 16
"""Units across and down that a country is fitted into, and the rim that stays free."""
_NEAR, _NEAR_DEGREES = 0.22, 2.0
"""An island belongs to the picture if it is nearer than this share of its diagonal, or than two degrees."""

_SEAM = 180.0
"""Degrees east or west where the data are cut."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class CountryMap:
    """A country's regions on a grid.

    Args:
        country: entity id.
        width: units across.
        height: units down.
        shapes: a shape for each region that lies in the picture, and for land that is none.
        outlines: of the same regions, by id.
        projection: about the middle of the picture.
        scale: units per radius of the Earth.
        origin: where the middle of the projection lies on the grid.
    """

    country: str
    width: int
    height: int
    shapes: tuple[Shape, ...]
    outlines: dict[str, Outline]
    projection: Azimuthal
    scale: float
    origin: tuple[float, float]

    def spot(self, entity: str) -> tuple[float, float] | None:
        """Return where a place lies on the grid, or None where it has no place in the picture."""
        place = spot(entity)
        if place is None:
            return None
        x, y = self.locate(*place)
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None

    def locate(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where degrees north and east lie on the grid."""
        x, y = self.projection.place(latitude, longitude)
        return self.origin[0] + x * self.scale, self.origin[1] + y * self.scale


@lru_cache(maxsize=64)
def country_map(country: str) -> CountryMap | None:
    """Return the map of a country, or None where it has no outline.

    The picture shows the largest piece of land and what lies near it; far islands are left out,
    because with them the rest would be too small to read.

    >>> drawn = country_map("country:KZ")
    >>> drawn.width, [round(part) for part in drawn.spot("city:1526384")]
    (1000, [769, 443])
    """
    whole = outline(country)
    if whole is None:
        return None
    frame = _frame([rings[0] for rings in whole.polygons])
    middle = Azimuthal((frame[1] + frame[3]) / 2, (frame[0] + frame[2]) / 2)
    shells = [rings[0] for rings in whole.polygons if _touches(_box(rings[0]), frame)]
    placed = [middle.place(north, east) for ring in shells for east, north in ring]
    west, east = min(x for x, _ in placed), max(x for x, _ in placed)
    top, bottom = min(y for _, y in placed), max(y for _, y in placed)
    scale = min((WIDE - 2 * EDGE) / max(east - west, 1e-9), (HIGH - 2 * EDGE) / max(bottom - top, 1e-9))
    bare = CountryMap(
        country,
        round((east - west) * scale) + 2 * EDGE,
        round((bottom - top) * scale) + 2 * EDGE,
        (),
        {},
        middle,
        scale,
        (EDGE - west * scale, EDGE - top * scale),
    )
    return _fill(bare, frame)


def _fill(bare: CountryMap, frame: Box) -> CountryMap:
    land = outline(f"land:{bare.country.removeprefix('country:')}")
    found = [*([land] if land is not None else []), *regions(bare.country)]
    shapes = [shape for drawn in found if (shape := _shape(drawn, bare, frame)) is not None]
    known = {drawn.entity: drawn for drawn in found}
    return CountryMap(
        bare.country, bare.width, bare.height, tuple(shapes), known, bare.projection, bare.scale, bare.origin
    )


def _shape(drawn: Outline, onto: CountryMap, frame: Box) -> Shape | None:
    """Return an outline on the grid, or None where all of it lies outside the picture."""
    paths, size = "", 0.0
    for rings in drawn.polygons:
        if _touches(_box(rings[0]), frame):
            for ring in rings:
                whole, is_open = _open_at_seam(ring)
                points = _snap(onto.locate(north, east) for east, north in whole)
                paths += _path(points, "" if is_open else "z")
            size += abs(_area([onto.locate(north, east) for east, north in rings[0]]))
    if not size:
        return None
    x, y = onto.locate(*drawn.label)
    return Shape(drawn.entity, paths, round(x, 1), round(y, 1), round(size, 1))


def _frame(shells: list[Ring]) -> Box:
    """Return west, south, east, north of the largest piece of land and all that lies near it."""
    boxes = sorted(map(_box, shells), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    frame, rest, grown = boxes[-1], boxes[:-1], True
    while grown:
        reach = max(_NEAR * math.hypot(frame[2] - frame[0], frame[3] - frame[1]), _NEAR_DEGREES)
        near = [box for box in rest if _gap(_turn(box, frame), frame) <= reach]
        rest = [box for box in rest if box not in near]
        for box in near:
            turned = _turn(box, frame)
            frame = (
                min(frame[0], turned[0]),
                min(frame[1], turned[1]),
                max(frame[2], turned[2]),
                max(frame[3], turned[3]),
            )
        grown = bool(near)
    return frame


def _box(ring: Ring) -> Box:
    east, north = [point[0] for point in ring], [point[1] for point in ring]
    return min(east), min(north), max(east), max(north)


def _turn(box: Box, frame: Box) -> Box:
    """Return a box by whole turns around the globe as near to the frame as it comes."""
    middle = (frame[0] + frame[2]) / 2
    turns = round((middle - (box[0] + box[2]) / 2) / 360) * 360
    return box[0] + turns, box[1], box[2] + turns, box[3]


def _gap(one: Box, other: Box) -> float:
    wide = max(other[0] - one[2], one[0] - other[2], 0.0)
    high = max(other[1] - one[3], one[1] - other[3], 0.0)
    return math.hypot(wide, high)


def _touches(box: Box, frame: Box) -> bool:
    return _gap(_turn(box, frame), frame) == 0


def _snap(points: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for x, y in points:
        point = round(x), round(y)
        if not found or found[-1] != point:
            found.append(point)
    return found


def _area(points: list[tuple[float, float]]) -> float:
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _open_at_seam(ring: Ring) -> tuple[Ring, bool]:
    """Return a ring that begins behind its cut at 180° and ends before it, and whether there is one.

    Where the data are cut at 180° no border runs: a path that is left open there is filled all the
    same, and has no line.
    """
    on = [abs(east) == _SEAM for east, _ in ring]
    starts = [at for at in range(len(ring)) if on[at] and not on[at - 1]]
    if sum(on) < 2 or len(starts) != 1 or all(on):  # noqa: PLR2004 — a cut has two ends
        return ring, False
    last = (starts[0] + sum(on) - 1) % len(ring)
    turned = ring[last:] + ring[:last]
    return turned[: len(ring) - sum(on) + 2], True


def _path(points: list[tuple[int, int]], end: str) -> str:
    """Return a ring as a relative path, "" where it is no more than a line."""
    if len(points) < 3:  # noqa: PLR2004 — corners that a triangle has
        return ""
    steps = [f"{x2 - x1} {y2 - y1}" for (x1, y1), (x2, y2) in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(steps).replace(" -", "-") + end
