"""Marks of a map: what each place is told as, in which order, and the legend of what is on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from darkhours.model.state import State
from darkhours.render.language import Language, mark
from darkhours.render.markup import clean, tag
from darkhours.render.words import STATUSES

ORDER = (State.DARK, State.DEGRADED, State.UNKNOWN, State.UP)
"""The order of the keyboard: what is worst first, what is whole last."""
LONGEST_NAME = 120
"""Letters of a name that a map tells; the rest stands on the page of the place."""
NO_ACCOUNT = mark("no account of this place")
NOT_MEASURED = mark("not measured")

Entry = tuple[Markup, str]


@dataclass(frozen=True, slots=True)
class MapMark:
    """A place on a map with what holds there now.

    Args:
        entity_id: id of the place.
        name: what it is called in the language of the page; untrusted.
        state: what holds.
        status: of its last outage, as in the account: none, unmeasured, ongoing, probation, ended.
        href: path of its page on the same site, such as ``/entity/country:KZ``.
        synthetic: the state was made up for a test; told and drawn so.

    Raises:
        ValueError: the link is not a path on the same site.
    """

    entity_id: str
    name: str
    state: State
    status: str
    href: str
    synthetic: bool = False

    def __post_init__(self) -> None:
        """Refuse a link that leads off the site or runs anything."""
        parts = urlsplit(self.href)
        if parts.scheme or parts.netloc:
            raise ValueError(f"expected a path on the same site, got {self.href[:80]!r}")


def in_order(marks: Iterable[MapMark]) -> list[MapMark]:
    """Return marks as the keyboard goes through them, the worst first, then by name; one for each place.

    Of two marks of one place the worse one stands: a map must not hide it.
    """
    found: dict[str, MapMark] = {}
    for its in sorted(marks, key=lambda m: (ORDER.index(m.state), m.name.casefold(), m.entity_id)):
        found.setdefault(its.entity_id, its)
    return list(found.values())


def short_name(its: MapMark) -> str:
    """Return the name of a mark, cut where it is longer than any honest one."""
    return cut(clean(its.name[: 2 * LONGEST_NAME]), LONGEST_NAME)


def cut(name: str, longest: int) -> str:
    """Return a name of at most so many letters, with … where it was cut."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def mark_words(its: MapMark, language: Language) -> str:
    """Return a mark in words: its name, its state, how the outage stands, and whether it is made up."""
    parts = [state_words(its.state, language)]
    if its.status in STATUSES and its.status not in {"none", "unmeasured"}:
        parts.append(language.say(STATUSES[its.status]))
    if its.synthetic:
        parts.append(language.say("a test, not real"))
    return language.say("{place}: {states}", place=short_name(its), states=language.listing(parts))


def state_words(state: State, language: Language) -> str:
    """Return a state on a map in words."""
    return language.say(NOT_MEASURED) if state is State.UNKNOWN else language.state(str(state))


def map_legend(marks: Sequence[MapMark], language: Language, *, land: bool) -> list[Entry]:
    """Return the legend: the states that are on the map, and what land without a mark means.

    Args:
        marks: on the map.
        language: of the words.
        land: whether there is land without a mark.
    """
    states = {its.state for its in marks}
    found = [(_swatch(f"m-{state}"), state_words(state, language)) for state in ORDER if state in states]
    if land:
        found.append((_swatch("m-land"), language.say(NO_ACCOUNT)))
    if any(its.synthetic for its in marks):
        found.append((_swatch("m-test"), language.say("a test, not real")))
    return found


def _swatch(kind: str) -> Markup:
    fill = FILLS.get(kind.removeprefix("m-"))
    body = tag("rect", x=0.5, y=0.5, width=27, height=15, class_=f"m-area {kind}", fill=fill)
    return tag("svg", body, class_="m-swatch", width=28, height=16, viewBox="0 0 28 16", aria_hidden="true")


FILLS: dict[str, str] = {State.DEGRADED: "url(#m-deg)", State.UNKNOWN: "url(#m-unk)"}
"""States that are told by a pattern as well; the others are plain, and differ by lightness."""
