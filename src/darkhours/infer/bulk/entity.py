"""One entity out of a sweep: histories where anything happened, a single one where nothing did."""

from __future__ import annotations

import numpy as np

from darkhours.infer.bulk.draws import count_calm, draw_paths, draw_ranks
from darkhours.infer.bulk.sweep import Swept, watched_of
from darkhours.infer.bulk.values import Small
from darkhours.infer.chain.draw import CERTAIN, STRIDE, uniforms
from darkhours.infer.signals.likelihood import BACK, DARK, N_STATES, UP
from darkhours.infer.signals.settle import AS_SHOWN, LEAST_BINS, settle
from darkhours.infer.signals.tails import WHOLE_TAIL, open_tail
from darkhours.infer.signals.timelines import (
    ACCESS_OF,
    LEANS_FROM,
    LIVE_ORDER,
    NOTHING,
    UNKNOWN,
    Asked,
    Drawn,
    Inferred,
    seed_of,
    shifts_of,
    silent_bins,
    spans_of,
    tell,
)
from darkhours.infer.signals.watch import Watched
from darkhours.model.panel import Coverage
from darkhours.model.timeline import SILENT, Bins, Codes, Mask, Shifts, SignalVoice

TAIL = 4 * WHOLE_TAIL
"""Last bins in which an open tail is looked for: ours, any number beyond `WHOLE_TAIL` finds the same."""


def infer_entity(swept: Swept, e: int, asked: Asked) -> Inferred:
    """Return the timeline of one entity, as `timelines.infer_signals` has it.

    Args:
        swept: what the sweep found.
        e: index of the entity.
        asked: form, seed and defaults.
    """
    watched = watched_of(swept, e)
    paths, active = _draw(watched, swept, asked)
    kept = keep(active)
    settled = settle(paths[:, kept])
    del paths  # years of bins: as much again as all that follows
    shifts = shifts_of(settled, kept, watched, 0, asked, zero=swept.told.zero)
    unknown = _unknown(watched, kept, settled, asked)
    codes, access = _lay_out(settled, kept, unknown)
    if shifts is not None:
        _still(shifts, kept, unknown)
    mine = range(watched.ratio.shape[0])
    return tell(watched, 0, asked, Drawn(codes, access, shifts, tuple(_voice_of(watched, r) for r in mine)))


def _draw(watched: Watched, swept: Swept, asked: Asked) -> tuple[Codes, Mask]:
    """Return histories as shown, not yet settled, and the bins in which some history is not up."""
    alpha, moves = watched.alpha[0], swept.knobs.moves
    active = np.zeros(alpha.shape[0], dtype=bool)
    live = asked.form == "live"
    least = alpha[:, [UP, BACK]].sum(axis=1).min() if live else watched.up[0]
    if least > 1 - NOTHING:
        return np.zeros((1, alpha.shape[0]), dtype=np.uint8), active
    paths = np.zeros((asked.n_samples, alpha.shape[0]), dtype=np.uint8)
    seed = seed_of(asked.seed, watched.rows.entities[0].id)
    if live:
        draw_ranks(alpha, LIVE_ORDER, AS_SHOWN, np.sort(uniforms(seed, 0, asked.n_samples)), paths, active)
        return paths, active
    onto: Small = np.empty((alpha.shape[0], N_STATES), dtype=np.uint8)
    calm = np.empty((alpha.shape[0], N_STATES), dtype=np.int32)
    count_calm(alpha, moves, 1 - CERTAIN, onto, calm)
    start = np.uint64((seed + STRIDE) & 0xFFFFFFFFFFFFFFFF)
    draw_paths(alpha, moves, onto, calm, AS_SHOWN, start, swept.told.zero, paths, active)
    return paths, active


def keep(active: Mask) -> Bins:
    """Return the bins that tell all of some histories; what is left out lies amid a run of up in all of them.

    Runs keep more than `LEAST_BINS` bins, so that what is settled is settled alike.
    """
    edges = np.diff(active.astype(np.int8), prepend=0, append=0)
    grown = np.zeros(active.size + 1, dtype=np.int64)
    margin = LEAST_BINS + 1
    np.add.at(grown, np.maximum(np.flatnonzero(edges > 0) - margin, 0), 1)
    np.add.at(grown, np.minimum(np.flatnonzero(edges < 0) + margin, active.size), -1)
    near = grown.cumsum()[:-1] > 0
    near[:margin] = near[-margin:] = True
    return np.flatnonzero(near)


def _unknown(watched: Watched, kept: Bins, settled: Codes, asked: Asked) -> Mask:
    """Return the bins in which nobody can say something, or not yet."""
    mine = np.arange(watched.ratio.shape[0])
    out = silent_bins(watched, mine, asked.tuning)
    covered = (watched.coverage == Coverage.COVERED).any(axis=0)
    begin = max(0, out.size - TAIL)
    last = np.zeros((settled.shape[0], out.size - begin), dtype=np.uint8)
    inside = kept >= begin
    last[:, kept[inside] - begin] = settled[:, inside]
    out[begin:] |= open_tail(last, covered[begin:], asked.tuning, watched.rows.grid.step_h)
    return out


def _lay_out(settled: Codes, kept: Bins, unknown: Mask) -> tuple[Codes, Codes]:
    """Return codes and access states of every bin."""
    shape = (settled.shape[0], unknown.size)
    codes, access = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)  # up is 0 in both
    codes[:, kept], access[:, kept] = settled, ACCESS_OF[settled]
    for first, until in spans_of(unknown):
        codes[:, first:until], access[:, first:until] = UNKNOWN, ACCESS_OF[UNKNOWN]
    return codes, access


def _still(shifts: Shifts, kept: Bins, unknown: Mask) -> None:
    """Leave changes on their bins where measuring stopped and began again."""
    beside = unknown.copy()
    beside[1:] |= unknown[:-1]
    shifts[:, kept[beside[kept]]] = 0.0


def _voice_of(watched: Watched, row: int) -> SignalVoice:
    """Return how one row spoke (`timelines.voice_of`), without sorting what each bin said."""
    degraded, dark = watched.row_nats[row, :, 1], watched.row_nats[row, :, 2]
    high = np.maximum(np.maximum(degraded, dark), 0.0)
    low = np.minimum(np.minimum(degraded, dark), 0.0)
    second = degraded + dark - high - low
    leans = np.where(degraded >= np.maximum(dark, 0.0), 1, DARK).astype(np.uint8)
    leans[high <= 0.0] = UP
    leans[(high - second < LEANS_FROM) | (watched.coverage[row] != Coverage.COVERED)] = SILENT
    rows = watched.rows
    return SignalVoice(
        rows.signals[row].name, rows.families[row], rows.signals[row].sense, rows.grid, leans,
        np.exp(watched.ratio[row]),
    )  # fmt: skip
