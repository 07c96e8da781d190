"""The wave of onsets: regions against time, each onset an interval, regions in the order they fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from markupsafe import Markup

from darkhours.render.axis import axis
from darkhours.render.clock import Clock
from darkhours.render.crowd import instants_between, mean_shares, stack
from darkhours.render.figures import capital
from darkhours.render.language import Language
from darkhours.render.markup import short, tag, wrap
from darkhours.render.nouns import Nouns
from darkhours.render.onsets import Fall, Region, fallen, group, onset_at, wave_span
from darkhours.render.scale import Scale

MOST_ROWS, EACH = 48, 40
"""Rows of the picture; up to so many entities each has a row of its own where no region is told."""
_STRIP, _PITCH, _PHONE_PITCH, _TOP = 13.0, 23.0, 43.0, 26.0
_COLUMNS, _PHONE_COLUMNS = 90, 40
_MANY = 60


@dataclass(frozen=True, slots=True)
class WaveRow:
    """The table behind the picture: a region, how many went dark, and when."""

    name: str
    dark: str
    first: Markup
    middle: Markup
    last: Markup


@dataclass(frozen=True, slots=True)
class Wave:
    """The picture in two widths, its rows as a table, and what it leaves out.

    Args:
        wide: for wide screens and paper.
        narrow: for phones.
        rows: a row for each region drawn.
        together: whether the onsets came as one wave.
        outside: onsets that lie outside the time drawn.
        left_out: regions that fell, and have no room.
        untouched: regions where nothing fell.
        each: whether a row is an entity, not a region.
    """

    wide: Markup
    narrow: Markup
    rows: tuple[WaveRow, ...]
    together: bool
    outside: int
    left_out: int
    untouched: int
    each: bool


def wave(falls: Sequence[Fall], clock: Clock) -> Wave | None:
    """Return the wave of onsets; None where fewer than two entities fell."""
    drawn = fallen(falls)
    if len(drawn) < 2:  # noqa: PLR2004 — one onset is no wave
        return None
    start, until, together = wave_span(falls)
    each = len({fall.region for fall in falls}) == 1 and len(falls) <= EACH
    every = group(falls, each=each, nameless=clock.language.say("without a region"))
    regions = _shown([region for region in every if region.middle])
    outside = sum(1 for fall in drawn if not start <= onset_at(fall) <= until)
    return Wave(
        _draw(regions, Scale(start, until, 236, 1167), clock),
        _draw_narrow(regions, Scale(start, until, 0, 357), clock),
        tuple(_row(region, clock) for region in regions),
        together,
        outside,
        sum(1 for region in every if region.middle) - len(regions),
        sum(1 for region in every if not region.middle),
        each,
    )


def _shown(regions: list[Region]) -> list[Region]:
    """Return the regions that have room: those with most dark entities, in the order of onset."""
    kept = sorted(regions, key=lambda region: (-region.dark, region.name))[:MOST_ROWS]
    return [region for region in regions if region in kept]


def _draw(regions: Sequence[Region], scale: Scale, clock: Clock) -> Markup:
    foot = _TOP + len(regions) * _PITCH
    body = axis(scale, clock, _TOP, foot)
    for place, region in enumerate(regions):
        top = _TOP + place * _PITCH + 4
        name = clock.language.isolate(wrap(region.name, 156, 12.5, 1)[0])
        body += tag("text", name, x=0, y=top + 11, class_="wn")
        body += tag("text", _tally(region, clock.language), x=226, y=top + 11, class_="lm", text_anchor="end")
        body += _strip(region, scale, top, _COLUMNS) + _marks(region, scale, top + _STRIP + 4)
    return _svg(body, 1168, foot + 6, "wave only-wide")


def _draw_narrow(regions: Sequence[Region], scale: Scale, clock: Clock) -> Markup:
    foot = _TOP + len(regions) * _PHONE_PITCH
    body = axis(scale, clock, _TOP, foot)
    for place, region in enumerate(regions):
        top = _TOP + place * _PHONE_PITCH + 4
        name = clock.language.isolate(wrap(region.name, 250, 12, 1)[0])
        told = f"{name}  {_tally(region, clock.language)}"
        body += tag("text", told, x=0, y=top + 10, class_="wn halo-t")
        body += _strip(region, scale, top + 14, _PHONE_COLUMNS) + _marks(region, scale, top + 18 + _STRIP)
    return _svg(body, 358, foot + 6, "wave only-phone")


def _tally(region: Region, language: Language) -> str:
    if len(region.falls) == 1:
        return ""
    return language.say(
        "{n} of {total}", n=language.number(region.dark), total=language.number(len(region.falls))
    )


def _svg(body: Markup, width: float, height: float, class_: str) -> Markup:
    box = f"0 0 {short(width)} {short(height)}"
    return tag("svg", body, class_=class_, viewBox=box, role="img", aria_labelledby="wave-h wave-d")


def _strip(region: Region, scale: Scale, top: float, columns: int) -> Markup:
    """Return the share of a region's entities in each state, as a strip."""
    accounts = [fall.account for fall in region.falls]
    edges = [at.timestamp() for at in _instants(region) if scale.start < at < scale.until]
    at = instants_between(scale.start, scale.until, columns)
    if len(edges) < columns:
        at = np.unique(np.concatenate([at[[0, -1]], edges, at[1:-1]]))
    seconds = (scale.until - scale.start).total_seconds()
    x = scale.low + (at - scale.start.timestamp()) / seconds * (scale.high - scale.low)
    frame = tag("rect", x=scale.low, y=top, width=scale.high - scale.low, height=_STRIP, class_="frame")
    return stack(x, mean_shares(accounts, at), top, top + _STRIP) + frame


def _instants(region: Region) -> list[datetime]:
    return [
        at
        for fall in region.falls
        for window in fall.account.windows[1:]
        for at in (window.start.earliest, window.start.at, window.start.latest)
    ]


def _marks(region: Region, scale: Scale, y: float) -> Markup:
    """Return the onsets of a region: a bar from earliest to latest, a tick at the best, a taller median."""
    edges = [fall.onset for fall in fallen(region.falls) if fall.onset and scale.shows(fall.onset.at)]
    spans = sorted((scale.at(edge.earliest), scale.at(edge.latest)) for edge in edges)
    bars = "".join(f"M{short(low)} {short(y)}H{short(high)}" for low, high in _joined(spans))
    best = sorted({short(scale.at(edge.at)) for edge in edges}, key=float)
    ticks = "".join(f"M{x} {short(y - 2.5)}v5" for x in best[:: -(-len(best) // _MANY) or 1])
    found = tag("path", d=bars, class_="ebar") if bars else Markup()
    found += tag("path", d=ticks, class_="etick") if ticks else Markup()
    for beyond, end, way in (
        (any(onset_at(fall) > scale.until for fall in fallen(region.falls)), scale.high, -1),
        (any(onset_at(fall) < scale.start for fall in fallen(region.falls)), scale.low, 1),
    ):
        if beyond:
            found += tag("path", d=f"M{short(end)} {short(y)}l{6 * way} -3.4v6.8Z", class_="med")
    if region.middle and scale.shows(region.middle) and len(region.falls) > 1:
        x = short(scale.at(region.middle))
        found += tag("path", d=f"M{x} {short(y + 3.5)}l-3.4 4.6h6.8Z", class_="med")
    return found


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return intervals with those that overlap as one."""
    found: list[tuple[float, float]] = []
    for low, high in spans:
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _row(region: Region, clock: Clock) -> WaveRow:
    at = sorted(onset_at(fall) for fall in fallen(region.falls))
    told = [clock.time(instant, brief=True) for instant in (at[0], region.middle or at[0], at[-1])]
    language = clock.language
    dark = _tally(region, language) or language.state("dark")
    return WaveRow(region.name, dark if region.dark else language.say("degraded only"), *told)


def describe_wave(made: Wave, nouns: Nouns) -> str:
    """Return the picture in words, for those who cannot see it."""
    rows = nouns if made.each else Nouns("region", nouns.language)
    told = capital(rows.count(len(made.rows)))
    return nouns.language.say("{rows}, from the first to fall to the last, against time.", rows=told)
