"""Checks that need more than one table: references, circles, contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from darkhours.claims.findings import Findings, Spot, shorten
from darkhours.claims.rows import Row
from darkhours.claims.table import SPOILED
from darkhours.model.claim import Claim, During, SaysState
from darkhours.model.entity import Entity

Spots = Mapping[str, Spot]


def check_references(rows: Sequence[Row], findings: Findings) -> None:
    """Tell of every ``denies`` and ``copy_of`` that names no claim, and of circles of them."""
    spots = {row.name: row.spot for row in rows if row.name}
    for key in ("copy_of", "denies"):
        edges: dict[str, tuple[str, ...]] = {}
        for row in rows:
            target = row.raw.get(key)
            if isinstance(target, str) and target in spots:
                edges[row.name] = (target,)
            elif isinstance(target, str) and not (findings.recovered and target == SPOILED):
                near = findings.suggestion(target, spots) or "; mend the id"
                findings.error(row.spot, key, f"names no claim of this case: got {shorten(target)}{near}")
        for circle in find_circles(edges):
            path = " → ".join((*circle, circle[0]))
            spot = spots.get(circle[0], Spot("claim", None, "claim"))
            findings.error(spot, key, f"goes in a circle: {path}; drop one of them")


def check_containment(places: Mapping[str, Entity], spots: Spots, findings: Findings) -> None:
    """Tell of entities that contain themselves, by whatever way."""
    for circle in find_circles({name: place.within for name, place in places.items()}):
        spot = next((spots[name] for name in circle if name in spots), Spot("entity", None, "entity"))
        path = " → ".join((*circle, circle[0]))
        findings.error(spot, "within", f"goes in a circle: {path}; an entity cannot contain itself")


def find_circles(edges: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the circles that a walk along ``edges`` meets, each from its least name.

    >>> find_circles({"a": ["b"], "b": ["a"], "c": ["c"], "d": ["a"]})
    [('a', 'b'), ('c',)]
    """
    done: set[str] = set()
    circles: list[tuple[str, ...]] = []
    for root in sorted(edges):
        path: dict[str, Iterator[str]] = {} if root in done else {root: iter(edges[root])}
        while path:
            name = next(reversed(path))
            onward = next(path[name], None)
            if onward is None:
                done.add(name)
                path.popitem()
            elif onward in path:
                circles.append(_from_least([*path][[*path].index(onward) :]))
            elif onward not in done:
                path[onward] = iter(edges.get(onward, ()))
    return circles


def _from_least(circle: list[str]) -> tuple[str, ...]:
    least = circle.index(min(circle))
    return (*circle[least:], *circle[:least])


def check_contradictions(claims: Sequence[Claim], spots: Spots, findings: Findings) -> None:
    """Tell where one origin says of one time that two states held throughout.

    Two origins may disagree, and that is evidence; one origin cannot have seen both. A claim
    of weight 0, or of some parts only, contradicts nothing.
    """
    for former, latter in _contradictions(claims):
        both = f"{former.id} says {_state(former)}, {latter.id} says {_state(latter)}"
        advice = "mend one of them, or give weight = 0 to the one withdrawn"
        message = f"{latter.origin} contradicts itself where they overlap: {both}; {advice}"
        findings.error(spots[latter.id], "when.during", message)


def _contradictions(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    told = [claim for claim in claims if _is_told_throughout(claim)]
    stories: defaultdict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in told:
        stories[claim.origin, claim.entity, claim.service].append(claim)
    for story in stories.values():
        story.sort(key=lambda claim: (_interval(claim).start, claim.id))
        latest: dict[str, Claim] = {}
        for claim in story:
            for state, former in latest.items():
                if state != _state(claim) and _interval(former).end > _interval(claim).start:
                    yield former, claim
            same = latest.get(_state(claim))
            if same is None or _interval(same).end < _interval(claim).end:
                latest[_state(claim)] = claim


def _is_told_throughout(claim: Claim) -> bool:
    return isinstance(claim.when, During) and claim.weight != 0 and claim.extent != "some"


def _interval(claim: Claim) -> During:
    if not isinstance(claim.when, During):
        message = f"claim {claim.id} has no interval"
        raise TypeError(message)
    return claim.when


def _state(claim: Claim) -> str:
    return claim.says.state if isinstance(claim.says, SaysState) else ""


def warn_of_likenesses(claims: Sequence[Claim], findings: Findings) -> None:
    """Warn of origins that differ only in capitals or spaces: they count as two witnesses."""
    spelled = {("".join(claim.origin.casefold().split()), claim.origin) for claim in claims}
    for _, group in groupby(sorted(spelled), key=lambda pair: pair[0]):
        names = [shorten(name) for _, name in group]
        if len(names) > 1:
            findings.warnings.add(
                f"origins {', '.join(names)} count as {len(names)}: if they are one, spell them alike"
            )


def warn_of_exceptions(
    claims: Sequence[Claim], spots: Spots, places: Mapping[str, Entity], findings: Findings
) -> None:
    """Warn of an exception that lies outside what the claim is about: it stops nothing."""
    for claim in claims:
        for name in claim.excepted:
            if claim.entity not in _around(name, places):
                findings.warn(
                    spots[claim.id], "except", f"{name} does not lie in {claim.entity}: it stops nothing"
                )


def _around(name: str, places: Mapping[str, Entity]) -> set[str]:
    found: set[str] = set()
    queue = [name]
    while queue:
        place = places.get(queue.pop())
        fresh = set(place.within) - found if place is not None else set()
        found |= fresh
        queue.extend(fresh)
    return found
