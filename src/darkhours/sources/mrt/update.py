"""Kernels that turn a BGP message into rows."""

from __future__ import annotations

import numpy as np

from darkhours.sources.mrt.attributes import REACH, UNREACH, find_origin, walk_attributes
from darkhours.sources.mrt.codes import (
    AFI_IPV4,
    AFI_IPV6,
    ANNOUNCED,
    BOTH_CASTS,
    C_AT,
    C_PEER,
    C_ROWS,
    C_SENT,
    C_TIME,
    IPV4,
    IPV6,
    MARKER_SIZE,
    MESSAGE_HEAD,
    SHORT,
    UNICAST,
    UPDATE,
    WITHDRAWN,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array, Rows
from darkhours.sources.mrt.jit import kernel
from darkhours.sources.mrt.reads import byte, left_half, mask, prefix_end, u16, u32

_PATH_ID = 4
_LEFT_BYTES, _LEFT_BITS = 8, 64
_REACH_HEAD, _UNREACH_HEAD = 5, 3


@kernel
def put_prefix(buf: Array, at: int, rows: Rows, row: int, family: int) -> None:
    """Write the prefix at `at`, which fits, into a row; bits past its length are made 0."""
    n_bits = byte(buf, at)
    n_bytes = (n_bits + 7) >> 3
    rows.hi[row] = left_half(buf, at + 1, n_bytes) & mask(n_bits)
    rows.lo[row] = (
        left_half(buf, at + 1 + _LEFT_BYTES, n_bytes - _LEFT_BYTES) & mask(n_bits - _LEFT_BITS)
        if n_bytes > _LEFT_BYTES
        else np.uint64(0)
    )
    rows.length[row] = n_bits
    rows.family[row] = family


@kernel
def put_rest(rows: Rows, row: int, cursor: Array, kind: int, safi: int) -> None:
    """Write what the rows of one record share."""
    rows.time[row] = cursor[C_TIME]
    rows.peer[row] = cursor[C_PEER]
    rows.at[row] = cursor[C_AT]
    rows.kind[row] = kind
    rows.safi[row] = safi
    rows.state[row] = 0
    rows.sent[row] = cursor[C_SENT]


@kernel
def put_prefixes(
    buf: Array, at: int, end: int, family: int, safi: int, kind: int, origin: int, paths: int,
    rows: Rows, cursor: Array,
) -> int:  # fmt: skip
    """Write a row for every prefix from `at` to `end`, or say why one does not fit.

    Args:
        buf: bytes.
        at: where the first prefix begins.
        end: where the last must end.
        family: 4 or 6.
        safi: as in `Rows`.
        kind: ANNOUNCED or WITHDRAWN.
        origin: the network that announced.
        paths: 1 where each prefix has an identifier of its path before it (ADD-PATH).
        rows: room for as many rows as there are bytes.
        cursor: the memory of the scanner.
    """
    row = cursor[C_ROWS]
    while at < end:
        path_id = 0
        if paths == 1:
            if at + _PATH_ID > end:
                return SHORT
            path_id = u32(buf, at)
            at += _PATH_ID
        after = prefix_end(buf, at, end, family)
        if after < 0:
            return after
        put_prefix(buf, at, rows, row, family)
        put_rest(rows, row, cursor, kind, safi)
        rows.path_id[row] = path_id
        rows.origin[row] = origin
        row += 1
        at = after
    cursor[C_ROWS] = row
    return at


@kernel
def _family_of(buf: Array, at: int) -> int:
    """Return 4 or 6 where AFI and SAFI at `at` are of prefixes that elements tell of, else 0."""
    afi, safi = u16(buf, at), byte(buf, at + 2)
    if safi < UNICAST or safi > BOTH_CASTS:
        return 0
    return IPV4 if afi == AFI_IPV4 else (IPV6 if afi == AFI_IPV6 else 0)


@kernel
def _put_reach(buf: Array, found: Array, origin: int, paths: int, rows: Rows, cursor: Array) -> int:
    at, end = found[REACH], found[REACH + 1]
    if at < 0:
        return 0
    if at + _REACH_HEAD > end:
        return SHORT
    family, safi = _family_of(buf, at), byte(buf, at + 2)
    first = at + _REACH_HEAD + byte(buf, at + 3)
    if first > end:
        return SHORT
    if family == 0:
        return 0
    return put_prefixes(buf, first, end, family, safi, ANNOUNCED, origin, paths, rows, cursor)


@kernel
def _put_unreach(buf: Array, found: Array, paths: int, rows: Rows, cursor: Array) -> int:
    at, end = found[UNREACH], found[UNREACH + 1]
    if at < 0:
        return 0
    if at + _UNREACH_HEAD > end:
        return SHORT
    family, safi = _family_of(buf, at), byte(buf, at + 2)
    if family == 0:
        return 0
    return put_prefixes(buf, at + _UNREACH_HEAD, end, family, safi, WITHDRAWN, 0, paths, rows, cursor)


@kernel
def read_update(
    buf: Array, at: int, end: int, width: int, paths: int, rows: Rows, cursor: Array, found: Array
) -> int:
    """Write the rows of the body of an UPDATE: what it withdraws, then what it announces.

    Args:
        buf: bytes.
        at: where the length of the withdrawn routes stands.
        end: where the message ends.
        width: bytes of a network in its AS path, 2 or 4.
        paths: 1 where prefixes carry identifiers of paths.
        rows: room for as many rows as there are bytes.
        cursor: the memory of the scanner.
        found: room for what `walk_attributes` finds.
    """
    gone_at = at + 2
    gone_end = gone_at + u16(buf, at) if gone_at <= end else end
    if gone_end + 2 > end:
        return SHORT
    first = gone_end + 2
    after = first + u16(buf, gone_end)
    if after > end:
        return SHORT
    code = walk_attributes(buf, first, after, found, -1)
    origin = find_origin(buf, found, width) if code >= 0 else 0
    code = min(code, origin)
    if code >= 0:
        code = put_prefixes(buf, gone_at, gone_end, IPV4, UNICAST, WITHDRAWN, 0, paths, rows, cursor)
    if code >= 0:
        code = _put_unreach(buf, found, paths, rows, cursor)
    if code >= 0:
        code = put_prefixes(buf, after, end, IPV4, UNICAST, ANNOUNCED, origin, paths, rows, cursor)
    if code >= 0:
        code = _put_reach(buf, found, origin, paths, rows, cursor)
    return code


@kernel
def read_message(
    buf: Array, at: int, end: int, width: int, paths: int, rows: Rows, cursor: Array, found: Array
) -> int:
    """Write the rows of a whole BGP message; one that is no UPDATE has none.

    Args:
        buf: bytes.
        at: where its marker begins.
        end: where the record ends; the message may end before.
        width: bytes of a network in its AS path.
        paths: 1 where prefixes carry identifiers of paths.
        rows: room for as many rows as there are bytes.
        cursor: the memory of the scanner.
        found: room for what `walk_attributes` finds.
    """
    if at + MESSAGE_HEAD > end:
        return SHORT
    size = u16(buf, at + MARKER_SIZE)
    if size < MESSAGE_HEAD or at + size > end:
        return SHORT
    if byte(buf, at + MESSAGE_HEAD - 1) != UPDATE:
        return 0
    return read_update(buf, at + MESSAGE_HEAD, at + size, width, paths, rows, cursor, found)
