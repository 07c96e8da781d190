"""The places that a site can tell of, page by page: by the begin of an id, or by a name in any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkhours.model.entity import Entity
from darkhours.model.errors import DarkhoursError
from darkhours.places import resolve, search


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of places.

    Args:
        places: by id.
        cursor: id after which the next page begins, None on the last.
    """

    places: tuple[Entity, ...]
    cursor: str | None


def list_places(
    known: Sequence[Entity], *, query: str = "", prefix: str = "", cursor: str = "", limit: int
) -> Listing:
    """Return a page of the places that fit.

    Args:
        known: every place, by id.
        query: name in any script, or part of a name or an id; all where it is empty.
        prefix: begin of the id.
        cursor: id after which the page begins.
        limit: places of the page, at least 1.
    """
    wanted = _named(query) if query else frozenset()
    text = query.casefold()
    fits = [
        each
        for each in known
        if each.id > cursor
        and each.id.startswith(prefix)
        and (not query or each.id in wanted or text in each.name.casefold() or text in each.id.casefold())
    ]
    page = tuple(fits[:limit])
    return Listing(page, page[-1].id if len(fits) > limit else None)


def _named(query: str) -> frozenset[str]:
    """Return the ids that the gazetteer knows under a name."""
    found = {each.id for each in search(query)}
    try:
        found.add(resolve(query).id)
    except DarkhoursError:
        return frozenset(found)
    return frozenset(found)
