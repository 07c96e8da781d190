"""The axis of a picture of many entities: lines and labels, local or UTC, of which one is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from functools import lru_cache

from markupsafe import Markup

from darkhours.render.clock import Clock
from darkhours.render.language import Language
from darkhours.render.markup import short, tag, text_width
from darkhours.render.scale import Scale, Tick, grid

_DAY = timedelta(days=1)
MOST = 120
"""Lines of a grid: what is more is a grey surface."""
_SIZE, _AIR = 12.0, 12.0


@lru_cache(maxsize=256)
def axis(scale: Scale, clock: Clock, head: float, foot: float) -> Markup:
    """Return lines from head to foot with their labels above the head, in both readings."""
    local = _axis(scale, clock.zone, clock.language, head, foot)
    if clock.is_utc(scale.start, scale.until):
        return local
    return tag("g", local, class_="l") + tag("g", _axis(scale, UTC, clock.language, head, foot), class_="u")


def _axis(scale: Scale, zone: tzinfo, language: Language, head: float, foot: float) -> Markup:
    ticks = _sparse(grid(scale, zone, language), zone, language)
    found = Markup()
    for strong, class_ in ((False, "gr"), (True, "gs")):
        path = "".join(
            f"M{short(scale.at(tick.at))} {short(head)}V{short(foot)}"
            for tick in ticks
            if tick.strong is strong
        )
        found += tag("path", d=path, class_=class_) if path else Markup()
    return found + _labels(ticks, scale, head)


def _sparse(ticks: list[Tick], zone: tzinfo, language: Language) -> list[Tick]:
    """Return ticks that are not too many: without the weak ones, then years alone."""
    if len(ticks) <= MOST:
        return ticks
    strong = [tick for tick in ticks if tick.strong]
    if len(strong) <= MOST:
        return strong
    years = [
        tick for tick in strong if (tick.at.astimezone(zone).month, tick.at.astimezone(zone).day) == (1, 1)
    ]
    return [replace(tick, label=language.digits(f"{tick.at.astimezone(zone):%Y}")) for tick in years[:MOST]]


def _labels(ticks: Sequence[Tick], scale: Scale, head: float) -> Markup:
    """Return labels in the middle of a day, or at the line of an hour; those without room are left out."""
    found, last = Markup(), float("-inf")
    for tick in ticks:
        hourly = tick.until - tick.at < _DAY / 2 and (":" in tick.label or tick.strong)
        x = scale.at(tick.at) if hourly else (scale.at(tick.at) + scale.at(tick.until)) / 2
        half = text_width(tick.label, _SIZE) / 2
        x = min(max(x, scale.low + half), scale.high - half)
        if not tick.label or x - half < last + _AIR:
            continue
        class_ = "ad" if tick.strong else "ad weak"
        found += tag("text", tick.label, x=x, y=head - 6, class_=class_, text_anchor="middle")
        last = x + half
    return found
