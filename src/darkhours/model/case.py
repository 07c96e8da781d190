"""A case: what is asked, and everything that was published about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from darkhours.model.claim import Claim, Source
from darkhours.model.entity import Entity


@dataclass(frozen=True, slots=True)
class SeriesRef:
    """A file of measured values that belongs to a case.

    Args:
        file: its path, relative to the case.
        signal: what is measured.
        entity: id of the place that it is about.
        family: the sensing system.
        options: how it is read, as the case has them.
        sha256: of its bytes; "" until it has been read.
    """

    file: str
    signal: str
    entity: str
    family: str
    options: tuple[tuple[str, object], ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Evidence and context about one event, as read from ``case.toml``.

    Args:
        id: its name, such as ``almaty-2022``.
        tz: zone of its naive times.
        start: begin of the span, UTC.
        until: end of the span, UTC.
        entities: ids in the order of the case; the first is the flagship.
        places: every entity that a claim names, and those that contain them, by id.
        sources: by id, in the order of the file: of two relays alike the first named stands.
        claims: in the order of their ids, so that the order of the file never matters.
        series: measured files.
        sha256: of the bytes of the case file.
        title: a line that names the event, "" where the case has none.
        warnings: what was read with a reservation, one sentence each.
    """

    id: str
    tz: str
    start: datetime
    until: datetime
    entities: tuple[str, ...]
    places: dict[str, Entity]
    sources: dict[str, Source]
    claims: tuple[Claim, ...]
    series: tuple[SeriesRef, ...] = ()
    sha256: str = ""
    title: str = ""
    warnings: tuple[str, ...] = field(default=())

    @property
    def flagship(self) -> str:
        """Return the id of the entity the case is first of all about."""
        return self.entities[0]

    def containers(self, entity: str) -> tuple[str, ...]:
        """Return the ids of all that contain ``entity``, nearest first, without itself."""
        found: list[str] = []
        queue = list(self.places[entity].within) if entity in self.places else []
        while queue:
            outer = queue.pop(0)
            if outer == entity or outer in found:
                continue
            found.append(outer)
            if outer in self.places:
                queue.extend(self.places[outer].within)
        return tuple(found)
