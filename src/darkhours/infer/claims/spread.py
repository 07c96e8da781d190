"""How far several origins differ on one change: the interval must hold their spread."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from darkhours.infer.claims.copies import extent_of
from darkhours.model.claim import Claim, SaysState, Turn

SAME_CHANGE = timedelta(hours=3)
"""Turns into one state, each within this of the next, time one change: ours, half of what makes
two reports of one origin copies."""

NORMAL_90 = 1.645
"""Half width of a normal law that holds 90 %, in standard deviations."""

RANGE_TO_SD = {2: 1.128, 3: 1.693, 4: 2.059}
"""Expected range of k normal draws, in standard deviations (the control-chart constant d2). With
more than these a median is robust; with so few it is luck, and the range tells more."""

MAD_TO_SD = 1.4826
"""Turns a median absolute deviation into the standard deviation of a normal law."""


def spread_of_turns(claims: tuple[Claim, ...]) -> dict[str, float]:
    """Return, for each claim that times a change, the spread of its kind in hours.

    Where k ≥ 2 origins time one change differently, give becomes √(give² + s²), s the value
    returned here (the method, *Shared engine*).

    Args:
        claims: claims that speak to one entity; copies left out.

    Returns:
        Hours by claim id; 0 where one origin speaks alone.
    """
    timed = [c for c in claims if _is_instant(c)]
    out: dict[str, float] = {}
    for state in sorted({_state(c) for c in timed}):
        for group in _runs(sorted((c for c in timed if _state(c) == state), key=lambda c: extent_of(c)[0])):
            spread = _spread(group)
            out.update((claim.id, spread) for claim in group)
    return out


def _is_instant(claim: Claim) -> bool:
    return isinstance(claim.when, Turn) and claim.when.end is None and isinstance(claim.says, SaysState)


def _state(claim: Claim) -> str:
    return claim.says.state if isinstance(claim.says, SaysState) else ""


def _runs(claims: list[Claim]) -> list[list[Claim]]:
    groups: list[list[Claim]] = []
    for claim in claims:
        if groups and extent_of(claim)[0] - extent_of(groups[-1][-1])[0] <= SAME_CHANGE:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _spread(group: list[Claim]) -> float:
    by_origin: dict[str, list[float]] = {}
    for claim in group:
        by_origin.setdefault(claim.origin, []).append(extent_of(claim)[0].timestamp() / 3600)
    hours = np.array([float(np.median(times)) for _, times in sorted(by_origin.items())])
    if hours.size < 2:  # noqa: PLR2004 - one origin has no spread
        return 0.0
    if hours.size in RANGE_TO_SD:
        return NORMAL_90 * float(np.ptp(hours)) / RANGE_TO_SD[hours.size]
    return NORMAL_90 * MAD_TO_SD * float(np.median(np.abs(hours - np.median(hours))))
