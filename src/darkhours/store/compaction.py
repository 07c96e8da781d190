"""Merges small files into larger ones, by the hour, day and month, in memory that one batch needs.

Nothing that can be read changes: a merged file takes the place of its parts in one transaction, and they lie
there for a while longer, for readers that had their names already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.store.ledger import (
    Stored,
    drop_files,
    find_dropped,
    find_files,
    find_newest,
    insert_file,
    list_series,
    next_file,
)
from darkhours.store.numbers import widest
from darkhours.store.points import entities_per_group
from darkhours.store.reading import assemble
from darkhours.store.rosters import Numbers
from darkhours.store.series import Series
from darkhours.store.shelf import Shelf
from darkhours.store.writing import BIN, DAY, HOUR, MONTH, Place, next_month, store_points

GRACE = timedelta(hours=1)
"""How long a file that was replaced still lies there: ours, sixty times as long as the longest read that we
measured; longer costs disk, shorter makes slow readers ask twice."""
SHARD = 4096
"""Numbers of entities that share a file of a month: ours; 33 MB at 5 minutes. A correction rewrites one
such file, and a reader of one entity parses its footer of 256 row groups."""
CHUNK_CELLS = 1 << 22
"""Cells in memory while merging, some 100 MB with all copies."""

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did.

    Args:
        merged: files that were replaced.
        made: files that took their place.
        n_points: cells that were written.
        n_bytes: bytes that were written.
        removed: files of earlier compactions that were removed for good.
    """

    merged: int
    made: int
    n_points: int
    n_bytes: int
    removed: int


@dataclass(frozen=True, slots=True)
class Merge:
    """Files that become others.

    Args:
        series: of which series.
        level: of what is made.
        parts: the files.
    """

    series: Series
    level: int
    parts: tuple[Stored, ...]


def compact(shelf: Shelf, now: datetime, *, grace: timedelta = GRACE, told: Told | None = None) -> Compacted:
    """Merge what is over by ``now``, and remove what was replaced longer than ``grace`` ago by the clock.

    Args:
        shelf: the archive.
        now: an hour, a day or a month is merged once it has ended.
        grace: how long a replaced file still lies there.
        told: called with a line for each merge.

    Raises:
        StoreError: another process writes.
    """
    shelf.manifest.claim()
    made: list[Stored] = []
    merged = n_points = 0
    for series in list_series(shelf.manifest.sql):
        for level in (HOUR, DAY, MONTH):
            for merge in _plan(shelf, series, level, now):
                if told is not None:
                    start = series.start_of(merge.parts[0].from_bin)
                    told(f"{series.signal.name}: {_NAMES[level]} of {start:%Y-%m-%d %H:%M}Z")
                new = carry_out(shelf, merge)
                made += new
                merged += len(merge.parts)
                n_points += sum(s.n_bins * len(shelf.book.roster(s.roster).entities) for s in new)
    removed = sweep(shelf, shelf.clock() - grace)
    return Compacted(merged, len(made), n_points, sum(each.n_bytes for each in made), removed)


_NAMES = {HOUR: "hour", DAY: "day", MONTH: "month"}


def period_of(instant: datetime, level: int) -> tuple[datetime, datetime]:
    """Return begin and end of the hour, day or month that holds an instant, UTC."""
    if level == HOUR:
        begin = instant.replace(minute=0, second=0, microsecond=0)
        return begin, begin + timedelta(hours=1)
    begin = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    if level == DAY:
        return begin, begin + timedelta(days=1)
    begin = begin.replace(day=1)
    return begin, next_month(begin)


def _plan(shelf: Shelf, series: Series, level: int, now: datetime) -> Iterator[Merge]:
    """Yield what is to be merged: files of lower levels that lie in one period which has ended."""
    with shelf.manifest.looking() as sql:
        base = [each for each in find_files(sql, series) if not each.layer and each.level <= level]
        newest = find_newest(sql, series)

    def begins(each: Stored) -> datetime:
        return period_of(series.start_of(each.from_bin), level)[0]

    for begin, members in groupby(sorted(base, key=lambda s: (s.from_bin, s.no)), key=begins):
        end = period_of(begin, level)[1]
        inside = [each for each in members if series.start_of(each.until_bin - 1) < end]
        if newest is not None and newest.level == BIN:
            inside = [each for each in inside if each.no != newest.no]  # stays quick to read, until the next
        low = [each for each in inside if each.level < level]
        if end > now or not low or len(inside) < 2:  # noqa: PLR2004 — one file is merged already
            continue
        if level == MONTH:
            shards = {shard for each in low for shard in _shards(each)}
            inside = [each for each in inside if each.level < level or shards & _shards(each)]
        yield Merge(series, level, tuple(inside))


def _shards(stored: Stored) -> set[int]:
    return set(range(stored.first_entity // SHARD, stored.last_entity // SHARD + 1))


def carry_out(shelf: Shelf, merge: Merge) -> list[Stored]:
    """Write the files of a merge, then let them take the place of their parts.

    Args:
        shelf: the archive.
        merge: what becomes what.

    Raises:
        StoreError: another process writes.
    """
    number = widest(each.number for each in merge.parts)
    rosters = [shelf.book.roster(no).entities for no in {each.roster for each in merge.parts}]
    every = rosters[0] if len(rosters) == 1 else np.unique(np.concatenate(rosters))
    cuts = _split_shards(every) if merge.level == MONTH else [every]
    bins = (min(each.from_bin for each in merge.parts), max(each.until_bin for each in merge.parts))
    version = max(each.max_version for each in merge.parts)
    made: list[Stored] = []
    with shelf.changing() as sql:
        for entities in cuts:
            place = Place(shelf.book.keep(entities), bins, merge.level, 0, False, version, number)
            blocks = _read_chunks(shelf, merge.parts, entities, bins)
            made.append(store_points(shelf, merge.series, place, blocks, next_file(sql)))
            insert_file(sql, made[-1])
        drop_files(sql, [each.no for each in merge.parts], shelf.clock())
    return made


def _split_shards(entities: Numbers) -> list[Numbers]:
    cuts = np.flatnonzero(np.diff(entities // SHARD)) + 1
    return [np.ascontiguousarray(part) for part in np.split(entities, cuts)]


def _read_chunks(
    shelf: Shelf, parts: Sequence[Stored], entities: Numbers, bins: tuple[int, int]
) -> Iterable[Floats]:
    """Yield the merged values, so many whole row groups of entities at a time as memory holds."""
    n_bins = bins[1] - bins[0]
    group = entities_per_group(n_bins)
    size = group * max(1, CHUNK_CELLS // (group * n_bins))
    for at in range(0, len(entities), size):
        yield assemble(shelf, parts, entities[at : at + size], bins)


def sweep(shelf: Shelf, before: datetime) -> int:
    """Remove the files that ceased to count before an instant, and return how many."""
    gone = find_dropped(shelf.manifest.sql, before)
    for _, name in gone:
        shelf.files.remove(name)
        shelf.footers.forget(name)
    if gone:
        with shelf.changing() as sql:
            sql.executemany("DELETE FROM files WHERE no = ?", [(no,) for no, _ in gone])
    return len(gone)
