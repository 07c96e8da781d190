"""What a place is called in the language of whoever reads, where a source says so with its language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from darkhours.model.entity import Entity
from darkhours.places.record import find_record
from darkhours.places.table import load_table

LANGUAGES = ("ru", "kk", "fa", "ar", "my")
"""Languages of the table, in the order of its columns."""


def spoken_name(entity: Entity, code: str) -> str | None:
    """Return the name of a place in a language, None where no source has it.

    None too for a place that is told under a name that is no name of it here: what was Nur-Sultan
    when it was dark is not called as it is now, and who names places of their own is heard.

    Args:
        entity: the place, under the name by which it is told.
        code: of the language, such as ``ru``.

    >>> spoken_name(Entity("country:KZ", "Kazakhstan", "Asia/Almaty"), "fa")
    'قزاقستان'
    >>> spoken_name(Entity("city:1526273", "Nur-Sultan", "Asia/Almaty"), "ar")
    'نور سلطان'
    """
    if code not in LANGUAGES:
        return None
    rows = _rows()
    row = rows.get(f"{entity.id} {entity.name}")
    if row is None and entity.id in rows:
        record = find_record(entity.id)
        row = rows[entity.id] if record is not None and record.name == entity.name else None
    return (row[LANGUAGES.index(code)] or None) if row is not None else None


@cache
def _rows() -> Mapping[str, list[str]]:
    """Return the whole table, a megabyte: a list of thousands of places asks for each of them."""
    return dict(load_table("spoken.bin").scan())
