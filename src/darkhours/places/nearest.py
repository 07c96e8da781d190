"""Finds the places whose names are nearest to a text."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from darkhours.model.entity import Entity
from darkhours.places.fold import fold
from darkhours.places.gazetteer import make_entity
from darkhours.places.record import find_record
from darkhours.places.table import load_table

# Of names less alike than this nobody thinks as of one: difflib's own default.
_ALIKE = 0.6
_LONGEST = 60


def search(text: str, limit: int = 5) -> list[Entity]:
    """Return the places whose names are most like a text, the likest first.

    Likeness is difflib's ratio on folded names, in any script; a name that begins with the
    text counts as nearly the same, and among equals the more populous goes first. Names are
    first sought under the first two letters of the text, then, if there are none, everywhere.

    Args:
        text: what somebody typed.
        limit: how many at most, 0 or more.

    >>> [entity.name for entity in search("Almatty", limit=1)]
    ['Almaty']
    """
    asked = fold(text)[:_LONGEST]
    if not asked or limit < 1:
        return []
    starts = sorted(set(asked[:2].strip()))
    scored = _score(asked, [row for start in starts for row in _scan(start)])
    if not scored:
        scored = _score(asked, list(_scan("")))
    best = sorted(scored, key=lambda id_: (-scored[id_], id_))[: limit * 4]
    records = [record for record in map(find_record, best) if record]
    records.sort(key=lambda record: (-round(scored[record.id], 2), -record.weight, record.id))
    return [make_entity(record, None) for record in records[:limit]]


def _scan(start: str) -> Iterator[tuple[str, str]]:
    return ((key, fields[0]) for key, fields in load_table("names.bin").scan(start))


def _score(asked: str, rows: list[tuple[str, str]]) -> dict[str, float]:
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(asked)
    letters, size = set(asked), len(asked)
    best: dict[str, float] = {}
    for key, codes in rows:
        if abs(len(key) - size) > size and not key.startswith(asked):
            continue
        if 2 * len(letters.intersection(key)) < len(letters):
            continue
        ratio = _compare(matcher, asked, key)
        for code in codes.split() if ratio else ():
            name = code.removeprefix("!")
            id_ = f"city:{name}" if name.isdigit() else name
            best[id_] = max(best.get(id_, 0), ratio)
    return best


def _compare(matcher: SequenceMatcher[str], asked: str, key: str) -> float:
    """Return how alike two folded names are, 0 where they are not alike."""
    if key.startswith(asked):
        return max(0.9, len(asked) / len(key))
    matcher.set_seq1(key)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0
    ratio = matcher.ratio()
    return ratio if ratio >= _ALIKE else 0


def describe(entity: Entity) -> str:
    """Return an entity as one of several that may have been meant.

    >>> describe(search("Almaty", limit=1)[0])
    'Almaty (city:1526384, KZ, 1,977,011 people)'
    """
    country = entity.within[-1].removeprefix("country:") if entity.within else ""
    people = f"{entity.population:,} people" if entity.population else ""
    return f"{entity.name} ({', '.join(part for part in (entity.id, country, people) if part)})"
