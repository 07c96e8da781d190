"""Small claims and cases, written out in a line; hours count from the start of a span of four days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from darkhours.infer.timeline import make_grid
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysState, Turn
from darkhours.model.entity import Entity

START = datetime(2022, 1, 1, tzinfo=UTC)
SPAN_H = 96
LAND, TOWN, OTHER = "country:KZ", "city:1526384", "city:1526273"
PLACES = {
    LAND: Entity(LAND, "Land", "UTC"),
    TOWN: Entity(TOWN, "Town", "UTC", (LAND,)),
    OTHER: Entity(OTHER, "Other", "UTC", (LAND,)),
}


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


def claim(id_: str, state: str, when=None, **other) -> Claim:
    """Return a press claim that TOWN's internet is ``state``, of a source of its own unless told."""
    fields = {"source": id_, "entity": TOWN, "service": "internet", "kind": "press"} | other
    fields.setdefault("origin", fields["source"])
    return Claim(id=id_, says=SaysState(state), when=when or Turn(at(24)), **fields)


def case(*claims: Claim, entities=(TOWN, OTHER, LAND)) -> Case:
    ordered = tuple(sorted(claims, key=lambda c: c.id))
    return Case("small", "UTC", START, at(SPAN_H), entities, PLACES, {}, ordered)


def grid(minutes: int = 60):
    return make_grid(START, at(SPAN_H), timedelta(minutes=minutes))
