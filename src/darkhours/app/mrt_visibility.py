"""Follows a collector through its files, bin by bin, for what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.sources.mrt.codes import RIB_ENTRY
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.elements import Reader
from darkhours.sources.mrt.ground import DatedFile, Ground, Use
from darkhours.sources.mrt.shares import COUNTRIES, CROSSINGS, NETWORKS, PLACE_BITS, REGIONS
from darkhours.sources.mrt.visibility import FULL_IPV4, FULL_IPV6, Rule, View, Watch, name_entities

SIGNALS = {
    "slash24": "bgp.visible_slash24_cnt",
    "slash48": "bgp.visible_slash48_cnt",
    "prefix4": "bgp.visible_prefix4_cnt",
    "prefix6": "bgp.visible_prefix6_cnt",
}
"""What can be counted, with the name of the signal that it becomes."""
KINDS = ("country", "region", "asn", "asn-country", "asn-region")
_OF_NETWORKS = {"asn", "asn-country", "asn-region"}
_PORTION = 1 << 14
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})=(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see.

    Args:
        files: RIB dumps and updates of one collector.
        places: files of locations.
        networks: files of networks; none for the origin of each announcement.
        signal: one of `SIGNALS`.
        per: kinds of entities, of `KINDS`; empty for places where there are any, and networks where a
            file tells them or there are no places.
        rule: what counts as a full feed, and how wide a bin is.
    """

    files: tuple[Path, ...]
    places: tuple[DatedFile, ...]
    networks: tuple[DatedFile, ...]
    signal: str
    per: tuple[str, ...]
    rule: Rule

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of entities that are told."""
        places = ("country", "region") if self.places else ()
        return self.per or (*places, *(("asn",) if self.networks or not places else ()))


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of one signal; names and values are made as they are asked for, for there may be millions.

    Ask before the next bin: it takes the memory of this one.

    Args:
        start_s: its beginning, seconds since 1970.
        full: full feeds that there were, of the family of the signal.
        told: entities that were ever seen, by number, int32.
        name: gives the names of some entities.
        value: gives their values; NaN where nobody measured.
    """

    start_s: int
    full: int
    told: Array
    name: Callable[[Array], list[str]]
    value: Callable[[Array], Array]

    def rows(self) -> Iterator[tuple[list[str], list[float]]]:
        """Yield entities and their values, some thousand at a time: a million as text are 100 MB."""
        for at in range(0, self.told.size, _PORTION):
            told = self.told[at : at + _PORTION]
            yield self.name(told), self.value(told).tolist()


class Visibility:
    """The bins of what is asked, in order; read once.

    Args:
        asked: what a person wants to see.
    """

    def __init__(self, asked: Asked) -> None:
        """Look at the first record of every file, and order them by it.

        Raises:
            ConfigError: a kind of entity needs a file, or a file a kind; of several files one has no day.
            InputError: a file cannot be read.
        """
        kinds = set(asked.kinds())
        if not asked.places and kinds - {"asn"}:
            raise ConfigError("--per: places need a file that says where addresses lie: add --places")
        if asked.networks and not kinds & _OF_NETWORKS:
            raise ConfigError("--networks: no network is asked for: add --per asn, or leave the file out")
        first = sorted((_first_record(file), order, file) for order, file in enumerate(asked.files))
        self.asked = asked
        self._files = [file for _, _, file in first]
        self._ground = Ground(asked.places, asked.networks)
        self._watch = Watch(asked.rule, self._ground, _wanted(kinds), _families(asked.signal))
        self._view: View | None = None
        self._warned: list[str] = []

    def bins(self) -> Iterator[Bin]:
        """Yield the bins of the signal.

        Raises:
            InputError: a file cannot be read, or a line of it; names file and line.
        """
        family, prefixes = _family_of(self.asked.signal), self.asked.signal.startswith("prefix")
        wanted, ever = np.zeros(0, bool), np.zeros(0, bool)
        for view in self._watch.views(self._files, self._warn):
            keys, places = self._watch.keys(), self._ground.names()
            wanted = np.concatenate([wanted, self._are_wanted(keys[wanted.size :], places)])
            ever = np.concatenate([ever, np.zeros(wanted.size - ever.size, bool)])
            if view.measured[family]:
                ever |= wanted & ((view.counts if prefixes else view.units)[family] > 0)
            told = np.flatnonzero(ever).astype(np.int32)
            name = partial(_name, keys, places)
            self._view = view
            yield Bin(view.start_s, view.full[family], told, name, self._value)
            self._view = None
            del view  # the next one is made in the memory of this one

    def _value(self, told: Array) -> Array:
        if self._view is None:
            raise ValueError("expected to be asked for the values of a bin before the next one")
        signal = self.asked.signal
        return self._view.cut(_family_of(signal), told, prefixes=signal.startswith("prefix"))

    def _are_wanted(self, keys: Array, places: list[str]) -> Array:
        """Tell which entities are of a kind that was asked for, in portions."""
        kinds = self.asked.kinds()
        place_kinds = np.array([where.partition(":")[0] for where in places], object)
        alone, crossed = (
            np.array([kind in kinds for kind in of], bool)
            for of in (place_kinds, ["asn" + (kind and f"-{kind}") for kind in place_kinds])
        )
        wanted = np.zeros(keys.size, bool)
        for at in range(0, keys.size, _PORTION):
            some = keys[at : at + _PORTION]
            place = (some & np.uint64((1 << PLACE_BITS) - 1)).astype(np.int64)
            wanted[at : at + _PORTION] = np.where(some >> np.uint64(PLACE_BITS), crossed[place], alone[place])
        return wanted

    def uses(self) -> list[Use]:
        """Return which files of places and networks held for which bins, as far as was read."""
        return self._ground.uses()

    def warnings(self) -> list[str]:
        """Return what a person should know of the files, as far as they were read."""
        uses = self._ground.uses()
        kinds = [use.what for use in uses]
        told = [_tell_use(use) for use in uses if kinds.count(use.what) > 1 or use.is_early()]
        return [*self._warned, *told]

    def _warn(self, file: Path, sentences: list[str]) -> None:
        self._warned += [f"{file.name}: {sentence}" for sentence in sentences]


def make_asked(
    files: Sequence[Path], *, places: Sequence[str], networks: Sequence[str], per: tuple[str, ...],
    signal: str, step: timedelta, full: tuple[int | None, int | None], least_peers: int,
) -> Asked:  # fmt: skip
    """Return what the words of the command line ask for.

    Raises:
        ConfigError: a number is out of range, or a day is none.
    """
    limits = (FULL_IPV4 if full[0] is None else full[0], FULL_IPV6 if full[1] is None else full[1])
    if min(limits) < 0 or least_peers < 1:
        raise ConfigError(
            "expected --full-ipv4 and --full-ipv6 of 0 or more, and --least-peers of 1 or more:"
            f" got {limits[0]}, {limits[1]} and {least_peers}"
        )
    rule = Rule(step_s=int(step.total_seconds()), full=limits, least_peers=least_peers)
    dated = [tuple(read_dated(word) for word in words) for words in (places, networks)]
    return Asked(tuple(files), dated[0], dated[1], signal, per, rule)


def read_dated(word: str) -> DatedFile:
    """Return a file and the day from which it holds, where one is told.

    >>> read_dated("2022-01-31=asn.tsv").since, read_dated("asn.tsv").since
    (datetime.date(2022, 1, 31), None)

    Raises:
        ConfigError: there is no such day.
    """
    match = _DATED.fullmatch(word)
    if match is None:
        return DatedFile(Path(word))
    try:
        return DatedFile(Path(match[2]), date.fromisoformat(match[1]))
    except ValueError as error:
        raise ConfigError(f"expected a day such as 2022-01-31 before the file, got {match[1]}") from error


def _first_record(file: Path) -> tuple[int, int]:
    """Return the time of the first element of a file; a table goes before updates of the same time."""
    for rows in Reader(batch_rows=1).read(file):
        return int(rows.time[0]), int(rows.kind[0] != RIB_ENTRY)
    raise InputError(str(file), [Problem("", "expected elements, found none; leave the file out")])


def _tell_use(use: Use) -> str:
    """Return for which bins a file held, in words."""
    first, last = (
        datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%MZ") for at in (use.first_s, use.last_s)
    )
    since = f", which holds since {use.file.since}," if use.file.since else ""
    early = "; none is as old as the first of them, so the oldest was taken" if use.is_early() else ""
    return f"{use.what}: {use.file.path.name}{since} was used for the bins from {first} to {last}{early}"


def _wanted(kinds: set[str]) -> int:
    """Return what is followed: places where they, or networks in them, are told."""
    told = {
        NETWORKS: {"asn"},
        CROSSINGS: {"asn-country", "asn-region"},
        COUNTRIES: {"country", "asn-country"},
        REGIONS: {"region", "asn-region"},
    }
    return sum(what for what, of in told.items() if of & kinds)


def _family_of(signal: str) -> int:
    """Return 0 for a signal of IPv4, 1 for one of IPv6."""
    return 1 if signal.endswith(("48", "6")) else 0


def _families(signal: str) -> tuple[bool, bool]:
    return (_family_of(signal) == 0, _family_of(signal) == 1)


def _name(keys: Array, places: list[str], told: Array) -> list[str]:
    return name_entities(keys[told], places)
