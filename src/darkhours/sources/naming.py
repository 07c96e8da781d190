"""Names in a file to entities: ids where they are ids, else local ones that keep the file's names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import quote

from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import InputError, Problem
from darkhours.places import lookup, resolve, valid_zone

COUNTRY_COLUMNS = frozenset(
    {"country", "country_code", "countrycode", "cc", "iso", "iso2", "iso_2", "iso_a2"}
)
"""Columns of two-letter codes that are countries; a code elsewhere may be anything."""
_CODE = re.compile("[A-Z]{2}")
SHOWN = 40
_SAFE = "".join(map(chr, range(33, 127))).translate(str.maketrans("", "", "/%"))


def make_local_id(parts: Sequence[str]) -> str:
    """Return the id of a name that only the file knows, one part for each of its columns.

    >>> make_local_id(["Kerman", "Bam"]), make_local_id(["A/B", "C D"])
    ('local:Kerman/Bam', 'local:A%2FB/C%20D')
    """
    return "local:" + "/".join(_escape(part.strip()) for part in parts)


def _escape(part: str) -> str:
    return "".join(char if char.isalnum() else quote(char, safe=_SAFE) for char in part) or "%20"


def make_file_id(file: str) -> str:
    """Return the id of a file that is one entity, by its name without endings, cut where it is long.

    >>> make_file_id("data/my city.csv.gz")
    'local:my%20city'
    """
    return make_local_id([stem(file)[:SHOWN]])


def stem(file: str) -> str:
    """Return the name of a file without folder and endings."""
    name = PurePath(file).name
    for ending in (".gz", ".csv", ".tsv", ".txt", ".json", ".parquet", ".pq"):
        name = name.removesuffix(ending)
    return name or "file"


def name_one(entity_id: str | None, file: str, tz: str | None) -> Entity:
    """Return the entity of a file that is about one.

    Raises:
        InputError: the id stands for nothing.
    """
    found = lookup(entity_id or make_file_id(file))
    return _in_zone(found, tz)


def name_many(
    rows: Sequence[tuple[str, ...]], columns: Sequence[str], tz: str | None, *, places: bool = False
) -> tuple[Entity, ...]:
    """Return the entity of each row of names.

    Of one column, all ids are taken as ids, and all two-letter codes of a column that is called like
    one of countries as countries. All else is local: the gazetteer is not asked for names unless told,
    since a wrong place in an account is worse than one without a population.

    Args:
        rows: the cells that name an entity, outermost first.
        columns: the names of those columns.
        tz: zone of their local days, None where it was not told.
        places: whether names that the gazetteer knows are the places they name; no two rows become one.

    Raises:
        InputError: a name is too long for an id.
    """
    known = _look_up([row[0] for row in rows], columns[0]) if len(columns) == 1 else None
    if known is not None:
        return tuple(_in_zone(entity, tz) for entity in known)
    shown = Counter(row[-1] for row in rows)
    local = [_name_local(row, tz, alone=shown[row[-1]] == 1) for row in rows]
    if not places:
        return tuple(local)
    found = [_find_place(row) for row in rows]
    claimed = Counter(entity.id for entity in found if entity is not None)
    return tuple(
        each if place is None or claimed[place.id] > 1 else _in_zone(place, tz)
        for each, place in zip(local, found, strict=True)
    )


def _find_place(row: tuple[str, ...]) -> Entity | None:
    """Return the place that names from the outermost to the innermost name, None where it is not certain."""
    try:
        return resolve(", ".join(reversed(row)))
    except InputError:
        return None


def _look_up(cells: Sequence[str], column: str) -> list[Entity] | None:
    if all(is_entity_id(cell) for cell in cells):
        ids = list(cells)
    elif column.strip().lower() in COUNTRY_COLUMNS and all(_CODE.fullmatch(cell) for cell in cells):
        ids = [f"country:{cell}" for cell in cells]
    else:
        return None
    try:
        return [lookup(entity_id) for entity_id in ids]
    except InputError:
        return None


def _in_zone(entity: Entity, tz: str | None) -> Entity:
    return replace(entity, tz=tz) if tz is not None and valid_zone(tz) else entity


def _name_local(row: tuple[str, ...], tz: str | None, *, alone: bool) -> Entity:
    """Return a local entity; its name is the innermost, with those around it where it is not alone."""
    id_ = make_local_id(row)
    if not is_entity_id(id_):
        shown = "/".join(part[:SHOWN] for part in row)
        message = f"expected a name of at most 200 letters, escapes counted, got {shown!r}…; shorten it"
        raise InputError("--entity", (Problem("", message),))
    parts = [part.strip() or "(no name)" for part in row]
    name = parts[-1] if alone else ", ".join(reversed(parts))
    within = tuple(make_local_id(row[:size]) for size in range(len(row) - 1, 0, -1))
    return _in_zone(Entity(id_, " ".join(name.split()), "UTC", within), tz)
