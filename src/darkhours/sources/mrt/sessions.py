"""Kernels that read records of sessions: BGP4MP of every subtype, and the BGP records of 1999."""

from __future__ import annotations

from darkhours.sources.mrt.codes import (
    AFI_IPV4,
    AFI_IPV6,
    BAD_FAMILY,
    C_ROWS,
    C_SENT,
    IPV4,
    IPV4_SIZE,
    IPV6_SIZE,
    LAST_MESSAGE,
    LEGACY_STATE,
    LEGACY_UPDATE,
    MESSAGE,
    MESSAGE_LOCAL,
    MESSAGE_PATHS,
    MESSAGE_WIDE,
    NARROW,
    SHORT,
    STATE,
    STATE_CHANGE,
    STATE_WIDE,
    UNSUPPORTED,
    WIDE,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array, Peers, Rows
from darkhours.sources.mrt.jit import kernel
from darkhours.sources.mrt.peers import find_peer
from darkhours.sources.mrt.reads import asn_at, u16
from darkhours.sources.mrt.update import put_rest, read_message, read_update

_LEGACY_PEER, _LEGACY_HEAD = 6, 12
_STATES = 4


@kernel
def _is_wide(subtype: int) -> bool:
    """Tell whether networks have four bytes: subtypes 4, 5, 7, 9 and 11."""
    return subtype == MESSAGE_WIDE or (subtype >= STATE_WIDE and (subtype & 1) == 1)


@kernel
def _is_local(subtype: int) -> bool:
    """Tell whether the collector sent it: subtypes 6, 7, 10 and 11."""
    return subtype >= MESSAGE_LOCAL and (subtype & 2) != 0


@kernel
def _put_state(buf: Array, at: int, end: int, rows: Rows, cursor: Array) -> int:
    """Write a change of state, old and new in two bytes each; the new one is kept."""
    if at + _STATES > end:
        return SHORT
    row = cursor[C_ROWS]
    put_rest(rows, row, cursor, STATE_CHANGE, 0)
    rows.family[row] = IPV4
    rows.length[row], rows.hi[row], rows.lo[row] = 0, 0, 0
    rows.path_id[row], rows.origin[row] = 0, 0
    rows.state[row] = min(u16(buf, at + 2), 255)
    cursor[C_ROWS] = row + 1
    return end


@kernel
def is_session(subtype: int) -> bool:
    """Tell whether a subtype of BGP4MP is one that is read; 2 and 3 nobody ever wrote."""
    return subtype in (STATE, MESSAGE) or MESSAGE_WIDE <= subtype <= LAST_MESSAGE


@kernel
def read_session(
    buf: Array, at: int, end: int, subtype: int, rows: Rows, peers: Peers, cursor: Array, found: Array
) -> int:
    """Write the rows of a record of BGP4MP; returns why not where it is malformed.

    Args:
        buf: bytes.
        at: where the record begins after its head, and its microseconds.
        end: where it ends.
        subtype: of the record, one that `is_session` knows.
        rows: room for as many rows as the record has bytes.
        peers: the table of peers.
        cursor: the memory of the scanner.
        found: room for what `walk_attributes` finds.

    Source: RFC 6396, 4.4; RFC 8050, 3.
    """
    width = WIDE if _is_wide(subtype) else NARROW
    first = at + 2 * width + 4
    if first > end:
        return SHORT
    afi = u16(buf, first - 2)
    if afi not in (AFI_IPV4, AFI_IPV6):
        return BAD_FAMILY
    n_bytes = IPV4_SIZE if afi == AFI_IPV4 else IPV6_SIZE
    body = first + 2 * n_bytes
    if body > end:
        return SHORT
    peer = find_peer(buf, first, n_bytes, asn_at(buf, at, width), peers, cursor)
    if peer < 0:
        return peer
    cursor[C_SENT] = 1 if _is_local(subtype) else 0
    if subtype in (STATE, STATE_WIDE):
        return _put_state(buf, body, end, rows, cursor)
    return read_message(buf, body, end, width, 1 if subtype >= MESSAGE_PATHS else 0, rows, cursor, found)


@kernel
def read_legacy(
    buf: Array, at: int, end: int, subtype: int, rows: Rows, peers: Peers, cursor: Array, found: Array
) -> int:
    """Write the rows of a record of type 5, which collectors wrote until 2000.

    An update has no head of a BGP message; a state change does not name the own end.

    Args:
        buf: bytes.
        at: where the record begins after its head.
        end: where it ends.
        subtype: of the record.
        rows: room for as many rows as the record has bytes.
        peers: the table of peers.
        cursor: the memory of the scanner.
        found: room for what `walk_attributes` finds.

    Source: RFC 6396, appendix B.2.
    """
    if subtype not in (LEGACY_UPDATE, LEGACY_STATE):
        return UNSUPPORTED
    body = at + (_LEGACY_HEAD if subtype == LEGACY_UPDATE else _LEGACY_PEER)
    if body > end:
        return SHORT
    peer = find_peer(buf, at + 2, IPV4_SIZE, u16(buf, at), peers, cursor)
    if peer < 0:
        return peer
    if subtype == LEGACY_STATE:
        return _put_state(buf, body, end, rows, cursor)
    return read_update(buf, body, end, NARROW, 0, rows, cursor, found)
