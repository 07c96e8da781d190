"""Measured signals lent to the chain of access, so that claims and signals speak in one posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from darkhours.infer.chain.draw import said_by, smooth
from darkhours.infer.signals.likelihood import BACK, DARK, DEGRADED, UP
from darkhours.infer.signals.notes import notes_of
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.settle import LEAST_BINS
from darkhours.infer.signals.timelines import silent_bins, trace_of, voice_of
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.watch import Watched, moves_per_bin, watch
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel, Trace
from darkhours.model.state import Access
from darkhours.model.timeline import Floats, Mask, SignalVoice

N_ACCESS = len(Access)
_STATE_OF = np.full(N_ACCESS, DEGRADED)
_STATE_OF[[Access.UP, Access.DARK]] = UP, DARK
"""State of a signal's chain that speaks for each access state: a signal cannot tell wired from mobile."""

MIXED_FROM = 0.5
"""A bin that holds an edge this probably says nothing of the access inside it: ours. The edge is free to lie
anywhere in it, and what reports say decides."""


@dataclass(frozen=True, slots=True, eq=False)
class Lent:
    """What measured signals add to what claims say of one entity, on the grid of a case.

    Args:
        nats: log-likelihood per bin and access state, relative to its best, shape (n_bins, 7).
        changes: changes per hour that become possible where somebody measures, shape (n_bins, 7, 7).
        covered: bins in which somebody measured, shape (n_bins,).
        voices: the signals as they spoke.
        traces: the signals beside their baselines.
        least_dark_h: shortest dark window that they can carry.
        notes: what a reader of the account should know.
    """

    nats: Floats
    changes: Floats
    covered: Mask
    voices: tuple[SignalVoice, ...]
    traces: tuple[Trace, ...]
    least_dark_h: float
    notes: tuple[str, ...]


def lend_signals(
    panels: Sequence[Panel], entity: str, grid: Grid, tuning: Tuning | None = None
) -> Lent | None:
    """Return what the signals of ``entity`` add on ``grid``, None where there is none.

    The signals are held against their own baselines on their own bins; what they then say is laid onto
    the bins of the case, shared out over them by time.

    Args:
        panels: signals, of this entity and others.
        entity: id.
        grid: bins of the case.
        tuning: every default of the inference from signals.
    """
    mine = [_only(panel, entity) for panel in panels if any(e.id == entity for e in panel.entities)]
    if not mine:
        return None
    tuning = tuning or Tuning()
    watched = watch(make_rows(mine, tuning), tuning, unrelated=False)
    rows = np.arange(watched.rows.values.shape[0])
    voices = tuple(voice_of(watched, int(row)) for row in rows)
    covered = _bridge(_lay(~silent_bins(watched, rows, tuning), watched.rows.grid, grid) > 0, grid, tuning)
    return Lent(
        nats=_nats(watched, grid, tuning),
        changes=_changes(covered, tuning),
        covered=covered,
        voices=tuple(sorted(voices, key=_order)),
        traces=tuple(trace_of(watched, int(row), tuning) for row in rows),
        least_dark_h=LEAST_BINS * watched.rows.grid.step_h,
        notes=notes_of(watched, rows, tuning),
    )


def _bridge(covered: Mask, grid: Grid, tuning: Tuning) -> Mask:
    """Let what was measured last hold until the end of the grid, where that is within an hour."""
    known = np.flatnonzero(covered)
    if known.size and (grid.n_bins - 1 - known[-1]) * grid.step_h < tuning.bridge_h:
        covered[known[-1] :] = True
    return covered


def _order(voice: SignalVoice) -> tuple[str, str]:
    return voice.signal, voice.family


def _only(panel: Panel, entity: str) -> Panel:
    index = next(i for i, e in enumerate(panel.entities) if e.id == entity)
    return Panel(
        panel.signal, panel.family, panel.datasource, (panel.entities[index],), panel.grid,
        panel.values[index : index + 1], panel.counted, panel.partial, panel.smoothed,
    )  # fmt: skip


def _nats(watched: Watched, grid: Grid, tuning: Tuning) -> Floats:
    moves = moves_per_bin(tuning, watched.rows.grid.step_h)
    told = said_by(watched.alpha[0], moves)
    nats = told[:, _STATE_OF]
    whole = smooth(watched.alpha[:1], moves)[0][:, [UP, DEGRADED, DARK, BACK]].sum(axis=1)
    mixed = whole < 1 - MIXED_FROM
    nats = np.where(mixed[:, None], 0.0, nats)
    laid = np.stack([_lay(nats[:, s], watched.rows.grid, grid) for s in range(N_ACCESS)], axis=1)
    return np.asarray(laid - laid.max(axis=1, keepdims=True))


def _lay(values: Floats | Mask, of: Grid, onto: Grid) -> Floats:
    """Return the sum of values per bin of another grid, each shared out evenly over its own bin."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    edges = (onto.start - of.start) / of.step + np.arange(onto.n_bins + 1) * (onto.step / of.step)
    reached = np.interp(np.clip(edges, 0.0, of.n_bins), np.arange(of.n_bins + 1), total)
    return np.asarray(np.diff(reached))


def _changes(covered: Mask, tuning: Tuning) -> Floats:
    """Return the changes per hour between up, degraded and dark where somebody measures."""
    rates = np.zeros((N_ACCESS, N_ACCESS))
    partly = [a for a in Access if a not in (Access.UP, Access.DARK)]
    rates[Access.UP, Access.DEGRADED] = rates[Access.UP, Access.DARK] = tuning.into_per_hour
    rates[partly, Access.UP] = tuning.up_per_hour
    rates[partly, Access.DARK] = tuning.between_per_hour
    rates[Access.DARK, [Access.UP, Access.DEGRADED]] = tuning.up_per_hour, tuning.between_per_hour
    return np.asarray(covered[:, None, None] * rates)
