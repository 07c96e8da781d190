"""Which measured signals carry a window, and what routing adds to a dark one."""

from __future__ import annotations

import numpy as np

from darkhours.account.posterior import Posterior
from darkhours.account.spans import DARK, DEGRADED, UP
from darkhours.account.story import Part
from darkhours.model.timeline import SILENT, Mask, SignalVoice

CARRIES = 0.5
"""A signal carries a window when it leans to its state in this share of the bins that it tells of."""

DISAGREES = 0.6
"""Signals that lean to up and to dark this often disagree, and their disagreement is what carries a
degraded window. Ours."""

WITHDRAWN = 0.1
ANNOUNCED = 0.5
"""Share of the baseline of routes below which they are withdrawn, and from which they stand: ours, as the
inference takes routing at its word only near total withdrawal."""


def signals_behind(signals: tuple[SignalVoice, ...], part: Part, post: Posterior) -> tuple[SignalVoice, ...]:
    """Return the signals that carry a window.

    Args:
        signals: all that spoke to the entity.
        part: the window.
        post: its posterior, for the grid.
    """
    shares = [(voice, _shares(voice, part, post)) for voice in signals]
    told = [(voice, share) for voice, share in shares if share is not None]
    carries = tuple(voice for voice, share in told if share[part.code] >= CARRIES)
    sides = [[voice for voice, share in told if share[side] >= DISAGREES] for side in (UP, DARK)]
    if part.code != DEGRADED or (carries and not all(sides)):
        return carries
    apart = sides[0] + sides[1]
    return tuple(voice for voice, _ in told if voice in carries or voice in apart)


def _bins(voice: SignalVoice, part: Part, post: Posterior) -> slice:
    """Return the bins of a signal that lie in a window by more than half."""
    grid = post.timeline.grid
    step = voice.grid.step
    first = round((grid.at(part.first) - voice.grid.start) / step)
    until = round((grid.at(part.until) - voice.grid.start) / step)
    first = min(max(first, 0), voice.grid.n_bins)
    return slice(first, min(max(until, first + 1), voice.grid.n_bins))


def _shares(voice: SignalVoice, part: Part, post: Posterior) -> list[float] | None:
    leans = voice.leans[_bins(voice, part, post)]
    told: Mask = leans != SILENT
    if not told.any():
        return None
    return [float((leans[told] == code).mean()) for code in (UP, DEGRADED, DARK)]


def routing_detail(part: Part, post: Posterior) -> str | None:
    """Return whether routes stood in a dark window, None where nobody watched both."""
    if part.code != DARK:
        return None
    routes = [v for v in post.timeline.signals if v.sense == "routing"]
    levels = [v.level[_bins(v, part, post)] for v in routes]
    known = [level[np.isfinite(level)] for level in levels]
    medians = [float(np.median(level)) for level in known if level.size]
    if not medians:
        return None
    if min(medians) < WITHDRAWN:
        return "withdrawn"
    reaches = any(v.sense in ("reachability", "demand") for v in post.timeline.signals)
    return "announced-but-dark" if reaches and max(medians) >= ANNOUNCED else None
