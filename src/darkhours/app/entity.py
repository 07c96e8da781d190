"""Says what a name means: the entity, what it lies in, and its nearest namesakes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from darkhours.model.entity import Entity, is_entity_id


@dataclass(frozen=True, slots=True)
class EntityCard:
    """An entity with what contains it, nearest first."""

    entity: Entity
    containers: tuple[Entity, ...]

    def as_text(self) -> str:
        """Return the card for a person, a line for each thing that is known."""
        entity = self.entity
        lines = [f"{entity.name}  {entity.id}", f"  zone        {entity.tz}"]
        if self.containers:
            lines.append("  lies in     " + ", ".join(f"{e.name} ({e.id})" for e in self.containers))
        if entity.population is not None:
            lines.append(f"  people      {entity.population:,}")
        if entity.latitude is not None and entity.longitude is not None:
            lines.append(f"  position    {entity.latitude:.4f}, {entity.longitude:.4f}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return the card as plain values."""
        return asdict(self.entity) | {"containers": [{"id": e.id, "name": e.name} for e in self.containers]}


def describe_entity(text: str, at: date | None = None) -> EntityCard:
    """Return what a name or an id means.

    Args:
        text: name in any script, ISO code, or id such as ``city:1526384``.
        at: the day whose names and borders count; today's where none is given.

    Raises:
        InputError: unknown or ambiguous; lists the nearest candidates.
    """
    from darkhours import places  # noqa: PLC0415 — keeps `--help` fast

    entity = places.lookup(text, at=at) if is_entity_id(text) else places.resolve(text, at=at)
    return EntityCard(entity, tuple(places.lookup(id_, at=at) for id_ in entity.within))
