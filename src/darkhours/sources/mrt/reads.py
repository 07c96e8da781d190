"""Kernels that read numbers, addresses and prefixes; none reads at or past its end."""

from __future__ import annotations

import numpy as np

from darkhours.sources.mrt.codes import (
    BAD_PREFIX,
    IPV4,
    IPV4_BITS,
    IPV4_SIZE,
    IPV6_BITS,
    IPV6_SIZE,
    SHORT,
    WIDE,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import kernel

_BYTE = 8
_HALF = 64
_MIX_ONE, _MIX_TWO = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)


@kernel
def byte(buf: Array, at: int) -> int:
    """Return a byte as a number with a sign, as every other number here; the caller has made sure of it."""
    return np.int64(buf[at])  # type: ignore[return-value]  # for the compiler they are one


@kernel
def u16(buf: Array, at: int) -> int:
    """Return two bytes as a number; the caller has made sure that they are there."""
    return (byte(buf, at) << 8) | byte(buf, at + 1)


@kernel
def u32(buf: Array, at: int) -> int:
    """Return four bytes as a number; the caller has made sure that they are there."""
    return (u16(buf, at) << 16) | u16(buf, at + 2)


@kernel
def asn_at(buf: Array, at: int, width: int) -> int:
    """Return the number of a network in two or four bytes; the caller has made sure of them."""
    return u32(buf, at) if width == WIDE else u16(buf, at)


@kernel
def address_size(family: int) -> int:
    """Return the bytes of an address."""
    return IPV4_SIZE if family == IPV4 else IPV6_SIZE


@kernel
def left_half(buf: Array, at: int, n_bytes: int) -> np.uint64:
    """Return up to eight bytes as the left end of a 64-bit number, the rest 0.

    IPv4 and IPv6 are both kept so, from the left: masks, order and containment are then one rule.
    """
    half = np.uint64(0)
    for k in range(min(n_bytes, 8)):
        half |= np.uint64(buf[at + k]) << np.uint64(56 - _BYTE * k)
    return half


@kernel
def spread(key: np.uint64) -> np.uint64:
    """Return a number whose every bit hangs on every bit of the key, for hash tables.

    Source: the finisher of MurmurHash3, in the public domain.
    """
    key = (key ^ (key >> np.uint64(33))) * _MIX_ONE
    key = (key ^ (key >> np.uint64(33))) * _MIX_TWO
    return key ^ (key >> np.uint64(33))


@kernel
def mask(n_bits: int) -> np.uint64:
    """Return 64 bits of which the first `n_bits` are 1; 0 and less give none, 64 and more all."""
    if n_bits <= 0:
        return np.uint64(0)
    if n_bits >= _HALF:
        return ~np.uint64(0)
    return ~(~np.uint64(0) >> np.uint64(n_bits))


@kernel
def prefix_end(buf: Array, at: int, end: int, family: int) -> int:
    """Return where the prefix at `at` ends, or why there is none: its length and bytes must fit."""
    if at >= end:
        return SHORT
    n_bits = byte(buf, at)
    if n_bits > (IPV4_BITS if family == IPV4 else IPV6_BITS):
        return BAD_PREFIX
    after = at + 1 + ((n_bits + 7) >> 3)
    return after if after <= end else SHORT
