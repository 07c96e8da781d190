"""What an open archive works with: its manifest, its files, its entities, its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection
from typing import Any

from darkhours.store.extra import need_pyarrow
from darkhours.store.files import Files
from darkhours.store.footers import Footers
from darkhours.store.ledger import Stored
from darkhours.store.manifest import Manifest
from darkhours.store.rosters import RosterBook


@dataclass(slots=True)
class Shelf:
    """The parts of one open archive.

    Args:
        manifest: what there is.
        files: where the points lie.
        book: entities and rosters.
        clock: tells the time at which a write is acknowledged, UTC.
        footers: of files that were read lately; several open archives may share them.
    """

    manifest: Manifest
    files: Files
    book: RosterBook
    clock: Callable[[], datetime]
    footers: Footers = field(default_factory=Footers)

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Give the connection inside a transaction; what memory holds of one that fails is forgotten."""
        try:
            with self.manifest.changing() as sql:
                yield sql
        except BaseException:
            self.book.forget()
            raise

    @contextmanager
    def opened(self, stored: Stored) -> Iterator[Any]:
        """Give a file of points, open for reading.

        Raises:
            FileNotFoundError: it is gone.
        """
        parquet = need_pyarrow().parquet
        source = self.files.source(stored.name)
        try:
            known = self.footers.find(stored.name)
            opened = parquet.ParquetFile(source, metadata=known, pre_buffer=False)
            if known is None:
                self.footers.keep(stored.name, opened.metadata)
            yield opened
        finally:
            source.close()
