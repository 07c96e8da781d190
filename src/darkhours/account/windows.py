"""Windows of the story with their edges, and the evidence for and against each."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from darkhours.account.outage import Back, Spell
from darkhours.account.posterior import Posterior
from darkhours.account.signals import routing_detail, signals_behind
from darkhours.account.spans import DEGRADED, UNKNOWN
from darkhours.account.story import MOST_BINS, Part
from darkhours.model.account import Edge, Return, Window
from darkhours.model.state import DETAIL, STATE_ORDER, Access, State
from darkhours.model.timeline import Codes, Floats, Mask, Voice

SUPPORTS = 0.5
"""A claim is evidence for a window when the states it names hold there at least this often."""

SAME_BINS = 1e-6
"""Edges as near as this are one: what is lost where hours become bins again."""

EXCLUDES = 0.3
"""A claim stands against a window when they hold there less often than this."""


def make_windows(post: Posterior) -> tuple[Window, ...]:
    """Return the windows of the story; they tile the span."""
    return tuple(_window(post, index) for index in range(len(post.parts)))


def edge_of(post: Posterior, index: int) -> Edge:
    """Return the edge at which window ``index`` of the story begins."""
    part = post.parts[index]
    grid, step = post.timeline.grid, post.timeline.grid.step
    if index == 0:
        return Edge(grid.start, grid.start, grid.start)
    instants = (part.start, part.earliest, part.latest)
    return Edge(*(grid.start + timedelta(seconds=round(bins * step.total_seconds())) for bins in instants))


def edge_at(post: Posterior, hours: float) -> Edge:
    """Return the edge of the story that lies ``hours`` after the start of the grid."""
    bins = hours / post.step_h
    index = next((i for i, part in enumerate(post.parts) if abs(part.start - bins) < SAME_BINS), None)
    if index is None:
        at = post.instant(hours)
        return Edge(at, at, at)
    return edge_of(post, index)


def make_return(post: Posterior, back: Back) -> Return:
    """Return a return of the story with its edge."""
    return Return(edge_at(post, back.at), back.lasted_h, back.elapsed_h, back.dark_h)


def outage_end(post: Posterior, spell: Spell) -> Edge | None:
    """Return the edge at which an outage of the story ends, None while it is ongoing."""
    return None if spell.end is None else edge_at(post, spell.end)


def _window(post: Posterior, index: int) -> Window:
    part = post.parts[index]
    access = post.timeline.access[:, part.first : part.until]
    held = post.codes[:, part.first : part.until] == part.code
    share = _access_share(access, held)
    voices = [v for v in post.timeline.voices if v.speaks[part.first : part.until].any()]
    known = part.code != UNKNOWN
    evidence = [v for v in voices if known and _supports(v, part, post)]
    against = [v for v in voices if known and _excludes(v, part, share)]
    ids = {v.claim.id for v in evidence}
    contested = _contests(part, post, ids, {v.claim.id for v in against})
    heard = signals_behind(post.timeline.signals, part, post) if known else ()
    families = {v.family for v in heard} | ({"reports"} if evidence else set())
    origins = {v.claim.origin for v in evidence} | {v.family for v in heard}
    return Window(
        state=STATE_ORDER[part.code],
        start=edge_of(post, index),
        end=_end(post, index),
        p=part.p,
        detail=_detail(part, share, evidence, post.timeline.service) or routing_detail(part, post),
        families=tuple(sorted(families)),
        single_source=len(origins) == 1,
        evidence=tuple(sorted(ids | {f"{v.family}/{v.signal}" for v in heard})),
        contested=tuple(sorted(contested)),
    )


def _end(post: Posterior, index: int) -> Edge | None:
    if index + 1 < len(post.parts):
        return edge_of(post, index + 1)
    if STATE_ORDER[post.parts[index].code] in (State.DARK, State.DEGRADED):
        return None
    until = post.timeline.grid.until
    return Edge(until, until, until)


def _access_share(access: Codes, held: Mask) -> Floats:
    """Return how often each access state holds where the window's state does, shape (7,)."""
    any_held = held.any()
    counts = np.zeros(len(Access), dtype=np.int64)
    at_once = max(1, MOST_BINS // max(1, access.shape[1]))  # counting takes eight bytes for each bin
    for some in range(0, len(access), at_once):
        part = access[some : some + at_once]
        inside = part[held[some : some + at_once]] if any_held else part.ravel()
        counts += np.bincount(inside, minlength=len(Access))
    return np.asarray(counts / max(1, counts.sum()))


def _supports(voice: Voice, part: Part, post: Posterior) -> bool:
    if _agreement_inside(voice, part, post) < SUPPORTS:
        return False
    if not _same_side(voice, post.timeline.service, part):
        return False
    inside = voice.asserts[part.first : part.until].sum()
    vouched = voice.speaks[part.first : part.until].sum()
    return bool(inside >= 1 or vouched >= 0.5 * (part.until - part.first))


def _agreement_inside(voice: Voice, part: Part, post: Posterior) -> float:
    """Return how often what a claim says holds where it speaks, in paths in this window's state."""
    window = slice(part.first, part.until)
    bins = voice.asserts[window] if voice.asserts[window].any() else voice.speaks[window]
    held = post.codes[:, window][:, bins] == part.code
    access = post.timeline.access[:, window][:, bins]
    return float(_access_share(access, held) @ voice.agree)


def _same_side(voice: Voice, service: str, part: Part) -> bool:
    """Tell whether a claim speaks of this service, or of all of it, in the state of the window."""
    says = getattr(voice.claim.says, "state", "")
    if service in ("fixed", "mobile") and voice.claim.service in ("fixed", "mobile"):
        return voice.claim.service == service
    return says == STATE_ORDER[part.code] or part.code == DEGRADED or voice.claim.service != service


def _excludes(voice: Voice, part: Part, share: Floats) -> bool:
    """Tell whether an own claim says outright that this window is not so."""
    if not voice.own or float(share @ voice.agree) >= EXCLUDES:
        return False
    inside = voice.asserts[part.first : part.until].sum()
    return bool(inside >= 0.5 * min(voice.asserts.sum(), part.until - part.first) and inside > 0)


def _contests(part: Part, post: Posterior, evidence: set[str], against: set[str]) -> set[str]:
    """Return both sides of every contest that this window takes a side in."""
    out: set[str] = set()
    for first, second in post.timeline.contests:
        inside = _mostly_inside(first, part, post) or first in against
        if first in evidence or (second in evidence and inside):
            out |= {first, second}
    return out | against | (_own(evidence, post) if against else set())


def _own(ids: set[str], post: Posterior) -> set[str]:
    return {v.claim.id for v in post.timeline.voices if v.own and v.claim.id in ids}


def _mostly_inside(claim: str, part: Part, post: Posterior) -> bool:
    asserts = next(v.asserts for v in post.timeline.voices if v.claim.id == claim)
    return bool(asserts[part.first : part.until].sum() >= 0.5 * asserts.sum())


def _detail(part: Part, share: Floats, evidence: list[Voice], service: str) -> str | None:
    if part.code != DEGRADED:
        return None
    best = Access(int(share.argmax()))
    one_side = service == "internet" and share[best] > SUPPORTS
    if one_side and best in (Access.FIXED_ONLY, Access.MOBILE_ONLY):
        return DETAIL[best]
    named = {v.claim.detail for v in evidence if v.claim.detail}
    if len(named) == 1:
        return named.pop()
    if one_side and any(v.claim.service in ("fixed", "mobile") for v in evidence):
        return DETAIL[best]
    some = {v.claim.id for v in evidence if v.claim.extent == "some"}
    return "some-regions" if some and len(some) == len(evidence) else None
