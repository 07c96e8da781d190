"""An MRT file as columns, batch by batch, in memory that does not grow with the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import numpy as np

from darkhours.model.errors import InputError, Problem
from darkhours.sources.mrt.ahead import ReadAhead
from darkhours.sources.mrt.attributes import FOUND_SIZE
from darkhours.sources.mrt.codes import (
    C_BASE,
    C_FAULTS,
    C_LOST,
    C_MALFORMED,
    C_NEED,
    C_PEERS,
    C_RECORDS,
    C_ROWS,
    C_SKIPPED,
    C_UNSUPPORTED,
    CUT,
    HEAD,
    IPV4,
    LARGEST_RECORD,
    NEED_ROWS,
    REASONS,
    TYPES,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array, Peers, Rows, make_cursor, make_faults, make_peers, make_rows
from darkhours.sources.mrt.scan import scan
from darkhours.sources.mrt.unpack import Unpacked
from darkhours.sources.mrt.window import Window

BATCH_ROWS = 1 << 18
"""Rows of a batch, 13 MB: a quarter of a million elements. More made nothing faster here."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A neighbour of the collector.

    Args:
        address: as it is written.
        asn: its network.
    """

    address: str
    asn: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a file held that is no element.

    Args:
        records: all, malformed and unsupported ones too.
        unsupported: of a type or family that has no prefixes, or that nobody writes any more.
        malformed: left out whole.
        faults: offset in the unpacked file and reason of the first thousand of them.
        skipped: bytes that belonged to no record.
        broken: what is wrong with the packing, "" if nothing is.
    """

    records: int
    unsupported: int
    malformed: int
    faults: tuple[tuple[int, str], ...]
    skipped: int
    broken: str

    def sentences(self) -> list[str]:
        """Return what a person should know of the file; nothing where it is sound."""
        told = []
        if self.broken:
            told.append(f"{self.broken}; what came before was read")
        if self.malformed:
            offset, reason = self.faults[0]
            told.append(
                f"{self.malformed:,} malformed record(s) left out; the first at byte {offset:,}"
                f" of the unpacked file: {reason}"
            )
        if self.skipped:
            told.append(f"{self.skipped:,} bytes belong to no record")
        return told


@dataclass(slots=True)
class Reader:
    """Reads one file after another of one collector, and remembers its peers.

    Args:
        batch_rows: rows of a batch; a record that needs more gets more.
    """

    batch_rows: int = BATCH_ROWS
    _peers: Peers = field(default_factory=make_peers, init=False)
    _cursor: Array = field(default_factory=make_cursor, init=False)
    _faults: Array = field(default_factory=make_faults, init=False)
    _broken: str = field(default="", init=False)

    def read(self, source: Path | ReadAhead) -> Iterator[Rows]:
        """Yield the elements of a file in its order, in batches.

        Each batch is fresh: it may be kept.

        Args:
            source: the file, or one that a thread is unpacking already.

        Raises:
            InputError: the file cannot be opened, or does not begin like MRT.
            ConfigError: the extra is not installed.
        """
        path = source if isinstance(source, Path) else source.path
        try:
            if isinstance(source, ReadAhead):
                yield from self._batches(source, path.name)
                return
            with path.open("rb") as stream:
                yield from self._batches(Unpacked(stream), path.name)
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            raise InputError(str(path), [Problem("", message)]) from error

    def peers(self) -> list[Peer]:
        """Return the peers met so far, by the numbers in the column `peer`."""
        columns = zip(*(column[: self._cursor[C_PEERS]].tolist() for column in self._peers[:4]), strict=True)
        return [Peer(write_address(family, hi, lo), asn) for hi, lo, family, asn in columns]

    def tally(self) -> Tally:
        """Return what the last file held besides elements, as far as it was read."""
        kept = self._faults[: self._cursor[C_FAULTS]].tolist()
        return Tally(
            records=int(self._cursor[C_RECORDS]),
            unsupported=int(self._cursor[C_UNSUPPORTED]),
            malformed=int(self._cursor[C_MALFORMED]),
            faults=tuple((offset, REASONS[reason]) for offset, reason in kept),
            skipped=int(self._cursor[C_SKIPPED]),
            broken=self._broken,
        )

    def _begin(self) -> None:
        n_peers = self._cursor[C_PEERS]
        self._cursor[:] = make_cursor()
        self._cursor[C_PEERS] = n_peers
        self._broken = ""

    def _batches(self, unpacked: Unpacked | ReadAhead, file: str) -> Iterator[Rows]:
        self._begin()
        cursor, found = self._cursor, np.empty(FOUND_SIZE, np.int64)
        window, rows, at = Window(unpacked.pieces()), make_rows(self.batch_rows), 0
        while not window.last:
            window.move_on(at)
            if window.base == 0:
                _refuse_other(window, file, unpacked.broken)
            at, cursor[C_BASE] = 0, window.base
            while True:
                at, why = scan(
                    window.buf, at, window.size, window.last, rows, self._peers, cursor, found, self._faults
                )
                if why != NEED_ROWS:
                    break
                if cursor[C_ROWS] > 0:
                    yield _cut(rows, cursor)
                rows = make_rows(max(self.batch_rows, int(cursor[C_NEED])))
                cursor[C_ROWS] = 0
        if cursor[C_LOST] == 1:
            cursor[C_SKIPPED] += window.size - at
        elif at < window.size:
            _note_cut(self._faults, cursor, at)
        self._broken = unpacked.broken
        if cursor[C_ROWS] > 0:
            yield _cut(rows, cursor)


def write_address(family: int, hi: int, lo: int) -> str:
    """Return an address as it is written.

    >>> write_address(4, 0xC0000201 << 32, 0), write_address(6, 0x20010DB8 << 32, 1)
    ('192.0.2.1', '2001:db8::1')
    """
    return str(IPv4Address(hi >> 32) if family == IPV4 else IPv6Address((hi << 64) | lo))


def _cut(rows: Rows, cursor: Array) -> Rows:
    return Rows(*(column[: cursor[C_ROWS]] for column in rows))


def _refuse_other(window: Window, file: str, broken: str) -> None:
    """Raise where the first bytes are no head of a record: reading on would find noise."""
    head = bytes(window.buf[: min(window.size, HEAD)])
    if len(head) == HEAD:
        _, kind, _, length = struct.unpack(">IHHI", head)
        if kind in TYPES and length <= LARGEST_RECORD:
            return
    message = f"expected MRT, got {head!r}; is it a RIB dump or an updates file?"
    if not head:
        message = f"expected MRT, got nothing{broken and ', for '}{broken}; fetch it again"
    raise InputError(file, [Problem("byte 0", message)])


def _note_cut(faults: Array, cursor: Array, at: int) -> None:
    """Count the record that the file ends in."""
    cursor[C_MALFORMED] += 1
    if cursor[C_FAULTS] < len(faults):
        faults[cursor[C_FAULTS]] = cursor[C_BASE] + at, CUT
        cursor[C_FAULTS] += 1
