"""An account: what the evidence amounts to, with its doubt and its evidence on everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from darkhours.model.state import State


@dataclass(frozen=True, slots=True)
class Edge:
    """When a state began: best instant, earliest and latest (90 %), UTC."""

    at: datetime
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Num:
    """A number with its doubt.

    Args:
        value: read off the windows as shown, so that sums hold exactly as printed.
        low: 5th percentile of the posterior samples that share the story's first dark
            edge and lasting return within 6 h; never above `value`.
        high: 95th percentile of the same; never below `value`.
        p: share of samples that share them, in [0, 1].
        expected: mean over all samples.
    """

    value: float
    low: float
    high: float
    p: float
    expected: float


@dataclass(frozen=True, slots=True)
class Window:
    """A maximal run of one state; `p` is the share of samples in which it holds for most of it."""

    state: State
    start: Edge
    end: Edge | None
    p: float
    detail: str | None = None
    families: tuple[str, ...] = ()
    single_source: bool = False
    evidence: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """An end of not-up.

    Args:
        at: when.
        lasted_h: hours until the next fall, or until the end of what is known.
        elapsed_h: hours since the first dark edge of its outage, None if never dark before.
        dark_h: dark hours until then, within its outage.
    """

    at: Edge
    lasted_h: float
    elapsed_h: float | None
    dark_h: float


TOTAL_NAMES = (
    "disrupted_h",
    "gross_h",
    "first_return_h",
    "first_return_dark_h",
    "dark_h",
    "degraded_h",
    "restored_h",
    "unknown_h",
    "calendar_days",
)
"""Names of the totals in the order of the document; the ontology, *Account*, defines each."""

Totals = dict[str, Num | None]
"""Totals by name: every name of `TOTAL_NAMES`, None where it does not exist."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of an outage, held by at least one sample in twenty."""

    start: datetime
    end: datetime | None
    p: float
    gross_h: float | None
    dark_h: float


@dataclass(frozen=True, slots=True)
class Outage:
    """A chain of windows that are not up, with the returns between them."""

    start: Edge
    end: Edge | None
    status: str
    totals: Totals
    returns: tuple[Return, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """Hours of each state on one local day."""

    date: date
    up_h: float
    degraded_h: float
    dark_h: float
    unknown_h: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """A curfew: at least three nights of the same local phase, told as one thing."""

    kind: str
    nights: int
    from_local: str
    until_local: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Stage:
    """When an entity's service came back for good; None while it has not."""

    entity: str
    service: str
    returned: Edge | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the account says of one claimed total."""

    claim: str
    rule: str
    claimed: Num
    computed: Num | None
    verdict: str
    fits: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Contested:
    """Claims that deny or exclude each other; both are kept."""

    topic: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim of a state fares against the account of its own entity.

    Args:
        claim: its id.
        standing: ``agrees`` (p ≥ 0.5), ``doubtful`` (0.2 ≤ p < 0.5), ``contradicted`` (p < 0.2),
            ``copy`` (another claim stands for it) or ``unused`` (weight 0, or not yet published).
        p: mean probability, over the time it speaks of, that what it says holds; None if unused.
    """

    claim: str
    standing: str
    p: float | None


@dataclass(frozen=True, slots=True)
class ContextItem:
    """An event around the outage; never evidence about connectivity."""

    at: datetime | None
    what: str
    claim: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made this account, so that a stranger can make it again."""

    program: str
    parameters: dict[str, float | int | str]
    seed: int
    case_sha256: str | None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What the evidence amounts to for one entity and service, as of one instant.

    `windows` tile [`start`, `until`) without gap or overlap.
    """

    case: str | None
    as_of: datetime
    status: str
    entity: str
    name: str
    tz: str
    service: str
    start: datetime
    until: datetime
    families: tuple[str, ...]
    windows: tuple[Window, ...]
    outages: tuple[Outage, ...]
    totals: Totals
    days: tuple[Day, ...]
    patterns: tuple[Pattern, ...]
    stages: tuple[Stage, ...]
    verdicts: tuple[Verdict, ...]
    contested: tuple[Contested, ...]
    context: tuple[ContextItem, ...]
    provenance: Provenance
    standings: tuple[Standing, ...] = ()
    notes: tuple[str, ...] = field(default=())
