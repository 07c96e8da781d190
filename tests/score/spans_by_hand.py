"""Truth and findings written as letters: d dark, g degraded, u unknown, a point up; one letter an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby

from darkhours.model.account import Edge
from darkhours.model.state import State
from darkhours.score.events import Found, TrueWindow, Truth

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
STATES = {"d": State.DARK, "g": State.DEGRADED, "u": State.UNKNOWN}


def at(hours):
    return BEGIN + timedelta(hours=hours)


def runs(text):
    place = 0
    for letter, run in groupby(text):
        length = len(list(run))
        if letter in STATES:
            yield STATES[letter], place, place + length
        place += length


def truth(text, *, is_open=False, entity="local:a"):
    windows = [TrueWindow(state, at(a), at(b)) for state, a, b in runs(text)]
    if is_open:
        windows[-1] = TrueWindow(windows[-1].state, windows[-1].start, None)
    return Truth(entity, BEGIN, at(len(text)), tuple(windows))


def found(text, *, give_h=0.0, shift_h=0.0, is_open=False):
    def edge(hours):
        instant = at(hours + shift_h)
        return Edge(instant, instant - timedelta(hours=give_h), instant + timedelta(hours=give_h))

    windows = [Found(state, edge(a), edge(b)) for state, a, b in runs(text)]
    if is_open:
        windows[-1] = Found(windows[-1].state, windows[-1].start, None)
    return tuple(windows)
