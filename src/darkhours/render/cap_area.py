"""Where an alert holds: the outline of the place as polygons, or a circle about its point, and its codes."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from darkhours.model.notice import Notice
from darkhours.places.outlines import Outline, Ring, outline, spot
from darkhours.places.record import find_record
from darkhours.render.notice_words import notice_name
from darkhours.render.xml import add

CIRCLE_KM = 10
"""Radius about a place of which only a point is known; chosen by us, and no claim on its size."""
MOST_POLYGONS = 12
"""Polygons of an alert: the largest ones; small islands would only make it long."""


def add_area(info: Element, notice: Notice) -> None:
    """Add the area of a notice: polygons or a circle, and the codes of ISO 3166 of what contains it.

    A network within a place, ``asn:9198@KZ``, has the area of that place; a place of a user's own file
    has its name alone.
    """
    area = add(info, "area")
    add(area, "areaDesc", notice_name(notice))
    where = _place(notice.entity)
    drawn = outline(where) if where else None
    if drawn is not None:
        for ring in _largest(drawn):
            add(area, "polygon", " ".join(f"{north:g},{east:g}" for east, north in (*ring, ring[0])))
    elif where and (point := spot(where)) is not None:
        add(area, "circle", f"{point[0]:.4f},{point[1]:.4f} {CIRCLE_KM}")
    for scheme, code in _codes(where):
        geocode = add(area, "geocode")
        add(geocode, "valueName", scheme)
        add(geocode, "value", code)


def _place(entity: str) -> str:
    """Return the place that an entity lies in, "" for none; a place lies in itself."""
    kind, _, rest = entity.partition(":")
    if kind == "asn":
        part = rest.partition("@")[2]
        return f"{'region' if '-' in part else 'country'}:{part}" if part else ""
    return "" if kind == "local" else entity


def _largest(drawn: Outline) -> list[Ring]:
    """Return the shells of the largest polygons; CAP knows no holes."""
    shells = [polygon[0] for polygon in drawn.polygons if len(polygon[0]) >= 3]  # noqa: PLR2004 — a triangle
    return sorted(shells, key=_extent, reverse=True)[:MOST_POLYGONS]


def _extent(ring: Ring) -> float:
    east, north = [point[0] for point in ring], [point[1] for point in ring]
    return (max(east) - min(east)) * (max(north) - min(north))


def _codes(where: str) -> list[tuple[str, str]]:
    """Return the codes of a place and of what contains it: ISO 3166-2 of regions, ISO 3166-1 of countries."""
    if not where:
        return []
    record = find_record(where)
    found = []
    for entity in (where, *(record.within if record is not None else ())):
        kind, _, code = entity.partition(":")
        if kind in {"region", "country"}:
            found.append(("ISO 3166-2" if kind == "region" else "ISO 3166-1", code))
    return found
