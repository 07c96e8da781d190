"""Chocolatine's rule: an alert below forecast − PI, over at forecast − PI/4.

The forecast is a small seasonal autoregression, SARIMA(1,0,0)(0,1,0) with a season of a week:
last week's value, plus what of the last deviation is remembered. The full search over SARIMA
orders takes minutes a series and is left out; PI = 3·1.4826·MAD of residuals as published.
"""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.score.rivals.row import DARK, DEGRADED, UP, Alarm, Levels, Row, list_alarms

SEASON_H = 7 * 24.0
TRAIN_H = 2 * 7 * 24.0
"""Residuals of the two weeks after the first give memory and PI: three weeks in all are looked at."""
PI_MADS = 3 * 1.4826
END_SHARE = 0.25
DARK_SHARE = 0.2
"""The rule tells no dark from degraded; ours: dark below a fifth of the forecast (the ontology)."""


def find_alarms(row: Row) -> list[Alarm]:
    """Return what Chocolatine's rule makes of a row."""
    return list_alarms(judge(row))


def judge(row: Row) -> Levels:
    """Return the code of each bin, up throughout the first season; shape (n_bins,).

    In an alert the forecast stands in for what was measured, so that it is never learned.
    """
    season = row.bins(SEASON_H)
    levels = np.zeros(len(row.values), dtype=np.int8)
    if len(row.values) <= season + 2:
        return levels
    memory, interval = train(row.values[: season + row.bins(TRAIN_H)], season)
    kept = row.values.copy()
    kept[:season] = _fill(kept[:season])
    for place in range(season, len(kept)):
        last_off = kept[place - 1] - kept[place - 1 - season] if place > season else 0.0
        forecast = kept[place - season] + memory * last_off
        value = row.values[place]
        bar = interval * (END_SHARE if levels[place - 1] != UP else 1.0)
        if np.isnan(value):
            levels[place], kept[place] = levels[place - 1], forecast
        elif value < forecast - bar:
            levels[place] = DARK if value < DARK_SHARE * forecast else DEGRADED
            kept[place] = forecast
        else:
            kept[place] = value
    return levels


def train(values: Floats, season: int) -> tuple[float, float]:
    """Return memory of the deviation from last season, in [0, 1), and PI.

    Args:
        values: the first weeks, shape (n,).
        season: bins in a season, fewer than n.
    """
    off = values[season:] - values[:-season]
    off = off[~np.isnan(off)]
    if len(off) < 3:  # noqa: PLR2004 — two pairs are the least that has a slope
        return 0.0, float("inf")
    near = np.clip(off, *(np.median(off) + np.array([-1.0, 1.0]) * _width(off)))
    power = float((near[:-1] ** 2).sum())
    memory = float(np.clip((near[1:] * near[:-1]).sum() / power, 0.0, 0.99)) if power else 0.0
    return memory, _width(off[1:] - memory * off[:-1])


def _width(values: Floats) -> float:
    return float(PI_MADS * np.median(np.abs(values - np.median(values))))


def _fill(values: Floats) -> Floats:
    """Return values without gaps: the median where nobody measured, for want of a season before."""
    measured = values[~np.isnan(values)]
    return np.where(np.isnan(values), np.median(measured) if len(measured) else 0.0, values)
