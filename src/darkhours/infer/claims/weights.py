"""How many nats a claim may move, by who observed it and who passes it on."""

from __future__ import annotations

from darkhours.model.claim import Claim
from darkhours.model.entity import Entity

KIND_NATS = {
    "measurement": 10.0,
    "operator": 10.0,
    "press": 8.0,
    "official": 6.0,
    "ngo": 6.0,
    "witness": 5.0,
}
"""Bound of a claim's log-likelihood ratio, in nats, by kind.

Ours, from two prototypes on Almaty 2022. Halving all of them moves `gross_h` by at most an hour on five
of six events (on the sixth, of few reports, a return goes lost); doubling them lets one early outlier
begin Almaty's darkness a day before everybody else (docs/explanation/sensitivity.md).
"""

RELAYED = 0.5
"""Share kept where press passes on somebody else's observation (the method, *Claims*)."""

PRESS_TO_PRESS = 0.9
"""Share kept where press passes on press (the method, *Claims*)."""

REACH = {"dark": 0.7, "up": 0.6, "degraded": 0.4}
"""Share kept by a claim that reaches a contained entity (the method, *Claims*)."""

EXTENT = {"all": 1.0, "most": 0.8, "some": 0.0}
"""Share of the reach kept, by how much of the container the claim speaks of (*Claims* 7)."""


def own_weight(claim: Claim) -> float:
    """Return the nats that a claim may move for the entity it is about.

    Raises:
        KeyError: the claim's kind is not one of `KINDS`.
    """
    if claim.weight is not None:
        return claim.weight
    nats = KIND_NATS[claim.kind]
    if not claim.relayed:
        return nats
    return nats * (PRESS_TO_PRESS if claim.kind == "press" else RELAYED)


def reach_share(claim: Claim, state: str, entity: Entity, containers: tuple[str, ...]) -> float:
    """Return the share of a claim's weight that arrives at ``entity``, in [0, 1].

    Never upwards or sideways, never into what the claim expressly leaves out.
    """
    if claim.entity == entity.id:
        return 1.0
    if claim.entity not in containers:
        return 0.0
    if entity.id in claim.excepted or any(outer in claim.excepted for outer in containers):
        return 0.0
    return REACH[state] * EXTENT[claim.extent]
