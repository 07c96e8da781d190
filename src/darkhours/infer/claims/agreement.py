"""What a claim about a service says of each access state, and into which states it lets time change."""

from __future__ import annotations

import numpy as np

from darkhours.model.claim import Claim
from darkhours.model.state import Access
from darkhours.model.timeline import Floats

N_STATES = len(Access)

#               up   fixed-only  mobile-only  mobile-degr.  fixed-degr.  degraded  dark
_AGREE = {
    ("internet", "up"): (1.0, 1.0, 0.7, 0.8, 0.8, 0.5, 0.0),
    ("internet", "degraded"): (0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.2),
    ("internet", "dark"): (0.0, 0.3, 0.3, 0.3, 0.3, 0.3, 1.0),
    ("fixed", "up"): (1.0, 1.0, 0.0, 1.0, 0.5, 0.5, 0.0),
    ("fixed", "degraded"): (0.2, 0.2, 0.2, 0.2, 1.0, 1.0, 0.2),
    ("fixed", "dark"): (0.0, 0.0, 1.0, 0.0, 0.3, 0.4, 1.0),
    ("mobile", "up"): (1.0, 0.0, 1.0, 0.5, 1.0, 0.5, 0.0),
    ("mobile", "degraded"): (0.1, 0.5, 0.2, 1.0, 0.2, 1.0, 0.4),
    ("mobile", "dark"): (0.0, 1.0, 0.0, 0.3, 0.0, 0.3, 1.0),
}
"""Share to which each access state agrees with (service, state).

0 and 1 follow from the definition of the states (the ontology, *service*); the shares between are
ours: "internet is up" is what people say too when one side is back, "dark" when next to nothing
works.
"""

MEASURED_FIXED_ONLY = 0.7
"""Share to which "the Internet is up" agrees with fixed-only when a measurement or an operator says it.
People and papers say so as soon as wired lines are back, so theirs agrees wholly: ours."""

_SOME = {"up": (0.5, 0.8, 0.8, 0.9, 0.9, 1.0, 0.0), "dark": (0.2, 0.8, 0.8, 0.8, 0.8, 1.0, 0.5)}
"""The same where only some of the entity is up or dark: the entity as a whole is degraded."""

_PAIRS = {
    Access.UP: "uu",
    Access.FIXED_ONLY: "uk",
    Access.MOBILE_ONLY: "ku",
    Access.MOBILE_DEGRADED: "ud",
    Access.FIXED_DEGRADED: "du",
    Access.DEGRADED: "dd",
    Access.DARK: "kk",
}
_SIDE = {"fixed": 0, "mobile": 1}
_STATE_OF = {pair: state for state, pair in _PAIRS.items()} | {"dk": Access.DEGRADED, "kd": Access.DEGRADED}
_LETTER = {"up": "u", "degraded": "d", "dark": "k"}

_INTERNET_TARGETS = {
    "up": {Access.UP: 0.94, Access.FIXED_ONLY: 0.03, Access.MOBILE_DEGRADED: 0.03},
    "degraded": {
        Access.DEGRADED: 0.4,
        Access.FIXED_ONLY: 0.2,
        Access.MOBILE_DEGRADED: 0.2,
        Access.MOBILE_ONLY: 0.1,
        Access.FIXED_DEGRADED: 0.1,
    },
    "dark": {Access.DARK: 1.0},
}
_DETAIL_TARGETS = {
    "fixed-only": Access.FIXED_ONLY,
    "mobile-only": Access.MOBILE_ONLY,
    "mobile-degraded": Access.MOBILE_DEGRADED,
    "fixed-degraded": Access.FIXED_DEGRADED,
}
WHOLE_WITH = {"fixed": 0.5, "mobile": 0.02}
"""Share of reported changes of one side that take the other side along: ours; wired cuts mostly
come on top of mobile ones, mobile cuts mostly come alone."""


def agreement(claim: Claim, state: str, *, own: bool = True) -> Floats:
    """Return the share in [0, 1] to which each access state agrees with a claim, shape (7,).

    From outside, "degraded" agrees with worse too: where a country's mobile network is poor, a
    city may have none.
    """
    if claim.extent == "some" and claim.service not in ("fixed", "mobile") and state in _SOME:
        return np.array(_SOME[state])
    service = claim.service if claim.service in ("fixed", "mobile") else "internet"
    shares = np.array(_AGREE[service, state])
    if (service, state) == ("internet", "up") and claim.kind in ("measurement", "operator"):
        shares[Access.FIXED_ONLY] = MEASURED_FIXED_ONLY
    if claim.detail in _DETAIL_TARGETS and service == "internet" and state == "degraded":
        shares = np.where(np.arange(N_STATES) == _DETAIL_TARGETS[claim.detail], 1.0, shares * 0.7)
    if claim.extent == "some":
        shares = np.maximum(shares, 0.5)
    if not own and state == "degraded" and service != "internet":
        shares = np.where([pair[_SIDE[service]] == "k" for pair in _PAIRS.values()], 1.0, shares)
    return shares


def targets(claim: Claim, state: str, *, own: bool = True) -> Floats:
    """Return where a reported change leads, from each access state: shares, shape (7, 7).

    Rows sum to at most 1; a state that already agrees wholly has nowhere to go.
    """
    share = np.zeros((N_STATES, N_STATES))
    agree = agreement(claim, state, own=own)
    for origin in Access:
        if not own and state == "degraded" and agree[origin] >= 1.0:
            continue
        for target, part in _targets_from(claim, state, origin).items():
            if target != origin:
                share[origin, target] += part
    return share


def _targets_from(claim: Claim, state: str, origin: Access) -> dict[Access, float]:
    if claim.service in ("fixed", "mobile"):
        return _one_side(claim.service, _LETTER[state], _PAIRS[origin])
    if claim.extent == "some":
        state = "degraded"
    if state == "degraded" and claim.detail in _DETAIL_TARGETS:
        return {_DETAIL_TARGETS[claim.detail]: 1.0}
    return _INTERNET_TARGETS[state]


def _one_side(service: str, letter: str, pair: str) -> dict[Access, float]:
    other = pair[1] if service == "fixed" else pair[0]
    alone = _STATE_OF[letter + other if service == "fixed" else other + letter]
    whole = WHOLE_WITH[service]
    out = {alone: 1.0 - whole}
    both = _STATE_OF[letter * 2]
    out[both] = out.get(both, 0.0) + whole
    return out
