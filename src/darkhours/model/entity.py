"""Entities: whom an account is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

ENTITY_ID = re.compile(
    r"country:[A-Z]{2}|region:[A-Z]{2}-[A-Z0-9]{1,3}|city:[1-9][0-9]{0,9}"
    r"|asn:[1-9][0-9]{0,9}(@[A-Z]{2}(-[A-Z0-9]{1,3})?)?|local:[^\s\x00-\x1f]{1,200}"
)


def is_entity_id(text: str) -> bool:
    """Tell whether ``text`` has the form of an entity id; whether it exists is for `places`.

    >>> is_entity_id("city:1526384"), is_entity_id("asn:9198@KZ"), is_entity_id("Almaty")
    (True, True, False)
    """
    return ENTITY_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Entity:
    """A place or network that can be up or dark.

    Args:
        id: ``country:KZ``, ``region:KZ-75`` (ISO 3166-2), ``city:1526384`` (GeoNames),
            ``asn:9198``, ``asn:9198@KZ`` or ``local:Kerman/Bam``.
        name: the name people know it by, at the time of the case.
        tz: IANA zone for its local times.
        within: ids of the entities that contain it, nearest first.
        population: people in it, None where unknown.
        latitude: degrees north, None where it has no place.
        longitude: degrees east, None where it has no place.
    """

    id: str
    name: str
    tz: str
    within: tuple[str, ...] = ()
    population: int | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def kind(self) -> str:
        """Return ``country``, ``region``, ``city``, ``asn`` or ``local``."""
        return self.id.partition(":")[0]
