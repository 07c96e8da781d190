"""Posteriors from sampled paths written in letters, a bin each: u up, g degraded, D dark, ? unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.account import Posterior, read_posterior
from darkhours.model.claim import Claim, SaysState, SaysTotal, When
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Timeline, Voice

CODE = {"u": 0, "g": 1, "D": 2, "?": 3}
ACCESS = {"u": 0, "g": 5, "D": 6, "?": 0}
START = datetime(2022, 1, 1, tzinfo=UTC)
TOWN = "city:1526384"


def expand(text: str) -> str:
    """Write `3D 2u` as `DDDuu`."""
    return "".join(word[-1] * int(word[:-1]) for word in text.split())


def post(*texts: str, tz: str = "UTC", start: datetime = START, step_h: float = 1.0, voices=(), contests=()):
    """Return the posterior of sampled paths, one for each text such as `3D 2u`."""
    return read_posterior(timeline(texts, start, step_h, voices, contests), tz)


def timeline(texts, start: datetime, step_h: float, voices=(), contests=()) -> Timeline:
    rows = [expand(text) for text in texts]
    codes, access = (np.array([[t[c] for c in row] for row in rows], dtype=np.uint8) for t in (CODE, ACCESS))
    grid = Grid(start, timedelta(hours=step_h), codes.shape[1])
    families = ("reports",) if voices else ()
    return Timeline(TOWN, "internet", grid, codes, access, voices, families, contests, ())


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def says(rule: str, value: float, unit: float = 1.0, **besides: tuple[float, float]) -> Claim:
    """Return a claim of a total, with others as ``rule=(value, unit)`` besides."""
    total = SaysTotal(rule, value, unit, tuple((name, *pair) for name, pair in besides.items()))
    return Claim("total", "s", "s", TOWN, "internet", total, None, "press")


def told(name: str, state: str, when: When, **more: object) -> Claim:
    """Return a press claim of the town's state, of a source and an origin of its own."""
    fields = {"source": name, "origin": name, "entity": TOWN, "service": "internet", "kind": "press"}
    return Claim(id=name, says=SaysState(state), when=when, **(fields | more))


def voice(claim: Claim, first: int, until: int, n_bins: int, *, own: bool = True) -> Voice:
    """Return a claim that asserts its state, wholly or not at all, in bins [first, until)."""
    agree = {
        "up": [1.0, 0, 0, 0, 0, 0, 0],
        "degraded": [0, 1.0, 1, 1, 1, 1, 0],
        "dark": [0, 0, 0, 0, 0, 0, 1.0],
    }
    spoken = np.zeros(n_bins, dtype=bool)
    spoken[first:until] = True
    return Voice(claim, own, 8.0, np.array(agree[claim.says.state]), spoken, spoken)


__all__ = ["START", "TOWN", "Posterior", "at", "post", "says", "told", "voice"]
