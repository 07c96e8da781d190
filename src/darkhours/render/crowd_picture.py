"""The picture of many entities at once: a stacked area over time, and its table by local day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.timeline import Floats
from darkhours.render.axis import axis
from darkhours.render.clock import Clock
from darkhours.render.crowd import fine_instants, instants_between, mean_shares, stack
from darkhours.render.language import Language
from darkhours.render.markup import short, tag
from darkhours.render.scale import Scale
from darkhours.render.share import STACK

COLUMNS, PHONE_COLUMNS = 480, 120
LONG = timedelta(days=30)
"""Beyond, the area tells the mean of each day, or nights would be too fine to draw."""
MOST_DAYS = 45
_TOP, _HEIGHT, _LEFT = 26.0, 150.0, 58.0


@dataclass(frozen=True, slots=True)
class CrowdRow:
    """A local day: how many were dark at once at most, and how many in each state on average."""

    day: str
    most: str
    dark: str
    degraded: str
    up: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """The picture in two widths, and its table."""

    wide: Markup
    narrow: Markup
    rows: tuple[CrowdRow, ...]
    left_out: int
    most: int
    daily: bool


def crowd(accounts: Sequence[Account], start: datetime, until: datetime, clock: Clock) -> Crowd:
    """Return how many entities were in each state over time.

    Args:
        accounts: of all entities.
        start: begin of the picture.
        until: its end.
        clock: of the page.
    """
    daily = until - start > LONG
    columns = min(round((until - start) / timedelta(days=1)), COLUMNS) if daily else COLUMNS
    fine = fine_instants(start, until, columns, 24 if daily else 1)
    counts = mean_shares(accounts, fine) * len(accounts)
    rows = _rows(fine, counts, clock)
    held, at = counts.reshape(len(STACK), columns, -1).mean(axis=2), instants_between(start, until, columns)
    narrow = np.linspace(0, columns - 1, min(PHONE_COLUMNS, columns)).astype(int)
    return Crowd(
        _draw(at, held, Scale(start, until, _LEFT, 1167), clock, len(accounts)),
        _draw(at[narrow], held[:, narrow], Scale(start, until, 34, 357), clock, len(accounts)),
        tuple(rows[:MOST_DAYS]),
        max(len(rows) - MOST_DAYS, 0),
        round(float(counts[0].max(initial=0.0))),
        daily,
    )


def _draw(at: Floats, held: Floats, scale: Scale, clock: Clock, number: int) -> Markup:
    foot = _TOP + _HEIGHT
    seconds = (scale.until - scale.start).total_seconds()
    x = scale.low + (at - scale.start.timestamp()) / seconds * (scale.high - scale.low)
    body = axis(scale, clock, _TOP, foot + 5) + stack(x, held / max(number, 1), _TOP, foot)
    width = scale.high - scale.low
    body += tag("rect", x=scale.low, y=_TOP, width=width, height=_HEIGHT, class_="frame")
    for share in (0.0, 0.5, 1.0):
        y = foot - share * _HEIGHT
        told = clock.language.number(number * share, 0)
        body += tag("text", told, x=scale.low - 6, y=y + 4, class_="lm", text_anchor="end")
        body += tag("path", d=f"M{short(scale.low - 4)} {short(y)}h4", class_="etick")
    class_ = "wave only-wide" if scale.high > 500 else "wave only-phone"  # noqa: PLR2004 — px of a phone
    box = f"0 0 {short(scale.high + 1)} {short(foot + 8)}"
    return tag("svg", body, class_=class_, viewBox=box, role="img", aria_labelledby="crowd-h crowd-d")


def _rows(at: Floats, held: Floats, clock: Clock) -> list[CrowdRow]:
    """Return the local days with their counts, read off the columns of the picture."""
    days: dict[date, list[int]] = {}
    zone = clock.zone
    for place, seconds in enumerate(at.tolist()):
        days.setdefault(datetime.fromtimestamp(seconds, zone).date(), []).append(place)
    return [_row(day, held[:, places], clock.language) for day, places in days.items()]


def _row(day: date, held: Floats, language: Language) -> CrowdRow:
    means = dict(zip(STACK, held.mean(axis=1).tolist(), strict=True))
    told = (language.number(means[state], 0) for state in STACK)
    return CrowdRow(language.named_day(day), language.number(float(held[0].max()), 0), *told)
