"""Panels out of an archive: which series, bins and entities are meant, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from darkhours.model.errors import InputError, Problem
from darkhours.model.panel import Panel
from darkhours.model.timeline import Mask
from darkhours.store.ledger import find_files, find_newest
from darkhours.store.reading import Bins, read_rectangle
from darkhours.store.rosters import Numbers
from darkhours.store.series import Series
from darkhours.store.shelf import Shelf

EVER = 2**62


def find_series(held: Sequence[Series], signal: str | Series) -> Series:
    """Return the one series that is meant.

    Args:
        held: every series of the archive.
        signal: one of them, or the name of its signal or family.

    Raises:
        InputError: there is none, or there are several.
    """
    if isinstance(signal, Series):
        found = [each for each in held if each.no == signal.no]
    else:
        found = [each for each in held if signal in {each.signal.name, each.family}]
    if len(found) != 1:
        title = signal.title if isinstance(signal, Series) else signal
        names = "; ".join(each.title for each in found or held) or "none"
        message = f"expected the name of one series, got {title!r}; there are: {names}"
        raise InputError("archive", [Problem("signal", message)])
    return found[0]


def find_ends(shelf: Shelf, series: Series) -> tuple[int | None, int]:
    """Return the first bin that has points and the end of the last; None and 0 where there are none."""
    row = shelf.manifest.sql.execute(
        "SELECT min(from_bin), max(until_bin) FROM files WHERE dropped_us IS NULL AND series = ?", [series.no]
    ).fetchone()
    return row[0], row[1] or 0


def find_bins(shelf: Shelf, series: Series, start: datetime | None, until: datetime | None) -> Bins:
    """Return the bins that begin in a span of time; None is the first or last that there is."""
    first, end = find_ends(shelf, series) if start is None or until is None else (0, 0)
    first = max(first or 0, series.kept_from or first or 0)
    begin = first if start is None else series.first_bin(start)
    return begin, max(begin, end if until is None else series.first_bin(until))


def find_members(shelf: Shelf, series: Series, bins: Bins) -> Numbers:
    """Return the numbers of all entities that have points in the bins, ascending."""
    with shelf.manifest.looking() as sql:
        stored = find_files(sql, series, *bins)
    rosters = [shelf.book.roster(no).entities for no in dict.fromkeys(each.roster for each in stored)]
    if len(rosters) == 1:
        return rosters[0]
    return np.unique(np.concatenate(rosters)) if rosters else np.zeros(0, np.int32)


def read_panel(
    shelf: Shelf, series: Series, ids: Sequence[str] | None, bins: Bins, as_of: int | None
) -> Panel:
    """Return the points of entities, in the order of their ids; None: of all that have any, by number."""
    if ids is None:
        return _make_panel(shelf, series, find_members(shelf, series, bins), bins, as_of)
    numbers, order = np.unique(shelf.book.numbers_of(ids), return_inverse=True)
    return _make_panel(shelf, series, numbers, bins, as_of, order=order)


def read_latest(shelf: Shelf, series: Series) -> Panel | None:
    """Return the newest bin of all entities that have points in it, None where there is none."""
    newest = find_newest(shelf.manifest.sql, series)
    if newest is None:
        return None
    return read_panel(shelf, series, None, (newest.until_bin - 1, newest.until_bin), None)


def read_batches(shelf: Shelf, series: Series, bins: Bins, size: int, as_of: int | None) -> Iterator[Panel]:
    """Yield the points of all entities, ``size`` entities at a time."""
    numbers = find_members(shelf, series, bins)
    for at in range(0, len(numbers), size):
        yield _make_panel(shelf, series, numbers[at : at + size], bins, as_of)


def _make_panel(
    shelf: Shelf,
    series: Series,
    numbers: Numbers,
    bins: Bins,
    as_of: int | None,
    *,
    order: NDArray[np.intp] | None = None,
) -> Panel:
    values = read_rectangle(shelf, series, numbers, bins, as_of)
    entities = shelf.book.entities(numbers)
    if order is not None and not np.array_equal(order, np.arange(len(numbers))):
        values, entities = values[order], tuple(entities[at] for at in order.tolist())
    return Panel(
        signal=series.signal,
        family=series.family,
        datasource=series.datasource,
        entities=entities,
        grid=series.grid(*bins),
        values=values,
        counted=series.counted,
        partial=_find_partial(shelf, series, bins, as_of),
        smoothed=series.smoothed,
    )


def _find_partial(shelf: Shelf, series: Series, bins: Bins, as_of: int | None) -> Mask | None:
    rows = shelf.manifest.sql.execute(
        "SELECT bin FROM partials WHERE series = ? AND bin >= ? AND bin < ? AND version <= ?",
        [series.no, *bins, EVER if as_of is None else as_of],
    ).fetchall()
    if not rows:
        return None
    mask = np.zeros(bins[1] - bins[0], bool)
    mask[[row[0] - bins[0] for row in rows]] = True
    return mask


def describe_files(shelf: Shelf, series: Series) -> list[dict[str, int]]:
    """Return the files that count, summed for each level of merging; corrections are told apart."""
    rows = shelf.manifest.sql.execute(
        "SELECT level, layer > 0, count(*), sum(n_bytes), sum((until_bin - from_bin) * size) FROM files "
        "JOIN rosters ON roster = rosters.no WHERE dropped_us IS NULL AND series = ? GROUP BY 1, 2",
        [series.no],
    ).fetchall()
    names = ("level", "corrections", "files", "n_bytes", "n_points")
    return [dict(zip(names, row, strict=True)) for row in rows]
