"""Which names have the letters of a text: an index for those who search often, as a site does."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from darkhours.places.table import Table, load_table

Holders: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32]]
_AT_ONCE = 1 << 13
_LIMIT = "\U0010ffff"
"""Comes after every letter."""
_DIFFERENT = 1 << 8
"""Stands for one more letter that is there at all, above the count of all letters: names have 80 at most."""


@dataclass(frozen=True, slots=True, eq=False)
class LetterIndex:
    """Every name of a table, and for each letter the names that have it.

    Some 20 MB for the 273,000 names of the gazetteer.

    Args:
        text: lines of key, tab and fields, by key, as UTF-8.
        ends: end of each line in the text, and 0 before the first; shape (n + 1,).
        sizes: letters of each key, shape (n,).
        firsts: code of the first letter of each key, ascending, shape (n,).
        holders: of each letter, the numbers of the keys that have it and how often.
    """

    text: bytes
    ends: NDArray[np.int64]
    sizes: NDArray[np.int32]
    firsts: NDArray[np.uint32]
    holders: dict[str, Holders]

    def row(self, number: int) -> tuple[str, str]:
        """Return the key of a row and its first field."""
        line = self.text[self.ends[number] : self.ends[number + 1] - 1].decode()
        key, field = line.split("\t")[:2]
        return key, field

    def beginning(self, start: str) -> range:
        """Return the rows whose key begins so."""
        rows = range(len(self.sizes))

        def key_of(number: int) -> str:
            return self.row(number)[0]

        return range(bisect_left(rows, start, key=key_of), bisect_left(rows, start + _LIMIT, key=key_of))

    def like(self, asked: str, least: float) -> NDArray[np.intp]:
        """Return the rows whose key may be so much like a text: no other has a ratio of difflib as high.

        Args:
            asked: folded, at most 60 letters.
            least: the ratio, above 0. Half of the letters of the text must be in the key at all, and it
                may be twice as long at most.
        """
        seen = np.zeros(len(self.sizes), np.int32)
        letters = Counter(asked)
        for letter, times in letters.items():
            numbers, counts = self.holders.get(letter, _NOBODY)
            seen[numbers] += np.minimum(counts, times) + _DIFFERENT
        different, same = np.divmod(seen, _DIFFERENT)
        size = len(asked)
        fits = (2 * different >= len(letters)) & (self.sizes <= 2 * size)
        return np.flatnonzero(fits & (2.0 * same / (self.sizes + size) >= least))


_NOBODY: Holders = (np.zeros(0, np.int32), np.zeros(0, np.int32))


@cache
def index_names() -> LetterIndex:
    """Return the index of all names; made once, in half a second."""
    return make_index(load_table("names.bin"))


def make_index(table: Table) -> LetterIndex:
    """Return the index of a table; some thousand rows at a time, for all at once take 100 MB more."""
    rows, text, parts = table.scan(""), [], []
    found: dict[str, list[Holders]] = {}
    n_rows = 0
    while some := list(islice(rows, _AT_ONCE)):
        keys = [key for key, _ in some]
        lines = ["\t".join((key, *fields)).encode() + b"\n" for key, fields in some]
        text.append(b"".join(lines))
        parts.append(
            np.array([[len(key), ord(key[0]), len(line)] for key, line in zip(keys, lines, strict=True)])
        )
        for letter, numbers, counts in _holders(keys):
            found.setdefault(letter, []).append((numbers + np.int32(n_rows), counts))
        n_rows += len(keys)
    sizes, firsts, lengths = np.concatenate([np.zeros((0, 3), np.int64), *parts]).T
    ends = np.concatenate([[0], np.cumsum(lengths)])
    holders = {
        letter: (np.concatenate([each[0] for each in held]), np.concatenate([each[1] for each in held]))
        for letter, held in found.items()
    }
    return LetterIndex(b"".join(text), ends, sizes.astype(np.int32), firsts.astype(np.uint32), holders)


def _holders(keys: list[str]) -> Iterator[tuple[str, NDArray[np.int32], NDArray[np.int32]]]:
    """Yield each letter, the numbers of the keys that have it, and how often."""
    letters = np.frombuffer("".join(keys).encode("utf-32-le"), "<u4").astype(np.uint64)
    owners = np.repeat(np.arange(len(keys), dtype=np.uint64), [len(key) for key in keys])
    pairs, counts = np.unique(letters << np.uint64(32) | owners, return_counts=True)
    codes, numbers = pairs >> np.uint64(32), pairs.astype(np.uint32).astype(np.int32)
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    for low, high in pairwise(cuts):
        yield chr(int(codes[low])), numbers[low:high], counts[low:high].astype(np.int32)
