"""Small cases drawn at random: two towns of a land, a few claims of every form, five days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from darkhours.model.case import Case
from darkhours.model.claim import KINDS, At, By, Claim, During, SaysState, Source, Turn, When, Within
from darkhours.model.entity import Entity

START = datetime(2022, 1, 1, 21, tzinfo=UTC)
SPAN_H = 120
LAND, TOWN, OTHER = "country:KZ", "city:1526384", "city:1526273"
PLACES = {
    LAND: Entity(LAND, "Land", "Asia/Almaty"),
    TOWN: Entity(TOWN, "Town", "Asia/Almaty", (LAND,)),
    OTHER: Entity(OTHER, "Other", "Asia/Aqtau", (LAND,)),
}
ORIGINS = "abc"


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def spans(least: float, most: float) -> st.SearchStrategy[timedelta]:
    return st.integers(int(least * 2), int(most * 2)).map(lambda halves: timedelta(hours=halves / 2))


@st.composite
def times(draw) -> When:
    """Draw a time of any form, inside the span."""
    start = at(draw(st.integers(2, 2 * SPAN_H - 80)) / 2)
    end = start + draw(spans(2, 30))
    give = draw(st.none() | spans(0.5, 4))
    lasting = draw(spans(1, 2))
    form = draw(st.sampled_from("tTlabBdwW"))
    return {
        "t": Turn(start, give=give),
        "T": Turn(start, end),
        "l": Turn(start, lasting=lasting),
        "a": At(start, give),
        "b": By(start),
        "B": By(end, start),
        "d": During(start, end),
        "w": Within(start, end, lasting),
        "W": Within(start, start + timedelta(hours=6), lasting, timedelta(hours=24), 2),
    }[form]


@st.composite
def claims(draw, number: int) -> Claim:
    """Draw a claim of a state; it is published a while after what it tells, or nobody knows when."""
    when = draw(times())
    last = max(getattr(when, name) for name in ("start", "end", "at", "by") if getattr(when, name, None))
    origin = draw(st.sampled_from(ORIGINS))
    return Claim(
        id=f"k{number}",
        source=origin,
        origin=origin,
        entity=draw(st.sampled_from([TOWN, TOWN, TOWN, OTHER, LAND])),
        service=draw(st.sampled_from(["internet", "internet", "fixed", "mobile"])),
        says=SaysState(draw(st.sampled_from(["dark", "dark", "up", "degraded"]))),
        when=when,
        kind=draw(st.sampled_from(KINDS)),
        published=draw(st.none() | st.sampled_from([1, 20]).map(lambda h: last + timedelta(hours=h))),
        extent=draw(st.sampled_from(["all", "all", "most", "some"])),
    )


@st.composite
def cases(draw) -> Case:
    """Draw a case of three to eight claims."""
    told = tuple(draw(claims(number)) for number in range(draw(st.integers(3, 8))))
    sources = {name: Source(name, f"Publisher {name}", "press") for name in ORIGINS}
    return Case("small", "Asia/Almaty", START, at(SPAN_H), (TOWN, OTHER), PLACES, sources, told)
