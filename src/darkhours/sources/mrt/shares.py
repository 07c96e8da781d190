"""What each prefix and route is worth to which entity, and what is visible of it at one instant."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from darkhours.sources.mrt.codes import IPV4
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import entry, kernel
from darkhours.sources.mrt.reads import spread
from darkhours.sources.mrt.routes import M_PREFIXES, M_ROUTES, Routes

PLACE_BITS = 20
"""Bits of the place in the key of an entity; the network stands before it."""
_DEEPEST = 65
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

# Places in the memo of shares.
S_SHARES, S_ENTITIES, S_PREFIXES, S_ROUTES, SHARES_MEMO = 0, 1, 2, 3, 4
ROOM = 1 << 16
"""Free shares and entities that a prefix is begun with; one that spans more intervals is cut there."""


class Shares(NamedTuple):
    """Lists of (entity, units), one for each prefix (places) and one for each route (networks).

    A unit is an IPv4 address, or 64 bits of IPv6 addresses (a /64).

    Args:
        prefix_first: where the list of a prefix begins, int64; it ends where that of the next begins.
        route_first: the same of a route, int64; the lists of routes are apart from those of prefixes.
        entity: of a share, int32.
        units: of a share, int64.
        prefix_after: where the list of a prefix ends, int64.
        route_after: where the list of a route ends, int64.
        keys: of an entity: network << PLACE_BITS | place, 0 for neither, uint64.
        slots: hash table of entities, row + 1, int32.
        memo: how many there are of each, int64.
    """

    prefix_first: Array
    route_first: Array
    entity: Array
    units: Array
    prefix_after: Array
    route_after: Array
    keys: Array
    slots: Array
    memo: Array


class Places(NamedTuple):
    """Which addresses lie where: intervals that do not overlap, sorted, by family.

    Args:
        begin: first of an interval as 64 bits from the left, uint64.
        end: last of it, uint64.
        country: number of its country, 0 for none, int32.
        region: number of its region, 0 for none, int32.
        bounds: where the intervals of IPv4 end and those of IPv6 begin, int64, shape (1,).
    """

    begin: Array
    end: Array
    country: Array
    region: Array
    bounds: Array


@kernel
def _entity_slot(shares: Shares, key: np.uint64) -> int:
    """Return the slot of an entity, or the free one where it would stand."""
    n_slots = shares.slots.size
    slot = np.int64(spread(key) & np.uint64(n_slots - 1))
    while shares.slots[slot] != 0 and shares.keys[shares.slots[slot] - 1] != key:
        slot = (slot + 1) & (n_slots - 1)
    return slot  # type: ignore[return-value]  # for the compiler they are one


@kernel
def _find_entity(shares: Shares, key: np.uint64) -> int:
    """Return the row of an entity, a new one where there was none."""
    slot = _entity_slot(shares, key)
    row = np.int64(shares.slots[slot]) - 1
    if row < 0:
        row = shares.memo[S_ENTITIES]
        shares.keys[row] = key
        shares.slots[slot] = row + 1
        shares.memo[S_ENTITIES] = row + 1
    return row  # type: ignore[return-value]


@entry
def place_entities(shares: Shares) -> None:
    """Fill the hash table anew, after it has grown."""
    n_entities = shares.memo[S_ENTITIES]
    for row in range(n_entities):
        slot = _entity_slot(shares, shares.keys[row])
        shares.slots[slot] = row + 1


@kernel
def _add_share(shares: Shares, first: int, key: np.uint64, units: int) -> None:
    """Add units of an entity to the list that begins at `first`."""
    entity = _find_entity(shares, key)
    for at in range(first, shares.memo[S_SHARES]):
        if shares.entity[at] == entity:
            shares.units[at] += units
            return
    at = shares.memo[S_SHARES]
    shares.entity[at], shares.units[at] = entity, units
    shares.memo[S_SHARES] = at + 1


@kernel
def _first_interval(places: Places, low: int, high: int, value: np.uint64) -> int:
    """Return the first interval from `low` to `high` that ends at or after a value."""
    while low < high:
        middle = (low + high) >> 1
        if places.end[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _unit_bits(family: int) -> int:
    """Return the bits of 64 that lie below a unit."""
    return 32 if family == IPV4 else 0


@kernel
def _share_prefix(prefix: int, routes: Routes, shares: Shares, places: Places) -> None:
    """Make the list of a prefix: the countries and regions that its addresses lie in."""
    first: int = shares.memo[S_SHARES]
    shares.prefix_first[prefix] = first
    bits, family = np.int64(routes.bits[prefix]), routes.family[prefix]
    begin = routes.hi[prefix]
    end = begin | (_ALL if bits == 0 else ((np.uint64(1) << np.uint64(64 - bits)) - np.uint64(1)))
    low = 0 if family == IPV4 else places.bounds[0]
    high = places.bounds[0] if family == IPV4 else places.begin.size
    at = _first_interval(places, low, high, begin)
    cut = np.uint64(_unit_bits(family))
    while at < high and places.begin[at] <= end and shares.memo[S_SHARES] - first < ROOM - 2:
        part = min(end, places.end[at]) - max(begin, places.begin[at])
        units = np.int64(part >> cut) + 1
        if places.country[at] > 0:
            _add_share(shares, first, np.uint64(places.country[at]), units)  # type: ignore[arg-type]
        if places.region[at] > 0:
            _add_share(shares, first, np.uint64(places.region[at]), units)  # type: ignore[arg-type]
        at += 1
    shares.prefix_after[prefix] = shares.memo[S_SHARES]


@kernel
def _share_route(route: int, routes: Routes, shares: Shares) -> None:
    """Make the list of a route: its network, and its network in each place of its prefix."""
    first: int = shares.memo[S_SHARES]
    shares.route_first[route] = first
    prefix, network = routes.of[route], np.uint64(routes.origin[route]) << np.uint64(PLACE_BITS)
    if network > 0:
        bits = np.int64(routes.bits[prefix])
        units = int(np.int64(1) << (64 - _unit_bits(routes.family[prefix]) - bits))
        _add_share(shares, first, network, units)
        for at in range(shares.prefix_first[prefix], shares.prefix_after[prefix]):
            key = network | shares.keys[shares.entity[at]]
            _add_share(shares, first, key, shares.units[at])
    shares.route_after[route] = shares.memo[S_SHARES]


@entry
def share(routes: Routes, shares: Shares, places: Places) -> bool:
    """Make the lists of the prefixes and routes that have none; tells whether all found room."""
    while shares.memo[S_PREFIXES] < routes.memo[M_PREFIXES]:
        if not _has_room(shares):
            return False
        _share_prefix(shares.memo[S_PREFIXES], routes, shares, places)
        shares.memo[S_PREFIXES] += 1
    while shares.memo[S_ROUTES] < routes.memo[M_ROUTES]:
        if not _has_room(shares):
            return False
        _share_route(shares.memo[S_ROUTES], routes, shares)
        shares.memo[S_ROUTES] += 1
    return True


@kernel
def _has_room(shares: Shares) -> bool:
    return bool(
        shares.memo[S_SHARES] + ROOM < shares.entity.size
        and shares.memo[S_ENTITIES] + ROOM < shares.keys.size
    )
