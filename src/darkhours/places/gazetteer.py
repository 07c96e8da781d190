"""Looks up an entity by its id: what it is called, where it is, what contains it."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import InputError
from darkhours.places.complaint import refuse_future_place, refuse_id
from darkhours.places.history import find_beginning, find_former_name
from darkhours.places.networks import find_network
from darkhours.places.record import Record, find_record

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def lookup(entity_id: str, *, at: date | None = None) -> Entity:
    """Return the entity with that id, by the name and containment of a date.

    Args:
        entity_id: an id as in the documents: ``city:1526384``, ``region:KZ-75``, ``asn:9198@KZ``,
            ``local:Kerman/Bam``. Every network number and every local name is an entity.
        at: the day whose names and borders hold; None takes today's.

    Raises:
        InputError: there is no such entity, or there was none on that day; names the nearest.

    >>> lookup("city:1526273", at=date(2022, 1, 5)).name
    'Nur-Sultan'
    >>> lookup("country:UK")
    Traceback (most recent call last):
    ...
    darkhours.model.errors.InputError: gazetteer: unknown country 'UK': did you mean 'GB'?
    """
    if not is_entity_id(entity_id):
        raise refuse_id(entity_id)
    kind, _, rest = entity_id.partition(":")
    if kind == "local":
        return Entity(entity_id, _CONTROL.sub("\ufffd", unquote(rest)), "UTC")
    if kind == "asn":
        return _look_up_network(entity_id, rest)
    record = find_record(entity_id)
    if record is None:
        raise refuse_id(entity_id)
    beginning = find_beginning(entity_id, at)
    if beginning is not None:
        raise refuse_future_place(record, beginning)
    return make_entity(record, at)


def make_entity(record: Record, at: date | None) -> Entity:
    """Return a row of the gazetteer as the entity it was on that day."""
    north, east = record.place if record.place is not None else (None, None)
    return Entity(
        id=record.id,
        name=find_former_name(record.id, at) or record.name,
        tz=record.tz,
        within=_contain(record.within, at),
        population=record.population,
        latitude=north,
        longitude=east,
    )


def _contain(within: tuple[str, ...], at: date | None) -> tuple[str, ...]:
    found: list[str] = []
    for outer in within:
        beginning = find_beginning(outer, at)
        then = outer if beginning is None else beginning.before
        if then and then not in found:
            found.append(then)
    return tuple(found)


def _look_up_network(entity_id: str, rest: str) -> Entity:
    digits, _, part = rest.partition("@")
    network = find_network(int(digits))
    if network is None:
        raise refuse_id(entity_id)
    home = part or network.country
    if not home:
        return Entity(entity_id, network.name, "UTC")
    outer = find_record(f"region:{home}" if "-" in home else f"country:{home}")
    if outer is None:
        raise refuse_id(f"region:{home}" if "-" in home else f"country:{home}")
    return Entity(entity_id, network.name, outer.tz, (outer.id, *outer.within))


def containers(entity_id: str, *, at: date | None = None) -> tuple[str, ...]:
    """Return the ids of all that contains an entity, nearest first.

    Raises:
        InputError: there is no such entity.

    >>> containers("city:1526384")
    ('region:KZ-75', 'country:KZ')
    """
    return lookup(entity_id, at=at).within


def name_at(entity: Entity | str, day: date | None) -> str:
    """Return what an entity was called on a day; today's name where it is None.

    An entity that was not there yet goes by its first name: a name is asked for to print it.

    Raises:
        InputError: there is no such entity.

    >>> name_at("city:1526384", date(1990, 1, 1)), name_at("city:1526384", None)
    ('Alma-Ata', 'Almaty')
    """
    entity_id = entity if isinstance(entity, str) else entity.id
    try:
        return lookup(entity_id, at=day).name
    except InputError:
        return lookup(entity_id).name


def zones(entity_id: str) -> tuple[str, ...]:
    """Return every zone in an entity, the one of most of its people first.

    Raises:
        InputError: there is no such entity.

    >>> zones("region:KZ-47")
    ('Asia/Aqtau',)
    """
    record = find_record(entity_id)
    return record.zones if record is not None else (lookup(entity_id).tz,)
