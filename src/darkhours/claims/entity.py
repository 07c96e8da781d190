"""The ``[[entity]]`` tables, and every place of a case with all that contain it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from darkhours.claims.findings import Findings, Spot
from darkhours.claims.table import Table
from darkhours.claims.times import read_zone
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError

ENTITY_KEYS = ("id", "name", "tz", "within", "population", "latitude", "longitude")
Lookup = Callable[[str], Entity | None]
_PEOPLE_MOST = 10**10


def gazetteer_at(day: date | None) -> Lookup:
    """Return the gazetteer as of ``day``: places change names and borders.

    It is not asked for ``local:`` names: their zone is that of the case.
    """

    def look_up(name: str) -> Entity | None:
        from darkhours import places  # noqa: PLC0415 -- a case that declares all it names needs none

        return None if name.startswith("local:") else places.lookup(name, at=day)

    return look_up


@dataclass(frozen=True, slots=True)
class Declared:
    """What a case says of an entity; None where it leaves it to the gazetteer."""

    id: str
    spot: Spot
    name: str | None
    tz: str | None
    within: tuple[str, ...] | None
    population: float | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A key that names an entity."""

    spot: Spot
    key: str


def read_entity(table: Table) -> Declared | None:
    """Return what a case says of an entity, or None after telling why not."""
    table.missing("id", "an entity id")
    name, zone = table.entity("id"), read_zone(table, "tz")
    declared = Declared(
        id=name or "",
        spot=table.spot,
        name=table.text("name"),
        tz=zone.key if zone is not None else None,
        within=table.entities("within") if table.has("within") else None,
        population=table.number("population", 0, _PEOPLE_MOST, whole=True),
        latitude=table.number("latitude", -90, 90),
        longitude=table.number("longitude", -180, 180),
    )
    return None if table.failed else declared


@dataclass(slots=True)
class Gazette:
    """Finds the entities of a case: what the case says goes before what the gazetteer knows.

    Args:
        declared: by id; None stands for one that is told of already.
        lookup: the gazetteer; None or an `InputError` for an id that it does not know.
        zone: of ``local:`` entities that say nothing else.
        findings: unknown entities are told there.
    """

    declared: Mapping[str, Declared | None]
    lookup: Lookup
    zone: ZoneInfo
    findings: Findings

    def places(self, mentions: Mapping[str, list[Mention]]) -> dict[str, Entity]:
        """Return every entity mentioned, and those that contain them, by id in order."""
        found: dict[str, Entity | None] = {}
        queue = list(mentions)
        while queue:
            name = queue.pop()
            if name in found:
                continue
            found[name] = self._resolve(name, mentions.get(name, []))
            queue.extend(self._containers(found[name]))
        return {name: place for name, place in sorted(found.items()) if place is not None}

    @staticmethod
    def _containers(place: Entity | None) -> Iterator[str]:
        return iter(place.within if place is not None else ())

    def _resolve(self, name: str, mentions: list[Mention]) -> Entity | None:
        said = self.declared.get(name)
        if said is None and name in self.declared:
            return None
        known, advice = self._known(name)
        if known is not None or said is not None:
            merged = _merge(name, said, known, self.zone)
            if merged is not None:
                return merged
        elif name.startswith("local:"):
            return Entity(name, unquote(name.removeprefix("local:")), self.zone.key)
        self._tell_unknown(name, said, mentions, advice)
        return None

    def _known(self, name: str) -> tuple[Entity | None, str]:
        try:
            return self.lookup(name), ""
        except InputError as error:
            return None, error.problems[0].message if error.problems else ""

    def _tell_unknown(self, name: str, said: Declared | None, mentions: list[Mention], advice: str) -> None:
        if said is not None:
            absent = " and ".join(key for key in ("name", "tz") if getattr(said, key) is None)
            self.findings.error(said.spot, "", f"the gazetteer does not know {name}: give it {absent} here")
            return
        first = mentions[0] if mentions else Mention(Spot("entity", None, "entity"), "within")
        more = f" (and {len(mentions) - 1} more times)" if len(mentions) > 1 else ""
        tail = advice or "mend the id, or declare it in an [[entity]] with name and tz"
        near = "" if advice else self.findings.suggestion(name, self.declared)
        self.findings.error(first.spot, first.key, f"unknown entity {name}{more}{near}; {tail}")


def _merge(name: str, said: Declared | None, known: Entity | None, zone: ZoneInfo) -> Entity | None:
    if said is None:
        return known
    local = name.startswith("local:")
    title = said.name or (known.name if known else unquote(name.removeprefix("local:")) if local else None)
    tz = said.tz or (known.tz if known else zone.key if local else None)
    if title is None or tz is None:
        return None
    within = said.within if said.within is not None else known.within if known else ()
    people = said.population if said.population is not None else known.population if known else None
    north = said.latitude if said.latitude is not None else known.latitude if known else None
    east = said.longitude if said.longitude is not None else known.longitude if known else None
    return Entity(name, title, tz, within, None if people is None else int(people), north, east)
