"""What claims say of each other: standings, and contested entries that keep both sides."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np

from darkhours.account.posterior import Posterior
from darkhours.model.account import Contested, ContextItem, Standing
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysEvent, SaysState, SaysTopic, Within
from darkhours.model.timeline import Voice

AGREES = 0.5
"""A claim agrees with the account from this mean probability on (model/account.py, *Standing*)."""

CONTRADICTED = 0.2
"""And is contradicted below this one."""


def standings(post: Posterior, case: Case) -> tuple[Standing, ...]:
    """Return how each claim of a state about this entity fares against the account."""
    muted = dict(post.timeline.muted)
    voices = {voice.claim.id: voice for voice in post.timeline.voices if voice.own}
    out = []
    for claim in case.claims:
        if claim.entity != post.timeline.entity or not isinstance(claim.says, SaysState):
            continue
        if claim.id in muted:
            out.append(Standing(claim.id, "copy", None))
        elif claim.id in voices:
            out.append(_standing(voices[claim.id], post))
        else:
            out.append(Standing(claim.id, "unused", None))
    return tuple(out)


def _standing(voice: Voice, post: Posterior) -> Standing:
    p = _agreement(voice, post)
    if p is None:
        return Standing(voice.claim.id, "unused", None)
    name = "agrees" if p >= AGREES else "doubtful" if p >= CONTRADICTED else "contradicted"
    return Standing(voice.claim.id, name, p)


def _agreement(voice: Voice, post: Posterior) -> float | None:
    """Return how often what a claim asserts holds; for a stretch, in how many samples it is there."""
    if not voice.asserts.any():
        return None
    holds = (voice.agree >= AGREES)[post.timeline.access[:, voice.asserts]]
    if isinstance(voice.claim.when, Within):
        hours = holds.sum(axis=1) * post.step_h
        wanted = voice.claim.when.lasting.total_seconds() / 3600
        return float((hours >= 0.5 * wanted).mean())
    return float(holds.mean())


def contested(case: Case, posts: tuple[Posterior, ...]) -> tuple[Contested, ...]:
    """Return all contested entries of a case: denials, copies that differ, claims that exclude."""
    found = [*_denials(case), *_differing_copies(case)]
    for post in posts:
        found += _excluded(post, case)
    unique = {entry.claims: entry for entry in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda entry: (entry.topic, entry.claims)))


def _denials(case: Case) -> list[Contested]:
    by_id = {claim.id: claim for claim in case.claims}
    out = []
    for claim in case.claims:
        if claim.denies is None or claim.denies not in by_id:
            continue
        topic = _topic(claim) or _topic(by_id[claim.denies]) or "what was said"
        out.append(Contested(topic, tuple(sorted((claim.id, claim.denies)))))
    return out


def _topic(claim: Claim) -> str | None:
    return claim.says.topic if isinstance(claim.says, SaysTopic) else None


def _differing_copies(case: Case) -> list[Contested]:
    """Return explicit copies that name another time than what they copy."""
    by_id = {claim.id: claim for claim in case.claims}
    out = []
    for claim in case.claims:
        first = by_id.get(claim.copy_of or "")
        if first is not None and isinstance(claim.says, SaysState) and claim.when != first.when:
            said_by = case.sources[first.source].publisher
            topic = f"{case.places[claim.entity].name}, {_state(claim)}: {said_by} and what copies it"
            out.append(Contested(topic, tuple(sorted((first.id, claim.id)))))
    return out


def _excluded(post: Posterior, case: Case) -> list[Contested]:
    """Return what the claims that the account contradicts stand against."""
    name = case.places[post.timeline.entity].name
    pairs: dict[str, set[str]] = {}
    for first, second in post.timeline.contests:
        pairs.setdefault(first, {first}).add(second)
    out = [Contested(f"{name}: {_voice_topic(post, a)}", tuple(sorted(ids))) for a, ids in pairs.items()]
    for voice in post.timeline.voices:
        if not voice.own or voice.claim.id in {i for ids in pairs.values() for i in ids}:
            continue
        standing = _standing(voice, post)
        rivals = _rivals(voice, post) if standing.standing == "contradicted" else set()
        if rivals:
            ids = tuple(sorted({voice.claim.id, *rivals}))
            out.append(Contested(f"{name}: {_voice_topic(post, voice.claim.id)}", ids))
    return out


def _rivals(voice: Voice, post: Posterior) -> set[str]:
    """Return the claims that carry the account where ``voice`` is contradicted."""
    return {
        other.claim.id
        for other in post.timeline.voices
        if other.claim.origin != voice.claim.origin
        and (other.speaks & voice.asserts).any()
        and float(np.minimum(other.agree, voice.agree).max()) < AGREES
    } or _next_told(voice, post)


def _next_told(voice: Voice, post: Posterior) -> set[str]:
    """Return the claims that time the same change otherwise, when none speaks at the same hour."""
    return {
        other.claim.id
        for other in post.timeline.voices
        if other.claim.id != voice.claim.id
        and other.claim.origin != voice.claim.origin
        and other.claim.says == voice.claim.says
        and other.claim.service == voice.claim.service
        and abs(_first(other) - _first(voice)) * post.step_h <= 24  # noqa: PLR2004 - a day
    }


def _first(voice: Voice) -> int:
    return int(np.argmax(voice.asserts))


def _voice_topic(post: Posterior, claim_id: str) -> str:
    claim = next(v.claim for v in post.timeline.voices if v.claim.id == claim_id)
    at = post.timeline.grid.at(_first(next(v for v in post.timeline.voices if v.claim.id == claim_id)))
    day = at.astimezone(ZoneInfo(post.tz))
    return f"{claim.service} {_state(claim)} on {day.day} {day:%B}"


def _state(claim: Claim) -> str:
    return claim.says.state if isinstance(claim.says, SaysState) else "said"


def context(case: Case) -> tuple[ContextItem, ...]:
    """Return the events around the case in the order of time; never evidence."""
    items = [
        ContextItem(claim.says.at or claim.published, claim.says.event, claim.id)
        for claim in case.claims
        if isinstance(claim.says, SaysEvent)
    ]
    return tuple(sorted(items, key=lambda item: (item.at is None, item.at or case.until, item.claim)))
