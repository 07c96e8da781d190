"""Puts an account together from posteriors and the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkhours.account.contested import contested, context, standings
from darkhours.account.days import make_days
from darkhours.account.numbers import account_totals, alternatives, outage_totals
from darkhours.account.posterior import Posterior
from darkhours.account.spans import UNKNOWN
from darkhours.account.verdicts import judge
from darkhours.account.windows import edge_at, make_return, make_windows, outage_end
from darkhours.model.account import Account, Outage, Provenance, Stage, Verdict
from darkhours.model.case import Case
from darkhours.model.claim import SaysTotal
from darkhours.model.state import SERVICES


@dataclass(frozen=True, slots=True)
class Asked:
    """What an account is asked for, beside its evidence.

    Args:
        case: the case, with what had been published by `as_of`.
        as_of: only what was known by then.
        posts: posteriors by (entity, service): the asked one, `internet` of every entity of the
            case and of all that contain it, and every service that stages are told of.
        provenance: what made it.
    """

    case: Case
    as_of: datetime
    posts: dict[tuple[str, str], Posterior]
    provenance: Provenance


def build_account(asked: Asked, entity: str, service: str) -> Account:
    """Return the account of one entity and service.

    Raises:
        KeyError: its posterior is not among those asked with.
    """
    case, post = asked.case, asked.posts[entity, service]
    grid = post.timeline.grid
    place = case.places[entity]
    outages = tuple(_outage(post, index) for index in range(len(post.story.spells)))
    internet = tuple(p for (_, name), p in sorted(asked.posts.items()) if name == "internet")
    return Account(
        case=case.id or None,
        as_of=asked.as_of,
        status=_status(post, outages),
        entity=entity,
        name=place.name,
        tz=place.tz,
        service=service,
        start=grid.start,
        until=grid.until,
        families=post.timeline.families,
        windows=make_windows(post),
        outages=outages,
        totals=account_totals(post),
        days=make_days(post),
        patterns=post.patterns,
        stages=_stages(asked),
        verdicts=_verdicts(asked, entity),
        contested=contested(case, internet),
        context=context(case),
        provenance=asked.provenance,
        standings=standings(post, case),
        notes=post.timeline.notes,
    )


def _outage(post: Posterior, index: int) -> Outage:
    spell = post.story.spells[index]
    return Outage(
        start=edge_at(post, spell.start),
        end=outage_end(post, spell),
        status=spell.status,
        totals=outage_totals(post, index),
        returns=tuple(make_return(post, back) for back in post.story.backs[index]),
        alternatives=alternatives(post, index),
    )


def _status(post: Posterior, outages: tuple[Outage, ...]) -> str:
    if all(part.code == UNKNOWN for part in post.parts):
        return "unmeasured"
    return outages[-1].status if outages else "none"


def _stages(asked: Asked) -> tuple[Stage, ...]:
    """Return entities and services of the case in the order of their lasting return."""
    stages = []
    for (entity, service), post in sorted(asked.posts.items()):
        if entity in asked.case.entities and post.story.spells:
            last = post.story.spells[-1]
            back = outage_end(post, last) if last.status == "ended" else None
            stages.append(Stage(entity, service, back))
    return tuple(sorted(stages, key=lambda stage: _stage_order(stage, asked.case)))


def _stage_order(stage: Stage, case: Case) -> tuple[bool, datetime, int, int]:
    """Order by lasting return, then as the case and the ontology list them."""
    at = stage.returned.at if stage.returned else case.until
    return stage.returned is None, at, case.entities.index(stage.entity), SERVICES.index(stage.service)


def _verdicts(asked: Asked, entity: str) -> tuple[Verdict, ...]:
    """Return the verdicts of claims about the entity and about those that contain it."""
    about = {entity, *asked.case.containers(entity)}
    return tuple(
        judge(claim, asked.posts[claim.entity, _rule_service(asked, claim.entity, claim.service)])
        for claim in asked.case.claims
        if isinstance(claim.says, SaysTotal) and claim.entity in about and claim.weight != 0
    )


def _rule_service(asked: Asked, entity: str, service: str) -> str:
    return service if (entity, service) in asked.posts else "internet"
