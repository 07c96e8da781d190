"""The kernel that counts what most full feeds see at one instant, each address once for each entity."""

from __future__ import annotations

import numpy as np

from darkhours.sources.mrt.codes import IPV4
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import entry, kernel
from darkhours.sources.mrt.reads import mask
from darkhours.sources.mrt.routes import Routes
from darkhours.sources.mrt.shares import Shares

DEEPEST = 66
_M1, _M2, _M4 = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES = np.uint64(0x0101010101010101)


@kernel
def _popcount(word: np.uint64) -> int:
    """Return how many bits of a word are 1."""
    word = word - ((word >> np.uint64(1)) & _M1)
    word = (word & _M2) + ((word >> np.uint64(2)) & _M2)
    word = (word + (word >> np.uint64(4))) & _M4
    return np.int64((word * _ONES) >> np.uint64(56))  # type: ignore[return-value]


@kernel
def _see_routes(prefix: int, routes: Routes, full: Array, n_full: int, shown: Array) -> int:
    """Note which routes of a prefix most full feeds have; returns how many feeds have any of them."""
    any_route = 0
    route = routes.head[prefix]
    while route >= 0:
        peers = 0
        for word in range(full.size):
            peers += _popcount(routes.seen[route, word] & full[word])
        shown[route] = 1 if 2 * peers > n_full else 0
        any_route += peers
        route = routes.after[route]
    return any_route


@kernel
def _is_inside(routes: Routes, prefix: int, outer: int) -> bool:
    """Tell whether a prefix lies inside another one that stands before it in order."""
    return bool(
        routes.family[prefix] == routes.family[outer]
        and (routes.hi[prefix] & mask(np.int64(routes.bits[outer]))) == routes.hi[outer]  # type: ignore[arg-type]
    )


@kernel
def _has_shown(routes: Routes, shown: Array, stack: Array, depth: int, origin: int) -> bool:
    """Tell whether a prefix around this one is visible from the same network."""
    for level in range(depth):
        route = routes.head[stack[level]]
        while route >= 0:
            if shown[route] == 1 and routes.origin[route] == origin:
                return True
            route = routes.after[route]
    return False


@kernel
def _add(shares: Shares, first: int, after: int, covered: bool, units: Array, prefixes: Array) -> None:
    """Add a list of shares: one prefix each, and its units unless a larger prefix brought them."""
    for at in range(first, after):
        entity = shares.entity[at]
        prefixes[entity] += 1
        if not covered:
            units[entity] += shares.units[at]


@kernel
def _count_routes(
    prefix: int, routes: Routes, shares: Shares, shown: Array, stack: Array, depth: int, units: Array,
    prefixes: Array,
) -> None:  # fmt: skip
    """Add the visible routes of a prefix to their networks."""
    route = routes.head[prefix]
    while route >= 0:
        if shown[route] == 1:
            covered = _has_shown(routes, shown, stack, depth, routes.origin[route])
            _add(shares, shares.route_first[route], shares.route_after[route], covered, units, prefixes)
        route = routes.after[route]


@entry
def count_visible(
    order: Array, routes: Routes, shares: Shares, full: Array, n_full: Array, shown: Array, units: Array,
    prefixes: Array, stack: Array,
) -> None:  # fmt: skip
    """Count units and prefixes of every entity that more than half of the full feeds see.

    Args:
        order: prefixes by family, address and length, so that what is inside comes after what is around.
        routes: the table.
        shares: what each prefix and route is worth.
        full: peers that are full feeds, as bits, uint64, shape (2, n_words): IPv4, IPv6.
        n_full: how many they are, shape (2,).
        shown: room for a mark of every route, uint8.
        units: is added to, int64, shape (2, n_entities).
        prefixes: is added to, int64, shape (2, n_entities).
        stack: room for the visible prefixes around one, int64, shape (DEEPEST,).
    """
    depth = 0
    for prefix in order:
        place = 0 if routes.family[prefix] == IPV4 else 1
        if n_full[place] == 0:
            continue
        n_seen = _see_routes(prefix, routes, full[place], n_full[place], shown)
        if 2 * n_seen <= n_full[place]:
            continue
        while depth > 0 and not _is_inside(routes, prefix, stack[depth - 1]):
            depth -= 1
        first, after = shares.prefix_first[prefix], shares.prefix_after[prefix]
        _add(shares, first, after, depth > 0, units[place], prefixes[place])
        _count_routes(prefix, routes, shares, shown, stack, depth, units[place], prefixes[place])
        stack[depth] = prefix
        depth += 1


@kernel
def _is_before(routes: Routes, one: int, other: int) -> bool:
    if routes.family[one] != routes.family[other]:
        return bool(routes.family[one] < routes.family[other])
    if routes.hi[one] != routes.hi[other]:
        return bool(routes.hi[one] < routes.hi[other])
    return bool(routes.bits[one] < routes.bits[other])


@entry
def merge(old: Array, new: Array, routes: Routes, both: Array) -> None:
    """Merge two orders of prefixes into one.

    Args:
        old: in order.
        new: in order, none of them in `old`.
        routes: the table.
        both: is filled, shape (n_old + n_new,).
    """
    left, right = 0, 0
    for at in range(both.size):
        if right == new.size or (left < old.size and _is_before(routes, old[left], new[right])):
            both[at] = old[left]
            left += 1
        else:
            both[at] = new[right]
            right += 1
