"""The time forms of claims in words, as text and with both readings of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from markupsafe import Markup

from darkhours.model.claim import At, By, During, Turn, When, Within
from darkhours.render.clock import Clock
from darkhours.render.language import Language

Told = Callable[[datetime], object]
"""How an instant is told: as text, or in both readings."""


def when_markup(when: When, clock: Clock) -> Markup:
    """Return a time form in words, each instant in both readings."""
    return Markup("{}").format(_phrase(when, clock.language, lambda at: clock.time(at, brief=True)))


def when_text(when: When, clock: Clock) -> str:
    """Return a time form in words, local time only."""
    return _phrase(when, clock.language, clock.text)


def _phrase(when: When, language: Language, told: Told) -> str:
    if isinstance(when, During):
        return language.say("throughout {start} – {end}", start=told(when.start), end=told(when.end))
    if isinstance(when, By):
        if when.since is None:
            return language.say("by {at}", at=told(when.by))
        return language.say("by {at}, begun since {since}", at=told(when.by), since=told(when.since))
    if isinstance(when, At):
        return language.say("at {at}", at=_given(when.at, when.give, language, told))
    if isinstance(when, Within):
        return _within(when, language, told)
    return _turn(when, language, told)


def _within(when: Within, language: Language, told: Told) -> str:
    values = {
        "length": language.length(when.lasting),
        "start": told(when.start),
        "end": told(when.end),
    }
    if when.every is None:
        return language.say("{length} somewhere in {start} – {end}", **values)
    return language.many(
        "{length} somewhere in {start} – {end}, {n} time, every {every}",
        "{length} somewhere in {start} – {end}, {n} times, every {every}",
        when.times,
        every=language.length(when.every),
        **values,
    )


def _turn(when: Turn, language: Language, told: Told) -> str:
    if when.end is not None:
        values = {"start": told(when.start), "end": told(when.end)}
        if when.lasting is None:
            return language.say("begins between {start} and {end}", **values)
        lasting = language.length(when.lasting)
        return language.say("begins between {start} and {end}, for {lasting}", lasting=lasting, **values)
    at = _given(when.start, when.give, language, told)
    if when.lasting is None:
        return language.say("begins {at}", at=at)
    return language.say("begins {at}, for {lasting}", at=at, lasting=language.length(when.lasting))


def _given(at: datetime, give: timedelta | None, language: Language, told: Told) -> object:
    """Return an instant with what it may be off by."""
    return language.say("{at} ± {give}", at=told(at), give=language.length(give)) if give else told(at)
