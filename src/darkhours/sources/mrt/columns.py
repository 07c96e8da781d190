"""The columns that records become, and the table of peers, as the kernels fill them."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from darkhours.sources.mrt.codes import C_INDEX, C_PEER, CURSOR_SIZE

Array: TypeAlias = NDArray[Any]
MOST_PEERS = 1 << 20
_PEER_SLOTS = 1 << 21
_INDEX_SIZE = 1 << 16
_FAULTS = 1000
"""How many malformed records are named; all are counted."""


class Rows(NamedTuple):
    """Elements as columns, shape (n_rows,); what a kind does not have is 0.

    Args:
        time: microseconds since 1970, UTC, int64.
        kind: `codes.KINDS`, uint8.
        peer: row of the table of peers, int32.
        family: 4 or 6, uint8.
        safi: 1 unicast, 2 multicast, 3 both, uint8.
        length: bits of the prefix, uint8.
        hi: the first 64 bits of the address, from the left, IPv4 too, uint64.
        lo: the other 64 bits, uint64.
        path_id: of ADD-PATH, uint32.
        origin: the last network of the AS path, uint32; 0 where it names none or a set of several.
        state: the new state of the session, of a state change only, uint8.
        sent: 1 where the collector itself said it to the peer (the LOCAL subtypes), uint8.
        at: offset of the record in the unpacked file, int64.
    """

    time: Array
    kind: Array
    peer: Array
    family: Array
    safi: Array
    length: Array
    hi: Array
    lo: Array
    path_id: Array
    origin: Array
    state: Array
    sent: Array
    at: Array


class Peers(NamedTuple):
    """The peers met so far, each once, by address and network.

    Args:
        hi: first half of the address, from the left, uint64.
        lo: second half, uint64.
        family: 4 or 6, uint8.
        asn: its network, uint32.
        slots: the hash table: row + 1, 0 where free, int32.
        indexed: row of each place in the last peer index table, int32.
    """

    hi: Array
    lo: Array
    family: Array
    asn: Array
    slots: Array
    indexed: Array


def make_rows(n_rows: int) -> Rows:
    """Return columns of room for that many rows; what is in them is chance."""
    kinds = (
        np.int64, np.uint8, np.int32, np.uint8, np.uint8, np.uint8, np.uint64, np.uint64, np.uint32,
        np.uint32, np.uint8, np.uint8, np.int64,
    )  # fmt: skip
    return Rows(*(np.empty(n_rows, kind) for kind in kinds))


def make_peers() -> Peers:
    """Return a table without peers; memory is taken only as they come."""
    return Peers(
        hi=np.empty(MOST_PEERS, np.uint64),
        lo=np.empty(MOST_PEERS, np.uint64),
        family=np.empty(MOST_PEERS, np.uint8),
        asn=np.empty(MOST_PEERS, np.uint32),
        slots=np.zeros(_PEER_SLOTS, np.int32),
        indexed=np.empty(_INDEX_SIZE, np.int32),
    )


def make_cursor() -> Array:
    """Return the memory of a scanner that has seen nothing."""
    cursor = np.zeros(CURSOR_SIZE, np.int64)
    cursor[C_INDEX] = -1
    cursor[C_PEER] = -1
    return cursor


def make_faults() -> Array:
    """Return room for the malformed records that are named: offset and reason."""
    return np.zeros((_FAULTS, 2), np.int64)
