"""Files that say where addresses lie: intervals with a country and a region, or registries' delegations."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from darkhours.sources.mrt.codes import IPV4, IPV6_BITS
from darkhours.sources.mrt.lines import LineError, cut, open_lines, read_address, read_interval
from darkhours.sources.mrt.shares import PLACE_BITS
from darkhours.sources.mrt.spans import Places, SpanList

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOWHERE = frozenset({"", "ZZ", "XX", "AP", "EU"})
"""Codes that name no country: unknown, and whole regions of the world in old registries."""
_GIVEN = frozenset({"allocated", "assigned"})
_DELEGATION_CELLS, _COUNTRY_CELLS = 7, 3
_END_DATE = 5
_MOST_PLACES = 1 << PLACE_BITS
INTERVALS, DELEGATIONS = "intervals", "delegations"
"""The forms that are known, by their names."""
_Line = tuple[int, int, int, str, str]
"""Family, first and last address, country, region or ""."""


def nowhere() -> Places:
    """Return a table that places nothing: then only networks are entities."""
    return _make_places(iter(()), {"": 0})


def read_locations(paths: Sequence[Path], on: date, numbers: dict[str, int]) -> tuple[Places, list[str]]:
    """Return where addresses lay on a day, and which form each file has.

    Two forms are known by their first line, packed with gzip or not. Intervals: ``first,last,CC`` with, where
    the file has it, an ISO 3166-2 code such as ``KZ-75`` in the fourth column; addresses are
    written out or as numbers; where two overlap, the one that begins later wins. Delegations of a registry
    (``ripencc|KZ|ipv4|…``): what was allocated or assigned by that day; later ones are left out.

    Args:
        paths: the files, which hold together.
        on: the day of the recording.
        numbers: number of every entity so far, "" has 0; those of the files are added.

    Raises:
        InputError: a file cannot be read, or a line of it; names file and line.
        ValueError: there are more places than fit.
    """
    forms: list[str] = []
    return _make_places(_read_files(paths, on, forms), numbers), forms


def read_head(path: Path) -> tuple[str, date | None] | None:
    """Return the registry that a file of delegations is of, and its day; None of any other file.

    The day is the end date in the head, ``2|ripencc|serial|records|start|end|zone``: the last that is in it.

    Raises:
        InputError: the file cannot be read.
    """
    with open_lines(path) as text:
        head = next((line for line in text if not line.startswith("#")), "")
        cells = head.split("|")
        if not head[:1].isdigit() or len(cells) < _DELEGATION_CELLS:
            return None
        try:
            return cells[1], datetime.strptime(cells[_END_DATE], "%Y%m%d").date()  # noqa: DTZ007 — a day
        except ValueError:
            return cells[1], None


def _read_files(paths: Sequence[Path], on: date, forms: list[str]) -> Iterator[_Line]:
    """Yield the lines of one file after another, and note their forms."""
    for path in paths:
        with open_lines(path) as text:
            delegations = "|" in text.readline()
            text.seek(0)
            forms.append(DELEGATIONS if delegations else INTERVALS)
            yield from _read_delegations(text, on) if delegations else _read_intervals(text)


def _make_places(lines: Iterator[_Line], numbers: dict[str, int]) -> Places:
    spans, codes = SpanList(), {(0, 0): 0}
    for family, first, last, country, region in lines:
        where = "" if country in _NOWHERE else f"country:{country}"
        inside = f"region:{region}" if region else ""
        pair = numbers.setdefault(where, len(numbers)), numbers.setdefault(inside, len(numbers))
        spans.add(family, first, last, codes.setdefault(pair, len(codes)))
    if len(numbers) >= _MOST_PLACES:
        raise ValueError(f"expected fewer than {_MOST_PLACES:,} places, got {len(numbers):,}")
    country_of, region_of = np.array(list(codes), np.int32).T.copy()
    return Places(spans.spans(), country_of, region_of)


def _read_intervals(text: TextIO) -> Iterator[_Line]:
    for line, cells in enumerate(csv.reader(text), start=1):
        if not cells or (line == 1 and not cells[0][:1].isdigit() and ":" not in cells[0]):
            continue  # a header, or nothing
        if len(cells) < _COUNTRY_CELLS:
            raise LineError(line, f"expected first,last,country, got {cut(','.join(cells))!r}")
        family, first, last = read_interval(cells[0], cells[1], line)
        country = cells[2].strip().upper()
        if country not in _NOWHERE and not _COUNTRY.fullmatch(country):
            raise LineError(line, f"expected a code of a country such as KZ, got {cut(cells[2])!r}")
        region = cells[3].strip().upper() if len(cells) > _COUNTRY_CELLS else ""
        yield family, first, last, country, region if _REGION.fullmatch(region) else ""


def _read_delegations(text: TextIO, on: date) -> Iterator[_Line]:
    day = on.strftime("%Y%m%d")
    for line, row in enumerate(text, start=1):
        cells = row.rstrip("\r\n").split("|")
        if row.startswith("#") or len(cells) < _DELEGATION_CELLS or cells[2] not in {"ipv4", "ipv6"}:
            continue  # a remark, the head, a sum, or networks
        if cells[6] not in _GIVEN or (cells[5] > day):
            continue
        family, first = read_address(cells[3], line)
        if not cells[4].isdigit():
            raise LineError(line, f"expected how many addresses, got {cut(cells[4])!r}")
        size = int(cells[4]) if family == IPV4 else 1 << max(0, IPV6_BITS - int(cells[4]))
        yield family, first, first + max(size, 1) - 1, cells[1].upper(), ""
