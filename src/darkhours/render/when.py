"""The time forms of claims in words, as text and with both readings of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup

from darkhours.model.claim import At, By, During, Turn, When, Within
from darkhours.render.clock import Clock
from darkhours.render.figures import DASH, NBSP, hours

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def length(span: timedelta) -> str:
    r"""Return a length of time in words.

    >>> length(timedelta(minutes=15)), length(timedelta(hours=4)), length(timedelta(days=2))
    ('15\xa0min', '4\xa0h', '2\xa0days')
    """
    if span < _HOUR:
        return f"{span.total_seconds() / 60:g}{NBSP}min"
    if span >= 2 * _DAY and span % _DAY == timedelta(0):
        return f"{span // _DAY}{NBSP}days"
    return f"{hours(span / _HOUR)}{NBSP}h"


def when_markup(when: When, clock: Clock) -> Markup:
    """Return a time form in words, each instant in both readings."""
    template, instants = _phrase(when)
    return Markup(template).format(*(clock.time(at, brief=True) for at in instants))  # noqa: S704 — ours


def when_text(when: When, clock: Clock) -> str:
    """Return a time form in words, local time only."""
    template, instants = _phrase(when)
    return template.format(*(clock.text(at) for at in instants))


def _phrase(when: When) -> tuple[str, list[datetime]]:
    """Return a template and the instants that go into it."""
    if isinstance(when, During):
        return f"throughout {{}} {DASH} {{}}", [when.start, when.end]
    if isinstance(when, By):
        since = [] if when.since is None else [when.since]
        return "by {}" + (", begun since {}" if since else ""), [when.by, *since]
    if isinstance(when, At):
        return "at {}" + _give(when.give), [when.at]
    if isinstance(when, Within):
        times = "" if when.every is None else f", {when.times} times, every {length(when.every)}"
        return f"{length(when.lasting)} somewhere in {{}} {DASH} {{}}{times}", [when.start, when.end]
    return _turn(when)


def _turn(when: Turn) -> tuple[str, list[datetime]]:
    lasting = "" if when.lasting is None else f", for {length(when.lasting)}"
    if when.end is not None:
        return f"begins between {{}} and {{}}{lasting}", [when.start, when.end]
    return f"begins {{}}{_give(when.give)}{lasting}", [when.start]


def _give(give: timedelta | None) -> str:
    return "" if not give else f" ± {length(give)}"
