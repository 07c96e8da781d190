"""Resolves what a person typed to one entity, or says which it may have been."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from darkhours.model.entity import Entity
from darkhours.model.errors import InputError
from darkhours.places.complaint import (
    complain,
    refuse_country,
    refuse_future_place,
    refuse_name,
    refuse_namesakes,
)
from darkhours.places.fold import fold
from darkhours.places.gazetteer import lookup, make_entity
from darkhours.places.history import find_beginning
from darkhours.places.nearest import describe, search
from darkhours.places.record import Record, find_record
from darkhours.places.table import load_table

# How many times heavier than the next a place must be to be taken unasked: chosen by us, so that
# London is England's (21 times Ontario's) and Hyderabad is asked for (India's is 5 times Pakistan's).
DOMINANT = 10
_LONGEST = 200
_SHOWN = 6
_KINDS = re.compile(r"(country|region|city|asn|local):", re.IGNORECASE)
_NETWORK = re.compile(r"ASN? ?([1-9][0-9]{0,9})", re.IGNORECASE)
_REGION = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that goes by the name; ``own`` where it is its own name, not only one it is also called."""

    record: Record
    own: bool

    @property
    def weight(self) -> int:
        """Return the people who speak for it; its own name counts as many times as dominance takes."""
        return max(self.record.weight, 1) * (DOMINANT if self.own else 1)


def resolve(text: str, *, at: date | None = None) -> Entity:
    """Return the one entity that a text means.

    Ids and codes come first (a bare two-letter code is a country). Among places of one name,
    the country goes before all; a city goes before the regions that contain it; else the most
    populous is taken if it is at least ten times the next, its own name counting ten times a
    name that it is merely also called. Anything less clear is an error: a wrong place in an
    account is worse than a question. ``Name, container`` settles it.

    Args:
        text: id, code, or name in any script, old names too; case and accents do not matter.
        at: the day whose names and borders hold; None takes today's.

    Raises:
        InputError: nothing, or more than one place, goes by it; lists the candidates with ids.

    >>> resolve("Алматы").id, resolve("kz").id, resolve("KZ-75").id, resolve("AS9198").id
    ('city:1526384', 'country:KZ', 'region:KZ-75', 'asn:9198')
    >>> resolve("Astana", at=date(2022, 1, 5)).name
    'Nur-Sultan'
    """
    asked = text.strip()
    if not asked or len(asked) > _LONGEST:
        raise complain(f"expected the name of a place, of 1 to {_LONGEST} letters, got {len(asked)}")
    if _KINDS.match(asked):
        return lookup(_tidy_id(asked), at=at)
    coded = _find_code(asked)
    if coded is not None:
        return lookup(coded, at=at)
    found = _find_candidates(asked)
    if not found:
        return _resolve_inside(asked, at)
    return make_entity(_choose(asked, found, at), at)


def _tidy_id(text: str) -> str:
    kind, _, rest = text.partition(":")
    return f"{kind.lower()}:{rest if kind.lower() == 'local' else rest.upper()}"


def _find_code(text: str) -> str | None:
    upper = text.upper()
    network = _NETWORK.fullmatch(text)
    if network:
        return f"asn:{network[1]}"
    if text.isascii() and text.isdigit() and find_record(f"city:{text}"):
        return f"city:{text}"
    if len(text) == 2 and find_record(f"country:{upper}"):  # noqa: PLR2004 — letters of an ISO 3166-1 code
        return f"country:{upper}"
    return f"region:{upper}" if _REGION.fullmatch(text) and find_record(f"region:{upper}") else None


def _find_candidates(text: str) -> list[Candidate]:
    row = load_table("names.bin").get(fold(text))
    return [each for code in row[0].split() if (each := _read_candidate(code))] if row else []


def _read_candidate(code: str) -> Candidate | None:
    own = code.startswith("!")
    name = code.removeprefix("!")
    record = find_record(f"city:{name}" if name.isdigit() else name)
    return Candidate(record, own) if record else None


def _choose(text: str, found: list[Candidate], at: date | None) -> Record:
    there = [each for each in found if find_beginning(each.record.id, at) is None]
    if not there:
        record = found[0].record
        beginning = find_beginning(record.id, at)
        raise refuse_future_place(record, beginning) if beginning else refuse_name(text, ())
    ranked = _prefer(there)
    if len(ranked) == 1 or ranked[0].weight >= DOMINANT * ranked[1].weight:
        return ranked[0].record
    raise refuse_namesakes(text, [describe(make_entity(each.record, at)) for each in ranked[:_SHOWN]])


def _prefer(found: list[Candidate]) -> list[Candidate]:
    """Return those that are still in question, the heaviest first."""
    countries = [each for each in found if each.own and each.record.id.startswith("country:")]
    outer = {id_ for each in found if each.record.id.startswith("city:") for id_ in each.record.within}
    rest = [each for each in found if not (each.record.id.startswith("region:") and each.record.id in outer)]
    return sorted(countries or rest, key=lambda each: (-each.weight, each.record.id))


def _resolve_inside(text: str, at: date | None) -> Entity:
    name, comma, outer_name = text.rpartition(",")
    if comma and name.strip() and outer_name.strip():
        outer = resolve(outer_name, at=at)
        inside = [each for each in _find_candidates(name) if outer.id in each.record.within]
        if inside:
            return make_entity(_choose(text, inside, at), at)
    raise _refuse(text)


def _refuse(text: str) -> InputError:
    if re.fullmatch(r"[A-Z]{2}", text):
        return refuse_country(text)
    return refuse_name(text, [describe(entity) for entity in search(text)])
