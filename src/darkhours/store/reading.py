"""Reads points: which files hold a rectangle, and how they are laid over each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from darkhours.model.errors import StoreError
from darkhours.model.timeline import Floats
from darkhours.store.ledger import Stored, find_files, find_spans
from darkhours.store.points import read_groups, read_one
from darkhours.store.rosters import Numbers
from darkhours.store.series import Series
from darkhours.store.shelf import Shelf

TRIES = 5
"""How often a reader asks the manifest anew when a file has gone: a file is removed an hour after it
ceased to count, so once is all that a reader of ordinary patience needs."""
ROWS_AT_ONCE = 1 << 19
"""Rows that are unpacked at once: ours, 10 MB with all copies; more is no faster."""
Bins = tuple[int, int]


def read_rectangle(
    shelf: Shelf,
    series: Series,
    numbers: Numbers,
    bins: Bins,
    as_of: int | None = None,
    *,
    stage: Callable[[Floats], None] | None = None,
) -> Floats:
    """Return the values of entities in bins, NaN where nobody measured; shape (n_entities, n_bins).

    Args:
        shelf: the archive.
        series: of which series.
        numbers: of entities, ascending.
        bins: first bin and end of the bins.
        as_of: what was acknowledged by this version only; None for all.
        stage: called with what stands there before the first correction, and after each.

    Raises:
        StoreError: a file is missing, or that version or time was let go.
    """
    _refuse_what_was_let_go(series, bins, as_of)
    for last in (*[False] * (TRIES - 1), True):
        with shelf.manifest.looking() as sql:
            among = (int(numbers[0]), int(numbers[-1])) if numbers.size else None
            stored = find_files(sql, series, *bins, among=among)
            later = [] if as_of is None else find_spans(sql, series, *bins, after=as_of)
        if as_of is not None:
            stored = [each for each in stored if each.layer <= as_of]
        try:
            return assemble(shelf, stored, numbers, bins, later, stage=stage)
        except FileNotFoundError as error:
            if last:
                raise StoreError(
                    f"{error.filename}: expected the file that the manifest names, found none; "
                    "run: darkhours store check"
                ) from error
    raise AssertionError


def _refuse_what_was_let_go(series: Series, bins: Bins, as_of: int | None) -> None:
    """Raise `StoreError` for what retention has let go of: it was measured, so no gap may stand for it."""
    if as_of is not None and as_of < series.floor:
        message = f"history before version {series.floor} was let go by retention, got version {as_of}"
        raise StoreError(f"{series.title}: {message}; ask for a later one")
    if series.kept_from is not None and bins[0] < series.kept_from:
        start, asked = (f"{series.start_of(bin_):%Y-%m-%dT%H:%MZ}" for bin_ in (series.kept_from, bins[0]))
        raise StoreError(f"{series.title}: points before {start} were let go, got {asked}; ask from then on")


def assemble(
    shelf: Shelf,
    stored: Sequence[Stored],
    numbers: Numbers,
    bins: Bins,
    later: Sequence[tuple[int, int, int]] = (),
    *,
    stage: Callable[[Floats], None] | None = None,
) -> Floats:
    """Return the rectangle that files make, each laid over those before it.

    Args:
        shelf: the archive.
        stored: files, in their order.
        numbers: of entities, ascending.
        bins: first bin and end of the bins.
        later: spans of plain writes that are not to be seen: first bin, end, roster.
        stage: called with what stands there before the first correction, and after each.

    Raises:
        FileNotFoundError: a file is gone.
    """
    out = np.full((len(numbers), bins[1] - bins[0]), np.nan)
    base = [each for each in stored if not each.layer]
    for each in base:
        _lay(shelf, each, numbers, bins, out)
    for from_bin, until_bin, roster in later:
        _, rows = _positions(shelf.book.roster(roster).entities, numbers)
        out[rows, max(0, from_bin - bins[0]) : max(0, until_bin - bins[0])] = np.nan
    for each in stored[len(base) :]:
        if stage is not None:
            stage(out)
        _lay(shelf, each, numbers, bins, out)
    if stage is not None:
        stage(out)
    return out


def _lay(shelf: Shelf, stored: Stored, numbers: Numbers, bins: Bins, out: Floats) -> None:
    """Lay a file over what is there."""
    places, rows = _positions(shelf.book.roster(stored.roster).entities, numbers)
    first, end = max(bins[0], stored.from_bin), min(bins[1], stored.until_bin)
    if not rows.size or first >= end:
        return
    inner = slice(first - stored.from_bin, end - stored.from_bin)
    outer = slice(first - bins[0], end - bins[0])
    for start, stop, block in read_blocks(shelf, stored, places):
        _put(out, rows[start:stop], outer, block[:, inner], overrides=stored.overrides)


def _put(out: Floats, rows: NDArray[np.intp], columns: slice, block: Floats, *, overrides: bool) -> None:
    whole = len(rows) == rows[-1] - rows[0] + 1
    target = out[rows[0] : rows[-1] + 1, columns] if whole else out[rows, columns]
    np.copyto(target, block, where=True if overrides else ~np.isnan(block))
    if not whole:
        out[rows, columns] = target


def _positions(roster: Numbers, numbers: Numbers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where in the roster those of the numbers stand that are in it, and where in the numbers."""
    if roster is numbers or (len(roster) == len(numbers) and np.array_equal(roster, numbers)):
        every = np.arange(len(numbers))
        return every, every
    places = np.searchsorted(roster, numbers)
    found = np.flatnonzero(places < len(roster))
    found = found[roster[places[found]] == numbers[found]]
    return places[found], found


def read_blocks(shelf: Shelf, stored: Stored, places: NDArray[np.intp]) -> Iterator[tuple[int, int, Floats]]:
    """Yield (from, until, values) of those entities of a file that are asked for, some row groups at a time.

    Args:
        shelf: the archive.
        stored: the file.
        places: positions in its roster, ascending, at least one.

    Yields:
        slice of ``places``, and the values, shape (until - from, n_bins of the file).
    """
    with shelf.opened(stored) as parquet:
        size = parquet.metadata.row_group(0).num_rows // stored.n_bins
        if len(places) == 1:
            group, inside = divmod(int(places[0]), size)
            yield 0, 1, read_one(parquet, group, inside, stored.n_bins)
            return
        groups = places // size
        together = max(1, ROWS_AT_ONCE // (size * stored.n_bins))
        cuts = [0, *(np.flatnonzero(np.diff(groups // together)) + 1).tolist(), len(places)]
        for start, stop in pairwise(cuts):
            mine = groups[start:stop]
            needed = np.unique(mine)
            block = read_groups(parquet, needed.tolist(), stored.n_bins)
            inside = places[start:stop] + (np.searchsorted(needed, mine) - mine) * size
            yield start, stop, block if len(inside) == len(block) else block[inside]
