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

WHOLE = 0.75
"""A bin within this many standard deviations of ordinary is taken to be whole: ours. At 0, a half and 1.25
seventy curfew nights (560 h) come out 0.8 and 0.4 h too long, and 0.8 h too short, as means of 12."""

SLOPE = 0.2
"""A change is gradual when more than this share of it comes after the bins that it is placed in: ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """Where a path changes.

    Args:
        t: bin at whose start it does; 1 … n_bins - 1.
        before: state before.
        after: state after.
        length_before: bins that the state before has lasted.
        length_after: bins that the state after lasts.
    """

    t: int
    before: int
    after: int
    length_before: int
    length_after: int

    @property
    def falls(self) -> bool:
        """Return whether things get worse."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edge lies, in bins from the boundary that the path has it on.

    Args:
        at: best.
        sd: standard deviation of the noise about it.
        low: at least this far ahead of `at` lies the other reading of a slope; at most 0.
        high: at most this far behind; at least 0.
        alike: whether a history lies as early or late at all such edges: one window smoothed them all.
    """

    at: float
    sd: float
    low: float = 0.0
    high: float = 0.0
    alike: bool = False


NOWHERE = Place(0.0, 0.29)
"""No signal tells: anywhere in the two bins around, as a uniform law of one bin."""

IN_INTERVAL = 0.9
"""Share of a range that an interval of 90 % holds: what must lie inside is drawn from a wider one."""

ONE_SIDED = 1.2816
"""Standard deviations above which a tenth of a normal law lies: a change at one end of a ramp can only be
missed on that side."""


def level_of(ratio: Floats) -> Floats:
    """Return values over their baseline, 1 where they are above it; once for all changes of a signal.

    Args:
        ratio: log of value over baseline, shape (n_bins,), NaN where nobody measured.
    """
    return np.asarray(np.exp(np.minimum(ratio, 0.0)))


def place_smoothed(level: Floats, scatter: Floats, change: Change, width: float) -> Place | None:
    """Return where a change lies in values that were smoothed over ``width`` bins, None if it has none there.

    A sudden change becomes a ramp of that width, which crosses the border of up long before its middle.
    The middle of the ramp is the change where the window of the publisher was centred; where it trailed or
    led, the change lies at the ramp's beginning or end, and nothing in the signal tells which. The interval
    therefore holds both ends, and the noise of the ramp beside them.

    The middle is where a step would have taken as much from the bins as the ramp did, for a mean keeps the
    sum: it rests on every bin of the ramp, and not on the two around half of the way.

    Args:
        level: as `level_of` has it, shape (n_bins,).
        scatter: of the log ratio, shape (n_bins,).
        change: where the path has it.
        width: bins that the publisher smoothed over.
    """
    t, reach = change.t, int(np.ceil(width))
    first, until = max(0, t - reach), min(level.size, t + reach + 1)
    ahead = level[t:until][np.isfinite(level[t:until])]
    behind = level[first:t][np.isfinite(level[first:t])]
    if not ahead.size or not behind.size:
        return None
    before, after = (behind.max(), ahead.min()) if change.falls else (behind.min(), ahead.max())
    if abs(before - after) < LEAST_CHANGE:
        return None
    half = _crossing(level, t, float(before + after) / 2, reach)
    if half is None:
        return None
    at = _balance(level, t + half, float(before), float(after), width) - t
    noise = MEAN_TO_SD * float(np.nanmedian(scatter[max(0, t - 2) : t + 2]))
    # Noise of a moving mean remembers itself over the whole ramp, on which the level is half on the average.
    sd = min(max(LEAST_SD, noise * width / 2 * max(before, after) / abs(before - after)), width / 2)
    reach_out = (width / 2 + ONE_SIDED * sd) / IN_INTERVAL
    return Place(at, LEAST_SD, -reach_out, reach_out, alike=True)


def _balance(level: Floats, half: float, before: float, after: float, width: float) -> float:
    """Return where a step takes as much as the ramp around ``half``, itself where a bin is missing."""
    reach = int(np.ceil(width / 2))
    first, until = max(0, int(np.floor(half)) - reach), min(level.size, int(np.ceil(half)) + reach)
    share = (level[first:until] - after) / (before - after)
    if np.isnan(share).any():
        return half
    return first + float(np.clip(share, 0.0, 1.0).sum())


def place_edge(level: Floats, scatter: Floats, change: Change, tuning: Tuning) -> Place | None:
    """Return where one signal has a change, None if it has none there.

    Args:
        level: as `level_of` has it, shape (n_bins,).
        scatter: of the log ratio, shape (n_bins,).
        change: where the path has it.
        tuning: for the borders.
    """
    t = change.t
    before, after = _behind(level, change), _ahead(level, change)
    if not np.isfinite(before + after) or abs(before - after) < LEAST_CHANGE:
        return None
    if (before > after) != change.falls:
        return None
    noise = MEAN_TO_SD * float(np.nanmedian(scatter[max(0, t - 2) : t + 2]))
    sd = max(LEAST_SD, noise * max(before, after) / abs(before - after))
    span = level[t - 1 : t + 1]
    if np.isnan(span).any():
        return Place(0.0, max(sd, NOWHERE.sd))
    # A bin that noise alone could put there is whole: else what is cut above ordinary is kept below it,
    # and every edge leans into the time that was up.
    share, slack = (span - after) / (before - after), WHOLE * noise / abs(before - after)
    over, under = (slack, 0.0) if before > after else (0.0, slack)
    share = np.where(share > 1.0 - over, 1.0, np.where(share < under, 0.0, np.clip(share, 0.0, 1.0)))
    abrupt = float(share.sum()) - 1.0
    crossing = _crossing(level, t, _border(change, tuning))
    if crossing is None or _late_share(level, t, before, after) <= SLOPE + sd:
        return Place(abrupt, min(sd, 0.5))
    low, high = min(abrupt, crossing), max(abrupt, crossing)
    return Place(crossing, min(sd, 0.5), low - crossing, high - crossing)


def _behind(level: Floats, change: Change) -> float:
    """Return the level before the bins around a change, of bins that lie wholly in the state before."""
    inside = min(BESIDE, max(0, change.length_before - 2))
    t = change.t
    return _middle(level[max(0, t - 1 - inside) : t - 1], level[max(0, t - change.length_before) : t], change)


def _ahead(level: Floats, change: Change) -> float:
    """Return the level after the bins around a change, of bins that lie wholly in the state after."""
    inside = min(BESIDE, max(0, change.length_after - 2))
    t = change.t
    return _middle(level[t + 1 : t + 1 + inside], level[t : t + change.length_after], change, ahead=True)


def _middle(inner: Floats, run: Floats, change: Change, *, ahead: bool = False) -> float:
    """Return the median of the inner bins; of a run that has none, its farthest value."""
    known, rest = inner[np.isfinite(inner)], run[np.isfinite(run)]
    if known.size:
        return float(np.median(known))
    if not rest.size:
        return float("nan")
    return float(rest.min() if change.falls == ahead else rest.max())


def _late_share(level: Floats, t: int, before: float, after: float) -> float:
    """Return how much of the change comes, in its direction, later than the bin after the boundary."""
    far = level[t + 2 : t + 2 + BESIDE]
    far = far[np.isfinite(far)]
    if not far.size or t + 1 >= level.size or not np.isfinite(level[t + 1]):
        return 0.0
    return max(0.0, (float(np.median(far)) - float(level[t + 1])) / (after - before))


def _border(change: Change, tuning: Tuning) -> float:
    return tuning.degraded_below if UP in (change.before, change.after) else tuning.dark_below


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
    *Shared engine*). A smoothed signal is not asked where another one times the change.
    """
    if not places:
        return NOWHERE
    places = [place for place in places if not place.alike] or places
    if len(places) == 1:
        return places[0]
    weight = np.array([1 / place.sd**2 for place in places])
    ats = np.array([place.at for place in places])
    at = float((weight * ats).sum() / weight.sum())
    sd = float(np.hypot(1 / np.sqrt(weight.sum()), ats.std(ddof=1)))
    low, high = min(place.low for place in places), max(place.high for place in places)
    return Place(at, min(sd, 1.0), low, high, alike=places[0].alike)


def shift_edges(
    paths: Codes, kept: Bins, places: dict[tuple[int, int, int], Place], uniform: Floats, *, zero: int = 0
) -> tuple[Bins, Bins, Floats]:
    """Return every change of every path, moved to where it lies inside its bin.

    Args:
        paths: state per sample and bin, shape (n_samples, n_kept).
        kept: bins of the columns of ``paths``.
        places: by (bin, state before, state after).
        uniform: one draw per sample in [0, 1), shape (n_samples,): a sample is early or late at all its edges
            of one kind alike, so that lengths are not blurred twice.
        zero: number of the first bin.

    Returns:
        Sample, bin and instant in bins, for each change, in order.
    """
    sample, bins = np.nonzero(paths[:, 1:] != paths[:, :-1])
    before, after = paths[sample, bins], paths[sample, bins + 1]
    bins = kept[bins + 1]
    at, sd, low, high = (np.zeros(bins.size) for _ in range(4))
    alike = np.zeros(bins.size, dtype=bool)
    for index, key in enumerate(zip(bins.tolist(), before.tolist(), after.tolist(), strict=True)):
        place = places.get(key, NOWHERE)
        at[index], sd[index], low[index], high[index] = place.at, place.sd, place.low, place.high
        alike[index] = place.alike
    u = (uniform[sample] + 0.618034 * (bins + zero)) % 1.0
    v = np.where(alike, uniform[sample], u)
    moved = at + sd * _normal(u) + np.where(v < 0.5, low * (1 - 2 * v), high * (2 * v - 1))  # noqa: PLR2004
    return sample, bins, bins + moved


def _normal(u: Floats) -> Floats:
    """Return normal quantiles, by the logistic law that is within 0.02 of them from 2 to 98 %."""
    inside = np.clip(u, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(inside / (1 - inside)) / 1.702)
