"""A small map of points: each entity where it lies, by the order in which it went dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.render.clock import Clock
from darkhours.render.language import Language
from darkhours.render.markup import short, tag, text_width
from darkhours.render.onsets import Fall, onset_at

FIFTHS, FEWEST, MOST = 5, 6, 800
_WIDTH, _LOW, _HIGH, _PAD = 620.0, 220.0, 560.0, 22.0
_ROOMY = 130
"""Up to here a point is large enough to hold the number of its fifth."""
_FLAT = 0.2

Spot = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class DotMap:
    """The map, how many entities lie on it, how many have no place, and what the points mean."""

    picture: Markup
    drawn: int
    placeless: int
    legend: list[tuple[Markup, Markup]]


def dot_map(falls: Sequence[Fall], clock: Clock) -> DotMap | None:
    """Return the map of those whose place is known; None for fewer than six."""
    placed = [fall for fall in falls if fall.place][:MOST]
    if len(placed) < FEWEST:
        return None
    spots, height = _project([fall.place for fall in placed if fall.place])
    fifths = _fifths(placed)
    size = 7.6 if len(placed) <= _ROOMY else 3.4
    language = clock.language
    labels = _labels(fifths, language)
    order = sorted(range(len(placed)), key=lambda place: -fifths[place])
    dots = Markup().join(
        _dot(placed[at], spots[at], (fifths[at], labels[fifths[at]]), size, language) for at in order
    )
    names = _names(placed, spots, fifths, size)
    box = f"0 0 {short(_WIDTH)} {short(height)}"
    picture = tag("svg", dots + names, class_="map", viewBox=box, role="img", aria_labelledby="map-h map-d")
    return DotMap(picture, len(placed), len(falls) - len(placed), _legend(placed, fifths, clock))


def _project(places: Sequence[Spot]) -> tuple[list[Spot], float]:
    """Return px of degrees, a degree of longitude as short as it is in the middle of the map."""
    middle = sum(latitude for latitude, _ in places) / len(places)
    squeeze = max(math.cos(math.radians(middle)), _FLAT)
    east = [longitude * squeeze for _, longitude in places]
    north = [latitude for latitude, _ in places]
    wide, high = max(max(east) - min(east), 1e-6), max(max(north) - min(north), 1e-6)
    scale = min((_WIDTH - 2 * _PAD - 60) / wide, (_HIGH - 2 * _PAD) / high)
    height = max(high * scale + 2 * _PAD, _LOW)
    left, top = (_WIDTH - wide * scale) / 2, (height - high * scale) / 2
    spots = [
        (left + (x - min(east)) * scale, top + (max(north) - y) * scale)
        for x, y in zip(east, north, strict=True)
    ]
    return spots, height


def _fifths(placed: Sequence[Fall]) -> list[int]:
    """Return the fifth of the onsets that each belongs to, 1 the first; 6 for those never dark."""
    at = sorted(fall.onset.at for fall in placed if fall.dark and fall.onset)
    found = []
    for fall in placed:
        if not fall.dark or fall.onset is None:
            found.append(FIFTHS + 1)
            continue
        before = sum(instant < fall.onset.at for instant in at)
        found.append(min(before * FIFTHS // len(at) + 1, FIFTHS))
    return found


def _dot(fall: Fall, spot: Spot, its: tuple[int, str], size: float, language: Language) -> Markup:
    fifth, label = its
    words = language.say("{place}: group {label} of the onsets", place=fall.name, label=label)
    if fifth > FIFTHS:
        words = language.say("{place}: never dark", place=fall.name)
    told = tag("title", words)
    body = told + tag("circle", cx=spot[0], cy=spot[1], r=size, class_=f"o o{fifth}")
    if size > 5:  # noqa: PLR2004 — px that hold a figure
        body += tag("text", label, x=spot[0], y=spot[1] + 3.4, class_=f"ot ot{fifth}", text_anchor="middle")
    return tag("g", body)


def _names(placed: Sequence[Fall], spots: Sequence[Spot], fifths: Sequence[int], size: float) -> Markup:
    """Return the names of those never dark and of the first and last to fall, where there is room."""
    fallen = [at for at, fall in enumerate(placed) if fall.dark and fall.onset]
    fallen.sort(key=lambda at: onset_at(placed[at]))
    never = [at for at, fifth in enumerate(fifths) if fifth > FIFTHS]
    wanted = dict.fromkeys([*never[:4], *fallen[:4], *fallen[-3:], *fallen[4:-3]])
    taken: list[Box] = [(x - size, y - size, x + size, y + size) for x, y in spots]
    found, count = Markup(), 0
    for at in wanted:
        name = placed[at].name[:24]
        placing = _room(name, spots[at], size, taken)
        if placing is None or count >= 14:  # noqa: PLR2004 — names enough to know the place by
            continue
        x, y, anchor, box = placing
        taken.append(box)
        found += tag("text", name, x=x, y=y, class_="on", text_anchor=anchor)
        count += 1
    return found


def _room(name: str, spot: Spot, size: float, taken: Sequence[Box]) -> tuple[float, float, str, Box] | None:
    """Return where a name fits beside its point: right, left, above or below."""
    wide, (x, y) = text_width(name, 11.5), spot
    choices = (
        (x + size + 3, y + 4, "start", (x + size + 1, y - 7, x + size + 5 + wide, y + 7)),
        (x - size - 3, y + 4, "end", (x - size - 5 - wide, y - 7, x - size - 1, y + 7)),
        (x, y - size - 4, "middle", (x - wide / 2, y - size - 15, x + wide / 2, y - size - 1)),
        (x, y + size + 12, "middle", (x - wide / 2, y + size + 1, x + wide / 2, y + size + 15)),
    )
    for choice in choices:
        box = choice[3]
        inside = box[0] >= 0 and box[2] <= _WIDTH
        if inside and not any(_overlap(box, other) for other in taken):
            return choice
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _legend(placed: Sequence[Fall], fifths: Sequence[int], clock: Clock) -> list[tuple[Markup, Markup]]:
    """Return what the points mean: each fifth with the onsets in it and how many they are."""
    found, labels = [], _labels(fifths, clock.language)
    for fifth in range(1, FIFTHS + 2):
        here = [fall for fall, its in zip(placed, fifths, strict=True) if its == fifth]
        if not here:
            continue
        body = tag("circle", cx=8.5, cy=8.5, r=7.6, class_=f"o o{fifth}")
        body += tag("text", labels[fifth], x=8.5, y=12, class_=f"ot ot{fifth}", text_anchor="middle")
        at = sorted(fall.onset.at for fall in here if fall.onset)
        told = clock.language.markup("never dark") if fifth > FIFTHS else clock.time(at[0], brief=True)
        if fifth <= FIFTHS and at[-1] > at[0]:
            told = clock.span(at[0], at[-1])
        swatch = tag("svg", body, width=17, height=17, aria_hidden="true")
        found.append((swatch, Markup("{}: {}").format(told, clock.language.number(len(here)))))
    return found


def _labels(fifths: Sequence[int], language: Language) -> dict[int, str]:
    """Return a running number for each fifth that has any onset: where many share one, some have none."""
    used = sorted({fifth for fifth in fifths if fifth <= FIFTHS})
    return {fifth: language.digits(str(number)) for number, fifth in enumerate(used, 1)} | {FIFTHS + 1: "–"}
