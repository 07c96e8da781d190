"""How high a signal stood against its baseline: in a window, on a day, and what that leaned to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from darkhours.model.panel import Coverage, Trace
from darkhours.model.state import State
from darkhours.model.timeline import Floats, Mask
from darkhours.render.language import ENGLISH, Language

_MOST = 0.5
"""Share of the measured bins beyond a border that makes the signal lean to its state: the median."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one signal showed in a stretch of time.

    Args:
        ratio: median of measured over baseline; None without a measured bin that has a baseline.
        lean: state that the level alone would give; `unknown` where it was not measured.
        measured: bins with a value, suspect ones left out.
        suspect: bins with a value that the control gate distrusts.
        bins: bins of the stretch.
    """

    ratio: float | None
    lean: State
    measured: int
    suspect: int
    bins: int


def level_words(level: Level, language: Language = ENGLISH) -> str:
    r"""Return a level in words.

    >>> level_words(Level(0.04, State.DARK, 9, 0, 9)), level_words(Level(None, State.UNKNOWN, 0, 0, 9))
    ('4\xa0% of baseline', 'not measured')
    """
    if level.ratio is not None:
        return language.say("{percent} of baseline", percent=percent_words(level.ratio, language))
    if level.measured:
        return language.say("no baseline yet")
    return language.term("level", "suspect") if level.suspect else language.term("level", "not measured")


def percent_words(ratio: float, language: Language = ENGLISH) -> str:
    r"""Return a ratio as a whole per cent, which unlike a probability may be more than all.

    >>> percent_words(0.996), percent_words(1.27)
    ('100\xa0%', '127\xa0%')
    """
    return language.percent(min(ratio, 99.99))


def seen(trace: Trace) -> Mask:
    """Return the bins that hold a value, suspect ones too; not measured is never zero."""
    covered: Mask = trace.coverage != Coverage.NONE
    return np.isfinite(trace.values) & covered


def bins_between(trace: Trace, start: datetime, until: datetime) -> slice:
    """Return the bins that lie for their greater part in [``start``, ``until``)."""
    first, last = (round(trace.grid.hours(at) / trace.grid.step_h) for at in (start, until))
    low = min(max(first, 0), trace.grid.n_bins)
    return slice(low, max(low, min(last, trace.grid.n_bins)))


def level_between(trace: Trace, start: datetime, until: datetime) -> Level:
    """Return what a signal showed between two instants."""
    part = bins_between(trace, start, until)
    there, suspect = seen(trace)[part], trace.coverage[part] == Coverage.SUSPECT
    good = there & ~suspect
    values, baseline = trace.values[part], trace.baseline[part]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(good & (baseline > 0), values / baseline, np.nan)
    known = np.isfinite(ratios)
    counts = int(good.sum()), int((there & suspect).sum()), int(good.size)
    if not known.any():
        return Level(None, State.UNKNOWN, *counts)
    lean = _lean(trace, part, known)
    return Level(float(np.median(ratios[known])), lean, *counts)


def _lean(trace: Trace, part: slice, known: Mask) -> State:
    """Return the state whose border at least half of the bins lie beyond."""
    for state, border in ((State.DARK, trace.lower), (State.DEGRADED, trace.low)):
        if float(np.mean(_beyond(trace, border)[part][known])) >= _MOST:
            return state
    return State.UP


def _beyond(trace: Trace, border: Floats) -> Mask:
    with np.errstate(invalid="ignore"):
        return trace.values > border if trace.signal.worse == "higher" else trace.values < border
