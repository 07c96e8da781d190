"""Stretches: "about four hours, some time in that night", as a mixture over where they lie.

The position of a stretch is a latent choice beside the chain. Each choice says its state inside
the stretch and another state in the rest of the interval; one more choice is that the claim is
wrong. Where other origins exclude the stretch outright, one side is right: the odds of the sides
are their weights, and the losing side is muted in the other's choices. What else is known then
moves these odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from darkhours.infer.chain.prior import transitions
from darkhours.infer.claims.evidence import Speaker
from darkhours.infer.claims.profile import LAPLACE, LEAST_GIVE_H, occurrences
from darkhours.model.claim import Claim, During, Within
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Floats

MOST_CHOICES = 300
"""Choices that one region may have in all; positions get coarser where stretches overlap."""

FINEST_H = 0.5
"""Positions stand at least this far apart, in hours: no report places a stretch better."""

MARGIN_H = 0.5
"""A stretch that lies inside an interval is over before its end, and not begun at its start, by this
much where there is room, in hours: the least give of any instant."""

CHANGES = 0.25
"""Changes reported at each end of a stretch: fewer than the one of a turn, so that where turns time
the same return they say what came back. Ours."""

REST_SHARE = 0.5
"""Share of the weight that says "and not otherwise" for the rest of the interval: ours, because
who tells of four hours rarely watched all the others."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One occurrence of a stretch claim, in hours on the grid."""

    speaker: Speaker
    start: float
    end: float
    lasting: float
    against: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """Bins in which the chain runs under several choices at once.

    Args:
        first: first bin.
        until: bin after the last.
        extra: nats that each choice adds, shape (n_choices, n, 7).
        own: nats that each choice's own stretch adds, same shape; normalises its paths.
        moves: transition probabilities under each choice, shape (n_choices, n, 7, 7).
        log_prior: log prior of each choice, shape (n_choices,).
    """

    first: int
    until: int
    extra: Floats
    own: Floats
    moves: Floats
    log_prior: Floats


def find_stretches(heard: tuple[Speaker, ...], grid: Grid) -> tuple[Stretch, ...]:
    """Return every occurrence of every stretch claim, with the own claims that exclude it."""
    out = []
    for speaker in heard:
        when = speaker.claim.when
        if isinstance(when, Within):
            lasting = when.lasting.total_seconds() / 3600
            told = speaker.claim.published
            for start, end in occurrences(when, grid, told):
                against = tuple(o for o in heard if _excludes(o, speaker, start, end, grid))
                out.append(Stretch(speaker, start, end, min(lasting, end - start), against))
    return tuple(sorted(out, key=lambda s: (s.start, s.end, s.speaker.claim.id)))


def _excludes(other: Speaker, speaker: Speaker, start: float, end: float, grid: Grid) -> bool:
    """Tell whether another origin of the same entity excludes the stretch for a part of the interval."""
    if not isinstance(other.claim.when, During) or other.claim.origin == speaker.claim.origin:
        return False
    if other.own != speaker.own or other.claim.entity != speaker.claim.entity:
        return False
    if not excludes(other.claim, speaker.claim):
        return False
    inside = other.profile.pro[_bins(start, end, grid)]
    return bool(inside.sum() >= 0.5 * other.profile.pro.sum() > 0)


def excludes(first: Claim, second: Claim) -> bool:
    """Tell whether two claims can hardly both hold at one time.

    Up against dark, of one service, or of wired lines against all: where the wires are cut, people
    do not say that the Internet is back; where only mobile data is, they do.
    """
    states = {getattr(claim.says, "state", None) for claim in (first, second)}
    services = {first.service, second.service}
    return states == {"up", "dark"} and (len(services) == 1 or services == {"internet", "fixed"})


def _bins(start: float, end: float, grid: Grid) -> slice:
    first = max(0, int(np.floor(start / grid.step_h + 1e-9)))
    return slice(first, max(first, min(grid.n_bins, int(np.ceil(end / grid.step_h - 1e-9)))))


def make_regions(stretches: tuple[Stretch, ...], changes: Floats, grid: Grid) -> tuple[Region, ...]:
    """Return the regions of time in which stretches lie, in order and without overlap.

    Args:
        stretches: every occurrence, in the order of time.
        changes: changes per hour that all else reports, shape (n_bins, 7, 7).
        grid: bins of time.
    """
    regions = []
    for group in _overlapping(stretches, grid):
        whole = _bins(min(s.start for s in group), max(s.end for s in group), grid)
        if whole.stop > whole.start:
            regions.append(_region(group, whole, changes[whole], grid))
    return tuple(regions)


def _overlapping(stretches: tuple[Stretch, ...], grid: Grid) -> list[list[Stretch]]:
    groups: list[list[Stretch]] = []
    until = -1
    for stretch in stretches:
        span = _bins(stretch.start, stretch.end, grid)
        if groups and span.start < until:
            groups[-1].append(stretch)
        else:
            groups.append([stretch])
        until = max(until if len(groups[-1]) > 1 else -1, span.stop)
    return groups


def _region(group: list[Stretch], whole: slice, base: Floats, grid: Grid) -> Region:
    most = max(2, int(MOST_CHOICES ** (1 / len(group))) - 1)
    if (most + 1) ** len(group) > MOST_CHOICES:
        group = group[: int(np.log(MOST_CHOICES) / np.log(3))]
        most = 2
    per_stretch = [_choices(stretch, whole, grid, most) for stretch in group]
    n_bins = whole.stop - whole.start
    extra, own, moves, prior = [], [], [], []
    for combination in product(*per_stretch):
        extra.append(sum((c.extra for c in combination), np.zeros((n_bins, 7))))
        own.append(sum((c.own for c in combination), np.zeros((n_bins, 7))))
        moves.append(transitions(sum((c.changes for c in combination), base), grid.step_h))
        prior.append(sum(c.log_prior for c in combination))
    parts = (np.array(extra), np.array(own), np.array(moves), np.array(prior))
    return Region(whole.start, whole.stop, *parts)


@dataclass(frozen=True, slots=True)
class _Choice:
    extra: Floats
    own: Floats
    changes: Floats
    log_prior: float


def _choices(stretch: Stretch, whole: slice, grid: Grid, most: int) -> list[_Choice]:
    """Return the choices of one stretch: wrong, or right at one of its positions."""
    right = _log_right(stretch)
    wrong = np.log(-np.expm1(right))
    n_bins = whole.stop - whole.start
    nothing, still = np.zeros((n_bins, 7)), np.zeros((n_bins, 7, 7))
    positions = _positions(stretch, most)
    unmute = sum((-o.nats_per_bin()[whole] for o in stretch.against), nothing)
    each = right - np.log(len(positions))
    out = [_Choice(nothing, nothing, still, float(wrong))]
    for position in positions:
        own = _says(stretch, position, whole, grid)
        changes = _changes(stretch, position, whole, grid)
        out.append(_Choice(own + unmute, own, changes, float(each)))
    return out


def _log_right(stretch: Stretch) -> float:
    """Return the log prior that the claim, not those that exclude it, is right."""
    nats, against = stretch.speaker.nats, sum(o.nats for o in stretch.against)
    if against > 0:
        return float(np.log(nats / (nats + against)))
    return float(np.log1p(-np.exp(-max(nats, 0.1))))


def _positions(stretch: Stretch, most: int) -> Floats:
    """Return where the stretch may begin: inside, with a margin, so that both its ends are inside."""
    slack = stretch.end - stretch.start - stretch.lasting
    margin = min(MARGIN_H, slack / 4)
    room = slack - 2 * margin
    n = int(min(most, 1 + np.floor(room / FINEST_H + 1e-9)))
    places = np.linspace(0.0, room, n) if n > 1 else np.array([room / 2])
    return np.asarray(stretch.start + margin + places)


def _says(stretch: Stretch, position: float, whole: slice, grid: Grid) -> Floats:
    """Return the nats of a stretch at ``position``: its state inside, not its state in the rest."""
    inside = _share(position, position + stretch.lasting, whole, grid)
    rest = _share(stretch.start, stretch.end, whole, grid) - inside
    nats, steep = stretch.speaker.nats, LAPLACE / LEAST_GIVE_H
    pro = min(nats / stretch.lasting, steep) * grid.step_h
    left = stretch.end - stretch.start - stretch.lasting
    con = min(REST_SHARE * nats / left, steep) * grid.step_h if left > 0 else 0.0
    agree = stretch.speaker.agree
    margin = min(MARGIN_H, left / 4)
    ends = _share(stretch.start, stretch.start + margin, whole, grid)
    ends = (ends + _share(stretch.end - margin, stretch.end, whole, grid)) * (steep * grid.step_h)
    return np.asarray(-np.outer(pro * inside, 1 - agree) - np.outer(con * rest + ends, agree))


def _changes(stretch: Stretch, position: float, whole: slice, grid: Grid) -> Floats:
    """Return the changes per hour that a stretch at ``position`` reports: one in, one out."""
    speaker, give = stretch.speaker, LEAST_GIVE_H
    end = position + stretch.lasting
    begins = CHANGES * _share(position - give, position + give, whole, grid) / (2 * give)
    ends = CHANGES * _share(end - give, end + give, whole, grid) / (2 * give)
    return np.asarray(begins[:, None, None] * speaker.goes + ends[:, None, None] * speaker.comes)


def _share(start: float, end: float, whole: slice, grid: Grid) -> Floats:
    left = np.arange(whole.start, whole.stop) * grid.step_h
    inside = np.minimum(left + grid.step_h, end) - np.maximum(left, start)
    return np.clip(inside / grid.step_h, 0.0, 1.0)
