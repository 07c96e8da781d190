"""Finds what is wrong with an archive, and mends what can be mended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from darkhours.store.extra import need_pyarrow
from darkhours.store.ledger import Stored, drop_files, find_files, list_series
from darkhours.store.series import Series
from darkhours.store.shelf import Shelf

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Args:
        kind: ``missing``, ``damaged``, ``orphan`` or ``manifest``.
        file: name of the file, below the root of the points.
        message: what is lost or left over.
        lost: whether points are lost.
    """

    kind: str
    file: str
    message: str
    lost: bool


def find_faults(shelf: Shelf, *, deep: bool = False) -> Iterator[Finding]:
    """Yield what is wrong.

    Args:
        shelf: the archive.
        deep: read every byte and hold it against its digest; else sizes and footers only.
    """
    with shelf.manifest.looking() as sql:
        for (told,) in sql.execute("PRAGMA integrity_check").fetchall():
            if told != "ok":
                yield Finding("manifest", "", told, lost=True)
        live = [(series, each) for series in list_series(sql) for each in find_files(sql, series)]
        named = {name for (name,) in sql.execute("SELECT name FROM files").fetchall()}
    for series, stored in live:
        wrong = _examine(shelf, stored, deep=deep)
        if wrong is not None:
            kind, why = wrong
            yield Finding(kind, stored.name, f"{why}; it holds {_describe(series, stored)}", lost=True)
    for name in shelf.files.names():
        if name not in named:
            yield Finding("orphan", name, "left over by a write that was never acknowledged", lost=False)


def _describe(series: Series, stored: Stored) -> str:
    first, end = series.start_of(stored.from_bin), series.start_of(stored.until_bin)
    return f"{series.signal.name}, {first:%Y-%m-%dT%H:%MZ} to {end:%Y-%m-%dT%H:%MZ}"


def _examine(shelf: Shelf, stored: Stored, *, deep: bool) -> tuple[str, str] | None:
    size = shelf.files.size(stored.name)
    if size is None:
        return "missing", "expected a file, found none"
    if size != stored.n_bytes:
        return "damaged", f"expected {stored.n_bytes} bytes, got {size}"
    if deep and _digest(shelf, stored.name) != stored.sha256:
        return "damaged", "expected other bytes: its digest is not that of the manifest"
    try:
        with shelf.opened(stored) as parquet:
            rows = parquet.metadata.num_rows
    except (OSError, need_pyarrow().ArrowException) as error:
        return "damaged", f"expected Parquet: {str(error).splitlines()[0]}"
    expected = stored.n_bins * len(shelf.book.roster(stored.roster).entities)
    return None if rows == expected else ("damaged", f"expected {expected} rows, got {rows}")


def _digest(shelf: Shelf, name: str) -> str:
    digest = hashlib.sha256()
    with shelf.files.source(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def mend(shelf: Shelf) -> tuple[Finding, ...]:
    """Remove orphans, and let files that are missing or damaged no longer count; return what was found.

    Points that are lost stay lost, but the rest can be read; what was lost can be added again.

    Raises:
        StoreError: another process writes.
    """
    shelf.manifest.claim()  # so that no file is an orphan only because it is being written
    found = tuple(find_faults(shelf, deep=True))
    broken = {finding.file for finding in found if finding.kind in {"missing", "damaged"}}
    with shelf.changing() as sql:
        rows = sql.execute("SELECT no, name FROM files WHERE dropped_us IS NULL").fetchall()
        drop_files(sql, [no for no, name in rows if name in broken], shelf.clock())
    for finding in found:
        if finding.kind == "orphan":
            shelf.files.remove(finding.file)
    return found
