"""The list of the page *now*: what was asked of it, a page of it, and the links that ask otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from darkhours.app.site_choice import CHANGED, KINDS, Choice, choose, country_of, read_choice
from darkhours.app.site_now import GROUPS, Now, Present, group_of
from darkhours.model.errors import InputError, Problem
from darkhours.render.language import LANGUAGES, Language, mark, mark_term
from darkhours.web.names import called, country_called

MOST = 50
"""Places of a page of the list: ours, a screen or two."""
DEEPEST = 2_000
"""Pages that may be asked for: ours, every place of the largest archive dark at once."""
TITLES = {
    "dark": mark("Dark"),
    "degraded": mark("Degraded"),
    "probation": mark("Back, on probation"),
    "back": mark("Newly back"),
}
KIND_WORDS = {
    "country": mark_term("entity", "country"),
    "region": mark_term("entity", "region"),
    "city": mark_term("entity", "city"),
    "asn": mark_term("entity", "network"),
    "local": mark_term("entity", "place"),
}
COLUMNS = (
    ("name", "name", mark("Place")),
    ("", "", mark("State")),
    ("since", "-since", mark("Since")),
    ("hours", "-hours", mark("Hours dark")),
    ("people", "-people", mark("People")),
    ("sure", "", mark("How sure")),
    ("", "", mark("Who saw it")),
)
"""What a column is put in order by, which order comes first, and its word."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the page, as it was understood: pages that differ in nothing else are one.

    Args:
        choice: which places.
        page: of the list, from 1.
        lang: code of the language that the address names, empty where it names none.
    """

    choice: Choice = field(default_factory=Choice)
    page: int = 1
    lang: str = ""

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Return the parameters that ask for it, without its language; none for what is usual."""
        choice = self.choice
        told = [("group", each) for each in choice.groups]
        told += [(name, getattr(choice, name)) for name in ("kind", "country", "changed")]
        told += [("sort", choice.sort if choice.sort != "worst" else "")]
        told += [("page", str(self.page) if self.page > 1 else "")]
        return [(name, value) for name, value in told if value]

    @property
    def address(self) -> str:
        """Return the address that asks for it."""
        query = urlencode([*self.parts, *([("lang", self.lang)] if self.lang else [])])
        return f"/?{query}" if query else "/"


def read_asked(params: QueryParams) -> Asked:
    """Return what the parameters of an address ask for; names that are not ours are passed over.

    Raises:
        InputError: a value is none.
    """
    told = {name: params.get(name, "") for name in ("kind", "country", "changed", "sort")}
    number = params.get("page") or "1"
    deep = len(number) > len(str(DEEPEST)) or not (number.isascii() and number.isdecimal())
    if deep or not 1 <= int(number) <= DEEPEST:
        message = f"expected a number from 1 to {DEEPEST}, got {number[:40]!r}"
        raise InputError("now", [Problem("page", message)])
    lang = params.get("lang", "")
    choice = read_choice(params.getlist("group"), **told)
    return Asked(choice, int(number), lang if lang in LANGUAGES else "")


@dataclass(frozen=True, slots=True)
class Part:
    """Places of one group, one after the other; without a title where the order is not that of groups."""

    title: str
    count: int
    places: tuple[Present, ...]


def values(now: Now, asked: Asked, language: Language) -> dict[str, Any]:
    """Return what the list shows.

    Args:
        now: everything that could be told.
        asked: what is wanted of it; a page behind the last is the last.
        language: of the words, and of the names by which places are put in order.
    """
    found = choose(now, asked.choice, partial(called, language=language))
    pages = max(1, -(-len(found) // MOST))
    here = replace(asked, page=min(asked.page, pages))
    shown = found[(here.page - 1) * MOST : here.page * MOST]
    return {
        "asked": here,
        "found": len(found),
        "pages": pages,
        "parts": list(_parts(found, shown, asked.choice, language)),
        "columns": [_column(each, here, language) for each in COLUMNS],
        "before": replace(here, page=here.page - 1).address if here.page > 1 else None,
        "after": replace(here, page=here.page + 1).address if here.page < pages else None,
        "everything": Asked(lang=asked.lang).address,
        "orders": _orders(asked.choice.sort, language),
        "peopled": any(place.entity.population for place in now.places),
        "choices": _choices(now, asked.choice, language),
    }


def _parts(
    found: tuple[Present, ...], shown: tuple[Present, ...], choice: Choice, language: Language
) -> Iterator[Part]:
    if choice.sort != "worst":
        yield Part("", len(found), shown)
        return
    for name, places in groupby(shown, group_of):
        yield Part(language.say(TITLES[name]), sum(group_of(each) == name for each in found), tuple(places))


def _column(column: tuple[str, str, str], asked: Asked, language: Language) -> tuple[str, str, str, str]:
    """Return word, key, address that orders by the column, and how it is ordered now in words of ARIA."""
    key, first, word = column
    if not first:
        return language.say(word), key, "", ""
    other = {first: first[1:] if first.startswith("-") else f"-{first}"}
    choice = asked.choice
    wanted = replace(asked, page=1, choice=replace(choice, sort=other.get(choice.sort, first)))
    held = {key: "ascending", f"-{key}": "descending"}.get(choice.sort, "")
    return language.say(word), key, wanted.address, held


def _orders(sort: str, language: Language) -> list[tuple[str, str, bool]]:
    """Return the orders that a form offers, and the one that holds where a column gave it."""
    words = {"worst": language.say("the worst first")}
    for key, first, word in COLUMNS:
        for order in (first, first[1:] if first.startswith("-") else f"-{key}") if first else ():
            if order in {first, sort}:
                words[order] = f"{language.say(word)} {'↓' if order.startswith('-') else '↑'}"
    return [(order, word, order == sort) for order, word in words.items()]


def _choices(now: Now, choice: Choice, language: Language) -> dict[str, list[tuple[str, str, bool]]]:
    """Return what can be chosen: value, word, and whether it is; only what some place has, or is chosen."""
    counts = {name: len(now.group(name)) for name in GROUPS}
    groups = [
        (name, f"{language.say(TITLES[name])} {language.number(counts[name])}", name in choice.groups)
        for name in GROUPS
    ]
    there = {place.entity.kind for place in now.places} | {choice.kind}
    kinds = [
        (kind, language.term("entity", KIND_WORDS[kind]), kind == choice.kind)
        for kind in KINDS
        if kind in there
    ]
    codes = {country_of(place.entity) for place in now.places} | {choice.country}
    named = [(code, country_called(code, language)) for code in codes if code]
    countries = [(code, word, code == choice.country) for code, word in sorted(named, key=lambda c: c[1])]
    changed = [(key, language.length(span), key == choice.changed) for key, span in CHANGED.items()]
    return {"group": groups, "kind": kinds, "country": countries, "changed": changed}
