"""States of a window, services, and the states the chain of access runs over."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class State(StrEnum):
    """What an account says of a window."""

    UP = "up"
    DEGRADED = "degraded"
    DARK = "dark"
    UNKNOWN = "unknown"


class Access(IntEnum):
    """What the chain runs over: the five access states, `degraded` told apart by who has it.

    the ontology names five (up, fixed-only, mobile-only, degraded, dark). Degraded mobile alone
    leaves fixed up, so `degraded` has two parts more, in which only one side is degraded
    (ADR 0003); every account shows them as degraded.
    """

    UP = 0
    FIXED_ONLY = 1
    MOBILE_ONLY = 2
    MOBILE_DEGRADED = 3
    FIXED_DEGRADED = 4
    DEGRADED = 5
    DARK = 6


ACCESS_SERVICES = ("internet", "fixed", "mobile")
"""Services that are projections of the one chain of access."""

OVER_SERVICES = ("web", "messaging", "social", "voice", "sms", "payments")
"""Services with a two-state chain of their own, dark where `internet` is dark."""

SERVICES = ACCESS_SERVICES + OVER_SERVICES

STATE_ORDER = (State.UP, State.DEGRADED, State.DARK, State.UNKNOWN)
"""States by code: position in this tuple is the code in sample arrays."""

_UP, _DEG, _DARK = 0, 1, 2
PROJECTION: dict[str, tuple[int, ...]] = {
    "internet": (_UP, _DEG, _DEG, _DEG, _DEG, _DEG, _DARK),
    "fixed": (_UP, _UP, _DARK, _UP, _DEG, _DEG, _DARK),
    "mobile": (_UP, _DARK, _UP, _DEG, _UP, _DEG, _DARK),
}
"""State code of each access state, per projected service (the ontology, *service*)."""

DETAIL: dict[Access, str | None] = {
    Access.UP: None,
    Access.FIXED_ONLY: "fixed-only",
    Access.MOBILE_ONLY: "mobile-only",
    Access.MOBILE_DEGRADED: "mobile-degraded",
    Access.FIXED_DEGRADED: "fixed-degraded",
    Access.DEGRADED: None,
    Access.DARK: None,
}
"""Detail of a degraded `internet` window, by the access state that holds most of it."""
