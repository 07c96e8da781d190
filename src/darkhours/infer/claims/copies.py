"""Copies: what one origin says once, however often it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from darkhours.model.claim import At, By, Claim, During, SaysState, Turn

COPY_WITHIN = timedelta(hours=6)
"""Two claims alike, of one origin and from different sources, this near in time are one
observation (the method, *Claims*)."""

_FAR = datetime(9999, 1, 1, tzinfo=UTC)


def find_copies(claims: tuple[Claim, ...], sources: Iterable[str] = ()) -> dict[str, str]:
    """Return the claims that add nothing, each with the one that stands for it.

    Explicit copies always; else claims of one origin about one entity, service, state and extent,
    from different sources and within `COPY_WITHIN`. The direct one stands: the origin's own page
    before a relay, then the source that the case names first, the earliest published, the sharpest,
    the shortest id.

    Args:
        claims: evidence and other claims, in any order.
        sources: ids of the sources in the order of the case.

    Returns:
        Id of each copy, with the id of the claim it copies.
    """
    known = {claim.id for claim in claims}
    copies = {c.id: c.copy_of for c in claims if c.copy_of is not None and c.copy_of in known}
    speaking = [c for c in claims if c.id not in copies and _is_evidence(c)]
    rank = {source: number for number, source in enumerate(sources)}
    standing: list[Claim] = []
    for claim in sorted(speaking, key=lambda claim: _directness(claim, rank)):
        leader = min((c for c in standing if _alike(c, claim)), key=lambda c: _apart(c, claim), default=None)
        if leader is None:
            standing.append(claim)
        else:
            copies[claim.id] = leader.id
    return copies


def _is_evidence(claim: Claim) -> bool:
    return isinstance(claim.says, SaysState) and claim.when is not None and claim.weight != 0


def _directness(claim: Claim, rank: dict[str, int]) -> tuple[bool, bool, int, datetime, timedelta, int, str]:
    relayed = claim.relayed or claim.origin != claim.source
    order = rank.get(claim.source, len(rank))
    return (claim.implied, relayed, order, claim.published or _FAR, _width(claim), len(claim.id), claim.id)


def _alike(first: Claim, second: Claim) -> bool:
    return (
        first.source != second.source
        and (first.origin, first.entity, first.service, first.says, first.extent)
        == (second.origin, second.entity, second.service, second.says, second.extent)
        and _form(first) is _form(second)
        and _apart(first, second) <= COPY_WITHIN
    )


def _form(claim: Claim) -> type:
    """Return what kind of content the time form has: a change, a stretch, or a spell."""
    return Turn if isinstance(claim.when, Turn | At | By) else type(claim.when)


def _apart(first: Claim, second: Claim) -> timedelta:
    return abs(middle(first) - middle(second))


def middle(claim: Claim) -> datetime:
    """Return the instant in the middle of what a claim's time form names.

    Raises:
        ValueError: the claim has no time.
    """
    start, end = extent_of(claim)
    return start + (end - start) / 2


def extent_of(claim: Claim) -> tuple[datetime, datetime]:
    """Return the first and last instant that a claim's time form names (of a schedule, once).

    Raises:
        ValueError: the claim has no time.
    """
    when = claim.when
    if when is None:
        msg = f"claim {claim.id} has no time"
        raise ValueError(msg)
    if isinstance(when, At):
        return when.at, when.at
    if isinstance(when, By):
        return (when.since or when.by), when.by
    if isinstance(when, Turn):
        return when.start, when.end or when.start
    if isinstance(when, During):
        return when.start, when.end
    return when.start, when.end


def _width(claim: Claim) -> timedelta:
    start, end = extent_of(claim)
    give = getattr(claim.when, "give", None) or timedelta(0)
    return (end - start) + give
