"""What a case holds, and what would make it better."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysEvent, SaysState, SaysTopic, SaysTotal, Turn, When

_WIDE = timedelta(days=1)
"""A turn that may lie anywhere in more than this says little of an edge; ours."""
_LISTED_MOST = 5


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """What a case holds, counted.

    Args:
        id: name of the case.
        title: a line that names the event, "" where it has none.
        start: begin of the span, UTC.
        until: end of the span, UTC.
        entities: claims by entity.
        services: claims by service.
        kinds: claims by kind of who said it.
        origins: claims by origin.
        forms: state claims by form of their time.
        states: state claims by state.
        claims: number of all claims.
        sources: number of sources.
        series: number of files of measured values.
        copies: number of claims that copy another.
        weightless: ids of claims of weight 0: kept, unused.
        totals: claimed totals as (claim, rule, value).
        topics: ids of claims by topic; two of one topic may contest each other.
        events: number of events of the context.
        warnings: what was read with a reservation.
        advice: what would make the case better.
    """

    id: str
    title: str
    start: datetime
    until: datetime
    entities: dict[str, int]
    services: dict[str, int]
    kinds: dict[str, int]
    origins: dict[str, int]
    forms: dict[str, int]
    states: dict[str, int]
    claims: int
    sources: int
    series: int
    copies: int
    weightless: tuple[str, ...]
    totals: tuple[tuple[str, str, float], ...]
    topics: dict[str, tuple[str, ...]]
    events: int
    warnings: tuple[str, ...]
    advice: tuple[str, ...]

    def __str__(self) -> str:
        """Return the summary as lines of text."""
        days = (self.until - self.start) / timedelta(days=1)
        counts = f"{self.claims} claims of {len(self.origins)} origins in {self.sources} sources"
        beside = f"{len(self.totals)} totals, {len(self.topics)} topics, {self.events} events"
        lines = [
            f"{self.title or self.id}: {days:g} days, {counts}, {self.series} series",
            f"says: {_list(self.states)}; {beside}",
            f"when: {_list(self.forms)}",
            f"who: {_list(self.kinds)}; {self.copies} copies, {len(self.weightless)} without weight",
            f"services: {_list(self.services)}",
            f"entities: {_list(self.entities)}",
            *(f"advice: {advice}" for advice in self.advice),
        ]
        return "\n".join(lines)


def summary(case: Case) -> CaseSummary:
    """Return what ``case`` holds, and what would make it better."""
    said = [claim for claim in case.claims if isinstance(claim.says, SaysState)]
    topics: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for claim in case.claims:
        if isinstance(claim.says, SaysTopic):
            topics[claim.says.topic] += (claim.id,)
    return CaseSummary(
        id=case.id,
        title=case.title,
        start=case.start,
        until=case.until,
        entities=_count(claim.entity for claim in case.claims),
        services=_count(claim.service for claim in case.claims),
        kinds=_count(claim.kind for claim in case.claims),
        origins=_count(claim.origin for claim in case.claims),
        forms=_count(_form(claim.when) for claim in said if claim.when is not None),
        states=_count(claim.says.state for claim in said if isinstance(claim.says, SaysState)),
        claims=len(case.claims),
        sources=len(case.sources),
        series=len(case.series),
        copies=sum(claim.copy_of is not None for claim in case.claims),
        weightless=tuple(claim.id for claim in case.claims if claim.weight == 0),
        totals=tuple(_totals(case.claims)),
        topics=dict(sorted(topics.items())),
        events=sum(isinstance(claim.says, SaysEvent) for claim in case.claims),
        warnings=case.warnings,
        advice=tuple(_advise(case)),
    )


def _totals(claims: Iterable[Claim]) -> Iterator[tuple[str, str, float]]:
    for claim in claims:
        if isinstance(claim.says, SaysTotal):
            yield claim.id, claim.says.rule, claim.says.value
            yield from ((claim.id, rule, value) for rule, value, _ in claim.says.besides)


def _advise(case: Case) -> Iterator[str]:
    """Return what a person could do for the case, the weightiest first."""
    used = [claim for claim in case.claims if isinstance(claim.says, SaysState) and claim.weight != 0]
    if not used and not case.series:
        yield "no claim says up, degraded or dark, and there is no series: the account will be unmeasured"
        return
    for entity in case.entities:
        yield from _advise_of(case, entity, [claim for claim in used if claim.entity == entity])
    undated = sorted({claim.source for claim in case.claims if claim.published is None})
    if undated:
        yield f"no published time in {_some(undated)}: as_of cannot place what they say"
    unread = sorted(source.id for source in case.sources.values() if source.url is None)
    if unread:
        yield f"no url in {_some(unread)}: a reader cannot look them up"
    unused = sorted(case.sources.keys() - {claim.source for claim in case.claims})
    if unused:
        yield f"no claim comes from {_some(unused)}: drop the source, or write its claims"
    vague = [claim.id for claim in used if isinstance(claim.when, Turn) and _is_wide(claim.when)]
    if vague:
        yield f"turns wider than a day say little of an edge: {_some(vague)}"


def _advise_of(case: Case, entity: str, claims: list[Claim]) -> Iterator[str]:
    name = case.places[entity].name
    for what, states in (("going", {"dark", "degraded"}), ("return", {"up"})):
        origins = {claim.origin for claim in claims if _state(claim) in states and claim.copy_of is None}
        if len(origins) == 1:
            yield f"only one origin speaks of the {what} of {name}: {origins.pop()}"
        elif not origins and not any(ref.entity == entity for ref in case.series):
            yield f"nobody speaks of the {what} of {name}"


def _state(claim: Claim) -> str:
    return claim.says.state if isinstance(claim.says, SaysState) else ""


def _form(when: When) -> str:
    return type(when).__name__.lower()


def _is_wide(turn: Turn) -> bool:
    return turn.end is not None and turn.end - turn.start > _WIDE


def _count(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items()) or "none"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED_MOST} more" if len(names) > _LISTED_MOST else ""
    return ", ".join(names[:_LISTED_MOST]) + more
