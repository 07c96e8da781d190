"""Finds the places whose names are nearest to a text."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
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
    scored = _score_indexed(asked, starts) if is_indexed() else _score_all(asked, starts)
    best = sorted(scored, key=lambda id_: (-scored[id_], id_))[: limit * 4]
    records = [record for record in map(find_record, best) if record]
    records.sort(key=lambda record: (-round(scored[record.id], 2), -record.weight, record.id))
    return [make_entity(record, None) for record in records[:limit]]


def is_indexed() -> bool:
    """Return whether names have been indexed in this process; `index_names` does."""
    letters = sys.modules.get("darkhours.places.letters")
    return letters is not None and bool(letters.index_names.cache_info().currsize)


def index_names() -> None:
    """Have every search from now on take milliseconds: for who searches often. Takes a second, and 20 MB.

    What is found is the same.
    """
    from darkhours.places.letters import index_names  # noqa: PLC0415 — arrays, which one search does not need

    index_names()


def _score_all(asked: str, starts: list[str]) -> dict[str, float]:
    scored = _score(asked, [row for start in starts for row in _scan(start)])
    return scored or _score(asked, list(_scan("")))


def _score_indexed(asked: str, starts: list[str]) -> dict[str, float]:
    """Return what `_score_all` does, having looked only at names with enough of the letters."""
    from darkhours.places.letters import index_names  # noqa: PLC0415 — as above

    index = index_names()
    like = set(index.like(asked, _ALIKE).tolist())
    begun = set(index.beginning(asked))
    near = [number for number in sorted(like | begun) if chr(index.firsts[number]) in starts]
    return _score(asked, map(index.row, near)) or _score(asked, map(index.row, sorted(like)))


def _scan(start: str) -> Iterator[tuple[str, str]]:
    return ((key, fields[0]) for key, fields in load_table("names.bin").scan(start))


def _score(asked: str, rows: Iterable[tuple[str, str]]) -> dict[str, float]:
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(asked)
    letters, size, places = set(asked), len(asked), _places_of(asked)
    best: dict[str, float] = {}
    for key, codes in rows:
        if abs(len(key) - size) > size and not key.startswith(asked):
            continue
        if 2 * len(letters.intersection(key)) < len(letters):
            continue
        ratio = _compare(matcher, places, asked, key)
        for code in codes.split() if ratio else ():
            name = code.removeprefix("!")
            id_ = f"city:{name}" if name.isdigit() else name
            best[id_] = max(best.get(id_, 0), ratio)
    return best


def _places_of(asked: str) -> dict[str, int]:
    """Return where each letter stands in a text, a bit for each place."""
    places: dict[str, int] = {}
    for at, letter in enumerate(asked):
        places[letter] = places.get(letter, 0) | 1 << at
    return places


def _common(places: dict[str, int], size: int, key: str) -> int:
    """Return how many letters two texts have in the same order, at most: all that difflib can match.

    The length of the longest common subsequence, all places of a text at once in the bits of a number.

    Source: H. Hyyrö, Bit-parallel LCS-length computation revisited, AWOCA 2004.

    >>> _common(_places_of("almaty"), 6, "alma ata")
    5
    """
    full = (1 << size) - 1
    free = full
    for letter in key:
        hit = free & places.get(letter, 0)
        free = ((free + hit) | (free - hit)) & full
    return size - free.bit_count()


def _compare(matcher: SequenceMatcher[str], places: dict[str, int], asked: str, key: str) -> float:
    """Return how alike two folded names are, 0 where they are not alike."""
    if key.startswith(asked):
        return max(0.9, len(asked) / len(key))
    size, total = len(asked), len(asked) + len(key)
    if 2.0 * min(size, len(key)) / total < _ALIKE or 2.0 * _common(places, size, key) / total < _ALIKE:
        return 0
    matcher.set_seq1(key)
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
