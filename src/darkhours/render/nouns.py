"""What the entities of a data set are called: one, many, and so many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkhours.model.account import Account
from darkhours.render.language import ENGLISH, Language, mark_many, mark_term
from darkhours.render.onsets import noun_of

_ONE = {
    "country": mark_term("entity", "country"),
    "region": mark_term("entity", "region"),
    "city": mark_term("entity", "city"),
    "network": mark_term("entity", "network"),
    "place": mark_term("entity", "place"),
    "entity": mark_term("entity", "entity"),
}
_MANY = {
    "country": mark_term("entities", "countries"),
    "region": mark_term("entities", "regions"),
    "city": mark_term("entities", "cities"),
    "network": mark_term("entities", "networks"),
    "place": mark_term("entities", "places"),
    "entity": mark_term("entities", "entities"),
}
_COUNTED = {
    "country": mark_many("{count} country", "{count} countries"),
    "region": mark_many("{count} region", "{count} regions"),
    "city": mark_many("{count} city", "{count} cities"),
    "network": mark_many("{count} network", "{count} networks"),
    "place": mark_many("{count} place", "{count} places"),
    "entity": mark_many("{count} entity", "{count} entities"),
}


@dataclass(frozen=True, slots=True)
class Nouns:
    """The words for entities of one kind.

    Args:
        kind: country, region, city, network, place, or entity where kinds are mixed.
        language: of the words.
    """

    kind: str
    language: Language = ENGLISH

    @property
    def one(self) -> str:
        """Return the word for one."""
        return self.language.term("entity", _ONE[self.kind])

    @property
    def many(self) -> str:
        """Return the word for many."""
        return self.language.term("entities", _MANY[self.kind])

    def count(self, number: int) -> str:
        """Return so many of them.

        >>> Nouns("city").count(2)
        'two cities'
        """
        return self.language.many(*_COUNTED[self.kind], number)


def nouns_of(accounts: Sequence[Account], language: Language = ENGLISH) -> Nouns:
    """Return what the entities of these accounts are called."""
    return Nouns(noun_of(accounts)[0], language)
