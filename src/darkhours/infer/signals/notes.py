"""What a reader is told of baselines: how far they drifted, and which were set anew."""

from __future__ import annotations

import numpy as np

from darkhours.infer.signals.renew import Renewal
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.watch import Watched
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Bins


def notes_of(watched: Watched, rows: Bins, tuning: Tuning) -> tuple[str, ...]:
    """Return a sentence for each level that came far from where it began."""
    out = []
    for row in rows:
        name, family = watched.rows.signals[row].name, watched.rows.families[row]
        mine = [renewal for renewal in watched.renewals if renewal.row == row]
        out += [f"{name} ({family}): {_told(renewal, watched.rows.grid, tuning)}" for renewal in mine]
        drift = float(np.expm1(watched.drift[row] - sum(renewal.by for renewal in mine)))
        if np.isfinite(drift) and abs(drift) > tuning.told_drift:
            out.append(f"{name} ({family}): the baseline moved by {drift:+.0%} since its warm-up")
    return tuple(out)


def _told(renewal: Renewal, grid: Grid, tuning: Tuning) -> str:
    """Return the sentence of a baseline that was set anew."""
    at = grid.start + renewal.t * grid.step
    what = f"the baseline was set anew by {np.expm1(renewal.by):+.0%} at {at:%Y-%m-%dT%H:%MZ}"
    if not renewal.families:
        return f"{what}, as signed for"
    whole = ", ".join(renewal.families)
    return f"{what}: it rested there for {tuning.renew_days:g} days while {whole} was whole"
