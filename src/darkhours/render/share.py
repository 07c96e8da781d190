"""The stacked share: how much of the probability each state holds at each instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from darkhours.model.account import Edge, Window
from darkhours.model.state import State

SURE = 0.8
"""From here up a window is drawn full: slivers of the rest would be noise (our grammar)."""
STACK = (State.DARK, State.DEGRADED, State.UP, State.UNKNOWN)
"""From the bottom up: dark below, light above."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The height of the lower stacks at an instant: dark, dark + degraded, all but unknown."""

    at: datetime
    dark: float
    trouble: float
    known: float


def shares(windows: Sequence[Window], until: datetime) -> list[Slice]:
    """Return the stacked share at every knot of the edges; straight lines join them.

    The new state climbs from nothing at `earliest` to half at `at` to all at `latest`.
    Written as the chance that an edge has passed, so that the shares of overlapping edges
    still add up to one.
    """
    mixes = [_mix(windows, at) for at in range(len(windows))]
    return [_slice(windows, mixes, knot) for knot in _knots(windows, until)]


def _knots(windows: Sequence[Window], until: datetime) -> list[datetime]:
    inner = [knot for window in windows[1:] for knot in _instants(window.start)]
    begin = windows[0].start.at
    return sorted({begin, until, *(knot for knot in inner if begin <= knot <= until)})


def _instants(edge: Edge) -> tuple[datetime, datetime, datetime]:
    return edge.earliest, edge.at, edge.latest


def _slice(windows: Sequence[Window], mixes: list[dict[State, float]], at: datetime) -> Slice:
    held = dict.fromkeys(STACK, 0.0)
    passed = [1.0]
    for window in windows[1:]:
        passed.append(min(passed[-1], passed_by(window.start, at)))
    passed.append(0.0)
    for place, mix in enumerate(mixes):
        weight = passed[place] - passed[place + 1]
        for state, part in mix.items():
            held[state] += weight * part
    dark, degraded, up, _ = (held[state] for state in STACK)
    return Slice(at, dark, dark + degraded, dark + degraded + up)


def passed_by(edge: Edge, at: datetime) -> float:
    """Return the drawn chance that an edge has passed by ``at``: 0, then half at its best, then 1."""
    if at >= edge.latest:
        return 1.0 if at > edge.earliest or edge.earliest == edge.latest else 0.0
    if at <= edge.earliest:
        return 0.0
    if at <= edge.at:
        return 0.5 * ((at - edge.earliest) / (edge.at - edge.earliest))
    return 0.5 + 0.5 * ((at - edge.at) / (edge.latest - edge.at))


def _mix(windows: Sequence[Window], place: int) -> dict[State, float]:
    """Return what a window is drawn as: itself, and below `SURE` its neighbours for the rest."""
    window = windows[place]
    if window.p >= SURE:
        return {window.state: 1.0}
    around = [windows[near].state for near in (place - 1, place + 1) if 0 <= near < len(windows)]
    mix = {window.state: window.p if around else 1.0}
    for state in around:
        mix[state] = mix.get(state, 0.0) + (1 - window.p) / len(around)
    return mix


def clip(slices: Sequence[Slice], start: datetime, until: datetime) -> list[Slice]:
    """Return the slices between two instants, with the heights that the lines have there."""
    inner = [item for item in slices if start < item.at < until]
    begin, end = _between(slices, start), _between(slices, until)
    return [item for item in (begin, *inner, end) if item is not None]


def _between(slices: Sequence[Slice], at: datetime) -> Slice | None:
    """Return the slice at an instant, on the line between its neighbours; None outside all."""
    for left, right in pairwise(slices):
        if left.at <= at <= right.at and left.at < right.at:
            part = (at - left.at) / (right.at - left.at)
            pairs = ((left.dark, right.dark), (left.trouble, right.trouble), (left.known, right.known))
            return Slice(at, *(low + part * (high - low) for low, high in pairs))
    return None
