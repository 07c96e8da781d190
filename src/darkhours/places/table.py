"""Sorted rows in compressed blocks: one key is found by unpacking one block."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MAGIC = b"darkhours.places/1\n"
_BLOCK = 32_000


@dataclass(frozen=True, slots=True)
class Table:
    """A sorted table of text, packed.

    The file opens with two lines that a person can read (its format; then, as JSON, what it
    is made from, under which licence, and where its blocks lie), so that no copy of the data
    is without its attribution.

    Args:
        about: source, licence and attribution of the data.
        first: first key of each block, sorted.
        spans: start and end of each block in ``body``, bytes.
        body: the blocks, each deflated text of ``key TAB field TAB field`` lines.
    """

    about: Mapping[str, object]
    first: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    body: bytes

    def get(self, key: str) -> list[str] | None:
        """Return the fields of the row with that key, or None."""
        block = bisect_right(self.first, key) - 1
        if block < 0:
            return None
        start = f"\n{key}\t"
        text = self._unpack(block)
        at = text.find(start)
        if at < 0:
            return None
        return text[at + len(start) : text.index("\n", at + 1)].split("\t")

    def scan(self, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
        """Yield every row whose key begins with ``prefix``, in the order of the keys."""
        for block in range(max(bisect_right(self.first, prefix) - 1, 0), len(self.first)):
            if self.first[block][: len(prefix)] > prefix:
                return
            for line in self._unpack(block)[1:-1].split("\n"):
                if line.startswith(prefix):
                    key, *fields = line.split("\t")
                    yield key, fields

    def _unpack(self, block: int) -> str:
        start, end = self.spans[block]
        return zlib.decompress(self.body[start:end]).decode("utf-8")


def pack_table(about: Mapping[str, object], rows: Iterable[tuple[str, ...]]) -> bytes:
    """Return rows (a key and its fields) as the bytes of a table.

    The same rows give the same bytes with the same zlib, in whatever order they come.

    Raises:
        ValueError: a key comes twice, or a field holds a tab or an end of line.

    >>> read_table(pack_table({}, [("b", "2"), ("a", "1")])).get("a")
    ['1']
    """
    lines: list[tuple[str, str]] = sorted((row[0], "\t".join(row)) for row in rows)
    for (key, line), (after, _) in zip(lines, [*lines[1:], ("", "")], strict=True):
        if key == after or "\n" in line or not key:
            raise ValueError(f"expected one line with a key of its own, got {line!r}")
    body, first, sizes = b"", [], []
    for block in _cut(lines):
        packed = zlib.compress(("\n" + "".join(f"{line}\n" for _, line in block)).encode(), 9)
        first.append(block[0][0])
        sizes.append(len(packed))
        body += packed
    head = {**about, "rows": len(lines), "sizes": sizes, "first": first}
    return _MAGIC + json.dumps(head, ensure_ascii=False).encode() + b"\n" + body


def _cut(lines: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    block: list[tuple[str, str]] = []
    size = 0
    for key, line in lines:
        block.append((key, line))
        size += len(line)
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def read_table(data: bytes) -> Table:
    """Return the table that `pack_table` wrote.

    Raises:
        ValueError: the bytes are no table of this version.
    """
    if not data.startswith(_MAGIC):
        raise ValueError(f"expected a table that opens with {_MAGIC!r}, got {data[:20]!r}")
    end = data.index(b"\n", len(_MAGIC))
    about = json.loads(data[len(_MAGIC) : end])
    first, sizes = about.pop("first"), about.pop("sizes")
    spans, at = [], 0
    for size in sizes:
        spans.append((at, at + size))
        at += size
    return Table(about, tuple(first), tuple(spans), data[end + 1 :])


@cache
def load_table(name: str) -> Table:
    """Return a table of the gazetteer; it is read once, and its blocks when asked for."""
    return read_table(files("darkhours.places").joinpath("data", name).read_bytes())


def load_rows(name: str) -> list[list[str]]:
    """Return the rows of a hand-written ``.tsv`` of the gazetteer; ``#`` opens a comment."""
    text = files("darkhours.places").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
