"""Notices: what is told of one change of one place, to whoever asked to be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from darkhours.model.account import Edge
from darkhours.model.state import State

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class Change(StrEnum):
    """What happened to an outage."""

    BEGAN = "began"
    WORSENED = "worsened"
    EASED = "eased"
    RETURNED = "returned"
    ENDED = "ended"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier notice of the same outage: its id, and when it was told."""

    id: str
    told: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One change, as it is told: in a feed, an alert, a mail.

    `RETURNED` says that service is back and its probation has begun, `ENDED` that the return has
    lasted, `REVISED` that what was told before no longer holds; `state` is what holds now.

    Args:
        id: the same for the same change however often it is told: letters, digits, ``. _ -``.
        outage: the same for all notices of one outage, of the same form.
        entity: id of the place.
        name: what it is called; untrusted.
        tz: IANA zone of its local times.
        service: ``internet``, ``mobile`` …
        change: what happened.
        state: what holds since `at`.
        status: of the outage: ongoing, probation, ended, none, unmeasured.
        at: when it changed; best instant, earliest and latest (90 %).
        told: when it was first told.
        p: probability that the state holds, in [0, 1].
        families: sensing systems that carry it.
        single_source: one family or one origin alone says so.
        synthetic: it was made up for a test.
        path: of the page of its account or entity, from the root of the site: ``/entity/country:KZ``.
        earlier: what was told before of this outage, the oldest first.

    Raises:
        ValueError: an id has another form, a time has no zone, p is no probability, or the path no path.
    """

    id: str
    outage: str
    entity: str
    name: str
    tz: str
    service: str
    change: Change
    state: State
    status: str
    at: Edge
    told: datetime
    p: float
    families: tuple[str, ...]
    single_source: bool
    synthetic: bool
    path: str
    earlier: tuple[Told, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no form could carry."""
        for text in (self.id, self.outage, *(one.id for one in self.earlier)):
            if not _ID.fullmatch(text):
                raise ValueError(f"expected an id of letters, digits, '.', '_' and '-', got {text[:80]!r}")
        times = (self.told, self.at.at, self.at.earliest, self.at.latest, *(one.told for one in self.earlier))
        if any(time.utcoffset() is None for time in times):
            raise ValueError(f"notice {self.id}: expected instants with their zone")
        if not 0 <= self.p <= 1:
            raise ValueError(f"notice {self.id}: expected a probability, got {self.p}")
        if not self.path.startswith("/") or self.path.startswith("//"):
            raise ValueError(
                f"notice {self.id}: expected a path that begins with one '/', got {self.path[:80]!r}"
            )


def stable_id(*parts: str) -> str:
    """Return an id that is the same for the same parts on every machine, and tells nothing of them.

    For a notice the parts are what makes the change the one it is: entity, service, the outage,
    which change it was, and how many went before; never the best instant, which later evidence moves.

    >>> stable_id("country:KZ", "internet", "2022-01-05", "began", "1")
    'n-b7989fe7bd97e7302212'
    """
    return f"n-{sha256(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()[:20]}"
