"""Names of places that the fonts of a document lack, by the name that the gazetteer has in Latin letters."""

from __future__ import annotations

from dataclasses import replace

from darkhours import places
from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.errors import InputError


def with_names_that_show(
    account: Account, case: Case | None, lacking: frozenset[str]
) -> tuple[Account, Case | None]:
    """Return an account and its case with every place named in letters that can be shown.

    A case may name a place in its own script. A row of numbers instead of letters names
    nobody, and so the gazetteer's name stands there where it has one; else the letters are
    spelled as any others.

    Args:
        account: what is shown.
        case: the case behind it.
        lacking: the characters that no font has.
    """
    named = replace(account, name=_shown(account.entity, account.name, lacking))
    if case is None:
        return named, None
    known = {
        ident: replace(place, name=_shown(ident, place.name, lacking)) for ident, place in case.places.items()
    }
    return named, replace(case, places=known)


def _shown(entity: str, name: str, lacking: frozenset[str]) -> str:
    if lacking.isdisjoint(name):
        return name
    try:
        found = places.lookup(entity).name
    except InputError:
        return name
    return found if lacking.isdisjoint(found) else name
