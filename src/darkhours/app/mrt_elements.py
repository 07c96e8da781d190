"""Counts the elements of an MRT file, peer by peer, and writes them as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import numpy as np

from darkhours.sources.mrt.ahead import ReadAhead
from darkhours.sources.mrt.codes import ANNOUNCED, KINDS, RIB_ENTRY, STATE_CHANGE, WITHDRAWN
from darkhours.sources.mrt.columns import Array, Rows
from darkhours.sources.mrt.elements import Peer, Reader, Tally
from darkhours.sources.mrt.table import ElementsFile

_NAMES = {ANNOUNCED: "announcements", WITHDRAWN: "withdrawals", RIB_ENTRY: "rib_entries"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a file holds.

    Args:
        peers: every peer that the file names.
        counts: elements of each, by `KINDS`, shape (n_peers, 4).
        tally: what else the file holds.
    """

    peers: tuple[Peer, ...]
    counts: Array
    tally: Tally

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain values; peers without an element are left out."""
        lines = [{"address": peer.address, "asn": peer.asn} | _name(row) for peer, row in self._spoken()]
        return _name(self.counts.sum(axis=0).tolist()) | {
            "state_changes": int(self.counts[:, STATE_CHANGE].sum()),
            "peers": lines,
            "records": self.tally.records,
            "unsupported_records": self.tally.unsupported,
            "malformed_records": self.tally.malformed,
            "malformed": [{"offset": offset, "reason": reason} for offset, reason in self.tally.faults],
            "skipped_bytes": self.tally.skipped,
            "broken": self.tally.broken or None,
        }

    def as_text(self) -> str:
        """Return the counts as a table for a person."""
        rows = [["peer", "network", *(name.replace("_", " ") for name in _NAMES.values())]]
        rows += [
            [peer.address, f"AS{peer.asn}", *(f"{row[kind]:,}" for kind in _NAMES)]
            for peer, row in self._spoken()
        ]
        total = self.counts.sum(axis=0).tolist()
        rows.append(["all", "", *(f"{total[kind]:,}" for kind in _NAMES)])
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        return "\n".join(_align(row, widths) for row in rows)

    def _spoken(self) -> list[tuple[Peer, list[int]]]:
        spoken = [
            (peer, row)
            for peer, row in zip(self.peers, self.counts.tolist(), strict=True)
            if any(row[kind] for kind in _NAMES)
        ]
        return sorted(spoken, key=lambda each: _order(each[0]))


def count_elements(file: ReadAhead | Path) -> Counted:
    """Return how many elements of each kind each peer has in a file.

    Raises:
        InputError: the file cannot be read, or is no MRT.
        ConfigError: the extra is not installed.
    """
    reader = Reader()
    return _count(reader, reader.read(file))


def write_elements(file: ReadAhead | Path, target: Path) -> Counted:
    """Write every element of a file to a Parquet file, and return how many there are.

    Raises:
        InputError: the file cannot be read, or is no MRT.
        ConfigError: an extra is not installed.
    """
    reader = Reader()
    with ElementsFile(target, reader) as table:
        return _count(reader, table.passing(reader.read(file)))


def _count(reader: Reader, batches: Iterator[Rows]) -> Counted:
    counts = np.zeros(0, np.int64)
    for rows in batches:
        more = np.bincount(rows.peer * len(KINDS) + rows.kind, minlength=counts.size)
        more[: counts.size] += counts
        counts = more
    peers = tuple(reader.peers())
    padded = np.zeros(len(peers) * len(KINDS), np.int64)
    padded[: counts.size] = counts
    return Counted(peers, padded.reshape(len(peers), len(KINDS)), reader.tally())


def _name(row: list[int]) -> dict[str, Any]:
    return {name: row[kind] for kind, name in _NAMES.items()}


def _order(peer: Peer) -> tuple[int, int, int]:
    address = ip_address(peer.address)
    return address.version, int(address), peer.asn


def _align(row: list[str], widths: list[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    return "  ".join([*words, *(cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))])
