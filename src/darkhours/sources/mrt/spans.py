"""Intervals of addresses, sorted and without overlap, and what lies in them: places, networks."""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np

from darkhours.sources.mrt.codes import IPV4, IPV6
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.jit import entry

_LOW = (1 << 32) - 1


class Spans(NamedTuple):
    """Intervals that do not overlap, sorted, IPv4 before IPv6; both as the left 64 bits of addresses.

    Args:
        begin: first of an interval, uint64.
        end: last of it, uint64.
        code: what lies there, int32; 0 for nothing.
        bounds: where the intervals of IPv4 end and those of IPv6 begin, int64, shape (1,).
    """

    begin: Array
    end: Array
    code: Array
    bounds: Array


class Places(NamedTuple):
    """Which addresses lie where.

    Args:
        spans: the intervals.
        country: number of the country of each code, 0 for none, int32.
        region: number of the region of each code, 0 for none, int32.
    """

    spans: Spans
    country: Array
    region: Array


class Networks(NamedTuple):
    """Which addresses belong to which networks.

    Args:
        spans: the intervals.
        first: where the networks of each code begin in `asn`; they end where those of the next begin, int32.
        asn: networks, uint32.
    """

    spans: Spans
    first: Array
    asn: Array


class SpanList:
    """Intervals as they are read, in arrays: a million of them are nothing unusual."""

    def __init__(self) -> None:
        """Begin empty."""
        self._ends = {family: (array("Q"), array("Q")) for family in (IPV4, IPV6)}
        self._codes = {family: array("i") for family in (IPV4, IPV6)}

    def add(self, family: int, first: int, last: int, code: int) -> None:
        """Add an interval; of IPv6 only the left 64 bits are kept.

        Args:
            family: 4 or 6.
            first: its first address as a number.
            last: its last address.
            code: what lies there.
        """
        begin, end = (first << 32, last << 32 | _LOW) if family == IPV4 else (first >> 64, last >> 64)
        begins, ends = self._ends[family]
        begins.append(begin)
        ends.append(end)
        self._codes[family].append(code)

    def spans(self) -> Spans:
        """Return them sorted and without overlap: where two overlap, the one that begins later wins.

        So an inner one wins over the one around it, and of two alike the one that was added later.
        """
        flat = [self._flat(family) for family in (IPV4, IPV6)]
        begin, end, code = (np.concatenate(pair) for pair in zip(*flat, strict=True))
        return Spans(begin, end, code, np.array([flat[0][0].size], np.int64))

    def _flat(self, family: int) -> tuple[Array, Array, Array]:
        begin, end = (np.array(column, np.uint64) for column in self._ends[family])
        code = np.array(self._codes[family], np.int32)
        if not (begin[1:] > end[:-1]).all():
            order = np.lexsort((~end, begin))
            begin, end, code = begin[order], end[order], code[order]
        if (begin[1:] > end[:-1]).all():
            return begin, end, code
        most = 2 * begin.size + 1
        parts = Spans(
            np.empty(most, np.uint64), np.empty(most, np.uint64), np.empty(most, np.int32), np.zeros(1, int)
        )
        flatten(Spans(begin, end, code, np.zeros(1, int)), parts, np.empty(begin.size, np.int64))
        n = int(parts.bounds[0])
        return parts.begin[:n].copy(), parts.end[:n].copy(), parts.code[:n].copy()


@entry
def flatten(spans: Spans, parts: Spans, stack: Array) -> None:
    """Cut intervals so that none overlap: the one that begins later wins.

    Args:
        spans: by their beginning, a larger one before those inside it.
        parts: is filled, ``bounds[0]`` of them; room for twice as many and one.
        stack: room for as many numbers as there are intervals: those that are open.
    """
    n, depth, at = 0, 0, np.uint64(0)
    one, size = np.uint64(1), spans.begin.size
    for new in range(size + 1):
        while depth > 0 and (new == size or spans.end[stack[depth - 1]] < spans.begin[new]):
            top = stack[depth - 1]
            depth -= 1
            if at > spans.end[top]:
                continue
            parts.begin[n], parts.end[n], parts.code[n] = at, spans.end[top], spans.code[top]
            n += 1
            at = spans.end[top] + one
            if at == np.uint64(0):  # behind the last address there is nothing
                depth = 0
        if new == size:
            break
        if depth > 0 and at < spans.begin[new]:
            top = stack[depth - 1]
            parts.begin[n], parts.end[n], parts.code[n] = at, spans.begin[new] - one, spans.code[top]
            n += 1
        at = spans.begin[new]
        stack[depth] = new
        depth += 1
    parts.bounds[0] = n
