"""From panels to the timeline of each entity, with the traces that a picture shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from darkhours.infer.chain.draw import draw_filtered, draw_smoothed, uniforms
from darkhours.infer.signals.edges import (
    NOWHERE,
    Change,
    Place,
    combine,
    level_of,
    place_edge,
    place_smoothed,
    shift_edges,
)
from darkhours.infer.signals.likelihood import BACK, DARK, DEGRADED, FALLING, RISING, UP
from darkhours.infer.signals.notes import notes_of
from darkhours.infer.signals.rows import common_grid, make_rows
from darkhours.infer.signals.settle import LEAST_BINS, settle
from darkhours.infer.signals.tails import open_tail
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.watch import Watched, moves_per_bin, watch
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Coverage, Panel, Trace
from darkhours.model.runs import runs_of
from darkhours.model.state import STATE_ORDER, Access, State
from darkhours.model.timeline import SILENT, Bins, Codes, Floats, Mask, Shifts, SignalVoice, Timeline

N_SAMPLES = 400
"""Histories drawn for an entity in which anything happened: ours; a percentile then has an error of
about a tenth of the width between its neighbours."""

NOTHING = 0.02
"""Where not up is nowhere likelier than this, one history stands for all: ours, well below what an account
shows as another reading."""

AT_ONCE = 1_000_000
"""Values that are worked on at once: ours, for memory (some 150 MB); it moves no result, for entities that
the gate does not compare do not know of each other. Fewer take longer: each part passes over time anew."""

MOST_PARTS = 12
FINE = tuple(timedelta(minutes=m) for m in (1, 2, 3, 5, 10, 15, 20, 30, 60))
"""Edges are told to the finest of these that divides a bin into at most `MOST_PARTS`."""

LIVE_ORDER = np.array([UP, BACK, DEGRADED, RISING, FALLING, DARK], dtype=np.uint8)
"""States from good to bad, in which a history that knows nothing of later bins keeps its rank."""

OF_NO_BIN = -1
"""Draws that belong to no bin, so that appending bins draws nothing anew."""

LEANS_FROM = 0.1
"""A signal leans to a state when it is this many nats above the next: ours."""

CODE = {
    UP: STATE_ORDER.index(State.UP),
    DEGRADED: STATE_ORDER.index(State.DEGRADED),
    DARK: STATE_ORDER.index(State.DARK),
}
UNKNOWN = STATE_ORDER.index(State.UNKNOWN)
ACCESS_OF = np.array([Access.UP, Access.DEGRADED, Access.DARK, Access.UP], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an inference from signals is asked for.

    Args:
        form: ``final`` (smoothed) or ``live`` (without look-ahead).
        seed: of all draws.
        n_samples: histories drawn.
        unrelated: whether the entities share no fate, so that the control gate may compare them.
        tuning: every default.
        signed: from when a person signs that the level is a new normal; None: nobody did.
    """

    form: str = "final"
    seed: int = 20220105
    n_samples: int = N_SAMPLES
    unrelated: bool = False
    tuning: Tuning = field(default_factory=Tuning)
    signed: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Inferred:
    """One entity with its timeline and the traces behind it.

    Args:
        entity: whose it is.
        timeline: of its service internet.
        traces: a signal each.
        renewed: whether a second family had a baseline of it set anew.
    """

    entity: Entity
    timeline: Timeline
    traces: tuple[Trace, ...]
    renewed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Histories of one entity, `unknown` where nobody can say something, and how each of its rows spoke.

    Args:
        codes: position in `STATE_ORDER`, shape (n_samples, n_bins).
        access: the same as access states.
        shifts: where in its bin each change lies, same shape; None where nothing changes.
        voices: of each row.
    """

    codes: Codes
    access: Codes
    shifts: Shifts | None
    voices: tuple[SignalVoice, ...]


def infer_signals(panels: Sequence[Panel], asked: Asked, grid: Grid | None = None) -> Iterator[Inferred]:
    """Yield the timeline of each entity of the panels, in the order in which they first stand there.

    Args:
        panels: signals of one or many entities.
        asked: form, seed and defaults.
        grid: the common one of these panels, or of more.
    """
    grid = common_grid(panels) if panels and grid is None else grid
    for part in _part(panels, asked):
        watched = watch(
            make_rows(part, asked.tuning, grid), asked.tuning, unrelated=asked.unrelated, signed=asked.signed
        )
        for index in range(len(watched.rows.entities)):
            yield _infer(watched, index, asked)
        del watched  # before the next part is watched


def _part(panels: Sequence[Panel], asked: Asked) -> Iterator[Sequence[Panel]]:
    """Yield panels of as many entities as are worked on at once; all of them where the gate compares them."""
    ids = list(dict.fromkeys(entity.id for panel in panels for entity in panel.entities))
    if asked.unrelated or len(ids) == 1:
        yield panels
        return
    rows_each = max(1, round(sum(len(panel.entities) for panel in panels) / len(ids)))
    n_bins = common_grid(panels).n_bins
    size = max(1, AT_ONCE // (rows_each * n_bins))
    for first in range(0, len(ids), size):
        chosen = set(ids[first : first + size])
        yield only(panels, chosen)


def only(panels: Sequence[Panel], chosen: set[str]) -> list[Panel]:
    """Return panels of no other entities than those that are chosen."""
    return [part for panel in panels if (part := _only(panel, chosen)) is not None]


def _only(panel: Panel, chosen: set[str]) -> Panel | None:
    """Return a panel of no other entities, None where it has none of them."""
    rows = [row for row, entity in enumerate(panel.entities) if entity.id in chosen]
    if not rows:
        return None
    return replace(panel, entities=tuple(panel.entities[row] for row in rows), values=panel.values[rows])


def _infer(watched: Watched, index: int, asked: Asked) -> Inferred:
    entity, grid = watched.rows.entities[index], watched.rows.grid
    mine = np.flatnonzero(watched.rows.entity == index)
    unknown = silent_bins(watched, mine, asked.tuning)
    seed = seed_of(asked.seed, entity.id)
    codes = _paths(watched, index, asked, seed)
    shifts = shifts_of(codes, np.arange(grid.n_bins), watched, index, asked)
    covered = (watched.coverage[mine] == Coverage.COVERED).any(axis=0)
    unknown |= open_tail(codes, covered, asked.tuning, grid.step_h)
    for first, until in spans_of(unknown):
        codes[:, first:until] = UNKNOWN
        if shifts is not None:
            shifts[:, first : until + 1] = 0.0  # where measuring stopped and began again is known
    voices = tuple(voice_of(watched, int(row)) for row in mine)
    return tell(watched, index, asked, Drawn(codes, ACCESS_OF[codes], shifts, voices))


def tell(watched: Watched, index: int, asked: Asked, drawn: Drawn) -> Inferred:
    """Return an entity with the timeline of what was drawn for it, and its traces."""
    grid, voices = watched.rows.grid, drawn.voices
    mine = np.flatnonzero(watched.rows.entity == index)
    entity = watched.rows.entities[index]
    spoke = tuple(v for v in voices if (v.leans != SILENT).any())
    # Routes that stand say nothing of people, yet that they stood is told of a dark window.
    heard = tuple(v for v in voices if v in spoke or (v.sense == "routing" and np.isfinite(v.level).any()))
    timeline = Timeline(
        entity=entity.id,
        service="internet",
        grid=grid,
        codes=drawn.codes,
        access=drawn.access,
        voices=(),
        families=tuple(sorted({v.family for v in spoke})),
        contests=(),
        muted=(),
        signals=tuple(sorted(heard, key=lambda v: (v.signal, v.family))),
        least_dark_h=LEAST_BINS * grid.step_h,
        notes=notes_of(watched, mine, asked.tuning),
        shifts=drawn.shifts,
    )
    traces = tuple(trace_of(watched, int(row), asked.tuning) for row in mine)
    supported = {renewal.row for renewal in watched.renewals if renewal.families}
    return Inferred(entity, timeline, traces, renewed=not supported.isdisjoint(mine.tolist()))


def _paths(watched: Watched, index: int, asked: Asked, seed: int) -> Codes:
    alpha = watched.alpha[index]
    moves = moves_per_bin(asked.tuning, watched.rows.grid.step_h)
    if asked.form == "live":
        if alpha[:, [UP, BACK]].sum(axis=1).min() > 1 - NOTHING:
            return np.zeros((1, alpha.shape[0]), dtype=np.uint8)
        return settle(LIVE_ORDER[draw_filtered(alpha[:, LIVE_ORDER], n_samples=asked.n_samples, seed=seed)])
    if watched.up[index] > 1 - NOTHING:
        return np.zeros((1, alpha.shape[0]), dtype=np.uint8)
    return settle(draw_smoothed(alpha, moves, n_samples=asked.n_samples, seed=seed))


def seed_of(seed: int, entity: str) -> int:
    """Return a seed of its own for each entity, so that none depends on another."""
    digest = hashlib.sha256(f"{seed}|{entity}|signals".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def silent_bins(watched: Watched, mine: Bins, tuning: Tuning) -> Mask:
    """Return the bins in which nobody can say something, short silences bridged, shape (n_bins,).

    A suspect bin is never bridged: the sensor failed, and what it missed nobody knows.
    """
    coverage = watched.coverage[mine]
    covered = (coverage == Coverage.COVERED).any(axis=0)
    suspect = ~covered & (coverage == Coverage.SUSPECT).any(axis=0)
    out = ~covered
    most = int(tuning.bridge_h / watched.rows.grid.step_h + 1e-9)
    for first, until in spans_of(np.asarray(out)):
        inner = first > 0 and until < out.size
        if inner and until - first <= most and not suspect[first:until].any():
            out[first:until] = False
    return np.asarray(out)


def spans_of(mask: Mask) -> list[tuple[int, int]]:
    """Return the first bin and the bin after the last of every run of the mask."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def fine_parts(grid: Grid) -> int:
    """Return into how many parts a bin is divided where edges are told."""
    for step in FINE:
        times = round(grid.step / step)
        if times * step == grid.step and times <= MOST_PARTS:
            return times
    return MOST_PARTS


def shifts_of(
    paths: Codes, kept: Bins, watched: Watched, index: int, asked: Asked, *, zero: int = 0
) -> Shifts | None:
    """Return how far each change lies from the start of its bin, in bins, None where nothing changes.

    Args:
        paths: codes, shape (n_samples, n_kept).
        kept: bins of their columns; every bin that is left out lies amid a run of all paths.
        watched: what the pass over time found.
        index: of the entity.
        asked: form, seed and defaults.
        zero: number that the first bin has in all that was ever measured, so that a draw stays with its bin.
    """
    n_samples, n_bins = paths.shape[0], watched.rows.grid.n_bins
    mine = np.flatnonzero(watched.rows.entity == index)
    places = _places(paths, kept, watched, mine, asked.tuning)
    if not places:
        return None
    seed = seed_of(asked.seed, watched.rows.entities[index].id)
    sample, bins, at = shift_edges(paths, kept, places, _evenly(seed, n_samples), zero=zero)
    times = fine_parts(watched.rows.grid)
    fine = np.clip(np.rint(at * times), 1, n_bins * times - 1)
    # One after the other, a part of a bin apart at least: a change never overtakes the one before it.
    apart, number = sample * (2.0 * n_bins * times), np.arange(fine.size)
    fine = np.maximum.accumulate(fine + apart - number) + number - apart
    fine = np.minimum(fine, n_bins * times)
    out = np.zeros((n_bins, n_samples), dtype=np.float32).T  # bin by bin: memory is taken where changes are
    out[sample, bins] = fine / times - bins
    return out


def _evenly(seed: int, n: int) -> Floats:
    """Return n uniforms in any order, one in each n-th, so that a median edge is not a matter of luck."""
    return np.asarray((uniforms(seed, OF_NO_BIN, n).argsort() + 0.5) / n)


def _places(
    paths: Codes, kept: Bins, watched: Watched, mine: Bins, tuning: Tuning
) -> dict[tuple[int, int, int], Place]:
    """Return where each change that some path has lies inside its bin."""
    out, levels = {}, {int(row): level_of(watched.ratio[row]) for row in mine}
    for change in _changes(paths, kept):
        around = watched.coverage[mine, change.t - 1 : change.t + 1]
        rows = mine[(around == Coverage.COVERED).any(axis=1)]
        found = [_place(watched, int(row), levels[int(row)], change, tuning) for row in rows]
        key = (change.t, change.before, change.after)
        out[key] = combine([place for place in found if place is not None])
    return out


def _changes(paths: Codes, kept: Bins) -> list[Change]:
    """Return every change that some path has, with the median lengths of the runs on both sides."""
    _, first, until, code = runs_of(paths)
    first, until = kept[first], kept[until - 1] + 1
    lengths: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    size = until - first
    inner = np.flatnonzero(first > 0)
    for i, t, before, after in zip(
        inner.tolist(), first[inner].tolist(), code[inner - 1].tolist(), code[inner].tolist(), strict=True
    ):
        lengths.setdefault((t, before, after), []).append((int(size[i - 1]), int(size[i])))
    return [
        Change(*key, *(_median_of(lasted) for lasted in zip(*both, strict=True)))
        for key, both in lengths.items()
    ]


def _median_of(lengths: Sequence[int]) -> int:
    """Return the median of a few lengths, without the half: a library takes 50 µs, for hundreds of changes.

    >>> _median_of([7]), _median_of([9, 2]), _median_of([3, 1, 8])
    (7, 5, 3)
    """
    ordered, n = sorted(lengths), len(lengths)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) // 2


def _place(watched: Watched, row: int, level: Floats, change: Change, tuning: Tuning) -> Place | None:
    if watched.warm.thin[row]:
        return NOWHERE  # so few counts tell no better than the paths themselves do
    width = float(watched.rows.smoothed[row]) / watched.rows.grid.step_h
    if width >= 1:
        return place_smoothed(level, watched.scatter[row], change, width)
    return place_edge(level, watched.scatter[row], change, tuning)


def voice_of(watched: Watched, row: int) -> SignalVoice:
    """Return how one row spoke."""
    rows = watched.rows
    nats = watched.row_nats[row]
    best = nats[:, : DARK + 1].argmax(axis=1)
    ordered = np.sort(nats[:, : DARK + 1], axis=1)
    leans = np.where(ordered[:, 2] - ordered[:, 1] >= LEANS_FROM, best, SILENT).astype(np.uint8)
    leans[watched.coverage[row] != Coverage.COVERED] = SILENT
    level = np.exp(watched.ratio[row])
    return SignalVoice(
        rows.signals[row].name, rows.families[row], rows.signals[row].sense, rows.grid, leans, level
    )


def trace_of(watched: Watched, row: int, tuning: Tuning) -> Trace:
    """Return one row beside what it was held against."""
    rows, signal = watched.rows, watched.rows.signals[row]
    base = watched.baseline[row]
    low, lower = tuning.degraded_below * base, tuning.dark_below * base
    if signal.worse == "higher":
        share = signal.name.endswith("_pct")
        with np.errstate(divide="ignore", invalid="ignore"):
            base, low, lower = (100.0 - x if share else 1.0 / x for x in (base, low, lower))
    return Trace(
        rows.entities[rows.entity[row]].id, signal, rows.families[row], rows.grid, rows.raw[row], base,
        low, lower, watched.coverage[row],
    )  # fmt: skip
