"""Rows of a table into bins: duplicates, gaps and irregular times, each by its rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from darkhours.model.evidence import Grid
from darkhours.model.timeline import Bins, Floats, Mask
from darkhours.sources.rhythm import Beat

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Short = NDArray[np.int32]
Order = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Binned:
    """Rows in bins.

    Args:
        grid: the bins.
        values: shape (n_entities, n_bins), NaN where no row speaks.
        notes: what was decided on the way, a sentence each.
    """

    grid: Grid
    values: Floats
    notes: tuple[str, ...] = ()


def make_grid(beat: Beat, micros: Bins) -> tuple[Grid, int]:
    """Return the bins from the first row of the file to its last, and the number of the first."""
    ends = beat.bins(np.array([micros.min(), micros.max()]))
    first = int(ends[0])
    start = EPOCH + timedelta(microseconds=beat.start(first))
    return Grid(start, timedelta(microseconds=beat.step), int(ends[1]) - first + 1), first


def count_rows(codes: Short, micros: Bins, n_entities: int, beat: Beat) -> Binned:
    """Return the rows in each bin; 0 wherever the file was being written and the entity is silent."""
    grid, first = make_grid(beat, micros)
    keys = codes.astype(np.int64) * grid.n_bins + (beat.bins(micros) - first)
    counts = np.bincount(keys, minlength=n_entities * grid.n_bins).astype(float)
    return Binned(grid, counts.reshape(n_entities, grid.n_bins))


def mark_ends(n_bins: int) -> Mask:
    """Return the mask of the bins that a raw file was begun and ended in."""
    partial = np.zeros(n_bins, bool)
    partial[[0, -1]] = True
    return partial


def bin_values(
    codes: Short, micros: Bins, values: Floats, n_entities: int, beat: Beat, *, kind: str
) -> Binned:
    """Return the value of each bin; NaN where no row has one.

    Rows of one entity and instant are one row: of counts the largest stands, for an early copy of
    a count is short of it; of gauges and indices the mean. Several instants in a bin give their mean,
    whatever the kind: a level stays a level.

    Args:
        codes: entity of each row, sorted, shape (n,).
        micros: instant of each row, sorted within the entity, shape (n,).
        values: NaN where the row has none, shape (n,).
        n_entities: how many.
        beat: where bins lie.
        kind: ``count``, ``gauge`` or ``index``.
    """
    grid, first = make_grid(beat, micros)
    matrix = np.full((n_entities, grid.n_bins), np.nan)
    found = np.zeros(3, np.int64)
    for rows, entities in _batches(codes, n_entities):
        of = codes[rows].astype(np.int64) - entities.start
        found += _bin(of, micros[rows], values[rows], matrix[entities], (beat, first, kind))
    return Binned(grid, matrix, _describe(found, beat, kind))


BATCH = 1_000_000
"""Rows that are binned at once, where entities are small enough: ours, for memory; it moves no value."""


def _batches(codes: Short, n_entities: int) -> Iterator[tuple[slice, slice]]:
    """Yield rows, sorted by entity, in batches of whole entities, with the entities that they are of."""
    ends = np.searchsorted(codes, np.arange(n_entities), side="right")
    row, entity = 0, 0
    while entity < n_entities:
        until = max(entity + 1, int(np.searchsorted(ends, row + BATCH, side="right")))
        yield slice(row, int(ends[until - 1])), slice(entity, until)
        row, entity = int(ends[until - 1]), until


def _bin(codes: Bins, micros: Bins, values: Floats, matrix: Floats, how: tuple[Beat, int, str]) -> Bins:
    """Fill the bins of some entities; return how many instants and bins were told more than once.

    Returns:
        Instants told again alike, instants told again otherwise, bins that hold several; shape (3,).
    """
    beat, first, kind = how
    kept = ~np.isnan(values)
    if not kept.all():
        codes, micros, values = codes[kept], micros[kept], values[kept]
    same = differ = 0
    again = (np.diff(codes) == 0) & (np.diff(micros) == 0)
    if again.any():
        starts = np.flatnonzero(np.concatenate(([True], ~again)))
        values, same, differ = _merge(values, starts, kind)
        codes, micros = codes[starts], micros[starts]
    keys = codes * matrix.shape[1] + (beat.bins(micros) - first)
    return np.array([same, differ, _average(keys, values, matrix.reshape(-1))])


def _describe(found: Bins, beat: Beat, kind: str) -> tuple[str, ...]:
    same, differ, shared = found.tolist()
    rule = "the largest stands" if kind == "count" else "their mean stands"
    notes = []
    if same:
        notes.append(f"{same:,} instants are told more than once with one value; each counts once")
    if differ:
        notes.append(f"{differ:,} instants are told more than once with different values; {rule}")
    if shared:
        notes.append(f"{shared:,} bins hold several instants of their entity; their mean stands")
    if beat.late:
        notes.append(
            "rows come a little before or after a common beat; each stands in the bin of the nearest"
        )
    return tuple(notes)


def _merge(values: Floats, starts: Order, kind: str) -> tuple[Floats, int, int]:
    lowest, highest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    sizes = np.diff(np.append(starts, values.size))
    differ = lowest != highest
    same = int(((sizes > 1) & ~differ).sum())
    mean = np.add.reduceat(values, starts) / sizes
    merged = highest if kind == "count" else np.where(differ, mean, lowest)
    return merged, same, int(differ.sum())


def _average(keys: Bins, values: Floats, into: Floats) -> int:
    """Fill bins with their value, or the mean of several; return how many hold several."""
    counts = np.bincount(keys, minlength=into.size) if keys.size else np.zeros(into.size, np.int64)
    into[keys] = values
    shared = np.flatnonzero(counts > 1)
    if shared.size:
        sums = np.bincount(keys, values, minlength=into.size)
        into[shared] = sums[shared] / counts[shared]
    return int(shared.size)
