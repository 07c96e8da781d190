"""What a place was called, and whether it was there, on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from darkhours.places.table import load_rows


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that a place had on the days ``[start, until)``; None where that end is open."""

    name: str
    start: date | None
    until: date | None

    def held(self, day: date) -> bool:
        """Tell whether the place had the name on that day."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first day of a place that was cut out of ``before``, an id or ""."""

    since: date
    before: str


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _read_names() -> dict[str, list[FormerName]]:
    found: dict[str, list[FormerName]] = {}
    for entity, name, start, until in load_rows("names-of-old.tsv"):
        found.setdefault(entity, []).append(FormerName(name, _read_day(start), _read_day(until)))
    return found


@cache
def _read_beginnings() -> dict[str, Beginning]:
    return {
        entity: Beginning(date.fromisoformat(since), before)
        for entity, since, before in load_rows("beginnings.tsv")
    }


def find_former_name(entity: str, day: date | None) -> str | None:
    """Return the name on that day where it was not today's, else None."""
    if day is None:
        return None
    return next((former.name for former in _read_names().get(entity, ()) if former.held(day)), None)


def find_beginning(entity: str, day: date | None) -> Beginning | None:
    """Return when the place began if it was not yet there on that day, else None."""
    beginning = _read_beginnings().get(entity)
    return beginning if beginning is not None and day is not None and day < beginning.since else None
