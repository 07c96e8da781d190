"""Accounts and cases with their places under the names of the language in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.entity import Entity
from darkhours.places.spoken import spoken_name
from darkhours.render.language import Language


def spoken_accounts(accounts: Sequence[Account], language: Language) -> list[Account]:
    """Return accounts whose places go by their names in a language, where a source has them."""
    return [
        replace(each, name=spoken_name(Entity(each.entity, each.name, each.tz), language.code) or each.name)
        for each in accounts
    ]


def spoken_case(case: Case | None, language: Language) -> Case | None:
    """Return a case whose places do; what it says of them stays in its own words."""
    if case is None:
        return None
    places = {
        id_: replace(place, name=spoken_name(place, language.code) or place.name)
        for id_, place in case.places.items()
    }
    return replace(case, places=places)
