"""Many entities as strips: one under the other, or as small multiples by region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from darkhours.render.clock import Clock
from darkhours.render.crowd import instants_between, mean_shares, stack, strip_path
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import short, tag, wrap
from darkhours.render.onsets import Fall, Region, group

STRIPS, SINGLE, PANELS = 40, 240, 60
"""Up to so many entities a strip each in one list; up to so many in panels by region; panels at most."""
_POINTS, _FEWEST = 5000, 20
_WIDTH, _LABEL, _PITCH, _HEIGHT = 270.0, 92.0, 13.0, 9.5
_COLUMNS = 60

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class StripRow:
    """An entity as a strip between its name and its hours."""

    name: str
    region: str
    strip: Markup
    dark: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A region as a small picture."""

    name: str
    told: str
    picture: Markup


def strip_rows(falls: Sequence[Fall], span: Span, language: Language = ENGLISH) -> list[StripRow]:
    """Return a strip for each entity, those dark first in front, those never dark last."""
    most = _budget(len(falls))
    ordered = sorted(falls, key=_order)
    return [
        StripRow(fall.name, fall.region, _strip(fall, span, most), language.number(fall.dark_h))
        for fall in ordered
    ]


def _order(fall: Fall) -> tuple[bool, datetime, datetime, str]:
    """Return the onset, then the end, then the name: what strips are sorted by."""
    never = datetime.max.replace(tzinfo=UTC)
    return not fall.dark, (fall.onset.at if fall.onset else never), fall.back or never, fall.name


def _budget(strips: int) -> int:
    return max(_FEWEST, min(200, _POINTS // max(strips, 1)))


def _strip(fall: Fall, span: Span, most: int) -> Markup:
    body = strip_path(fall.account, span, 640.0, 14.0, most)
    frame = tag("rect", width=640, height=14, class_="frame")
    return tag(
        "svg",
        body + frame,
        class_="thin",
        viewBox="0 0 640 14",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def panels(falls: Sequence[Fall], span: Span, clock: Clock) -> tuple[list[Panel], int]:
    """Return the regions as small pictures in the order that they fell, and how many are left out.

    Up to 240 entities each has a strip in its region; beyond, a region is one strip of shares.
    """
    regions = group(falls, nameless=clock.language.say("without a region"))
    kept = sorted(regions, key=lambda region: (-region.dark, -len(region.falls), region.name))[:PANELS]
    drawn = [region for region in regions if region in kept]
    single = len(falls) <= SINGLE
    return [_panel(region, span, clock, _budget(len(falls)) if single else 0) for region in drawn], len(
        regions
    ) - len(drawn)


def _panel(region: Region, span: Span, clock: Clock, most: int) -> Panel:
    language = clock.language
    body = _each(region, span, most, language) if most else _share(region, span)
    height = _PITCH * len(region.falls) + 2 if most else 30.0
    left = _LABEL if most else 0.0
    body += _ends(span, clock, left, height)
    told = language.say(
        "{n} of {total} dark", n=language.number(region.dark), total=language.number(len(region.falls))
    )
    box = f"0 0 {short(_WIDTH)} {short(height + 13)}"
    label = f"{language.isolate(region.name)}: {told}"
    return Panel(region.name, told, tag("svg", body, viewBox=box, role="img", aria_label=label))


def _each(region: Region, span: Span, most: int, language: Language) -> Markup:
    body, width = Markup(), _WIDTH - _LABEL
    for place, fall in enumerate(region.falls):
        y = place * _PITCH + 1
        name = language.isolate(wrap(fall.name, _LABEL - 6, 10.5, 1)[0])
        body += tag("text", name, x=0, y=y + 8.5, class_="pn")
        strip = strip_path(fall.account, span, width, _HEIGHT, most)
        frame = tag("rect", width=width, height=_HEIGHT, class_="frame")
        dark = language.say("dark {hours} h", hours=language.number(fall.dark_h))
        told = tag("title", f"{language.isolate(fall.name)}: {dark}")
        body += tag("g", told + strip + frame, transform=f"translate({short(_LABEL)} {short(y)})")
    return body


def _share(region: Region, span: Span) -> Markup:
    """Return a region as one strip: the share of its entities in each state."""
    at = instants_between(*span, _COLUMNS)
    held = mean_shares([fall.account for fall in region.falls], at)
    x = (at - at[0]) / (at[-1] - at[0]) * _WIDTH
    return stack(x, held, 1, 29) + tag("rect", y=1, width=_WIDTH, height=28, class_="frame")


def _ends(span: Span, clock: Clock, left: float, height: float) -> Markup:
    """Return the first and the last day under a panel."""
    first, last = (clock.language.day(clock.local(at).date()) for at in span)
    found = tag("text", first, x=left, y=height + 10, class_="px")
    return found + tag("text", last, x=_WIDTH, y=height + 10, class_="px", text_anchor="end")
