"""Signals as small lines under their lane: measured, baseline, both borders, gaps as gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.panel import Coverage, Trace
from darkhours.model.state import State
from darkhours.model.timeline import Floats, Mask
from darkhours.render.language import ENGLISH, Language
from darkhours.render.level import Level, bins_between, level_between, level_words, seen
from darkhours.render.markup import settled, short, tag, wrap
from darkhours.render.scale import Scale
from darkhours.render.spans import main_outage, window_span, windows_in

PITCH, PLOT = 48.0, 36.0
POINTS, FEWEST, MOST = 1250, 40, 300
"""Columns of a page over all its lines, and of one line: a page stays small with thirty signals."""
_PERCENTILE, _AIR, _SPECK = 99.5, 1.06, 0.25


@dataclass(frozen=True, slots=True)
class Signals:
    """Lines of signals and the height that they came to."""

    body: Markup
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line lies: its scale along time, its head and foot across, and how many columns."""

    scale: Scale
    head: float
    foot: float
    columns: int


@dataclass(frozen=True, slots=True)
class Thinned:
    """A trace in columns: where each stands, and what of it is drawn there; NaN is a gap."""

    x: Floats
    low_value: Floats
    high_value: Floats
    baseline: Floats
    low: Floats
    lower: Floats
    gap: Mask
    suspect: Mask
    width: float


def draw_signals(
    account: Account,
    traces: Sequence[Trace],
    scale: Scale,
    top: float,
    columns: int,
    *,
    language: Language = ENGLISH,
) -> Signals:
    """Return the lines of an account's signals from ``top`` down, each with its label at the left."""
    body, y = Markup(), top
    for trace in traces:
        level = lean_of(account, trace)
        body += _label(trace, level_told(level, language), y, scale.low - 12)
        body += draw_trace(trace, level, scale, y, columns, language=language)
        y += PITCH
    return Signals(body, y)


def columns_for(lines: int) -> int:
    """Return how many columns each of so many lines may have."""
    return max(FEWEST, min(MOST, POINTS // max(lines, 1)))


def lean_of(account: Account, trace: Trace) -> Level:
    """Return what a signal showed in the longest stretch of trouble: dark where there was any."""
    outage = main_outage(account)
    dark, degraded = (
        windows_in(account, outage, state) if outage else [] for state in (State.DARK, State.DEGRADED)
    )
    spans = dark or degraded or [window_span(account, window) for window in account.windows]
    longest = max(spans, key=lambda span: span[1] - span[0])
    return level_between(trace, *longest)


def level_told(level: Level, language: Language = ENGLISH) -> str:
    """Return a level and what it leaned to, such as ``4 % of baseline: dark``."""
    told = level_words(level, language)
    return told if level.lean is State.UNKNOWN else f"{told}: {language.state(level.lean)}"


def _label(trace: Trace, told_level: str, top: float, width: float) -> Markup:
    lines = (
        ("ls b", trace.family),
        ("lm", trace.signal.about or trace.signal.name),
        ("lm", told_level),
    )
    found = Markup()
    for place, (class_, words) in enumerate(lines):
        told = wrap(settled(words), width, 11.5, 1)[0]
        found += tag("text", told, x=0, y=top + 11 + 13.5 * place, class_=class_)
    return found


def draw_trace(
    trace: Trace, level: Level, scale: Scale, top: float, columns: int, *, language: Language = ENGLISH
) -> Markup:
    """Return one line in its frame, with zones of degraded and dark behind it."""
    box = Box(scale, top, top + PLOT, columns)
    frame = _rect(scale.low, scale.high, box, "frame")
    told = language.say(
        "{signal} ({family}), {level} in the longest stretch",
        signal=trace.signal.name,
        family=trace.family,
        level=level_told(level, language),
    )
    thinned = thin(trace, box)
    parts = [tag("title", told), _outside(trace, box)]
    if thinned is not None:
        parts += [*_zones(trace, thinned, box), *_lines(thinned, box)]
    return tag("g", *parts, frame, class_="sig")


def thin(trace: Trace, box: Box) -> Thinned | None:
    """Return what is drawn of a trace, a column for one bin or for several; None outside its time."""
    part = bins_between(trace, box.scale.start, box.scale.until)
    n_bins = part.stop - part.start
    if n_bins == 0:
        return None
    each = -(-n_bins // box.columns)
    there = seen(trace)
    values = np.where(there, trace.values, np.nan)
    step = box.scale.width(trace.grid.step)
    count = -(-n_bins // each)
    x = box.scale.at(trace.grid.at(part.start)) + (np.arange(count) + 0.5) * each * step
    suspect = there & (trace.coverage == Coverage.SUSPECT)
    columns = [_columns(row[part], each) for row in (values, trace.baseline, trace.low, trace.lower)]
    middle = [(np.fmin.reduce(row, axis=1) + np.fmax.reduce(row, axis=1)) / 2 for row in columns[1:]]
    return Thinned(
        np.minimum(x, box.scale.high),
        np.fmin.reduce(columns[0], axis=1),
        np.fmax.reduce(columns[0], axis=1),
        middle[0],
        middle[1],
        middle[2],
        gap=np.asarray(~np.isfinite(columns[0]).any(axis=1)),
        suspect=_columns(suspect[part].astype(float), each).max(axis=1, initial=0.0) > 0,
        width=each * step,
    )


def _columns(row: Floats, each: int) -> Floats:
    """Return a row in columns of ``each`` bins, the last one filled up with its own last bin."""
    missing = -len(row) % each
    return np.concatenate([row, np.repeat(row[-1:], missing)]).reshape(-1, each)


def _peak(thinned: Thinned) -> float:
    """Return the level at the head of the frame: what is ordinary, and nearly all that was measured."""
    tall = [row[np.isfinite(row)] for row in (thinned.high_value, thinned.baseline, thinned.low)]
    tops = [float(np.percentile(row, _PERCENTILE)) for row in tall if row.size]
    peak = max(tops, default=1.0) * _AIR
    return peak if peak > 0 else 1.0


def _heights(row: Floats, thinned: Thinned, box: Box) -> Floats:
    return box.foot - np.clip(row / _peak(thinned), 0.0, 1.0) * (box.foot - box.head)


def _zones(trace: Trace, thinned: Thinned, box: Box) -> list[Markup]:
    """Return the zones beyond the borders: where a level counts as degraded, and as dark."""
    rim = box.head if trace.signal.worse == "higher" else box.foot
    found = []
    for row, class_ in ((thinned.low, "z-deg"), (thinned.lower, "z-dark")):
        runs = _runs(thinned.x, _heights(row, thinned, box))
        path = "".join(f"M{_point(run[0][0], rim)}L{_join(run)}L{_point(run[-1][0], rim)}Z" for run in runs)
        found += [tag("path", d=path, class_=class_)] if path else []
    return found


def _lines(thinned: Thinned, box: Box) -> list[Markup]:
    """Return gaps, suspect bins, the baseline, and the measured line over all."""
    found = [_blocks(thinned.gap, thinned, box, "unk")]
    runs = _runs(thinned.x, _heights(thinned.baseline, thinned, box))
    base = "".join(f"M{_join(run)}" for run in runs)
    found += [tag("path", d=base, class_="s-base")] if base else []
    line = "".join(f"M{_join(run)}" + ("h.1" if len(run) == 1 else "") for run in _spans(thinned, box))
    found += [tag("path", d=line, class_="s-line")] if line else []
    if thinned.suspect.any():
        narrow = Box(box.scale, box.head, box.head + 5, box.columns)
        found.append(_blocks(thinned.suspect, thinned, narrow, "s-sus"))
    return found


def _spans(thinned: Thinned, box: Box) -> list[list[tuple[float, float]]]:
    """Return the measured line: through the least and the most of each column, nearer one first."""
    low, high = (_heights(row, thinned, box) for row in (thinned.low_value, thinned.high_value))
    runs: list[list[tuple[float, float]]] = [[]]
    for x, one, other in zip(thinned.x.tolist(), low.tolist(), high.tolist(), strict=True):
        if one != one:  # noqa: PLR0124 — NaN: a gap
            runs.append([])
            continue
        ends = sorted({one, other}, key=lambda y: abs(y - (runs[-1][-1][1] if runs[-1] else one)))
        runs[-1] += [(x, y) for y in ends]
    return [_straight(run) for run in runs if run]


def _runs(x: Floats, y: Floats) -> list[list[tuple[float, float]]]:
    """Return the stretches that hold numbers."""
    runs: list[list[tuple[float, float]]] = [[]]
    for along, across in zip(x.tolist(), y.tolist(), strict=True):
        if across != across:  # noqa: PLR0124 — NaN: nothing is expected there
            runs.append([])
        else:
            runs[-1].append((along, across))
    return [_straight(run) for run in runs if run]


def _straight(run: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line without the points that lie on it, near enough."""
    kept = run[:1]
    for place in range(1, len(run) - 1):
        (x0, y0), (x1, y1), (x2, y2) = kept[-1], run[place], run[place + 1]
        on_line = y0 + (y2 - y0) * (x1 - x0) / (x2 - x0) if x2 > x0 else y1 + 1
        if abs(on_line - y1) > _SPECK:
            kept.append(run[place])
    return [*kept, run[-1]] if len(run) > 1 else kept


def _join(run: list[tuple[float, float]]) -> str:
    """Return a line through points, upright where two stand over one another."""
    path, last = _point(*run[0]), run[0][0]
    for x, y in run[1:]:
        path += f"V{short(y)}" if x == last else f"L{_point(x, y)}"
        last = x
    return path


def _point(x: float, y: float) -> str:
    return f"{short(x)} {short(y)}"


def _blocks(mask: Mask, thinned: Thinned, box: Box, class_: str) -> Markup:
    """Return the columns of a mask as boxes, neighbours joined."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    begin = thinned.x - thinned.width / 2
    path = ""
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        left, right = begin[first], min(begin[last - 1] + thinned.width, box.scale.high)
        path += f"M{_point(left, box.head)}H{short(right)}V{short(box.foot)}H{short(left)}Z"
    return tag("path", d=path, class_=class_) if path else Markup()


def _outside(trace: Trace, box: Box) -> Markup:
    """Return the parts of the picture before and after the trace: nobody measured there."""
    scale, found = box.scale, Markup()
    for start, end in ((scale.start, trace.grid.start), (trace.grid.until, scale.until)):
        begin, stop = scale.at(start), scale.at(end)
        if begin < stop:
            found += _rect(begin, stop, box, "unk")
    return found


def _rect(begin: float, end: float, box: Box, class_: str) -> Markup:
    return tag("rect", x=begin, y=box.head, width=end - begin, height=box.foot - box.head, class_=class_)


def signal_legend(traces: Sequence[Trace], language: Language = ENGLISH) -> list[tuple[Markup, str]]:
    """Return what the lines mean; empty without any."""
    if not traces:
        return []
    zone = tag("path", d="M0 5H24V14H0Z", class_="z-deg") + tag("path", d="M0 10H24V14H0Z", class_="z-dark")
    entries = [
        (tag("path", d="M0 9 6 6 12 8 18 4 24 7", class_="s-line"), language.term("legend", "measured")),
        (tag("path", d="M0 4H24", class_="s-base"), language.say("baseline it was held against")),
        (zone, language.say("levels that count as degraded, as dark")),
    ]
    if any(not seen(trace).all() for trace in traces):
        gap = tag("rect", width=24, height=14, class_="unk")
        entries.append((gap, language.say("not measured, which is not zero")))
    if any((trace.coverage == Coverage.SUSPECT).any() for trace in traces):
        suspect = tag("path", d="M0 0H24V5H0Z", class_="s-sus")
        entries.append((suspect, language.say("suspect: the sensor may be failing")))
    return [(tag("svg", body, width=24, height=14, aria_hidden="true"), words) for body, words in entries]
