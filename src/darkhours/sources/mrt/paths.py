"""Kernels that count the paths which a peer has for one prefix, where it tells of several (ADD-PATH)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import entry, kernel
from darkhours.sources.mrt.reads import spread

_ID_BITS = 32
P_USED, PATHS_MEMO = 0, 1
ALL = 0
"""The identifier under which the number of paths stands; real identifiers here are never 0."""


class Paths(NamedTuple):
    """A hash table of paths, and of how many there are; empty for most collectors.

    Args:
        key: prefix << 32 | identifier, uint64.
        peer: of the path, −1 where the slot is free, int32.
        number: 1 for a path that is there, 0 for one that was; of `ALL` how many are there, int32.
        memo: slots in use, int64.
    """

    key: Array
    peer: Array
    number: Array
    memo: Array


def make_paths(n_slots: int) -> Paths:
    """Return an empty table with that many slots, a power of two."""
    return Paths(
        np.empty(n_slots, np.uint64), np.full(n_slots, -1, np.int32), np.zeros(n_slots, np.int32),
        np.zeros(PATHS_MEMO, np.int64),
    )  # fmt: skip


@kernel
def _slot_of(paths: Paths, key: np.uint64, peer: int) -> int:
    """Return the slot of a path; a free one is taken for it."""
    n_slots = paths.key.size
    slot = np.int64(spread(key ^ (np.uint64(peer) << np.uint64(40))) & np.uint64(n_slots - 1))
    while paths.peer[slot] >= 0:
        if paths.key[slot] == key and paths.peer[slot] == peer:
            return slot  # type: ignore[return-value]  # for the compiler they are one
        slot = (slot + 1) & (n_slots - 1)
    paths.key[slot], paths.peer[slot], paths.number[slot] = key, peer, 0
    paths.memo[P_USED] += 1
    return slot  # type: ignore[return-value]


@kernel
def note_path(paths: Paths, prefix: int, peer: int, path_id: int, there: int) -> int:
    """Note that a path is there (1) or gone (0); returns how many paths of the peer are left.

    Args:
        paths: the table; two of its slots must be free.
        prefix: row of the prefix.
        peer: row of the peer.
        path_id: identifier, not 0.
        there: 1 or 0.
    """
    key = np.uint64(prefix) << np.uint64(_ID_BITS)
    slot = _slot_of(paths, key | np.uint64(path_id), peer)
    whole = _slot_of(paths, key | np.uint64(ALL), peer)
    paths.number[whole] += there - paths.number[slot]
    paths.number[slot] = there
    return paths.number[whole]  # type: ignore[no-any-return]


@kernel
def drop_paths(paths: Paths, peer: int) -> None:
    """Forget all paths of a peer whose session is down."""
    if paths.memo[P_USED] > 0:
        for slot in range(paths.peer.size):
            if paths.peer[slot] == peer:
                paths.number[slot] = 0


@entry
def move_paths(old: Paths, new: Paths, place: Array) -> None:
    """Take over what is there into an empty larger table, under new numbers of prefixes.

    Args:
        old: as it was.
        new: empty, with room for all.
        place: new number of every prefix.
    """
    low = (np.uint64(1) << np.uint64(_ID_BITS)) - np.uint64(1)
    for slot in range(old.peer.size):
        if old.peer[slot] >= 0 and old.number[slot] > 0:
            prefix = np.uint64(place[np.int64(old.key[slot] >> np.uint64(_ID_BITS))])
            key = (prefix << np.uint64(_ID_BITS)) | (old.key[slot] & low)
            new.number[_slot_of(new, key, old.peer[slot])] = old.number[slot]
