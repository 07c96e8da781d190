"""The places that a site can tell of, page by page: by the begin of an id, or by a name in any script."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import accumulate, groupby, islice, takewhile

from darkhours.model.entity import Entity
from darkhours.places import search

_LAST = "\U0010ffff"
"""Comes after every letter."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of places.

    Args:
        places: by id.
        cursor: id after which the next page begins, None on the last.
    """

    places: tuple[Entity, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Every place that a site can tell of, and all their names as one text, in which a part is found at once.

    Args:
        places: by id.
        text: name and id of each, a line each, without case.
        ends: end of each line.
    """

    places: tuple[Entity, ...]
    text: str
    ends: tuple[int, ...]

    def holding(self, part: str, first: int) -> Iterator[int]:
        """Yield the numbers of the places from one on whose name or id holds a text, ascending."""
        at = self.ends[first - 1] if first else 0
        while (at := self.text.find(part, at)) >= 0:
            number = bisect_right(self.ends, at)
            place = self.places[number]
            if part in place.name.casefold() or part in place.id.casefold():
                yield number
                at = self.ends[number]
            else:  # it lies across two names
                at += 1


def make_register(places: Iterable[Entity]) -> Register:
    """Return places as a register."""
    by_id = sorted(places, key=_id_of)
    lines = [f"{each.name}\n{each.id}\n".casefold() for each in by_id]
    return Register(tuple(by_id), "".join(lines), tuple(accumulate(map(len, lines))))


def _id_of(place: Entity) -> str:
    return place.id


def list_places(
    known: Register, *, query: str = "", prefix: str = "", cursor: str = "", limit: int
) -> Listing:
    """Return a page of the places that fit.

    Args:
        known: every place.
        query: name in any script, or part of a name or an id; all where it is empty.
        prefix: begin of the id.
        cursor: id after which the page begins.
        limit: places of the page, at least 1.
    """
    places = known.places
    first = max(bisect_right(places, cursor, key=_id_of), bisect_left(places, prefix, key=_id_of))
    end = bisect_left(places, prefix + _LAST, key=_id_of) if prefix else len(places)
    fits: Iterable[int] = range(first, end)
    if query:
        named = (bisect_left(places, id_, key=_id_of) for id_ in sorted(_named(query)))
        named_here = [at for at in named if first <= at < end and places[at].id in _named(query)]
        fits = merge(named_here, known.holding(query.casefold(), first) if first < len(places) else ())
    found = [at for at, _ in islice(groupby(takewhile(lambda at: at < end, fits)), limit + 1)]
    page = tuple(places[at] for at in found[:limit])
    return Listing(page, page[-1].id if len(found) > limit else None)


@lru_cache(256)
def _named(query: str) -> frozenset[str]:
    """Return the ids that the gazetteer knows under a name; it takes long where it knows none."""
    return frozenset(each.id for each in search(query))
