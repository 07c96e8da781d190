"""The story: the one sequence of windows that the sampled paths agree on best.

Not the Viterbi path: its cost moves with the step of the grid, and a stretch whose place is
uncertain never stands in it, however surely it happened (ADR 0005). A window stands in the story
where its state holds in most samples, and a stretch inside a window where two samples in five have
one, wherever they put it; each edge is the median of its own edge in the samples that have both sides.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from darkhours.account.spans import DARK, LEAST_DARK_H
from darkhours.model.timeline import Bins, Codes, Floats, Mask, Shifts

STANDS = 0.4
"""A stretch inside a window stands in the story when at least this share of samples has one: ours.
What is nearly as likely as not is shown with its p rather than left out; a court can drop it, but
cannot add what it was not shown."""

KEPT = 0.35
"""A window of the majority path goes when its state holds in fewer samples than this: ours."""

LEAST_SHOWN = 1 / 60
"""A window that is told inside its bins is at least this part of a bin long: ours."""


class Marks(NamedTuple):
    """The instants that a story may name, in bins from the start of the grid.

    Args:
        apart: how far from one to the next.
        first: one of them.
    """

    apart: float
    first: float

    def nearest(self, bins: float) -> float:
        """Return the one nearest to ``bins``.

        >>> Marks(0.5, 0.25).nearest(2.9)
        2.75
        """
        return self.first + round((bins - self.first) / self.apart) * self.apart


RARE = 0.02
"""Bins where fewer samples than this share have a stretch part one stretch from the next."""


class Part(NamedTuple):
    """One window of the story, in bins.

    Args:
        code: state code.
        first: first bin.
        until: bin after the last.
        p: share of samples in which its state holds for more than half of it.
        earliest: 5th percentile of its first bin.
        latest: 95th percentile of its first bin.
        shift: how far from the start of its first bin it begins, in bins.
    """

    code: int
    first: int
    until: int
    p: float
    earliest: float
    latest: float
    shift: float = 0.0

    @property
    def start(self) -> float:
        """Return where it begins, in bins from the start of the grid."""
        return self.first + self.shift


def tell_story(
    codes: Codes,
    step_h: float,
    least_h: float = LEAST_DARK_H,
    shifts: Shifts | None = None,
    marks: Marks | None = None,
) -> tuple[Part, ...]:
    """Return the windows of the story; they tile the grid.

    Args:
        codes: state codes of sampled paths, shape (n_samples, n_bins), short dark runs merged.
        step_h: width of a bin in hours.
        least_h: shortest dark window that stands, in hours.
        shifts: how far from the start of its bin each change lies, in bins; None on the grid.
        marks: instants that the story may name; None for all.
    """
    parts = _majority(codes)
    parts = _with_stretches(parts, codes, step_h, least_h)
    parts = _settle(parts, codes, step_h, least_h)
    return _with_edges(parts, codes, shifts, marks)


_Rough = tuple[int, int, int]


def _majority(codes: Codes) -> list[_Rough]:
    counts = np.zeros((4, codes.shape[1]), dtype=np.int64)
    for code in np.unique(codes[:: max(1, len(codes) // 50)]):
        counts[code] = np.count_nonzero(codes == code, axis=0)
    best = counts.argmax(axis=0)
    cuts = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), best.size]
    return [(int(best[first]), first, until) for first, until in pairwise(cuts)]


def _join(parts: list[_Rough]) -> list[_Rough]:
    out: list[_Rough] = []
    for part in parts:
        if out and out[-1][0] == part[0]:
            out[-1] = (part[0], out[-1][1], part[2])
        else:
            out.append(part)
    return out


def _with_stretches(parts: list[_Rough], codes: Codes, step_h: float, least_h: float) -> list[_Rough]:
    out: list[_Rough] = []
    for code, first, until in parts:
        now = first
        for other, start, end in _stretches(code, codes[:, first:until], step_h, least_h):
            out += [(code, now, first + start), (other, first + start, first + end)]
            now = first + end
        out.append((code, now, until))
    return _join([part for part in out if part[2] > part[1]])


def _stretches(code: int, inside: Codes, step_h: float, least_h: float) -> list[_Rough]:
    """Return the stretches of another state that most samples have inside a window of ``code``."""
    n_samples = inside.shape[0]
    other = inside != code
    if other.any(axis=1).sum() < STANDS * n_samples:
        return []
    # What touches either end of the window is its neighbour's doubtful edge, not a stretch.
    for line in (other, other[:, ::-1]):
        rows = np.flatnonzero(line[:, 0])
        line[rows] &= ~np.logical_and.accumulate(line[rows], axis=1)
    found: list[_Rough] = []
    for first, until in _segments(other.mean(axis=0) > RARE):
        has = other[:, first:until].any(axis=1)
        if has.sum() < STANDS * n_samples:
            continue
        start, end = _longest_runs(other[has, first:until])
        kind = int(np.bincount(inside[has, first:until][other[has, first:until]], minlength=4).argmax())
        least = least_h if kind == DARK else 2 * step_h
        low, high = first + int(np.median(start)), first + int(np.median(end))
        if (high - low) * step_h >= least:
            found.append((kind, low, high))
    return found


def _segments(mask: Floats) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _longest_runs(mask: Floats) -> tuple[Floats, Floats]:
    """Return start and end of the longest run of True in each row."""
    starts, ends = np.zeros(len(mask)), np.zeros(len(mask))
    for row, line in enumerate(mask):
        start, end = max(_segments(line), key=lambda run: run[1] - run[0])
        starts[row], ends[row] = start, end
    return starts, ends


def _settle(parts: list[_Rough], codes: Codes, step_h: float, least_h: float) -> list[_Rough]:
    """Give windows that hardly hold, and dark ones that are too short, to their neighbours."""
    while len(parts) > 1:
        shares = [_presence(i, parts, codes) for i in range(len(parts))]
        weak = [
            i for i, part in enumerate(parts) if shares[i] < KEPT or _too_short(i, parts, step_h, least_h)
        ]
        if not weak:
            break
        worst = min(weak, key=lambda i: (shares[i], parts[i][2] - parts[i][1]))
        parts = _give_away(parts, worst, codes)
    return parts


def _presence(index: int, parts: list[_Rough], codes: Codes) -> float:
    """Return the share of samples in which a window's state holds in it, or in as long a time nearby.

    A stretch of five hours somewhere in a day is there, though no five hours of the day are sure.
    """
    if not 0 < index < len(parts) - 1:
        return _share(parts[index], codes)
    code, first, until = parts[index]
    nearby = slice((parts[index - 1][1] + first) // 2, (until + parts[index + 1][2] + 1) // 2)
    return float((np.count_nonzero(codes[:, nearby] == code, axis=1) * 2 > until - first).mean())


def _too_short(index: int, parts: list[_Rough], step_h: float, least_h: float) -> bool:
    code, first, until = parts[index]
    inner = 0 < index < len(parts) - 1
    return inner and code == DARK and (until - first) * step_h < least_h - 1e-9


def _share(part: _Rough, codes: Codes) -> float:
    return float(_holds(part, codes).mean())


def _holds(part: _Rough, codes: Codes) -> Mask:
    """Return the samples in which the state of a window holds for more than half of it."""
    code, first, until = part
    return np.asarray(np.count_nonzero(codes[:, first:until] == code, axis=1) * 2 > until - first)


def _give_away(parts: list[_Rough], index: int, codes: Codes) -> list[_Rough]:
    _, first, until = parts[index]
    left = parts[index - 1][0] if index > 0 else None
    right = parts[index + 1][0] if index + 1 < len(parts) else None
    inside = codes[:, first:until]
    best = max((c for c in (left, right) if c is not None), key=lambda c: float((inside == c).mean()))
    return _join([*parts[:index], (best, first, until), *parts[index + 1 :]])


def _with_edges(
    parts: list[_Rough], codes: Codes, shifts: Shifts | None, marks: Marks | None
) -> tuple[Part, ...]:
    least = 1.0 if shifts is None else LEAST_SHOWN if marks is None else min(1.0, marks.apart)
    cuts = [_Cut(0, 0.0, 0.0, 0.0)]
    for before, after in pairwise(parts):
        cut, last = _edge(before, after, codes, shifts), cuts[-1]
        if marks is not None:
            cut = _Cut(cut.bin, marks.nearest(cut.at), marks.nearest(cut.low), marks.nearest(cut.high))
        bin_ = max(cut.bin, last.bin + 1)
        at = max(cut.at, last.at + least)
        cuts.append(_Cut(bin_, at, min(cut.low, at), max(cut.high, at)))
    ends = [cut.bin for cut in cuts[1:]] + [max(codes.shape[1], cuts[-1].bin + 1)]
    out = []
    for part, cut, until in zip(parts, cuts, ends, strict=True):
        shown = (part[0], cut.bin, until)
        out.append(Part(*shown, _share(shown, codes), cut.low, cut.high, cut.at - cut.bin))
    return tuple(out)


class _Cut(NamedTuple):
    """Where a window begins: its first bin, and the instant with its bounds, in bins."""

    bin: int
    at: float
    low: float
    high: float


def _edge(before: _Rough, after: _Rough, codes: Codes, shifts: Shifts | None) -> _Cut:
    """Return 5th percentile, median and 95th of an edge, over the samples that hold both windows."""
    first, until = (before[1] + before[2]) // 2, (after[1] + after[2] + 1) // 2
    both = _holds(before, codes) & _holds(after, codes)
    if not both.any():
        return _Cut(before[2], float(before[2]), float(before[2]), float(before[2]))
    bins = first + _turns(codes[both, first:until], before[0], after[0])
    middle = int(np.percentile(bins, 50, method="nearest"))
    at = bins if shifts is None else bins + _shift_at(shifts, codes, np.flatnonzero(both), bins)
    low, best, high = np.percentile(at, [5, 50, 95], method="nearest")
    return _Cut(middle, float(best), float(low), float(high))


def _turns(codes: Codes, before: int, after: int) -> Bins:
    """Return the bin from which each path is rather in the state after than in the one before it.

    A few paths at a time, for years of bins do not fit into memory as numbers.
    """
    out = np.empty(len(codes), dtype=np.int64)
    at_once = max(1, MOST_BINS // codes.shape[1])
    for some in range(0, len(codes), at_once):
        part = codes[some : some + at_once]
        gain = (part == before).astype(np.int8) - (part == after)
        out[some : some + at_once] = 1 + gain.cumsum(axis=1, dtype=np.int32).argmax(axis=1)
    return out


MOST_BINS = 1_000_000
"""Bins of paths that are counted at once: ours, some four megabytes; it moves no result."""


def _shift_at(shifts: Shifts, codes: Codes, samples: Bins, bins: Bins) -> Floats:
    """Return how far each edge lies from the start of its bin, 0 where the sample changes nothing there."""
    bins = np.minimum(bins, codes.shape[1] - 1)
    changes = codes[samples, bins] != codes[samples, bins - 1]
    return np.where(changes, shifts[samples, bins], 0.0)
