"""Which prefixes most full feeds see, place by place and bin by bin, as IODA defines it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from darkhours.sources.mrt.ahead import ReadAhead
from darkhours.sources.mrt.codes import RIB_ENTRY
from darkhours.sources.mrt.columns import Array, Rows
from darkhours.sources.mrt.elements import Reader
from darkhours.sources.mrt.ground import Ground, Held
from darkhours.sources.mrt.routes import M_PREFIXES, M_ROUTES, apply
from darkhours.sources.mrt.shares import BY_FILE, EVERYTHING, PLACE_BITS, S_ENTITIES
from darkhours.sources.mrt.tables import Tables
from darkhours.sources.mrt.views import DEEPEST, count_visible, merge

STEP_S = 300
"""Width of a bin in seconds, as IODA has it."""
FULL_IPV4, FULL_IPV6 = 400_000, 10_000
"""A peer with more prefixes than this is a full feed, as IODA has it. Too low, and peers that tell
only of their customers lower the count of everyone else; too high, and a collector has none."""
SHORTEST_IPV4, SHORTEST_IPV6 = 8, 16
"""Shorter prefixes are defaults and slips, and would make everything visible. Chosen by us."""
UNITS = np.array([256.0, 65536.0])
"""Addresses in a /24, and /64s in a /48."""
LONGEST_SILENCE_S = 86_400
"""Bins of a silence that is longer are left out, not told one by one as not measured: both mean the
same, and a file with one wild time would bring millions of them."""
Warn = Callable[[Path, list[str]], None]
_MUCH_NEW = 1.5
"""Growth of the table after which it is laid out anew in memory."""
_EVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as a full feed, and how wide a bin is.

    Args:
        step_s: seconds of a bin.
        full: prefixes that a full feed has more of, IPv4 and IPv6.
        shortest: bits of the shortest prefix that counts, IPv4 and IPv6.
        least_peers: full feeds below which a bin is not measured.
    """

    step_s: int = STEP_S
    full: tuple[int, int] = (FULL_IPV4, FULL_IPV6)
    shortest: tuple[int, int] = (SHORTEST_IPV4, SHORTEST_IPV6)
    least_peers: int = 1


@dataclass(frozen=True, slots=True)
class View:
    """What is visible at the end of one bin.

    Args:
        start_s: beginning of the bin, seconds since 1970.
        full: how many full feeds there are, IPv4 and IPv6.
        heard: whether any record fell into the bin.
        measured: whether the bin is, IPv4 and IPv6.
        units: addresses of IPv4 and /64s of IPv6 that at least one visible prefix of the entity holds, each
            counted once, int64, shape (2, n_entities).
        counts: visible prefixes of each entity, one inside another counted too, int32, the same shape.
    """

    start_s: int
    full: tuple[int, int]
    heard: bool
    measured: tuple[bool, bool]
    units: Array
    counts: Array

    @property
    def equivalents(self) -> Array:
        """/24s of IPv4 and /48s of IPv6 of each entity, shape (2, n_entities); NaN where not measured."""
        return np.stack([self.cut(family, slice(None), prefixes=False) for family in (0, 1)])

    @property
    def prefixes(self) -> Array:
        """Visible prefixes of each entity, shape (2, n_entities); NaN where not measured."""
        return np.stack([self.cut(family, slice(None), prefixes=True) for family in (0, 1)])

    def cut(self, family: int, entities: slice | Array, *, prefixes: bool) -> Array:
        """Return the values of some entities: of a million at once each column takes 8 MB.

        Args:
            family: 0 for IPv4, 1 for IPv6.
            entities: which.
            prefixes: prefixes rather than equivalents.
        """
        counted = self.counts[family, entities] if prefixes else self.units[family, entities]
        if not self.measured[family]:
            return np.full(counted.size, np.nan)
        return counted.astype(np.float64) if prefixes else counted / UNITS[family]


@dataclass(slots=True)
class Watch:
    """Follows the routes of one collector through its files, and tells what is visible bin by bin.

    A prefix is visible if more than half of the full feeds have it, whoever announces it; it is one
    of a network's if more than half have it from that network, or, where a file says whose addresses
    are, by that file alone. A full feed whose session goes down takes nothing away: it is no longer
    asked. A bin with fewer full feeds than the rule wants, or in which the collector wrote nothing at
    all, is not measured.

    Args:
        rule: what counts as a full feed.
        ground: where addresses lie and whose they are, bin by bin.
        wanted: what is told: COUNTRIES, REGIONS, NETWORKS, and CROSSINGS of networks and places, added up.
        families: whether IPv4 and IPv6 are counted; one that is not stays at 0.
        reader: of the files, all of one collector.
    """

    rule: Rule
    ground: Ground = field(default_factory=Ground)
    wanted: int = EVERYTHING
    families: tuple[bool, bool] = (True, True)
    reader: Reader = field(default_factory=Reader)
    _tables: Tables = field(init=False)
    _order: Array = field(init=False)
    _held: Held | None = field(default=None, init=False)
    _bin: int = field(default=-1, init=False)
    _heard: bool = field(default=False, init=False)
    _late: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Begin with no route."""
        self._tables = Tables()
        self.wanted |= BY_FILE if self.ground.by_file else 0
        self._order = np.empty(0, np.int64)

    def views(self, files: Sequence[Path], warn: Warn) -> Iterator[View]:
        """Yield a view for every bin from the first record to the last.

        Args:
            files: RIB dumps and updates, in the order of time.
            warn: is told what a person should know of a file, once it is read.
        """
        for file in files:
            with ReadAhead(file) as ahead:
                yield from self._follow(ahead)
            told = self.reader.tally().sentences()
            if self._late:
                told.append(f"{self._late:,} element(s) came late and count in the bin in which they came")
                self._late = 0
            if told:
                warn(file, told)
        if self._bin >= 0:
            yield self._view()

    def _follow(self, ahead: ReadAhead) -> Iterator[View]:
        """Yield the views of the bins that end within a file."""
        fresh = True
        for rows in self.reader.read(ahead):
            table = bool(rows.kind[0] == RIB_ENTRY)
            if table and fresh:
                yield from self._until(int(rows.time[0]))
                self._tables.clear()
            yield from self._take(rows, whole=table)
            fresh = False

    def names(self, first: int = 0, most: int | None = None) -> list[str]:
        """Return the entity behind each column of a view; views of later bins have more columns.

        Args:
            first: the first column that is asked for.
            most: so many at most: there may be a million of them.
        """
        n_entities, places = int(self._tables.shares.memo[S_ENTITIES]), self.ground.names()
        after = n_entities if most is None else min(n_entities, first + most)
        return name_entities(self._tables.shares.keys[first:after], places)

    def keys(self) -> Array:
        """Return what stands behind each column of the last view, to be named by `name_entities`."""
        return self._tables.shares.keys[: self._tables.shares.memo[S_ENTITIES]]

    def _until(self, time: int) -> Iterator[View]:
        """Yield the views of the bins that end at or before an instant."""
        step = self.rule.step_s * 1_000_000
        now = time // step
        if self._bin < 0:
            self._bin = now
        while self._bin < now:
            yield self._view()
            silent = (now - self._bin) * self.rule.step_s > LONGEST_SILENCE_S
            self._bin = now if silent else self._bin + 1
            self._heard = False
        self._heard = True

    def _take(self, rows: Rows, *, whole: bool) -> Iterator[View]:
        """Take rows in; a table counts whole at the instant of its first record."""
        row, n_rows, step = 0, rows.time.size, self.rule.step_s * 1_000_000
        shortest = np.array(self.rule.shortest, np.int64)
        if not whole:
            bins = np.maximum(rows.time // step, self._bin)
            self._late += int(np.count_nonzero(rows.time // step < np.maximum.accumulate(bins)))
        while row < n_rows:
            if not whole:
                yield from self._until(int(rows.time[row]))
            until = _EVER if whole else (self._bin + 1) * step
            row, why = apply(rows, row, until, shortest, self._tables.routes, self._tables.paths)
            self._tables.grow(why, len(self.reader.peers()) if why else 0)

    def _view(self) -> View:
        self._sort()
        start = self._bin * self.rule.step_s
        held = self.ground.at(start)
        if held is not self._held:
            self._held = held
            self._tables.forget_shares()
        routes, shares = self._tables.routes, self._tables.share(held, self.wanted)
        full = self._tables.full_feeds(self.rule.full)
        n_full = np.array([int(sum(word.bit_count() for word in mask.tolist())) for mask in full], np.int64)
        n_entities = int(shares.memo[S_ENTITIES])
        units, counts = np.zeros((2, n_entities), np.int64), np.zeros((2, n_entities), np.int32)
        shown, stack = np.empty(routes.memo[M_ROUTES], np.uint8), np.empty(DEEPEST, np.int64)
        counted = np.where(self.families, n_full, 0)
        count_visible(self._order, routes, shares, full, counted, shown, units, counts, stack)
        ipv4, ipv6 = ((n_full >= max(1, self.rule.least_peers)) & self._heard).tolist()
        return View(start, (int(n_full[0]), int(n_full[1])), self._heard, (ipv4, ipv6), units, counts)

    def _sort(self) -> None:
        """Bring the prefixes that came since the last view into the order."""
        routes, n_before = self._tables.routes, self._order.size
        n_prefixes = int(routes.memo[M_PREFIXES])
        if n_prefixes == n_before:
            return
        keys = (column[n_before:n_prefixes] for column in (routes.bits, routes.hi, routes.family))
        new = np.lexsort(tuple(keys)) + n_before
        both = np.empty(n_prefixes, np.int64)
        merge(self._order, new, routes, both)
        self._order = both
        if n_prefixes > _MUCH_NEW * n_before:
            self._tables.arrange(both)
            self._order = np.arange(n_prefixes)


def name_entities(keys: Array, places: Sequence[str]) -> list[str]:
    """Return entities by their keys: places, networks, networks in places.

    Args:
        keys: as `Shares.keys` has them.
        places: the entity of each number of a place, from `Ground.names`.
    """
    codes = [where.partition(":")[2] for where in places]
    mask = (1 << PLACE_BITS) - 1
    return [
        f"asn:{key >> PLACE_BITS}@{codes[key & mask]}"
        if key > mask and key & mask
        else (f"asn:{key >> PLACE_BITS}" if key > mask else places[key])
        for key in keys.tolist()
    ]
