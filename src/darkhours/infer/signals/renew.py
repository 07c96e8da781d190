"""A new normal that a second family supports: one signal rests lower for good while another stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from darkhours.infer.signals.fuse import Families
from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.panel import Coverage
from darkhours.model.timeline import Codes, Floats

MEASURED = 0.9
"""Share of the bins of each day that a signal must have been measured in: ours."""

STEADY = 0.05
"""How far, in log units, the level of one half of the days may lie from that of the other: ours, about a
scatter of clean reachability; a signal that still falls or recovers has no new normal yet."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A baseline that was set anew: which row, from which bin on, by how much, and who answers for it.

    Args:
        row: of the rows.
        t: first bin that is held against the new baseline.
        by: in log units.
        families: other families that support it; none where a person signed.
    """

    row: int
    t: int
    by: float
    families: tuple[str, ...] = ()


def find_supported(
    ratio: Floats, coverage: Codes, rows: Rows, families: Families, tuning: Tuning
) -> Iterator[tuple[int, float, tuple[str, ...]]]:
    """Yield each row that came to rest below its baseline, how far in log units, and whose support it has.

    The row must have rested between the borders of dark and up on every day, and at one level, while a
    signal of another family that sees people was as it was before on every day, and none such was low on
    any. A signal that rests dark is never renewed so, nor routes, which say nothing of people: a person
    must sign for those (the method, *Signals* 3).

    Args:
        ratio: log of value over baseline of the last ``tuning.renew_days``, NaN for a row that is not asked,
            such as one of thin counts; shape (n_rows, n_bins).
        coverage: `Coverage` of the same bins, shape (n_rows, n_bins).
        rows: whose they are.
        families: who speaks for whom.
        tuning: for the borders.
    """
    seen = np.where(coverage == Coverage.COVERED, ratio, np.nan)
    days = _medians(seen, max(1, round(tuning.renew_days)), rows, families)
    dark, degraded = np.log(tuning.dark_below), np.log(tuning.degraded_below)
    whole, low = (days >= degraded).all(axis=1), (days < degraded).any(axis=1)
    half = days.shape[1] // 2
    moved = np.abs(np.mean(days[:, :half], axis=1) - np.mean(days[:, half:], axis=1)) if half else 0.0
    rests = ((days > dark) & (days < degraded)).all(axis=1) & (moved <= STEADY)
    for row in np.flatnonzero(rests).tolist():
        same = (rows.entity == rows.entity[row]) & (families.group != families.group[row])
        if (same & whole).any() and not (same & low).any():
            support = dict.fromkeys(rows.families[other] for other in np.flatnonzero(same & whole))
            yield row, float(np.median(days[row])), tuple(support)


def _medians(seen: Floats, n_days: int, rows: Rows, families: Families) -> Floats:
    """Return the median of each day of each row that is asked, NaN for others; shape (n_rows, n_days)."""
    several = np.bincount(families.entity, minlength=families.n_entities)[rows.entity] > 1
    parts = np.array_split(seen, n_days, axis=1)
    measured = np.all([np.isfinite(part).mean(axis=1) >= MEASURED for part in parts], axis=0)
    asked = np.flatnonzero(several & families.reaches & measured)
    out = np.full((seen.shape[0], n_days), np.nan)
    for day, part in enumerate(parts if asked.size else ()):
        out[asked, day] = np.nanmedian(part[asked], axis=1)
    return out
