"""Places as GeoJSON (RFC 7946): an account, or what holds now in many places, with outlines or points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from darkhours.model.account import Account, Num
from darkhours.places.outlines import ATTRIBUTION, Outline, Ring, outline, spot
from darkhours.render.map_marks import MapMark, in_order, short_name
from darkhours.render.markup import clean
from darkhours.render.notice_words import LONGEST_NAME
from darkhours.render.publisher import Publisher

MEDIA_TYPE = "application/geo+json"

Position = list[float]
Geometry = dict[str, object]


def account_geojson(account: Account, publisher: Publisher, path: str, *, synthetic: bool = False) -> str:
    """Return an account as a collection of one feature: where it is, its status and its totals.

    Args:
        account: what is told.
        publisher: who publishes.
        path: of its page, from the root of the site.
        synthetic: it was made up for a test.
    """
    last = account.windows[-1] if account.windows else None
    told: dict[str, object] = {
        "name": clean(account.name[: 2 * LONGEST_NAME])[:LONGEST_NAME],
        "service": account.service,
        "status": account.status,
        "state": str(last.state) if last else "unknown",
        "as_of": _utc(account.as_of),
        "from": _utc(account.start),
        "until": _utc(account.until),
        "outages": len(account.outages),
        "totals": {name: _num(total) for name, total in account.totals.items()},
        "synthetic": synthetic,
        "url": publisher.link(path),
    }
    return _collect([_feature(account.entity, told)])


def states_geojson(
    marks: Iterable[MapMark], publisher: Publisher, as_of: datetime, *, points: bool = False
) -> str:
    """Return what holds in many places as a collection, the worst first.

    All countries with their outlines are 2 MB (0.6 packed), with points 0.1.

    Args:
        marks: places with their state, as for a map.
        publisher: who publishes.
        as_of: the instant for which the states hold.
        points: a point for each place, in place of its outline.
    """
    features = [
        _feature(
            its.entity_id,
            {
                "name": short_name(its),
                "state": str(its.state),
                "status": its.status,
                "as_of": _utc(as_of),
                "synthetic": its.synthetic,
                "url": publisher.link(its.href),
            },
            points=points,
        )
        for its in in_order(marks)
    ]
    return _collect(features)


def geometry(entity: str, *, points: bool = False) -> tuple[Geometry | None, tuple[str, ...]]:
    """Return where a place is, and which younger regions its outline holds as well.

    Its outline where there is one, else its point, else None: a network and a place of a user's
    own file lie nowhere (RFC 7946, 3.2, has null for that). Longitude comes before latitude.

    >>> geometry("city:1526384")[0]
    {'type': 'Point', 'coordinates': [76.9115, 43.2525]}
    """
    drawn = None if points else outline(entity)
    if drawn is not None:
        return {"type": "MultiPolygon", "coordinates": _polygons(drawn)}, drawn.covers
    point = spot(entity)
    if point is None:
        return None, ()
    return {"type": "Point", "coordinates": [point[1], point[0]]}, ()


def _feature(entity: str, told: dict[str, object], *, points: bool = False) -> dict[str, object]:
    where, covers = geometry(entity, points=points)
    if covers:
        told = {**told, "outline_also_covers": list(covers)}
    its = clean(entity)
    return {"type": "Feature", "id": its, "geometry": where, "properties": {"entity": its, **told}}


def _collect(features: Sequence[dict[str, object]]) -> str:
    whole = {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": list(features)}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _polygons(drawn: Outline) -> list[list[list[Position]]]:
    """Return polygons with closed rings, shells against the clock and holes with it (RFC 7946, 3.1.6)."""
    return [[_close(ring, against=at == 0) for at, ring in enumerate(rings)] for rings in drawn.polygons]


def _close(ring: Ring, *, against: bool) -> list[Position]:
    closed = [*ring, ring[0]]
    turn = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(closed))
    if (turn > 0) is not against:
        closed.reverse()
    return [[east, north] for east, north in closed]


def _num(total: Num | None) -> dict[str, float] | None:
    if total is None:
        return None
    return {"value": total.value, "low": total.low, "high": total.high, "p": total.p}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
