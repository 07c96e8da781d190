"""Places by the name that a reader knows: in the language of the page where a source has it."""

from __future__ import annotations

from markupsafe import Markup

from darkhours.model.entity import Entity
from darkhours.model.errors import InputError
from darkhours.places import lookup, spoken_name
from darkhours.render.language import Language
from darkhours.render.markup import bdi, clean


def called(entity: Entity, language: Language) -> str:
    """Return the name of a place in a language; its own where no source has another."""
    return spoken_name(entity, language.code) or entity.name


def named(entity: Entity, language: Language) -> Markup:
    """Return the same for a page; the other name is in its title, for who knows the place by that."""
    spoken = spoken_name(entity, language.code)
    if spoken is None or spoken == entity.name:
        return bdi(entity.name)
    return Markup('<bdi title="{}">{}</bdi>').format(clean(entity.name), spoken)


def country_called(code: str, language: Language) -> str:
    """Return the name of a country in a language, its code where it is none."""
    try:
        return called(lookup(f"country:{code}"), language)
    except InputError:
        return code
