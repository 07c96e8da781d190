"""Kernels that walk path attributes and find the network that an AS path ends in."""

from __future__ import annotations

from darkhours.sources.mrt.codes import (
    AS4_PATH,
    AS_PATH,
    AS_SEQUENCE,
    AS_SET,
    BAD_PATH,
    EXTENDED_LENGTH,
    MP_REACH,
    MP_UNREACH,
    SHORT,
    WIDE,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import kernel
from darkhours.sources.mrt.reads import asn_at, byte, u16

PATH, PATH4, REACH, UNREACH = 0, 2, 4, 6
"""Where begin and end of each attribute stand in what `walk_attributes` has found."""
FOUND_SIZE = 8
_HEAD, _WIDE_HEAD = 3, 4


@kernel
def _place_of(code: int) -> int:
    """Return where an attribute is noted; −1 for those that nobody asks for."""
    if code == AS_PATH:
        return PATH
    if code == MP_REACH:
        return REACH
    if code == MP_UNREACH:
        return UNREACH
    return PATH4 if code == AS4_PATH else -1


@kernel
def walk_attributes(buf: Array, at: int, end: int, found: Array, stop: int) -> int:
    """Note where the attributes that elements need begin and end; of two of a kind the first counts.

    Args:
        buf: bytes.
        at: where the attributes begin.
        end: where they end; none may reach past it.
        found: begin and end of each, −1 where it is absent, shape (8,).
        stop: a code after which nothing more is looked for; −1 for none.
    """
    found[:] = -1
    while at < end:
        if at + _HEAD > end:
            return SHORT
        wide = (buf[at] & EXTENDED_LENGTH) != 0
        first = at + (_WIDE_HEAD if wide else _HEAD)
        if first > end:
            return SHORT
        after = first + (u16(buf, at + 2) if wide else byte(buf, at + 2))
        if after > end:
            return SHORT
        place = _place_of(byte(buf, at + 1))
        if place >= 0 and found[place] < 0:
            found[place], found[place + 1] = first, after
        if byte(buf, at + 1) == stop:
            return end
        at = after
    return at


@kernel
def _end_of(buf: Array, at: int, end: int, width: int) -> int:
    """Return the last network of a path: 0 for none, or for a set of several; BAD_PATH if it breaks.

    Confederations are inside the last network, so their segments do not count.
    """
    origin = 0
    while at < end:
        if at + 2 > end:
            return BAD_PATH
        kind, n_asns = byte(buf, at), byte(buf, at + 1)
        after = at + 2 + n_asns * width
        if after > end:
            return BAD_PATH
        if n_asns > 0 and kind in (AS_SEQUENCE, AS_SET):
            origin = asn_at(buf, after - width, width) if kind == AS_SEQUENCE or n_asns == 1 else 0
        at = after
    return origin


@kernel
def _hops(buf: Array, at: int, end: int, width: int) -> int:
    """Return the length of a sound path: a set is one hop, a confederation none."""
    hops = 0
    while at < end:
        kind, n_asns = byte(buf, at), byte(buf, at + 1)
        hops += n_asns if kind == AS_SEQUENCE else (1 if kind == AS_SET else 0)
        at += 2 + n_asns * width
    return hops


@kernel
def find_origin(buf: Array, found: Array, width: int) -> int:
    """Return the network that announced, from what `walk_attributes` has found; BAD_PATH if it breaks.

    Where the path has two bytes for each network, AS4_PATH holds its end, unless it is longer than
    the path that it belongs to (RFC 6793, 4.2.3).
    """
    at, end = found[PATH], found[PATH + 1]
    if at < 0:
        return 0
    origin = _end_of(buf, at, end, width)
    at4, end4 = found[PATH4], found[PATH4 + 1]
    if origin < 0 or width == WIDE or at4 < 0:
        return origin
    origin4 = _end_of(buf, at4, end4, WIDE)
    if origin4 < 0:
        return origin
    longer = _hops(buf, at4, end4, WIDE) > _hops(buf, at, end, width)
    return origin if longer or origin4 == 0 else origin4
