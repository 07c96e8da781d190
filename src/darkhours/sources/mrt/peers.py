"""The kernel that finds a peer by its address and network, or adds it."""

from __future__ import annotations

import numpy as np

from darkhours.sources.mrt.codes import C_PEER, C_PEERS, FULL
from darkhours.sources.mrt.columns import MOST_PEERS, Array, Peers
from darkhours.sources.mrt.jit import kernel
from darkhours.sources.mrt.reads import left_half, spread

_HALF = 8


@kernel
def _is_peer(peers: Peers, row: int, hi: np.uint64, lo: np.uint64, asn: int) -> bool:
    return bool(peers.hi[row] == hi and peers.lo[row] == lo and np.int64(peers.asn[row]) == asn)


@kernel
def find_peer(buf: Array, at: int, n_bytes: int, asn: int, peers: Peers, cursor: Array) -> int:
    """Return the row of a peer, a new one where it was not met before.

    Records of one peer come in runs, so the last one is tried first.

    Args:
        buf: bytes.
        at: where its address stands; the caller has made sure of its bytes.
        n_bytes: of its address, 4 or 16.
        asn: its network.
        peers: the table.
        cursor: the memory of the scanner.
    """
    hi = left_half(buf, at, n_bytes)
    lo = left_half(buf, at + _HALF, n_bytes - _HALF)
    family = 4 if n_bytes == 4 else 6  # noqa: PLR2004 — bytes of IPv4, and the words for both
    last: int = cursor[C_PEER]
    if last >= 0 and _is_peer(peers, last, hi, lo, asn) and peers.family[last] == family:
        return last
    n_slots = peers.slots.size
    slot = np.int64(spread(spread(hi) ^ lo ^ np.uint64(asn)) & np.uint64(n_slots - 1))
    while peers.slots[slot] != 0:
        row = int(peers.slots[slot]) - 1
        if _is_peer(peers, row, hi, lo, asn) and peers.family[row] == family:
            cursor[C_PEER] = row
            return row
        slot = (slot + 1) & (n_slots - 1)
    fresh: int = cursor[C_PEERS]
    if fresh >= MOST_PEERS:
        return FULL
    peers.hi[fresh], peers.lo[fresh], peers.asn[fresh], peers.family[fresh] = hi, lo, asn, family
    peers.slots[slot] = fresh + 1
    cursor[C_PEERS] = fresh + 1
    cursor[C_PEER] = fresh
    return fresh
