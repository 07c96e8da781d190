"""The picture of a place over a span: states in one strip, and each signal as an envelope under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from darkhours.model.evidence import Grid
from darkhours.model.state import State
from darkhours.model.timeline import Floats
from darkhours.render.axis import axis
from darkhours.render.clock import Clock
from darkhours.render.envelope import Envelope, envelope
from darkhours.render.figures import hours
from darkhours.render.markup import short, tag
from darkhours.render.scale import Scale

WIDTH, _LEFT, _RIGHT = 1000.0, 4.0, 4.0
_HEAD, _STRIP, _GAP, _SIGNAL = 24.0, 30.0, 26.0, 70.0
POINTS = 480
"""Points of a line: two pixels each, which is finer than a line is wide."""
_MICROSECOND = timedelta(microseconds=1)
_NOUGHT = re.compile(r"\.0(?!\d)")
FILLS = {State.UP: "up", State.DEGRADED: "deg", State.DARK: "dark", State.UNKNOWN: "unk"}


class Stretch(NamedTuple):
    """One state over a stretch of time; what lies between stretches is up, or was not looked at."""

    state: State
    start: datetime
    until: datetime
    link: str
    words: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One signal to draw.

    Args:
        name: of the signal.
        family: the sensing system.
        grid: its bins.
        values: NaN where nobody measured, shape (n_bins,).
        baseline: what they were held against, None where that is not known over this span; same shape.
    """

    name: str
    family: str
    grid: Grid
    values: Floats
    baseline: Floats | None = None


def span_picture(
    span: tuple[datetime, datetime],
    stretches: Sequence[Stretch],
    signals: Sequence[Drawn],
    clock: Clock,
    label: str,
) -> Markup:
    """Return a place over a span as SVG: a strip of states, then each signal with its gaps.

    Args:
        span: begin and end, UTC.
        stretches: what is not up, in order.
        signals: each on its own scale from zero to its highest value.
        clock: local time of the place.
        label: what a reader who cannot see it is told.
    """
    scale = Scale(*span, _LEFT, WIDTH - _RIGHT)
    foot = _HEAD + _STRIP
    height = foot + len(signals) * (_GAP + _SIGNAL) + 6
    parts = [axis(scale, clock, _HEAD, height - 6), _strip(scale, stretches, signals)]
    for signal in signals:
        foot += _GAP + _SIGNAL
        parts.append(_signal(scale, signal, foot))
    box = f"0 0 {short(WIDTH)} {short(height)}"
    return tag(
        "svg", Markup().join(parts), class_="span-pic", viewBox=box, role="group", aria_label=label,
        data_from=f"{span[0]:%Y-%m-%dT%H:%M:%SZ}", data_until=f"{span[1]:%Y-%m-%dT%H:%M:%SZ}",
        data_low=_LEFT, data_high=WIDTH - _RIGHT,
    )  # fmt: skip


def _strip(scale: Scale, stretches: Sequence[Stretch], signals: Sequence[Drawn]) -> Markup:
    """Return the states: up only where somebody measured, dots where nobody did."""
    parts = [_rect(scale, scale.start, scale.until, "unk")]
    parts += [_rect(scale, begin, end, "up") for begin, end in measured(signals)]
    for stretch in stretches:
        begin, end = max(stretch.start, scale.start), min(stretch.until, scale.until)
        if begin < end:
            drawn = _rect(scale, begin, end, FILLS[stretch.state])
            if stretch.link:
                drawn = tag("a", drawn, href=stretch.link, aria_label=stretch.words or None)
            parts.append(drawn)
    return Markup().join([*parts, _rect(scale, scale.start, scale.until, "frame")])


def measured(signals: Sequence[Drawn]) -> list[tuple[datetime, datetime]]:
    """Return the stretches in which some signal was measured; an hour without a value is bridged."""
    found: list[tuple[datetime, datetime]] = []
    for signal in signals:
        bridge = max(1, round(1 / signal.grid.step_h))
        bins = np.flatnonzero(np.isfinite(signal.values))
        if not bins.size:
            continue
        breaks = np.flatnonzero(np.diff(bins) > bridge + 1)
        firsts, lasts = bins[[0, *(breaks + 1)]], bins[[*breaks, -1]]
        at = signal.grid.at
        found += [(at(a), at(b + 1)) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)]
    return found


def _rect(scale: Scale, begin: datetime, end: datetime, class_: str) -> Markup:
    low = scale.at(begin)
    width = max(scale.at(end) - low, 1.0)
    return tag("rect", x=low, y=_HEAD, width=width, height=_STRIP, class_=class_)


def _signal(scale: Scale, signal: Drawn, foot: float) -> Markup:
    known = signal.values[np.isfinite(signal.values)]
    top = float(known.max()) if known.size else 0.0
    if signal.baseline is not None and np.isfinite(signal.baseline).any():
        top = max(top, float(np.nanmax(signal.baseline)))
    name = tag("text", f"{signal.name}, {signal.family}", x=_LEFT, y=foot - _SIGNAL - 6, class_="ls")
    scale_end = tag(
        "text", hours(top), x=WIDTH - _RIGHT, y=foot - _SIGNAL - 6, class_="ax", text_anchor="end"
    )
    ground = tag("path", d=f"M{short(_LEFT)} {short(foot)}H{short(WIDTH - _RIGHT)}", class_="gs")
    if top <= 0:
        return Markup().join([name, scale_end, ground])
    parts = [name, scale_end, ground]
    env = envelope(signal.values, POINTS)
    xs = _edges(scale, signal.grid, env)
    if signal.baseline is not None:
        base = envelope(signal.baseline, POINTS)
        parts.append(tag("path", d=_line(xs, base, top, foot), class_="sig-base"))
    parts += [
        tag("path", d=_area(xs, env, top, foot), class_="sig-area"),
        tag("path", d=_gaps(xs, env, foot), class_="sig-gap"),
    ]
    return tag("g", *parts, data_signal=signal.name)


def _area(xs: Floats, env: Envelope, top: float, foot: float) -> Markup:
    """Return the envelope as areas from the lowest to the highest value of each bucket."""
    middle = (xs[:-1] + xs[1:]) / 2
    over = np.stack([middle, _height(env.high, top, foot)], axis=1)
    under = np.stack([middle, np.minimum(_height(env.low, top, foot) + 0.8, foot)], axis=1)
    return _path(
        [
            f"M{_points(np.concatenate([over[first:until], under[first:until][::-1]]))}Z"
            for first, until in _runs(np.isfinite(env.low))
        ]
    )


def _line(xs: Floats, env: Envelope, top: float, foot: float) -> Markup:
    """Return a line through the middle of each bucket."""
    middle = (env.low + env.high) / 2
    points = np.stack([(xs[:-1] + xs[1:]) / 2, _height(middle, top, foot)], axis=1)
    return _path([f"M{_points(points[first:until])}" for first, until in _runs(np.isfinite(middle))])


def _gaps(xs: Floats, env: Envelope, foot: float) -> Markup:
    """Return a mark under every bucket in which something was not measured, however short."""
    return _path(
        [
            f"M{short(xs[first])} {short(foot + 2)}H{short(max(xs[until], xs[first] + 1))}"
            for first, until in _runs(env.missing > 0)
        ]
    )


def _path(parts: list[str]) -> Markup:
    """Return the data of a path; numbers alone, which need no escaping."""
    return Markup("".join(parts))  # noqa: S704 — numbers of ours


def _edges(scale: Scale, grid: Grid, env: Envelope) -> Floats:
    """Return where the buckets of an envelope begin, and where the last ends: `Scale.at` of many at once."""
    before, step, whole = (
        length // _MICROSECOND for length in (grid.start - scale.start, grid.step, scale.until - scale.start)
    )
    return scale.low + np.clip((before + env.edges * step) / whole, 0.0, 1.0) * (scale.high - scale.low)


def _height(values: Floats, top: float, foot: float) -> Floats:
    return np.minimum(foot - _SIGNAL * values / top, foot)


def _points(points: Floats) -> str:
    """Return points of a line, shape (n, 2), none below 0: each number as `short` has it."""
    text = "L".join(["%.1f %.1f"] * len(points)) % tuple(points.ravel().tolist())
    return _NOUGHT.sub("", text)


def _runs(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
