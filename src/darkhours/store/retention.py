"""Lets go of what is older than one wants to keep: points, or the versions before the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from darkhours.store.compaction import Merge, carry_out
from darkhours.store.ledger import Stored, drop_files, find_files, insert_write, newest_version
from darkhours.store.series import Series
from darkhours.store.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Retained:
    """What was let go.

    Args:
        files: files of points that no longer count.
        n_bytes: their bytes, free once the grace of a compaction has passed.
        folded: corrections that are now one with what they corrected.
        floor: oldest version whose accounts can still be rebuilt; 0 where all can.
    """

    files: int
    n_bytes: int
    folded: int
    floor: int


def retain(
    shelf: Shelf,
    series: Series,
    now: datetime,
    *,
    points: timedelta | None = None,
    history: timedelta | None = None,
) -> Retained:
    """Let go of old points and old versions of a series.

    A file goes when the last of its bins is too old; so of merged months up to one more month is kept.

    Args:
        shelf: the archive.
        series: of which series.
        now: from when ages are counted.
        points: how long points are kept; None for ever.
        history: how long it can still be told what was known before a correction; None for ever.

    Raises:
        StoreError: another process writes.
    """
    shelf.manifest.claim()
    old = [] if points is None else _let_points_go(shelf, series, series.first_bin(now - points))
    floor = series.floor
    if history is not None:
        floor = max(floor, newest_version(shelf.manifest.sql, now - history))
        with shelf.changing() as sql:
            sql.execute("UPDATE series SET floor = ? WHERE no = ?", [floor, series.no])
    folded = _fold(shelf, series, floor) if history is not None else 0
    return Retained(len(old), sum(each.n_bytes for each in old), folded, floor)


def _let_points_go(shelf: Shelf, series: Series, end: int) -> list[Stored]:
    """Make files whose last bin lies before ``end`` no longer count, and return them."""
    old = [each for each in find_files(shelf.manifest.sql, series) if each.until_bin <= end]
    if old:
        kept_from = max(each.until_bin for each in old)
        told = {"series": series.no, "kept_from": series.start_of(kept_from).isoformat(), "files": len(old)}
        with shelf.changing() as sql:
            drop_files(sql, [each.no for each in old], shelf.clock())
            sql.execute("UPDATE series SET kept_from = ? WHERE no = ?", [kept_from, series.no])
            insert_write(sql, "retain", shelf.clock(), provenance=told)
    return old


def _fold(shelf: Shelf, series: Series, floor: int) -> int:
    """Make corrections up to a version one with what they correct, month by month; return how many."""
    every = find_files(shelf.manifest.sql, series)
    layers = [each for each in every if 0 < each.layer <= floor]
    for _, members in groupby(sorted(layers, key=lambda s: (s.from_bin, s.no)), lambda s: s.name[:12]):
        over = sorted(members, key=lambda s: (s.layer, s.from_bin, s.no))
        base = [each for each in every if not each.layer and any(_touch(each, other) for other in over)]
        level = max((each.level for each in base), default=0)
        carry_out(shelf, Merge(series, level, (*base, *over)))
    return len(layers)


def _touch(base: Stored, other: Stored) -> bool:
    return (
        base.until_bin > other.from_bin
        and base.from_bin < other.until_bin
        and base.last_entity >= other.first_entity
        and base.first_entity <= other.last_entity
    )


def describe(kept: Sequence[Retained]) -> Retained:
    """Return what was let go of several series together."""
    return Retained(
        sum(each.files for each in kept),
        sum(each.n_bytes for each in kept),
        sum(each.folded for each in kept),
        max((each.floor for each in kept), default=0),
    )
