"""What each prefix and route is worth to which entity, and what is visible of it at one instant."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from darkhours.sources.mrt.codes import IPV4
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import entry, kernel
from darkhours.sources.mrt.reads import spread
from darkhours.sources.mrt.routes import M_PREFIXES, M_ROUTES, Routes
from darkhours.sources.mrt.spans import Networks, Places, Spans

PLACE_BITS = 20
"""Bits of the place in the key of an entity; the network stands before it."""
_DEEPEST = 65
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

# Places in the memo of shares.
S_SHARES, S_ENTITIES, S_PREFIXES, S_ROUTES, SHARES_MEMO = 0, 1, 2, 3, 4
NETWORKS, CROSSINGS, BY_FILE, COUNTRIES, REGIONS = 1, 2, 4, 8, 16
"""What is told of networks: each, each in each place; and whether a file says whose addresses are. Without
it that is the origin of each route, and lists of networks hang on routes; with it, on prefixes. And which
places there are: what nobody asked for would be most of the memory where crossings are many."""
EVERYTHING = NETWORKS | CROSSINGS | COUNTRIES | REGIONS
MOST_SHARES = np.iinfo(np.int32).max
"""How many shares can be numbered; they would take 24 GB."""
ROOM = 1 << 16
"""Free shares and entities that a list is begun with; one of more entities is cut there."""


class Shares(NamedTuple):
    """Lists of (entity, units), one for each prefix and one for each route.

    A unit is an IPv4 address, or 64 bits of IPv6 addresses (a /64).

    Args:
        prefix_first: where the list of a prefix begins, int32.
        route_first: the same of a route, int32; the lists of routes are apart from those of prefixes.
        entity: of a share, int32.
        units: of a share, int64.
        prefix_after: where the list of a prefix ends, int32.
        route_after: where the list of a route ends, int32.
        keys: of an entity: network << PLACE_BITS | place, 0 for neither, uint64.
        latest: where the last share of an entity stands, int32.
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
    latest: Array
    slots: Array
    memo: Array


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
    """Add units of an entity to the list that begins at `first`; a list that is full takes no more."""
    at = shares.memo[S_SHARES]
    if at - first >= ROOM - 1:
        return
    entity = _find_entity(shares, key)
    latest = shares.latest[entity]
    if first <= latest < at and shares.entity[latest] == entity:
        shares.units[latest] += units
        return
    shares.entity[at], shares.units[at], shares.latest[entity] = entity, units, at
    shares.memo[S_SHARES] = at + 1


@kernel
def _first_span(spans: Spans, family: int, value: np.uint64) -> int:
    """Return the first interval of a family that ends at or after a value."""
    low = 0 if family == IPV4 else spans.bounds[0]
    high = _span_end(spans, family)
    while low < high:
        middle = (low + high) >> 1
        if spans.end[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _span_end(spans: Spans, family: int) -> int:
    """Return where the intervals of a family end."""
    return spans.bounds[0] if family == IPV4 else spans.begin.size


@kernel
def _unit_bits(family: int) -> int:
    """Return the bits of 64 that lie below a unit."""
    return 32 if family == IPV4 else 0


@kernel
def _share_places(
    first: int, begin: np.uint64, end: np.uint64, family: int, network: np.uint64, wanted: int,
    shares: Shares, places: Places,
) -> None:  # fmt: skip
    """Add the wanted places that addresses from `begin` to `end` lie in, crossed with a network."""
    spans, cut = places.spans, np.uint64(_unit_bits(family))
    at, after = _first_span(spans, family, begin), _span_end(spans, family)
    while at < after and spans.begin[at] <= end:
        part = min(end, spans.end[at]) - max(begin, spans.begin[at])
        units, code = np.int64(part >> cut) + 1, spans.code[at]
        if wanted & COUNTRIES and places.country[code] > 0:
            _add_share(shares, first, network | np.uint64(places.country[code]), units)  # type: ignore[arg-type]
        if wanted & REGIONS and places.region[code] > 0:
            _add_share(shares, first, network | np.uint64(places.region[code]), units)  # type: ignore[arg-type]
        at += 1


@kernel
def _share_networks(
    first: int, begin: np.uint64, end: np.uint64, family: int, wanted: int, shares: Shares, places: Places,
    networks: Networks,
) -> None:  # fmt: skip
    """Add the networks that addresses from `begin` to `end` belong to, and each in each place, as wanted."""
    spans, cut = networks.spans, np.uint64(_unit_bits(family))
    at, after = _first_span(spans, family, begin), _span_end(spans, family)
    while at < after and spans.begin[at] <= end:
        low, high = max(begin, spans.begin[at]), min(end, spans.end[at])
        units, code = np.int64((high - low) >> cut) + 1, spans.code[at]
        for number in range(networks.first[code], networks.first[code + 1]):
            network = np.uint64(networks.asn[number]) << np.uint64(PLACE_BITS)
            if wanted & NETWORKS:
                _add_share(shares, first, network, units)  # type: ignore[arg-type]
            if wanted & CROSSINGS:
                _share_places(first, low, high, family, network, wanted, shares, places)
        at += 1


@kernel
def _share_prefix(
    prefix: int, wanted: int, routes: Routes, shares: Shares, places: Places, networks: Networks
) -> None:
    """Make the list of a prefix: the places that its addresses lie in, and, by file, their networks."""
    first: int = shares.memo[S_SHARES]
    shares.prefix_first[prefix] = first
    bits, family, begin = np.int64(routes.bits[prefix]), np.int64(routes.family[prefix]), routes.hi[prefix]
    end = begin | (_ALL if bits == 0 else ((np.uint64(1) << np.uint64(64 - bits)) - np.uint64(1)))
    _share_places(first, begin, end, family, np.uint64(0), wanted, shares, places)  # type: ignore[arg-type]
    if wanted & BY_FILE:
        _share_networks(first, begin, end, family, wanted, shares, places, networks)  # type: ignore[arg-type]
    shares.prefix_after[prefix] = shares.memo[S_SHARES]


@kernel
def _share_route(route: int, routes: Routes, shares: Shares, wanted: int) -> None:
    """Make the list of a route: its network, and its network in each place of its prefix, as wanted."""
    first: int = shares.memo[S_SHARES]
    shares.route_first[route] = first
    prefix, network = routes.of[route], np.uint64(routes.origin[route]) << np.uint64(PLACE_BITS)
    if wanted & BY_FILE:
        network = np.uint64(0)
    if network > 0 and wanted & NETWORKS:
        bits = np.int64(routes.bits[prefix])
        units = int(np.int64(1) << (64 - _unit_bits(routes.family[prefix]) - bits))
        _add_share(shares, first, network, units)
    if network > 0 and wanted & CROSSINGS:
        for at in range(shares.prefix_first[prefix], shares.prefix_after[prefix]):
            key = network | shares.keys[shares.entity[at]]
            _add_share(shares, first, key, shares.units[at])
    shares.route_after[route] = shares.memo[S_SHARES]


@entry
def share(routes: Routes, shares: Shares, places: Places, networks: Networks, wanted: int) -> bool:
    """Make the lists of the prefixes and routes that have none; tells whether all found room.

    Args:
        routes: the table.
        shares: the lists so far.
        places: where addresses lie.
        networks: whose they are, where a file says so.
        wanted: NETWORKS, CROSSINGS, BY_FILE, COUNTRIES, REGIONS, added up.
    """
    while shares.memo[S_PREFIXES] < routes.memo[M_PREFIXES]:
        if not _has_room(shares):
            return False
        _share_prefix(shares.memo[S_PREFIXES], wanted, routes, shares, places, networks)
        shares.memo[S_PREFIXES] += 1
    while shares.memo[S_ROUTES] < routes.memo[M_ROUTES]:
        if not _has_room(shares):
            return False
        _share_route(shares.memo[S_ROUTES], routes, shares, wanted)
        shares.memo[S_ROUTES] += 1
    return True


@kernel
def _has_room(shares: Shares) -> bool:
    return bool(
        shares.memo[S_SHARES] + ROOM < shares.entity.size
        and shares.memo[S_ENTITIES] + ROOM < shares.keys.size
    )
