"""Claims: somebody said something, somewhere, at some time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

KINDS = ("measurement", "operator", "official", "ngo", "press", "witness")
EXTENTS = ("all", "most", "some")
TOTAL_RULES = (
    "gross_h",
    "first_return_h",
    "first_return_dark_h",
    "dark_h",
    "degraded_h",
    "restored_h",
    "disrupted_h",
    "whole_days_h",
    "calendar_days",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Something published, by somebody, at an address.

    Args:
        id: its name in the case.
        publisher: who answers for it.
        kind: one of `KINDS`.
        url: where it can be read, None where it has no address.
        published: when it came out, as far as known, UTC.
    """

    id: str
    publisher: str
    kind: str
    url: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The state begins at `start` ± `give` (90 %), or somewhere in [start, end].

    Args:
        start: the instant, or the beginning of the interval, UTC.
        end: None for an instant; else the end of the interval.
        give: half width that holds the true instant with 90 %; None with an interval.
        lasting: how long the state then holds, None where nobody says.
    """

    start: datetime
    end: datetime | None = None
    give: timedelta | None = None
    lasting: timedelta | None = None


@dataclass(frozen=True, slots=True)
class At:
    """The state holds at `at`, ± `give`."""

    at: datetime
    give: timedelta | None = None


@dataclass(frozen=True, slots=True)
class By:
    """The state began between `since` (None: at most 12 h earlier) and `by`, and holds at `by`."""

    by: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class During:
    """The state holds throughout [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Within:
    """One stretch of length `lasting` lies inside [start, end), and the state is not there otherwise.

    With `every` and `times` the interval recurs: `times` intervals, each `every` after the last.
    """

    start: datetime
    end: datetime
    lasting: timedelta
    every: timedelta | None = None
    times: int = 1


When = Turn | At | By | During | Within


@dataclass(frozen=True, slots=True)
class SaysState:
    """The claim says that a state holds; the only form that is evidence."""

    state: str


@dataclass(frozen=True, slots=True)
class SaysTotal:
    """The claim gives a total by a rule, perhaps with others beside it; never evidence.

    Args:
        rule: one of `TOTAL_RULES`.
        value: hours, or days for ``calendar_days``.
        unit: one unit of the last digit given: 1.0 for 111, 0.5 for 110.5, 0 for days (exact).
        besides: other totals that it gives with it, as (rule, value, unit).
        over: the interval it is about, None for the whole case.
    """

    rule: str
    value: float
    unit: float
    besides: tuple[tuple[str, float, float], ...] = ()
    over: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class SaysTopic:
    """The claim says something of a topic other than connectivity; never evidence."""

    topic: str
    value: float | str


@dataclass(frozen=True, slots=True)
class SaysEvent:
    """The claim names an event of the context; never evidence."""

    event: str
    at: datetime | None = None


Says = SaysState | SaysTotal | SaysTopic | SaysEvent


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody said something, somewhere, at some time.

    Args:
        id: its name in the case.
        source: id of the source that carries it.
        origin: who observed it; the source itself unless told.
        entity: id of the entity it is about.
        service: one of `SERVICES`.
        says: what it says; only `SaysState` is evidence.
        when: for `SaysState`, the time form; else None.
        kind: one of `KINDS`: its own, or the source's.
        published: when it was said, UTC; its own, or the source's; None where unknown.
        relayed: whether a press source passes on somebody else's observation.
        copy_of: id of the claim that it copies, None where it stands alone.
        denies: id of the claim that it denies.
        extent: one of `EXTENTS`.
        excepted: entities that it expressly leaves out; stops its reach only.
        detail: detail of the state, such as ``throttled`` or ``whitelist``.
        level: share of ordinary, in [0, 1], None where not given.
        implied: whether we concluded it rather than read it.
        weight: None for the weight of its kind; 0 keeps it, unused.
        speaker: who said it, where that is not the publisher.
        note: what it says, in our words.
    """

    id: str
    source: str
    origin: str
    entity: str
    service: str
    says: Says
    when: When | None
    kind: str
    published: datetime | None = None
    relayed: bool = False
    copy_of: str | None = None
    denies: str | None = None
    extent: str = "all"
    excepted: tuple[str, ...] = field(default=())
    detail: str | None = None
    level: float | None = None
    implied: bool = False
    weight: float | None = None
    speaker: str | None = None
    note: str = ""
