"""Who announces what: the table of routes, and the kernel that brings it up to date row by row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from darkhours.sources.mrt.codes import ANNOUNCED, ESTABLISHED, IPV4, MULTICAST, RIB_ENTRY, STATE_CHANGE
from darkhours.sources.mrt.columns import Array, Rows
from darkhours.sources.mrt.jit import entry, kernel
from darkhours.sources.mrt.reads import spread

_LONGEST = 64
_WORD_BITS = 6

# Places in the memo.
M_PREFIXES, M_ROUTES, M_LONG, M_SHORT, MEMO_SIZE = 0, 1, 2, 3, 4
# Why `apply` came back.
DONE, MORE_PREFIXES, MORE_ROUTES, MORE_PEERS = 0, 1, 2, 3


class Routes(NamedTuple):
    """Prefixes, each with its chain of routes: one route for every network that announces it.

    Args:
        hi: first 64 bits of a prefix, from the left, uint64.
        bits: its length, uint8.
        family: 4 or 6, uint8.
        head: its first route, −1 for none, int32.
        slots: hash table of prefixes, row + 1, int32.
        of: prefix of a route, int32.
        origin: network that announces it, 0 where the path names none, uint32.
        after: next route of the same prefix, −1 for none, int32.
        seen: one bit for every peer that has the route, uint64, shape (n_routes, n_words).
        counts: prefixes that a peer has, by family, int64, shape (n_peers, 2).
        memo: prefixes and routes in use, and prefixes left out, int64.
    """

    hi: Array
    bits: Array
    family: Array
    head: Array
    slots: Array
    of: Array
    origin: Array
    after: Array
    seen: Array
    counts: Array
    memo: Array


@kernel
def _slot_of(routes: Routes, hi: np.uint64, bits: int, family: int) -> int:
    """Return the slot of a prefix, or the free one where it would stand."""
    n_slots = routes.slots.size
    slot = np.int64(spread(hi ^ np.uint64(bits * 8 + family)) & np.uint64(n_slots - 1))
    while routes.slots[slot] != 0:
        row = routes.slots[slot] - 1
        if routes.hi[row] == hi and routes.bits[row] == bits and routes.family[row] == family:
            break
        slot = (slot + 1) & (n_slots - 1)
    return slot  # type: ignore[return-value]  # for the compiler they are one


@kernel
def _add_prefix(routes: Routes, slot: int, hi: np.uint64, bits: int, family: int) -> int:
    row: int = routes.memo[M_PREFIXES]
    routes.hi[row], routes.bits[row], routes.family[row], routes.head[row] = hi, bits, family, -1
    routes.slots[slot] = row + 1
    routes.memo[M_PREFIXES] = row + 1
    return row


@kernel
def _add_route(routes: Routes, prefix: int, origin: int) -> int:
    row: int = routes.memo[M_ROUTES]
    routes.of[row], routes.origin[row] = prefix, origin
    routes.after[row] = routes.head[prefix]
    routes.seen[row, :] = 0
    routes.head[prefix] = row
    routes.memo[M_ROUTES] = row + 1
    return row


@kernel
def _forget(routes: Routes, prefix: int, peer: int) -> bool:
    """Take a prefix from a peer; tells whether it had it."""
    word, bit = peer >> _WORD_BITS, np.uint64(1) << np.uint64(peer & 63)
    had = False
    route = routes.head[prefix]
    while route >= 0:
        if routes.seen[route, word] & bit:
            routes.seen[route, word] &= ~bit
            had = True
        route = routes.after[route]
    return had


@kernel
def _announce(routes: Routes, prefix: int, peer: int, origin: int, place: int) -> None:
    """Let a peer have a prefix from a network, and from no other."""
    had = _forget(routes, prefix, peer)
    route: int = routes.head[prefix]
    while route >= 0 and routes.origin[route] != origin:
        route = routes.after[route]
    if route < 0:
        route = _add_route(routes, prefix, origin)
    routes.seen[route, peer >> _WORD_BITS] |= np.uint64(1) << np.uint64(peer & 63)
    if not had:
        routes.counts[peer, place] += 1


@kernel
def _drop_peer(routes: Routes, peer: int) -> None:
    """Take everything from a peer whose session is down."""
    if routes.counts[peer, 0] + routes.counts[peer, 1] == 0:
        return
    word, keep = peer >> _WORD_BITS, ~(np.uint64(1) << np.uint64(peer & 63))
    for route in range(routes.memo[M_ROUTES]):
        routes.seen[route, word] &= keep
    routes.counts[peer, 0] = 0
    routes.counts[peer, 1] = 0


@entry
def place_prefixes(routes: Routes) -> None:
    """Fill the hash table anew, after it has grown."""
    for row in range(routes.memo[M_PREFIXES]):
        slot = _slot_of(routes, routes.hi[row], np.int64(routes.bits[row]), np.int64(routes.family[row]))  # type: ignore[arg-type]
        routes.slots[slot] = row + 1


@kernel
def _is_counted(rows: Rows, row: int, shortest: Array, routes: Routes) -> bool:
    """Tell whether a row is of a prefix that counts: heard, unicast, not too short and not too long."""
    if rows.sent[row] == 1 or rows.safi[row] == MULTICAST:
        return False
    bits = rows.length[row]
    if bits > _LONGEST:
        routes.memo[M_LONG] += 1
        return False
    if bits < shortest[0 if rows.family[row] == IPV4 else 1]:
        routes.memo[M_SHORT] += 1
        return False
    return True


@kernel
def _take(rows: Rows, row: int, routes: Routes) -> None:
    """Bring the table up to date with one announcement, RIB entry or withdrawal."""
    peer = np.int64(rows.peer[row])
    bits, family, hi = np.int64(rows.length[row]), np.int64(rows.family[row]), rows.hi[row]
    place = 0 if family == IPV4 else 1
    slot = _slot_of(routes, hi, bits, family)  # type: ignore[arg-type]
    prefix = np.int64(routes.slots[slot]) - 1
    if rows.kind[row] == ANNOUNCED or rows.kind[row] == RIB_ENTRY:
        if prefix < 0:
            prefix = _add_prefix(routes, slot, hi, bits, family)  # type: ignore[arg-type,assignment]
        _announce(routes, prefix, peer, np.int64(rows.origin[row]), place)  # type: ignore[arg-type]
    elif prefix >= 0 and _forget(routes, prefix, peer):  # type: ignore[arg-type]
        routes.counts[peer, place] -= 1


@entry
def apply(rows: Rows, row: int, until: int, shortest: Array, routes: Routes) -> tuple[int, int]:
    """Bring the table up to date with rows from `row` on that come before `until`.

    Args:
        rows: elements in the order of their file.
        row: the first that was not taken yet.
        until: microseconds; a row at or after it stops the work.
        shortest: bits of the shortest prefix that counts, of IPv4 and IPv6.
        routes: the table.

    Returns:
        The first row that was not taken, and why: DONE, or what there is no more room for.
    """
    while row < rows.time.size and rows.time[row] < until:
        if routes.memo[M_PREFIXES] + 1 >= routes.hi.size:
            return row, MORE_PREFIXES
        if routes.memo[M_ROUTES] + 1 >= routes.of.size:
            return row, MORE_ROUTES
        peer = rows.peer[row]
        if peer >= routes.counts.shape[0]:
            return row, MORE_PEERS
        if rows.kind[row] == STATE_CHANGE:
            if rows.state[row] != ESTABLISHED:
                _drop_peer(routes, peer)
        elif _is_counted(rows, row, shortest, routes):
            _take(rows, row, routes)
        row += 1
    return row, DONE
