"""Writes points: a rectangle of entities and bins, durable before its version is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from sqlite3 import Connection
from typing import Any

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.errors import StoreError
from darkhours.model.panel import Panel
from darkhours.model.timeline import Floats
from darkhours.store.files import publish
from darkhours.store.ledger import (
    Stored,
    find_newest,
    insert_file,
    insert_series,
    insert_write,
    list_series,
    newest_version,
    next_file,
)
from darkhours.store.numbers import number_type
from darkhours.store.points import write_points
from darkhours.store.reading import read_rectangle
from darkhours.store.rosters import Numbers, Roster
from darkhours.store.series import Series
from darkhours.store.shelf import Shelf

BIN, HOUR, DAY, MONTH = 0, 1, 2, 3
"""Levels of a file: as written, and merged by the hour, day and month."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Values on their way in.

    Args:
        entities: ids or entities, each once.
        bins: first bin and end of the bins.
        values: not negative, NaN where nobody measured; shape (n_entities, n_bins).
        kind: ``append`` and ``add`` refuse cells that hold another value, ``revise`` lays its values over
            them, ``correct`` its NaN too.
        provenance: where it came from.
        partial: bins that were observed in part.
    """

    entities: Sequence[str | Entity]
    bins: tuple[int, int]
    values: Floats
    kind: str
    provenance: Mapping[str, Any] | None = None
    partial: tuple[int, ...] = ()


def write_rectangle(shelf: Shelf, series: Series, told: Rectangle) -> int:
    """Store a rectangle and return its version; durable when this returns.

    Of what the archive holds already only the difference is stored; where there is none, nothing is, and the
    version is the newest that there is: so whoever was not told whether a write had arrived may repeat it.

    Raises:
        StoreError: another process writes, or cells hold another value.
        ValueError: values are negative or infinite, or of another shape.
    """
    values = _checked(told)
    with shelf.changing() as sql:
        order, roster = shelf.book.enrol(told.entities)
        values = values[order] if np.any(order[1:] < order[:-1]) else values
        bins, layered = told.bins, False
        if _is_known(sql, series, bins):
            cut = _difference(shelf, series, roster, told, values)
            if cut is None:
                return newest_version(sql)
            roster, bins, values = cut
            layered = told.kind == "correct" or _touches(shelf, sql, series, roster, bins)
        version = insert_write(
            sql, told.kind, shelf.clock(), (series.no, *bins, roster.no), layered=layered,
            provenance=told.provenance,
        )  # fmt: skip
        layer = version if layered else 0
        for part, block in split_months(series, bins, values):
            number = number_type(block)
            place = Place(roster, part, BIN, layer, told.kind == "correct", version, number)
            insert_file(sql, store_points(shelf, series, place, [block], next_file(sql)))
        sql.executemany(
            "INSERT INTO partials VALUES (?, ?, ?)", [(series.no, bin_, version) for bin_ in told.partial]
        )
    return version


def _checked(told: Rectangle) -> Floats:
    values = np.asarray(told.values, np.float64)
    expected = (len(told.entities), told.bins[1] - told.bins[0])
    if values.shape != expected or not values.size:
        raise ValueError(f"values: expected shape {expected}, not empty, got {values.shape}")
    with np.errstate(invalid="ignore"):
        wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        row = int(np.flatnonzero(wrong.any(axis=1))[0])
        got = values[row][wrong[row]][0]
        raise ValueError(f"values of {told.entities[row]}: expected 0 or more, or NaN, got {got}")
    return values


def _is_known(sql: Connection, series: Series, bins: tuple[int, int]) -> bool:
    """Tell whether any earlier write reaches into the bins or past them; an append of a new bin is none."""
    newest = find_newest(sql, series)
    if newest is None or newest.until_bin <= bins[0]:
        return False
    row = sql.execute(
        "SELECT 1 FROM writes WHERE series = ? AND until_bin > ? AND from_bin < ? LIMIT 1", [series.no, *bins]
    ).fetchone()
    return row is not None


def _touches(shelf: Shelf, sql: Connection, series: Series, roster: Roster, bins: tuple[int, int]) -> bool:
    """Tell whether an earlier write, of whatever version, holds any of the cells."""
    others = sql.execute(
        "SELECT DISTINCT roster FROM writes WHERE series = ? AND until_bin > ? AND from_bin < ?",
        [series.no, *bins],
    ).fetchall()
    mine = roster.entities
    return any(
        no == roster.no or np.isin(mine, shelf.book.roster(no).entities, assume_unique=True).any()
        for (no,) in others
    )


def _difference(
    shelf: Shelf, series: Series, roster: Roster, told: Rectangle, values: Floats
) -> tuple[Roster, tuple[int, int], Floats] | None:
    """Return the smallest rectangle that holds all that is new, None where nothing is.

    To a plain write nothing is new that a cell has ever held: a writer that says again what was corrected
    since was not told that it had arrived; it does not undo the correction.

    Raises:
        StoreError: a cell holds another value, and is not to be changed.
    """
    plain = told.kind in {"append", "add"}
    bits, told_before = values.view(np.int64), np.zeros(values.shape, bool)

    def remember(held: Floats) -> None:
        np.logical_or(told_before, held.view(np.int64) == bits, out=told_before)

    held = read_rectangle(shelf, series, roster.entities, told.bins, stage=remember if plain else None)
    missing = np.isnan(values)
    if told.kind == "correct":
        new = ~(np.isnan(held) & missing) & (held.view(np.int64) != bits)
    else:
        new = ~missing & (held.view(np.int64) != bits) & ~told_before
        values = np.where(new, values, np.nan)
    if plain and np.any(clash := new & ~np.isnan(held)):
        raise StoreError(_describe_clash(shelf, series, roster, told.bins[0], (clash, held, values)))
    rows, columns = np.flatnonzero(new.any(axis=1)), np.flatnonzero(new.any(axis=0))
    if not rows.size:
        return None
    inside = slice(int(columns[0]), int(columns[-1]) + 1)
    bins = (told.bins[0] + inside.start, told.bins[0] + inside.stop)
    smaller = roster if len(rows) == len(roster.entities) else shelf.book.keep(roster.entities[rows])
    return smaller, bins, values[rows, inside]


def _describe_clash(
    shelf: Shelf, series: Series, roster: Roster, first: int, what: tuple[Any, Floats, Floats]
) -> str:
    clash, held, values = what
    row, column = np.argwhere(clash)[0]
    (entity,) = shelf.book.entities(roster.entities[row : row + 1])
    at = f"{series.start_of(first + int(column)):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"{series.title}: {int(clash.sum())} cells hold another value, first {entity.id} at {at}: "
        f"expected {held[row, column]:g}, got {values[row, column]:g}; revise or correct them"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where new points stand.

    Args:
        roster: their entities.
        bins: first bin and end of the bins.
        level: how far they are merged.
        layer: 0, or the version that laid them over others.
        overrides: whether nulls take the place of what is below.
        version: newest write in them.
        number: type of their values.
    """

    roster: Roster
    bins: tuple[int, int]
    level: int
    layer: int
    overrides: bool
    version: int
    number: str


def store_points(shelf: Shelf, series: Series, place: Place, blocks: Iterable[Floats], no: int) -> Stored:
    """Write a file of points, durable under a new name, and return the row that will make it count."""
    start = series.start_of(place.bins[0])
    name = f"{series.no:04d}/{start:%Y-%m}/{place.level}-{start:%Y%m%dT%H%M%S}-{no:08d}.parquet"
    entities: Numbers = place.roster.entities
    _, sink = publish(
        shelf.files,
        name,
        lambda sink: write_points(sink, series, entities, place.bins, blocks, number=place.number),
    )
    return Stored(
        no, series.no, name, place.level, place.layer, place.overrides, *place.bins, place.roster.no,
        int(entities[0]), int(entities[-1]), place.version, place.number, sink.n_bytes, sink.sha256(),
    )  # fmt: skip


def split_months(
    series: Series, bins: tuple[int, int], values: Floats
) -> Iterator[tuple[tuple[int, int], Floats]]:
    """Yield the part of a rectangle that begins in each calendar month, UTC."""
    cuts = [bins[0]]
    while cuts[-1] < bins[1]:
        cuts.append(min(bins[1], series.first_bin(next_month(series.start_of(cuts[-1])))))
    for first, end in pairwise(cuts):
        yield (first, end), values[:, first - bins[0] : end - bins[0]]


def next_month(instant: datetime) -> datetime:
    """Return the begin of the calendar month after the one that holds an instant."""
    year, month = divmod(instant.year * 12 + instant.month, 12)
    return instant.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def make_rectangle(
    series: Series, panel: Panel, kind: str, provenance: Mapping[str, Any] | None
) -> Rectangle:
    """Return a panel as a rectangle on its way in."""
    first = series.bin_at(panel.grid.start)
    partial = () if panel.partial is None else tuple((first + np.flatnonzero(panel.partial)).tolist())
    bins = (first, first + panel.grid.n_bins)
    return Rectangle(panel.entities, bins, panel.values, kind, provenance, partial)


def declare_series(shelf: Shelf, new: Series) -> Series:
    """Return the series that goes by the same signal, family, datasource, step and phase; made if new.

    Raises:
        StoreError: the archive holds it as another kind, or another process writes.
    """
    for known in list_series(shelf.manifest.sql):
        if _key(known) == _key(new):
            return _agreed(known, new)
    with shelf.changing() as sql:
        no = insert_series(sql, new)
    return replace(new, no=no)


def _key(series: Series) -> tuple[object, ...]:
    return series.signal.name, series.family, series.datasource, series.step, series.phase


def _agreed(known: Series, new: Series) -> Series:
    held = (known.signal.kind, known.signal.worse, known.counted, known.smoothed)
    told = (new.signal.kind, new.signal.worse, new.counted, new.smoothed)
    if held != told:
        raise StoreError(
            f"{known.title}: expected it as it is held (kind, worse, counted, smoothed: {held}), got {told}; "
            "give it another family"
        )
    return known
