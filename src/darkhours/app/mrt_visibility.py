"""Follows a collector through its files, and writes what most full feeds see of each place and network."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from darkhours.app.screen import put
from darkhours.model.document import to_json
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.sources.mrt.codes import RIB_ENTRY
from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.elements import Reader
from darkhours.sources.mrt.locations import Located, nowhere, read_locations
from darkhours.sources.mrt.series import SeriesFile
from darkhours.sources.mrt.visibility import FULL_IPV4, FULL_IPV6, Rule, View, Watch

SIGNALS = {
    "slash24": "bgp.visible_slash24_cnt",
    "slash48": "bgp.visible_slash48_cnt",
    "prefix4": "bgp.visible_prefix4_cnt",
    "prefix6": "bgp.visible_prefix6_cnt",
}
"""What can be counted, with the name of the signal that it becomes."""
KINDS = ("country", "region", "asn", "asn-country", "asn-region")
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see.

    Args:
        files: RIB dumps and updates of one collector.
        places: file of locations, None for none.
        signal: one of `SIGNALS`.
        per: kinds of entities, of `KINDS`; empty for places where there are any, else networks.
        rule: what counts as a full feed, and how wide a bin is.
    """

    files: tuple[Path, ...]
    places: Path | None
    signal: str
    per: tuple[str, ...]
    rule: Rule

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of entities that are told."""
        return self.per or (("asn",) if self.places is None else ("country", "region"))


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of one signal.

    Args:
        start_s: its beginning, seconds since 1970.
        full: full feeds that there were, of the family of the signal.
        entities: those that were ever seen.
        values: one for each; NaN where nobody measured.
    """

    start_s: int
    full: int
    entities: list[str]
    values: Array


class Visibility:
    """The bins of what is asked, in order; read once.

    Args:
        asked: what a person wants to see.
    """

    def __init__(self, asked: Asked) -> None:
        """Look at the first record of every file, and order them by it.

        Raises:
            ConfigError: a kind of entity needs a file of places.
            InputError: a file cannot be read.
        """
        if asked.places is None and set(asked.kinds()) - {"asn"}:
            raise ConfigError("--per: places need a file that says where addresses lie: add --places")
        first = sorted((_first_record(file), order, file) for order, file in enumerate(asked.files))
        self._files = [file for _, _, file in first]
        self._asked = asked
        self.watch = Watch(asked.rule, _locate(asked, first[0][0][0]))
        self.warnings: list[str] = []

    def bins(self) -> Iterator[Bin]:
        """Yield the bins of the signal."""
        signal, kinds = self._asked.signal, self._asked.kinds()
        family = 1 if signal.endswith(("48", "6")) else 0
        names: list[str] = []
        wanted, ever = np.zeros(0, bool), np.zeros(0, bool)
        for view in self.watch.views(self._files, self._warn):
            values = _values_of(view, signal)[family]
            if values.size > wanted.size:
                names = self.watch.names()
                wanted = np.array([_kind_of(name) in kinds for name in names], bool)
                ever = np.concatenate([ever, np.zeros(values.size - ever.size, bool)])
            ever |= wanted & (values > 0)
            told = np.flatnonzero(ever)
            yield Bin(view.start_s, view.full[family], [names[at] for at in told], values[told])

    def _warn(self, file: Path, sentences: list[str]) -> None:
        self.warnings += [f"{file.name}: {sentence}" for sentence in sentences]


def make_asked(
    files: Sequence[Path], places: Path | None, *, per: tuple[str, ...], signal: str, step: timedelta,
    full: tuple[int | None, int | None], least_peers: int,
) -> Asked:  # fmt: skip
    """Return what the words of the command line ask for.

    Raises:
        ConfigError: a number is out of range.
    """
    limits = (FULL_IPV4 if full[0] is None else full[0], FULL_IPV6 if full[1] is None else full[1])
    if min(limits) < 0 or least_peers < 1:
        raise ConfigError(
            "expected --full-ipv4 and --full-ipv6 of 0 or more, and --least-peers of 1 or more:"
            f" got {limits[0]}, {limits[1]} and {least_peers}"
        )
    rule = Rule(step_s=int(step.total_seconds()), full=limits, least_peers=least_peers)
    return Asked(tuple(files), places, signal, per, rule)


def tell(asked: Asked, *, json: bool, csv: Path | None, parquet: Path | None) -> list[str]:
    """Write what is asked in one form, and return what a person should know of the files.

    Args:
        asked: what to tell.
        json: one document to stdout.
        csv: a table to this file.
        parquet: the same as Parquet.
    """
    seen = Visibility(asked)
    if json:
        put(to_json(as_json(seen, asked)))
    elif csv is not None:
        write_csv(seen, asked.signal, csv)
        put(str(csv))
    elif parquet is not None:
        write_parquet(seen, asked.signal, parquet)
        put(str(parquet))
    else:
        for lines in csv_lines(seen, asked.signal):
            if lines:
                put(lines.rstrip("\n"))
    return seen.warnings


def write_csv(visibility: Visibility, signal: str, target: Path) -> None:
    """Write the bins as a long table: time, entity, value; an empty cell is not measured."""
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(csv_lines(visibility, signal))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def csv_lines(visibility: Visibility, signal: str) -> Iterator[str]:
    """Yield the same table line by line, bin by bin."""
    yield f"time,entity,{SIGNALS[signal]}\n"
    for each in visibility.bins():
        time = _iso(each.start_s)
        text = io.StringIO()
        values = ("" if np.isnan(value) else _write(value) for value in each.values.tolist())
        csv.writer(text, lineterminator="\n").writerows(
            (time, entity, value) for entity, value in zip(each.entities, values, strict=True)
        )
        yield text.getvalue()


def write_parquet(visibility: Visibility, signal: str, target: Path) -> None:
    """Write the same table as Parquet."""
    with SeriesFile(target, SIGNALS[signal]) as table:
        for each in visibility.bins():
            table.write(each.start_s, each.entities, each.values)


def as_json(visibility: Visibility, asked: Asked) -> dict[str, Any]:
    """Return the bins as plain values, one list for each entity; None is not measured."""
    times: list[str] = []
    feeds: list[int] = []
    columns: dict[str, list[float | None]] = {}
    for each in visibility.bins():
        for entity, value in zip(each.entities, each.values.tolist(), strict=True):
            told = columns.setdefault(entity, [])
            told += [None] * (len(times) - len(told))
            told.append(None if np.isnan(value) else round(value, _DECIMALS))
        times.append(_iso(each.start_s))
        feeds.append(each.full)
    for values in columns.values():
        values.extend([None] * (len(times) - len(values)))
    return {
        "signal": SIGNALS[asked.signal],
        "step_s": asked.rule.step_s,
        "full_feed_limits": {"ipv4": asked.rule.full[0], "ipv6": asked.rule.full[1]},
        "times": times,
        "full_feeds": feeds,
        "entities": [{"entity": entity, "values": columns[entity]} for entity in sorted(columns)],
    }


def _first_record(file: Path) -> tuple[int, int]:
    """Return the time of the first element of a file; a table goes before updates of the same time."""
    for rows in Reader(batch_rows=1).read(file):
        return int(rows.time[0]), int(rows.kind[0] != RIB_ENTRY)
    raise InputError(str(file), [Problem("", "expected elements, found none; leave the file out")])


def _locate(asked: Asked, time_us: int) -> Located:
    if asked.places is None:
        return nowhere()
    return read_locations(asked.places, datetime.fromtimestamp(time_us / 1e6, UTC).date())


def _values_of(view: View, signal: str) -> Array:
    return view.prefixes if signal.startswith("prefix") else view.equivalents


def _kind_of(name: str) -> str:
    kind, _, code = name.partition(":")
    if kind != "asn" or "@" not in code:
        return kind
    return "asn-region" if "-" in code else "asn-country"


def _iso(start_s: int) -> str:
    return datetime.fromtimestamp(start_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.{_DECIMALS}f}".rstrip("0")
