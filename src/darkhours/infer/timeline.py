"""From the claims of a case to sampled paths of one entity and service."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from darkhours.infer.chain.place import place_changes
from darkhours.infer.chain.prior import first_state, rates, transitions
from darkhours.infer.chain.sample import sample_paths
from darkhours.infer.claims.copies import extent_of
from darkhours.infer.claims.evidence import SPEAKS_ABOVE, Speaker, add_up, speakers
from darkhours.infer.claims.stretch import Stretch, find_stretches, make_regions
from darkhours.model.case import Case
from darkhours.model.claim import Within
from darkhours.model.evidence import Grid
from darkhours.model.state import ACCESS_SERVICES, PROJECTION, STATE_ORDER, State
from darkhours.model.timeline import SILENT, Codes, Floats, Mask, Shifts, Timeline, Voice

if TYPE_CHECKING:  # a case without measured files need not wait for the signals
    from darkhours.infer.signals.lend import Lent

N_SAMPLES = 1600
"""Paths drawn: ours. A share near one half then moves by 0.018 (one standard deviation) between seeds."""

LEAST_TOLD_H = 2.0
"""Shortest dark window that claims carry, in hours (the method, *Shared engine*)."""

EVIDENCE_HOLDS = timedelta(hours=72)
"""A tail that is not up is unknown this long after the last evidence (the method, *Shared engine*)."""

TOLD_TO = timedelta(minutes=5)
"""Instants of the story are told to the nearest five minutes: ours. Nobody is taken to know them within half
an hour, so a minute more or less says nothing; a reader sees 17:00 where the reports say so."""

UNKNOWN = STATE_ORDER.index(State.UNKNOWN)
DARK = STATE_ORDER.index(State.DARK)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an inference depends on beside its evidence.

    Args:
        step: width of a bin.
        seed: of all draws.
        n_samples: paths drawn.
    """

    step: timedelta = timedelta(minutes=15)
    seed: int = 20220105
    n_samples: int = N_SAMPLES


def make_grid(start: datetime, until: datetime, step: timedelta) -> Grid:
    """Return the bins of ``step`` that cover [start, until); a bin that would pass the end is left out.

    Raises:
        ValueError: the span is shorter than one bin.
    """
    n_bins = int((until - start) / step)
    if n_bins < 1:
        msg = f"the span {start} … {until} is shorter than one step of {step}"
        raise ValueError(msg)
    return Grid(start, step, n_bins)


def infer_access(
    case: Case, entity: str, grid: Grid, settings: Settings, lent: Lent | None = None
) -> Timeline:
    """Return the paths of access of ``entity`` (its `internet`), from claims and signals in one posterior.

    Args:
        case: the claims.
        entity: id.
        grid: bins of time.
        settings: step, seed and number of samples.
        lent: what measured signals add, None where nobody measured.
    """
    return _infer(case, entity, "internet", grid, settings, lent=lent)


def infer_timeline(case: Case, access: Timeline, service: str, settings: Settings) -> Timeline:
    """Return the paths of one service of the entity whose access is ``access``.

    `fixed` and `mobile` are projections of the same paths; a service over them has a chain of its
    own and is dark wherever `internet` is.
    """
    if service in ACCESS_SERVICES:
        codes = _project(access.access, service)
        if (access.codes[:, -1] == UNKNOWN).any():  # unknown is a tail
            codes[access.codes == UNKNOWN] = UNKNOWN
        return replace(access, service=service, codes=codes, shifts=_places(access.shifts, codes))
    over = _infer(case, access.entity, service, access.grid, settings)
    cut_off = access.codes == DARK
    codes = np.where(cut_off, DARK, over.codes)
    if not over.voices:
        codes = np.where(access.codes == UNKNOWN, UNKNOWN, codes)
    codes = codes.astype(np.uint8)
    shifts = _places(_of_both(access.shifts, over.shifts, cut_off), codes)
    voices = tuple(sorted((*over.voices, *access.voices), key=lambda voice: voice.claim.id))
    contests = tuple(sorted({*over.contests, *access.contests}))
    families = tuple(sorted({*over.families, *access.families}))
    return replace(over, codes=codes, shifts=shifts, voices=voices, contests=contests, families=families)


def _of_both(access: Shifts | None, over: Shifts | None, cut_off: Mask) -> Shifts | None:
    """Return where changes lie: those into and out of a cut as access has them, all others as the service."""
    if access is None or over is None:
        return None
    turns = np.zeros_like(cut_off)
    turns[:, 1:] = cut_off[:, 1:] != cut_off[:, :-1]
    return np.where(turns, access, over)


def _places(shifts: Shifts | None, codes: Codes) -> Shifts | None:
    """Return the places of changes; that from which all is unknown stays put.

    Places of changes that ``codes`` has no more stay among them: nobody asks where nothing changes.
    """
    return None if shifts is None else _known(shifts, codes)


def _known(shifts: Shifts, codes: Codes) -> Shifts:
    unknown = codes == UNKNOWN
    if unknown.any():
        shifts = shifts.copy()
        shifts[unknown] = 0.0
        shifts[:, 1:][unknown[:, :-1]] = 0.0
    return shifts


def _infer(
    case: Case, entity: str, service: str, grid: Grid, settings: Settings, *, lent: Lent | None = None
) -> Timeline:
    heard, copies = speakers(case, entity, service, grid)
    stretches = find_stretches(heard, grid)
    changes, nats = _changes(heard, grid), add_up(heard, grid)
    if lent is not None:
        changes, nats = changes + lent.changes, nats + lent.nats
    regions = make_regions(stretches, changes, grid)
    moves = transitions(changes, grid.step_h)
    seed = _seed(settings.seed, entity, service)
    paths = sample_paths(first_state(), moves, nats, regions, n_samples=settings.n_samples, seed=seed)
    codes = _forget(_project(paths, "internet"), heard, grid, lent)
    return Timeline(
        entity=entity,
        service=service,
        grid=grid,
        codes=codes,
        access=paths,
        voices=tuple(_voice(speaker, stretches, grid) for speaker in heard),
        families=_families(heard, lent),
        contests=_contests(stretches),
        muted=tuple(sorted(copies.items())),
        signals=lent.voices if lent is not None else (),
        least_dark_h=min(lent.least_dark_h, LEAST_TOLD_H) if lent is not None else None,
        notes=lent.notes if lent is not None else (),
        shifts=_known(place_changes(paths, grid.step, seed), codes),
        told_to=TOLD_TO,
    )


def _project(paths: Codes, service: str) -> Codes:
    """Return the state code of a projected service on paths of access."""
    # Translating bytes is many times faster than an index.
    table = bytes(PROJECTION[service]).ljust(256, b"\0")
    return np.frombuffer(bytearray(paths.tobytes().translate(table)), dtype=np.uint8).reshape(paths.shape)


def _seed(seed: int, entity: str, service: str) -> int:
    """Return a seed of its own for each entity and service, so that none depends on another."""
    digest = hashlib.sha256(f"{seed}|{entity}|{service}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _changes(heard: tuple[Speaker, ...], grid: Grid) -> Floats:
    out = np.broadcast_to(rates(), (grid.n_bins, 7, 7)).copy()
    for speaker in heard:
        share = min(1.0, speaker.nats / 5.0)
        out += share * speaker.profile.into[:, None, None] * speaker.goes
        out += share * speaker.profile.out[:, None, None] * speaker.comes
    return np.asarray(out)


def _families(heard: tuple[Speaker, ...], lent: Lent | None) -> tuple[str, ...]:
    voices = lent.voices if lent is not None else ()
    measured = {voice.family for voice in voices if (voice.leans != SILENT).any()}
    return tuple(sorted(measured | ({"reports"} if heard else set())))


def _forget(codes: Codes, heard: tuple[Speaker, ...], grid: Grid, lent: Lent | None) -> Codes:
    """Turn a tail that is not up into unknown, 72 h after the last evidence; all of it without any.

    Where signals alone speak, what nobody measured is unknown.
    """
    covered = lent.covered if lent is not None else np.zeros(grid.n_bins, dtype=bool)
    if not heard:
        return np.where(covered, codes, UNKNOWN).astype(codes.dtype)
    last = max(_last(speaker, grid.step_h) for speaker in heard)
    if covered.any():
        last = max(last, int(np.flatnonzero(covered)[-1]))
    since = last + int(EVIDENCE_HOLDS / grid.step)
    out = codes.copy()
    if since < grid.n_bins:
        not_up = codes[:, since:] != 0
        falls = np.logical_and.accumulate(not_up[:, ::-1], axis=1)[:, ::-1]
        out[:, since:][falls] = UNKNOWN
    return out


def _last(speaker: Speaker, step_h: float) -> int:
    parts = speaker.profile
    speaks = (parts.pro + parts.story + parts.con > SPEAKS_ABOVE * step_h) | (parts.into + parts.out > 0)
    return int(np.flatnonzero(speaks)[-1]) if speaks.any() else 0


def _voice(speaker: Speaker, stretches: tuple[Stretch, ...], grid: Grid) -> Voice:
    asserts = _asserts(speaker, stretches, grid)
    speaks = asserts | (speaker.profile.story > 0) | (speaker.profile.pro > 0.05 * grid.step_h)
    return Voice(speaker.claim, speaker.own, speaker.nats, speaker.agree, speaks, asserts)


def _asserts(speaker: Speaker, stretches: tuple[Stretch, ...], grid: Grid) -> Mask:
    """Return the bins for which a claim itself says its state, without what decays around them."""
    if isinstance(speaker.claim.when, Within):
        left = np.arange(grid.n_bins) * grid.step_h
        spans = [(s.start, s.end) for s in stretches if s.speaker.claim.id == speaker.claim.id]
        inside = [(left >= start) & (left < end) for start, end in spans]
        return np.asarray(np.logical_or.reduce([np.zeros(grid.n_bins, dtype=bool), *inside]))
    pro = speaker.profile.pro
    if pro.max() > 0:
        return np.asarray(pro > 0.25 * pro.max())
    # "Some time before eleven", told at eleven: the state holds at the end of what it names.
    end = grid.hours(extent_of(speaker.claim)[1])
    last = int(np.ceil(end / grid.step_h)) - 1
    return np.asarray(np.arange(grid.n_bins) == min(max(last, 0), grid.n_bins - 1))


def _contests(stretches: tuple[Stretch, ...]) -> tuple[tuple[str, str], ...]:
    pairs = {(s.speaker.claim.id, o.claim.id) for s in stretches for o in s.against}
    return tuple(sorted(pairs))
