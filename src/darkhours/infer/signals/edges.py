"""Edges inside bins: the mixed bin tells where the change came, a slope where it crossed the border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkhours.infer.signals.likelihood import UP
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.timeline import Bins, Codes, Floats

BESIDE = 3
"""Bins on either side that tell the levels before and after: ours."""

LEAST_CHANGE = 0.15
"""A signal times a change when its level moves by this share of the baseline: ours, half of the way
from ordinary to degraded and back is noise."""

LEAST_SD = 0.06
"""No change is timed to better than this share of a bin (standard deviation): ours, a tenth of a bin
with 90 %, for a value is itself taken over a part of its bin."""

MEAN_TO_SD = 1.2533
"""Turns a mean absolute deviation into the standard deviation of a normal law."""

SLOPE = 0.2
"""A change is gradual when more than this share of it comes after the bins that it is placed in: ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edge lies, in bins from the boundary that the path has it on.

    Args:
        at: best.
        sd: standard deviation of the noise about it.
        low: at least this far ahead of `at` lies the other reading of a slope; at most 0.
        high: at most this far behind; at least 0.
    """

    at: float
    sd: float
    low: float = 0.0
    high: float = 0.0


NOWHERE = Place(0.0, 0.29)
"""No signal tells: anywhere in the two bins around, as a uniform law of one bin."""


def place_smoothed(ratio: Floats, t: int, change: tuple[int, int], width: float) -> Place | None:
    """Return where a change lies in values that were smoothed over ``width`` bins, None if it has none there.

    A sudden change becomes a ramp of that width, which crosses the border of up long before its middle.
    The middle of the ramp is the change where the window of the publisher was centred; where it trailed or
    led, the change lies at the ramp's beginning or end.

    Args:
        ratio: log of value over baseline, shape (n_bins,), NaN where nobody measured.
        t: bin at whose start the path changes.
        change: state before and after.
        width: bins that the publisher smoothed over.
    """
    level, reach = np.exp(np.minimum(ratio, 0.0)), int(np.ceil(width))
    first, until = max(0, t - reach), min(level.size, t + reach + 1)
    ahead = level[t:until][np.isfinite(level[t:until])]
    behind = level[first:t][np.isfinite(level[first:t])]
    if not ahead.size or not behind.size:
        return None
    falls = change[1] > change[0]
    before, after = (behind.max(), ahead.min()) if falls else (behind.min(), ahead.max())
    if abs(before - after) < LEAST_CHANGE:
        return None
    at = _crossing(level, t, float(before + after) / 2, reach)
    return None if at is None else Place(at, LEAST_SD, -width / 2, width / 2)


def place_edge(
    ratio: Floats, scatter: Floats, t: int, change: tuple[int, int], tuning: Tuning
) -> Place | None:
    """Return where one signal has the change at the start of bin ``t``, None if it has none there.

    Args:
        ratio: log of value over baseline, shape (n_bins,), NaN where nobody measured.
        scatter: of the log ratio, shape (n_bins,).
        t: bin at whose start the path changes; 1 … n_bins - 1.
        change: state before and after.
        tuning: for the borders.
    """
    level = np.exp(np.minimum(ratio, 0.0))
    before, after = _level(level[max(0, t - 1 - BESIDE) : t - 1], level[max(0, t - 1)]), _ahead(level, t)
    if not np.isfinite(before + after) or abs(before - after) < LEAST_CHANGE:
        return None
    if (before > after) != (change[1] > change[0]):
        return None
    noise = MEAN_TO_SD * float(np.nanmedian(scatter[max(0, t - 2) : t + 2]))
    sd = max(LEAST_SD, noise * max(before, after) / abs(before - after))
    span = level[t - 1 : t + 1]
    abrupt = float(np.nansum(np.clip((span - after) / (before - after), 0.0, 1.0))) - 1.0
    if np.isnan(span).any():
        return Place(0.0, max(sd, NOWHERE.sd))
    crossing = _crossing(level, t, _border(change, tuning))
    late = _late_share(level, t, before, after)
    if crossing is None or late <= SLOPE + sd:
        return Place(abrupt, min(sd, 0.5))
    low, high = min(abrupt, crossing), max(abrupt, crossing)
    return Place(crossing, min(sd, 0.5), low - crossing, high - crossing)


def _level(values: Floats, nearest: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float(nearest)


def _ahead(level: Floats, t: int) -> float:
    return _level(level[t + 1 : t + 1 + BESIDE], level[min(t, level.size - 1)])


def _late_share(level: Floats, t: int, before: float, after: float) -> float:
    """Return how much of the change comes later than the bin after the boundary."""
    far = level[t + 2 : t + 2 + BESIDE]
    far = far[np.isfinite(far)]
    if not far.size or t + 1 >= level.size or not np.isfinite(level[t + 1]):
        return 0.0
    return abs(float(np.median(far)) - float(level[t + 1])) / abs(before - after)


def _border(change: tuple[int, int], tuning: Tuning) -> float:
    return tuning.degraded_below if UP in change else tuning.dark_below


def _crossing(level: Floats, t: int, border: float, reach: int = 2) -> float | None:
    """Return where the level crosses the border nearest to the boundary, between the middles of two bins."""
    best: float | None = None
    for m in range(max(0, t - reach), min(level.size - 1, t + reach - 1)):
        first, second = level[m], level[m + 1]
        if not (np.isfinite(first) and np.isfinite(second)) or (first - border) * (second - border) > 0:
            continue
        share = 0.5 if first == second else (first - border) / (first - second)
        at = m + 0.5 + float(share) - t
        if best is None or abs(at) < abs(best):
            best = at
    return best


def combine(places: list[Place]) -> Place:
    """Return one place from those of several signals, wide enough to hold them all.

    Where k ≥ 2 signals time one change differently the interval holds their spread (the method,
    *Shared engine*).
    """
    if not places:
        return NOWHERE
    if len(places) == 1:
        return places[0]
    weight = np.array([1 / place.sd**2 for place in places])
    ats = np.array([place.at for place in places])
    at = float((weight * ats).sum() / weight.sum())
    sd = float(np.hypot(1 / np.sqrt(weight.sum()), ats.std(ddof=1)))
    return Place(at, min(sd, 1.0), min(p.low for p in places), max(p.high for p in places))


def shift_edges(
    paths: Codes, places: dict[tuple[int, int, int], Place], uniform: Floats
) -> tuple[Bins, Bins, Floats]:
    """Return every change of every path, moved to where it lies inside its bin.

    Args:
        paths: state per sample and bin, shape (n_samples, n_bins).
        places: by (bin, state before, state after).
        uniform: one draw per sample in [0, 1), shape (n_samples,): a sample is early or late at all its edges
            of one kind alike, so that lengths are not blurred twice.

    Returns:
        Sample, bin and instant in bins, for each change, in order.
    """
    sample, bins = np.nonzero(paths[:, 1:] != paths[:, :-1])
    bins = bins + 1
    before, after = paths[sample, bins - 1], paths[sample, bins]
    at, sd, low, high = (np.zeros(bins.size) for _ in range(4))
    for index, key in enumerate(zip(bins.tolist(), before.tolist(), after.tolist(), strict=True)):
        place = places.get(key, NOWHERE)
        at[index], sd[index], low[index], high[index] = place.at, place.sd, place.low, place.high
    u = (uniform[sample] + 0.618034 * bins) % 1.0
    moved = at + sd * _normal(u) + np.where(u < 0.5, low * (1 - 2 * u), high * (2 * u - 1))  # noqa: PLR2004
    return sample, bins, bins + moved


def _normal(u: Floats) -> Floats:
    """Return normal quantiles, by the logistic law that is within 0.02 of them from 2 to 98 %."""
    inside = np.clip(u, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(inside / (1 - inside)) / 1.702)
