"""Which of the places that are worth telling somebody wants to see, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkhours.app.site_now import GROUPS, Now, Present, group_of
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, Problem

KINDS = ("country", "region", "city", "asn", "local")
CHANGED = {"6h": timedelta(hours=6), "24h": timedelta(hours=24), "72h": timedelta(hours=72)}
"""How long ago a state may have begun: ours, a night, a day, and the shortest probation."""
ORDERS = ("worst", "name", "-name", "since", "-since", "hours", "-hours", "people", "-people")
"""By what places are put in order; with a hyphen the other way round: Z first, newest first, most first."""
_COUNTRY = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to see of the places worth telling: everything unless told.

    Args:
        groups: of `GROUPS`, in their order; all where empty.
        kind: one of `KINDS`, or empty.
        country: code of the country that a place is or lies in, such as ``KZ``, or empty.
        changed: one of `CHANGED`, before the newest bin, or empty.
        sort: one of `ORDERS`.
    """

    groups: tuple[str, ...] = ()
    kind: str = ""
    country: str = ""
    changed: str = ""
    sort: str = "worst"

    @property
    def narrow(self) -> bool:
        """Tell whether some places may be left out."""
        return bool(self.groups or self.kind or self.country or self.changed)


def read_choice(
    groups: Iterable[str] = (), kind: str = "", country: str = "", changed: str = "", sort: str = ""
) -> Choice:
    """Return a choice from words that came from outside; the same choice for the same places.

    Raises:
        InputError: a word is none of those that are known.

    >>> read_choice(["degraded", "dark", "dark"]).groups
    ('dark', 'degraded')
    >>> read_choice(GROUPS) == Choice()
    True
    """
    told = [each for each in groups if each]
    for each in told[:20]:
        _one_of("group", each, GROUPS)
    kept = tuple(name for name in GROUPS if name in told)
    if country and not _COUNTRY.fullmatch(country):
        raise _wrong("country", "two capital letters, such as KZ", country)
    return Choice(
        () if len(kept) == len(GROUPS) else kept,
        _one_of("kind", kind, KINDS),
        country,
        _one_of("changed", changed, tuple(CHANGED)),
        _one_of("sort", sort, ORDERS) or "worst",
    )


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value and value not in known:
        raise _wrong(name, f"one of {', '.join(known)}", value)
    return value


def _wrong(name: str, expected: str, got: str) -> InputError:
    return InputError("now", [Problem(name, f"expected {expected}, got {got[:40]!r}; leave it out for all")])


def country_of(entity: Entity) -> str:
    """Return the code of the country that a place is or lies in, empty where it is in none.

    >>> country_of(Entity("region:KZ-75", "Almaty", "Asia/Almaty", ("country:KZ",)))
    'KZ'
    """
    around = (entity.id, *reversed(entity.within))
    return next((id_.partition(":")[2] for id_ in around if id_.startswith("country:")), "")


def choose(now: Now, choice: Choice, name_of: Callable[[Entity], str] | None = None) -> tuple[Present, ...]:
    """Return the places of a choice in its order; what is not known of a place puts it last.

    Args:
        now: everything.
        choice: what is wanted of it.
        name_of: what a place is called where it is read; its own name unless told.
    """
    found = [place for place in now.places if _fits(place, choice, now.at)]
    by = choice.sort.removeprefix("-")
    if by == "worst":
        return tuple(found)
    called = name_of or (lambda entity: entity.name)
    values = [(_value(place, by, called), place) for place in found]
    known = sorted(
        ((value, place) for value, place in values if value is not None),
        key=lambda pair: (pair[0], called(pair[1].entity), pair[1].entity.id),
        reverse=choice.sort.startswith("-"),
    )
    return (*(place for _, place in known), *(place for value, place in values if value is None))


def _fits(place: Present, choice: Choice, at: datetime | None) -> bool:
    return (
        (not choice.groups or group_of(place) in choice.groups)
        and (not choice.kind or place.entity.kind == choice.kind)
        and (not choice.country or country_of(place.entity) == choice.country)
        and (not choice.changed or at is None or _since(place) >= at - CHANGED[choice.changed])
    )


def _since(place: Present) -> datetime:
    return datetime.fromisoformat(place.since["at"])


def _value(place: Present, by: str, called: Callable[[Entity], str]) -> tuple[str] | tuple[float] | None:
    """Return what a place is put in order by, in a value of one kind, None where it is not known."""
    if by == "name":
        return (called(place.entity).casefold(),)
    number = {
        "since": _since(place).timestamp(),
        "hours": place.dark_h,
        "people": place.entity.population or None,
    }[by]
    return None if number is None else (float(number),)
