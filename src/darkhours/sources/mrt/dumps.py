"""Kernels that read tables as collectors write them: TABLE_DUMP, and TABLE_DUMP_V2 of every subtype."""

from __future__ import annotations

from darkhours.sources.mrt.attributes import find_origin, walk_attributes
from darkhours.sources.mrt.codes import (
    AFI_IPV4,
    AFI_IPV6,
    AS_PATH,
    BAD_PEER,
    BAD_PREFIX,
    BOTH_CASTS,
    C_INDEX,
    C_PEER,
    C_ROWS,
    DUMP_IPV4,
    DUMP_IPV4_WIDE,
    DUMP_IPV6_WIDE,
    ENTRY_HEAD,
    HEAD,
    IPV4,
    IPV4_BITS,
    IPV4_SIZE,
    IPV6,
    IPV6_BITS,
    IPV6_SIZE,
    LEGACY_SHORTFALL,
    MULTICAST,
    NARROW,
    PEER_INDEX,
    PEER_IS_IPV6,
    PEER_IS_WIDE,
    RIB_ENTRY,
    RIB_GENERIC,
    RIB_GENERIC_PATHS,
    RIB_IPV4,
    RIB_IPV4_PATHS,
    RIB_IPV6_MULTICAST,
    RIB_IPV6_MULTICAST_PATHS,
    SHORT,
    TABLE_DUMP,
    UNICAST,
    UNSUPPORTED,
    WIDE,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array, Peers, Rows
from darkhours.sources.mrt.jit import kernel
from darkhours.sources.mrt.peers import find_peer
from darkhours.sources.mrt.reads import asn_at, byte, left_half, mask, prefix_end, u16, u32
from darkhours.sources.mrt.update import put_prefix, put_rest

_VIEW_HEAD = 4
_LEFT_BYTES, _LEFT_BITS = 8, 64
_STATUS_AND_TIME = 6
_INDEX_HEAD, _ENTRY_ID = 6, 5
_GENERIC_HEAD, _RIB_HEAD = 7, 4
_PATH_ID = 4


@kernel
def _put_dump_entry(
    buf: Array, at: int, end: int, subtype: int, rows: Rows, peers: Peers, cursor: Array, found: Array
) -> int:
    """Write the row of one entry of TABLE_DUMP; returns where it ends, or why it does not fit."""
    n_bytes = IPV4_SIZE if subtype in (DUMP_IPV4, DUMP_IPV4_WIDE) else IPV6_SIZE
    width = WIDE if subtype >= DUMP_IPV4_WIDE else NARROW
    peer_at = at + n_bytes + _STATUS_AND_TIME
    first = peer_at + n_bytes + width + 2
    if first > end:
        return SHORT
    after = first + u16(buf, first - 2)
    n_bits = byte(buf, at + n_bytes)
    if after > end:
        return SHORT
    if n_bits > (IPV4_BITS if n_bytes == IPV4_SIZE else IPV6_BITS):
        return BAD_PREFIX
    peer = find_peer(buf, peer_at, n_bytes, asn_at(buf, peer_at + n_bytes, width), peers, cursor)
    code = walk_attributes(buf, first, after, found, -1)
    origin = find_origin(buf, found, width) if code >= 0 else 0
    if min(peer, code, origin) < 0:
        return min(peer, code, origin)
    row = cursor[C_ROWS]
    put_rest(rows, row, cursor, RIB_ENTRY, UNICAST)
    rows.hi[row] = left_half(buf, at, n_bytes) & mask(n_bits)
    rows.lo[row] = left_half(buf, at + _LEFT_BYTES, n_bytes - _LEFT_BYTES) & mask(n_bits - _LEFT_BITS)
    rows.length[row], rows.family[row] = n_bits, (IPV4 if n_bytes == IPV4_SIZE else IPV6)
    rows.path_id[row], rows.origin[row] = 0, origin
    cursor[C_ROWS] = row + 1
    return after


@kernel
def _is_dump_head(buf: Array, at: int, size: int) -> bool:
    """Tell whether a head of TABLE_DUMP stands at `at`, or the bytes end there."""
    return at == size or (at + HEAD <= size and u16(buf, at + 4) == TABLE_DUMP)


@kernel
def read_dump(
    buf: Array, at: int, end: int, size: int, subtype: int, rows: Rows, peers: Peers, cursor: Array,
    found: Array,
) -> int:  # fmt: skip
    """Write the rows of a record of TABLE_DUMP; returns where the next one begins, or why not.

    Collectors of 2000 put many entries into a record and wrote a length that is four bytes short.
    Such a record is taken where its entries end exactly there and another record of the kind, or
    the end, follows.

    Args:
        buf: bytes.
        at: where the record begins after its head.
        end: where its length says that it ends.
        size: how many bytes there are.
        subtype: of the record.
        rows: room enough.
        peers: the table of peers.
        cursor: the memory of the scanner.
        found: room for what `walk_attributes` finds.

    Source: RFC 6396, 4.2.
    """
    if subtype < DUMP_IPV4 or subtype > DUMP_IPV6_WIDE:
        return UNSUPPORTED
    longer = min(end + LEGACY_SHORTFALL, size)
    at += _VIEW_HEAD
    if at >= end:
        return SHORT
    while at < end:
        at = _put_dump_entry(buf, at, longer, subtype, rows, peers, cursor, found)
        if at < 0:
            return at
    if at == end or (at == end + LEGACY_SHORTFALL and _is_dump_head(buf, at, size)):
        return at
    return SHORT


@kernel
def _read_index(buf: Array, at: int, end: int, peers: Peers, cursor: Array) -> int:
    """Take in a peer index table; the entries after it name peers by their place in it."""
    cursor[C_INDEX] = -1
    if at + _INDEX_HEAD > end:
        return SHORT
    at += _INDEX_HEAD + u16(buf, at + 4)
    if at + 2 > end:
        return SHORT
    n_peers = u16(buf, at)
    at += 2
    for place in range(n_peers):
        if at + _ENTRY_ID > end:
            return SHORT
        kind = byte(buf, at)
        n_bytes = IPV6_SIZE if kind & PEER_IS_IPV6 else IPV4_SIZE
        width = WIDE if kind & PEER_IS_WIDE else NARROW
        address = at + _ENTRY_ID
        at = address + n_bytes + width
        if at > end:
            return SHORT
        row = find_peer(buf, address, n_bytes, asn_at(buf, at - width, width), peers, cursor)
        if row < 0:
            return row
        peers.indexed[place] = row
    cursor[C_INDEX] = n_peers
    return at


@kernel
def _put_rib_entries(
    buf: Array, prefix_at: int, at: int, end: int, family: int, safi: int, paths: int, rows: Rows,
    peers: Peers, cursor: Array, found: Array,
) -> int:  # fmt: skip
    """Write a row for every entry of one prefix, which fits; `at` is where their number stands."""
    if at + 2 > end:
        return SHORT
    head = ENTRY_HEAD + (_PATH_ID if paths == 1 else 0)
    n_entries = u16(buf, at)
    at += 2
    for _ in range(n_entries):
        if at + head > end:
            return SHORT
        place = u16(buf, at)
        after = at + head + u16(buf, at + head - 2)
        if after > end:
            return SHORT
        if place >= cursor[C_INDEX]:
            return BAD_PEER
        code = walk_attributes(buf, at + head, after, found, AS_PATH)
        origin = find_origin(buf, found, WIDE) if code >= 0 else 0
        if min(code, origin) < 0:
            return min(code, origin)
        row = cursor[C_ROWS]
        cursor[C_PEER] = peers.indexed[place]
        put_rest(rows, row, cursor, RIB_ENTRY, safi)
        put_prefix(buf, prefix_at, rows, row, family)
        rows.path_id[row] = u32(buf, at + ENTRY_HEAD - 2) if paths == 1 else 0
        rows.origin[row] = origin
        cursor[C_ROWS] = row + 1
        at = after
    return at


@kernel
def _read_generic(
    buf: Array, at: int, end: int, paths: int, rows: Rows, peers: Peers, cursor: Array, found: Array
) -> int:
    """Write the rows of RIB_GENERIC, which names its family itself; other families are not read."""
    if at + _GENERIC_HEAD > end:
        return SHORT
    afi, safi = u16(buf, at + 4), byte(buf, at + 6)
    if afi not in (AFI_IPV4, AFI_IPV6) or safi < UNICAST or safi > BOTH_CASTS:
        return UNSUPPORTED
    family = IPV4 if afi == AFI_IPV4 else IPV6
    first = at + _GENERIC_HEAD
    after = prefix_end(buf, first, end, family)
    if after < 0:
        return after
    return _put_rib_entries(buf, first, after, end, family, safi, paths, rows, peers, cursor, found)


@kernel
def read_rib(
    buf: Array, at: int, end: int, subtype: int, rows: Rows, peers: Peers, cursor: Array, found: Array
) -> int:
    """Write the rows of a record of TABLE_DUMP_V2; returns why not where it is malformed.

    Args:
        buf: bytes.
        at: where the record begins after its head.
        end: where it ends.
        subtype: of the record.
        rows: room for an eighth as many rows as the record has bytes.
        peers: the table of peers.
        cursor: the memory of the scanner.
        found: room for what `walk_attributes` finds.

    Source: RFC 6396, 4.3; RFC 8050, 4.
    """
    if subtype == PEER_INDEX:
        return _read_index(buf, at, end, peers, cursor)
    if subtype in (RIB_GENERIC, RIB_GENERIC_PATHS):
        paths = 1 if subtype == RIB_GENERIC_PATHS else 0
        return _read_generic(buf, at, end, paths, rows, peers, cursor, found)
    plain = RIB_IPV4 <= subtype <= RIB_IPV6_MULTICAST
    if not (plain or RIB_IPV4_PATHS <= subtype <= RIB_IPV6_MULTICAST_PATHS):
        return UNSUPPORTED
    place = subtype - (RIB_IPV4 if plain else RIB_IPV4_PATHS)
    family = IPV4 if place < 2 else IPV6  # noqa: PLR2004 — unicast and multicast of each family
    safi = MULTICAST if place & 1 else UNICAST
    first = at + _RIB_HEAD
    after = prefix_end(buf, first, end, family)
    if after < 0:
        return after
    paths = 0 if plain else 1
    return _put_rib_entries(buf, first, after, end, family, safi, paths, rows, peers, cursor, found)
