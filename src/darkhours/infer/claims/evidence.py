"""All claims that speak to one entity, added up per bin and access state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from darkhours.infer.claims.agreement import N_STATES, agreement, targets
from darkhours.infer.claims.copies import find_copies
from darkhours.infer.claims.profile import Profile, profile
from darkhours.infer.claims.spread import spread_of_turns
from darkhours.infer.claims.stories import Chapter, tell_stories
from darkhours.infer.claims.weights import own_weight, reach_share
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysState
from darkhours.model.evidence import Grid
from darkhours.model.state import ACCESS_SERVICES
from darkhours.model.timeline import Floats, Mask

BEATEN = 0.1
"""Share left to what reaches an entity from outside where a claim of its own says otherwise
(the method, *Claims*: its own claim beats it). Ours: not 0, so that many may still outweigh one."""

NATS_PER_BIN = 8.0
"""Bound of the log ratio of the reports in one bin (the method, *Shared engine*)."""

SPEAKS_ABOVE = 0.2
"""An own claim speaks in a bin from this many nats per hour on."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One claim as it reaches one entity.

    Args:
        chapter: the claim in its story.
        own: whether it is about the entity itself.
        nats: weight that it may move at most.
        agree: share to which each access state agrees, shape (7,).
        goes: where a change that it reports leads, shape (7, 7).
        comes: where a change out of its state leads, shape (7, 7).
        profile: what it contributes per bin.
    """

    chapter: Chapter
    own: bool
    nats: float
    agree: Floats
    goes: Floats
    comes: Floats
    profile: Profile

    @property
    def claim(self) -> Claim:
        """Return the claim itself."""
        return self.chapter.claim

    def nats_per_bin(self) -> Floats:
        """Return the log-likelihood that it adds, shape (n_bins, 7), never above 0."""
        pro = self.profile.pro + self.profile.story
        return -np.outer(pro, 1 - self.agree) - np.outer(self.profile.con, self.agree)

    def speaks(self, step_h: float) -> Mask:
        """Return the bins in which it moves anything to speak of, shape (n_bins,)."""
        total = self.profile.pro + self.profile.story + self.profile.con
        return total > SPEAKS_ABOVE * step_h


def speakers(case: Case, entity: str, service: str, grid: Grid) -> tuple[tuple[Speaker, ...], dict[str, str]]:
    """Return the claims that speak to ``entity``, and the copies with what stands for them.

    Args:
        case: all claims; those about to be used were published by then.
        entity: id of the entity.
        service: ``internet`` for the chain of access, or a service over it.
        grid: bins of time.
    """
    copies = find_copies(case.claims, case.sources)
    usable = tuple(
        c for c in case.claims if c.id not in copies and _is_about(c, service) and own_weight(c) > 0
    )
    heard = [(ch, share) for ch in tell_stories(usable) if (share := _share(case, ch.claim, entity)) > 0]
    spread = spread_of_turns(tuple(chapter.claim for chapter, _ in heard))
    out = tuple(_speaker(ch, share, entity, grid, spread.get(ch.claim.id, 0.0)) for ch, share in heard)
    return out, copies


def _is_about(claim: Claim, service: str) -> bool:
    if not isinstance(claim.says, SaysState):
        return False
    return claim.service in ACCESS_SERVICES if service in ACCESS_SERVICES else claim.service == service


def _share(case: Case, claim: Claim, entity: str) -> float:
    state = claim.says.state if isinstance(claim.says, SaysState) else ""
    return reach_share(claim, state, case.places[entity], case.containers(entity))


def _speaker(chapter: Chapter, share: float, entity: str, grid: Grid, spread_h: float) -> Speaker:
    claim = chapter.claim
    state = claim.says.state if isinstance(claim.says, SaysState) else ""
    own = claim.entity == entity
    nats = own_weight(claim) * share
    parts = profile(chapter, nats, grid, spread_h)
    if not own and (state == "degraded" or (state == "dark" and _came_back_in_part(chapter.before))):
        # "Some regions came back, then all went" says nothing of one city before the fall, nor does
        # the hour at which a country's network got worse say that a city was well until then.
        parts = replace(parts, con=np.zeros(grid.n_bins))
    agree = agreement(claim, state, own=own)
    comes = targets(claim, "dark" if state == "up" else "up")
    return Speaker(chapter, own, nats, agree, targets(claim, state, own=own), comes, parts)


def _came_back_in_part(claim: Claim | None) -> bool:
    return claim is not None and claim.extent == "some" and claim.says == SaysState("up")


def add_up(heard: tuple[Speaker, ...], grid: Grid) -> Floats:
    """Return the log-likelihood per bin and access state, shape (n_bins, 7), at most 0.

    What an entity's own claims say beats what reaches it from outside.
    """
    total = np.zeros((grid.n_bins, N_STATES))
    own_says = _normal_until_told(heard, grid)
    for speaker in heard:
        if speaker.own:
            total += speaker.nats_per_bin()
            own_says += _says(speaker, grid)
    for speaker in heard:
        if not speaker.own:
            total += _beaten(speaker.nats_per_bin(), own_says, grid)
    return bounded(total)


def bounded(nats: Floats) -> Floats:
    """Return log-likelihoods with the best state of each bin at 0 and none below the bound."""
    best = nats.max(axis=1, keepdims=True)
    return np.asarray(np.maximum(nats - best, -NATS_PER_BIN))


def _beaten(reached: Floats, own: Floats, grid: Grid) -> Floats:
    """Weaken what reaches from outside in the bins where own claims exclude it."""
    speaks = np.ptp(own, axis=1) > SPEAKS_ABOVE * grid.step_h
    against = speaks & ~(_likes(own) & _likes(reached)).any(axis=1)
    return np.where(against[:, None], BEATEN * reached, reached)


def _likes(nats: Floats) -> Mask:
    """Return the states that evidence holds with, in each bin: those in the upper 30 % of its range."""
    return np.asarray(nats >= nats.max(axis=1, keepdims=True) - 0.3 * np.ptp(nats, axis=1, keepdims=True))


def _says(speaker: Speaker, grid: Grid) -> Floats:
    """Return what an own claim says firmly: without the give of its change, with all that it vouches for.

    However thin a story spreads its weight over days, it speaks on each of them.
    """
    vouches = (speaker.profile.story > 0) * (2 * SPEAKS_ABOVE * grid.step_h)
    return speaker.nats_per_bin() * speaker.profile.firm[:, None] - np.outer(vouches, 1 - speaker.agree)


def _normal_until_told(heard: tuple[Speaker, ...], grid: Grid) -> Floats:
    """Return a trace of evidence for "not yet" before an entity's own first report of a fall.

    Who reports the hour at which a network goes says that it stayed until then, however early its
    country went; the trace moves nothing, it only tells `_beaten` who speaks.
    """
    own = sorted((s for s in heard if s.own), key=lambda s: int(np.argmax(s.profile.pro > 0)))
    out = np.zeros((grid.n_bins, N_STATES))
    if not own or own[0].profile.con.sum() <= 0 or own[0].agree[0] >= 0.5:  # noqa: PLR2004 - not a fall
        return out
    first = own[0]
    until = int(np.argmax(first.profile.pro > 0))
    out[:until] = -2 * SPEAKS_ABOVE * grid.step_h * first.agree
    return out
