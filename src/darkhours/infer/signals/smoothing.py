"""Whether the publisher of a signal smoothed it, and over how long, seen from its values alone."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from darkhours.infer.signals.rows import LARGEST
from darkhours.model.panel import Panel
from darkhours.model.timeline import Floats

DAY = timedelta(days=1)
DAYS, LEAST_DAYS = 14, 2
"""Days before a bin whose same slot tells what is ordinary in it, and the least of them: ours. An outage of
six days leaves their middle whole; a nightly low that recurs is ordinary here, and no fall."""

HIGH, LOW = 0.85, 0.35
"""A fall that tells goes from above the first to below the second share of the ordinary: the border of up
(the ontology), and deep enough that noise of 15 % makes none."""

WITHIN = 24
"""A fall takes no more bins than this: ours, above it it is a decline."""

LEAST_FALLS, LEAST_PLACES = 6, 4
"""So many falls, in so many places: ours. One place may fall slowly for reasons of its own."""

FASTEST, LEAST_WIDTH = 2.0, 2.5
"""Bins that the fastest tenth of the falls takes at least, and the middle one: ours. On no recipe and
recording that is not smoothed it takes more than 1.7, by a mean over three 2.2."""

LEAST_H = 2.0
"""Hours: ours. Networks that go down one after another take less."""

SPREAD = 2.5
"""The slowest tenth takes at most this many times the fastest: ours. One window for all gives up to 1.9 in
synthetic truth; what falls slowly of itself does so at many speeds."""

LARGEST_MOVE = 0.5
"""Share of what a row holds when it is high by which a mean over three bins and more moves from one to the
next at most, a third and noise: ours. A single bin that moves further shows that nothing was smoothed."""
HIGHEST_PCT = 95.0
"""Percentile of a row at which it is high: ours, whatever nights and outages it has."""

MOST = 1.2
"""What is above the ordinary counts for no more than this share of it: ours."""

ROUGH = 2.0
"""Times 1/width, that the mean square of a move over one bin may be of that over a width. A moving mean of
white noise has 1, of noise that remembers itself less; ours, for what few bins and steps add."""


GRAINS = 2.0
"""Times the smallest tenth of moves that the middle one is at most where the grain hides noise: ours. A value
beside a border of rounding moves by one grain; of fine values the middle move is five times that tenth."""


def find_smoothing(panel: Panel) -> timedelta | None:
    """Return the width over which the publisher smoothed a signal; None where nothing shows that it did.

    A moving mean leaves three marks. No place falls faster than its width, and places that fall at all
    fall as fast as each other; no bin moves far from the one before; and noise, where the grain of the values
    does not hide it, moves little in a bin against what it moves in a width. Counts are never taken to be
    smoothed, for a mean of counts is no count. What fell slowly of itself, in every place alike and in
    coarse values, looks the same.

    Args:
        panel: one signal of many entities; of fewer than `LEAST_PLACES` nothing can be seen.
    """
    if panel.signal.kind == "count" or panel.signal.worse == "higher" or len(panel.entities) < LEAST_PLACES:
        return None
    widths: list[list[float]] = []
    levels: list[Floats] = []
    for row in np.minimum(panel.values, LARGEST):
        if _jumps(row):
            return None
        level = _level(row, max(1, round(DAY / panel.grid.step)))
        levels.append(level)
        widths.append(list(_fall_widths(level)))
    falls = np.array([width for found in widths for width in found])
    if falls.size < LEAST_FALLS or sum(bool(found) for found in widths) < LEAST_PLACES:
        return None
    fast, middle, slow = np.percentile(falls, (10, 50, 90))
    width = float(middle)
    if fast < FASTEST or width < max(LEAST_WIDTH, LEAST_H / panel.grid.step_h) or slow > SPREAD * fast:
        return None
    return None if _is_rough(panel.values, levels, width) else round(width) * panel.grid.step


def _jumps(row: Floats) -> bool:
    """Return whether any bin moves further from the one before than a moving mean lets it."""
    known = row[np.isfinite(row)]
    moves = np.abs(np.diff(row))
    moves = moves[np.isfinite(moves)]
    return bool(moves.size) and float(moves.max()) > LARGEST_MOVE * float(np.percentile(known, HIGHEST_PCT))


def _level(row: Floats, slots: int) -> Floats:
    """Return values over the median of their slot on the days before, at most 1.2; NaN where too few are."""
    days = -(-row.size // slots)
    known = np.full((DAYS + days) * slots, np.nan)
    known[DAYS * slots : DAYS * slots + row.size] = row
    before = np.lib.stride_tricks.sliding_window_view(known.reshape(-1, slots), DAYS, axis=0)[:days]
    ordered = np.sort(before, axis=2)  # NaN comes last
    n = np.isfinite(ordered).sum(axis=2)
    at = np.maximum(n - 1, 0)[..., None] // 2
    ordinary: Floats = np.take_along_axis(ordered, at, axis=2)[..., 0].ravel()[: row.size]
    fit = (n.ravel()[: row.size] >= LEAST_DAYS) & (ordinary > 0)
    level: Floats = np.divide(row, ordinary, out=np.full(row.size, np.nan), where=fit)
    return np.minimum(level, MOST)


def _fall_widths(level: Floats) -> list[float]:
    """Return how many bins each fall of one place takes, by its middle half, which noise touches less."""
    out: list[float] = []
    high, low = np.flatnonzero(level >= HIGH), np.flatnonzero(level <= LOW)
    first = low[np.concatenate([[True], np.diff(np.searchsorted(high, low)) > 0])] if low.size else low
    for t in first.tolist():
        place = int(np.searchsorted(high, t)) - 1
        if place < 0 or t - high[place] > WITHIN:
            continue
        start, end = int(high[place]), t
        while end + 1 < level.size and level[end + 1] < level[end]:
            end += 1
        top, part = float(min(1.0, np.nanmax(level[max(0, start - 2) : start + 1]))), level[start : end + 1]
        if np.isnan(part).any():
            continue
        bottom = float(part[-1])
        early, late = (_crosses(part, bottom + share * (top - bottom)) for share in (0.75, 0.25))
        out.append(2 * (late - early))
    return out


def _crosses(part: Floats, border: float) -> float:
    """Return where a fall comes below ``border`` for the first time, in bins."""
    place = int(np.argmax(part < border))
    if place == 0:
        return 0.0
    above, below = float(part[place - 1]), float(part[place])
    return place - 1 + (above - border) / (above - below)


def _is_rough(values: Floats, levels: list[Floats], width: float) -> bool:
    """Return whether noise moves more from bin to bin than a moving mean of that width lets it."""
    lag = min(round(width), values.shape[1] - 1)
    up = [level > HIGH for level in levels]
    clean = [np.where(mask, level, np.nan) for mask, level in zip(up, levels, strict=True)]
    if _is_coarse(np.concatenate([np.diff(np.where(m, v, np.nan)) for m, v in zip(up, values, strict=True)])):
        return False
    near = np.concatenate([np.diff(level) for level in clean])
    far = np.concatenate([level[lag:] - level[:-lag] for level in clean])
    near, far = near[np.isfinite(near)], far[np.isfinite(far)]
    return bool(near.size and far.size and np.mean(near**2) > ROUGH / width * np.mean(far**2))


def _is_coarse(moves: Floats) -> bool:
    """Return whether the grain of the values hides their noise: most of what moves does so by a grain."""
    moved = np.abs(moves[np.isfinite(moves) & (moves != 0)])
    return not moved.size or float(np.median(moved)) <= GRAINS * float(np.percentile(moved, 10))
