"""The tables that the kernels fill, and their growth when there is no more room."""

from __future__ import annotations

import numpy as np

from darkhours.model.errors import InputError, Problem
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.ground import Held
from darkhours.sources.mrt.paths import make_paths, move_paths
from darkhours.sources.mrt.routes import (
    M_PREFIXES,
    M_ROUTES,
    MEMO_SIZE,
    MORE_PATHS,
    MORE_PEERS,
    MORE_PREFIXES,
    MORE_ROUTES,
    Routes,
    place_prefixes,
)  # fmt: skip
from darkhours.sources.mrt.shares import (
    MOST_SHARES,
    ROOM,
    S_ENTITIES,
    S_PREFIXES,
    S_ROUTES,
    S_SHARES,
    SHARES_MEMO,
    Shares,
    place_entities,
    share,
)  # fmt: skip

_FIRST_PREFIXES = 1 << 14
_FIRST_PEERS = 64
_FIRST_PATHS = 1 << 6
_WORD = 64
_NONE = np.empty(0, np.int32)


class Tables:
    """The routes of a collector and what they are worth, in arrays that grow by doubling."""

    def __init__(self) -> None:
        """Begin empty."""
        n = _FIRST_PREFIXES
        self.routes = Routes(
            hi=np.empty(n, np.uint64), bits=np.empty(n, np.uint8), family=np.empty(n, np.uint8),
            head=np.empty(n, np.int32), slots=np.zeros(2 * n, np.int32), of=np.empty(n, np.int32),
            origin=np.empty(n, np.uint32), after=np.empty(n, np.int32), seen=np.zeros((n, 1), np.uint64),
            counts=np.zeros((_FIRST_PEERS, 2), np.int64), memo=np.zeros(MEMO_SIZE, np.int64),
        )  # fmt: skip
        self.paths = make_paths(_FIRST_PATHS)
        self.shares = Shares(
            prefix_first=np.empty(n, np.int32), route_first=np.empty(n, np.int32),
            entity=np.empty(2 * ROOM, np.int32), units=np.empty(2 * ROOM, np.int64),
            prefix_after=np.empty(n, np.int32), route_after=np.empty(n, np.int32),
            keys=np.empty(2 * ROOM, np.uint64), latest=np.zeros(2 * ROOM, np.int32),
            slots=np.zeros(4 * ROOM, np.int32),
            memo=np.zeros(SHARES_MEMO, np.int64),
        )  # fmt: skip

    def grow(self, why: int, n_peers: int) -> None:
        """Make room for what `apply` came back for."""
        if why == MORE_PREFIXES:
            self._grow_prefixes()
        elif why == MORE_ROUTES:
            self._grow_routes()
        elif why == MORE_PEERS:
            self._grow_peers(n_peers)
        elif why == MORE_PATHS:
            self._move_paths(2 * self.paths.key.size, np.arange(self.routes.hi.size))

    def clear(self) -> None:
        """Take every route from every peer: a new table tells all of them again."""
        self.routes.seen[: self.routes.memo[M_ROUTES]] = 0
        self.routes.counts[:] = 0
        self.paths.number[:] = 0

    def share(self, held: Held, wanted: int) -> Shares:
        """Return what prefixes and routes are worth, made up to the last one.

        Raises:
            InputError: there are more shares than can be numbered.
        """
        while not share(self.routes, self.shares, held.places, held.networks, wanted):
            self._grow_shares()
        return self.shares

    def forget_shares(self) -> None:
        """Let every list be made anew; entities keep their numbers."""
        self.shares.memo[[S_SHARES, S_PREFIXES, S_ROUTES]] = 0

    def arrange(self, order: Array) -> None:
        """Renumber prefixes in their order, and routes with them: a sweep then goes straight through memory.

        Args:
            order: every prefix once, by family, address and length.
        """
        of, n, n_routes = self.routes, order.size, int(self.routes.memo[M_ROUTES])
        for column in (of.hi, of.bits, of.family):
            column[:n] = column[order]
        place = np.empty(n, np.int32)
        place[order] = np.arange(n, dtype=np.int32)
        prefixes = place[of.of[:n_routes]]
        moved = np.argsort(prefixes, kind="stable")
        of.of[:n_routes] = prefixes[moved]
        for column in (of.origin, of.seen):
            column[:n_routes] = column[:n_routes][moved]
        begins = np.searchsorted(of.of[:n_routes], np.arange(n + 1, dtype=np.int32))
        of.head[:n] = begins[:-1]
        of.after[:n_routes] = np.arange(1, n_routes + 1, dtype=np.int32)
        of.after[begins[1:] - 1] = -1
        of.slots[:] = 0
        place_prefixes(of)
        self._move_paths(self.paths.key.size, place.astype(np.int64))
        self.forget_shares()

    def full_feeds(self, limits: tuple[int, int]) -> Array:
        """Return the peers that have more prefixes than a limit, as bits, uint64, shape (2, n_words)."""
        n_words = self.routes.seen.shape[1]
        bits = np.zeros((2, n_words * _WORD), np.uint8)
        n_peers = min(len(self.routes.counts), n_words * _WORD)
        bits[:, :n_peers] = (self.routes.counts[:n_peers] > np.array(limits)).T
        return np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64)

    def _grow_prefixes(self) -> None:
        n, used = 2 * self.routes.hi.size, int(self.routes.memo[M_PREFIXES])
        self._lengthen_routes(("hi", "bits", "family", "head"), n, used)
        self.routes = self.routes._replace(slots=_NONE)
        self.routes = self.routes._replace(slots=np.zeros(2 * n, np.int32))
        place_prefixes(self.routes)
        self._lengthen_shares(("prefix_first", "prefix_after"), n, int(self.shares.memo[S_PREFIXES]))

    def _grow_routes(self) -> None:
        n, used = 2 * self.routes.of.size, int(self.routes.memo[M_ROUTES])
        self._lengthen_routes(("of", "origin", "after", "seen"), n, used)
        self._lengthen_shares(("route_first", "route_after"), n, int(self.shares.memo[S_ROUTES]))

    def _grow_peers(self, n_peers: int) -> None:
        n = max(n_peers, 2 * len(self.routes.counts))
        n_words = -(-n // _WORD)
        seen = np.zeros((len(self.routes.seen), n_words), np.uint64)
        seen[:, : self.routes.seen.shape[1]] = self.routes.seen
        counts = np.zeros((n_words * _WORD, 2), np.int64)
        counts[: len(self.routes.counts)] = self.routes.counts
        self.routes = self.routes._replace(seen=seen, counts=counts)

    def _move_paths(self, n_slots: int, place: Array) -> None:
        new = make_paths(n_slots)
        move_paths(self.paths, new, place)
        self.paths = new

    def _grow_shares(self) -> None:
        shares = self.shares
        n_entities, n_shares = int(shares.memo[S_ENTITIES]), int(shares.memo[S_SHARES])
        if n_entities + ROOM >= shares.keys.size:
            n = 2 * shares.keys.size
            del shares
            self._lengthen_shares(("keys", "latest"), n, n_entities)
            self.shares = self.shares._replace(slots=_NONE)
            self.shares = self.shares._replace(slots=np.zeros(2 * n, np.int32))
            place_entities(self.shares)
        else:
            n = 2 * shares.entity.size
            del shares
            if n > MOST_SHARES:
                message = f"expected fewer than {MOST_SHARES:,} parts of prefixes; ask for fewer kinds"
                raise InputError("--places", [Problem("", message)])
            self._lengthen_shares(("entity", "units"), n, n_shares)

    def _lengthen_routes(self, columns: tuple[str, ...], n: int, used: int) -> None:
        """Give columns room for n, one after the other: each lets go of its old memory before the next."""
        for name in columns:
            self.routes = self.routes._replace(**{name: _longer(getattr(self.routes, name), n, used)})

    def _lengthen_shares(self, columns: tuple[str, ...], n: int, used: int) -> None:
        """Give columns of shares room for n, in the same way."""
        for name in columns:
            self.shares = self.shares._replace(**{name: _longer(getattr(self.shares, name), n, used)})


def _longer(column: Array, n: int, used: int) -> Array:
    """Return a column with room for n, its used values at its beginning; memory is taken as it is filled."""
    made = np.zeros((n, *column.shape[1:]), column.dtype)
    made[:used] = column[:used]
    return made
