"""Files that say where addresses lie: intervals with a country and a region, or registries' delegations."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton
from typing import TextIO

import numpy as np

from darkhours.model.errors import InputError, Problem
from darkhours.sources.mrt.shares import PLACE_BITS, Places

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOWHERE = frozenset({"", "ZZ", "XX", "AP", "EU"})
"""Codes that name no country: unknown, and whole regions of the world in old registries."""
_GIVEN = frozenset({"allocated", "assigned"})
_DELEGATION_CELLS, _COUNTRY_CELLS = 7, 3
_MOST_PLACES = 1 << PLACE_BITS
Interval = tuple[int, int, int, str, str]
"""Family, first and last address, country, region or ""."""
_Part = tuple[int, int, int, int]
"""First and last address as 64 bits, numbers of country and region."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where addresses lie.

    Args:
        places: the intervals, for the kernels.
        names: entity of each number of a place; the first, 0, is none.
    """

    places: Places
    names: tuple[str, ...]


def nowhere() -> Located:
    """Return a table that places nothing: then only networks are entities."""
    return _make_located([])


def read_locations(path: Path, on: date) -> Located:
    """Return where addresses lay on a day.

    Two forms are known by their first line, packed with gzip or not. Intervals: ``first,last,CC`` with, where
    the file has it, an ISO 3166-2 code such as ``KZ-75`` in the fourth column; addresses are
    written out or as numbers; where two overlap, the one that begins later wins. Delegations of a registry
    (``ripencc|KZ|ipv4|…``): what was allocated or assigned by that day; later ones are left out.

    Args:
        path: the file.
        on: the day of the recording.

    Raises:
        InputError: the file cannot be read, or a line of it; names file and line.
    """
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        opener = gzip.open if packed else open
        with opener(path, "rt", encoding="utf-8", newline="") as text:
            first = text.readline()
            text.seek(0)
            rows = _read_delegations(text, on) if "|" in first else _read_intervals(text)
            return _make_located(list(_checked(rows, path.name)))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(str(path), [Problem("", f"cannot be read as text: {error}")]) from error


def _checked(rows: Iterator[Interval], file: str) -> Iterator[Interval]:
    """Yield what a reader yields; a line that it cannot read is told with its number."""
    try:
        yield from rows
    except _LineError as error:
        raise InputError(file, [Problem("", str(error), error.line)]) from error


class _LineError(ValueError):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _read_intervals(text: TextIO) -> Iterator[Interval]:
    for line, cells in enumerate(csv.reader(text), start=1):
        if not cells or (line == 1 and not cells[0][:1].isdigit() and ":" not in cells[0]):
            continue  # a header, or nothing
        if len(cells) < _COUNTRY_CELLS:
            raise _LineError(line, f"expected first,last,country, got {','.join(cells)[:60]!r}")
        family, first = _read_address(cells[0], line)
        other, last = _read_address(cells[1], line)
        country = cells[2].strip().upper()
        if family != other or last < first:
            raise _LineError(line, f"expected an interval of addresses, got {cells[0]} to {cells[1]}")
        if country not in _NOWHERE and not _COUNTRY.fullmatch(country):
            raise _LineError(line, f"expected a code of a country such as KZ, got {cells[2]!r}")
        region = cells[3].strip().upper() if len(cells) > _COUNTRY_CELLS else ""
        yield family, first, last, country, region if _REGION.fullmatch(region) else ""


def _read_delegations(text: TextIO, on: date) -> Iterator[Interval]:
    day = on.strftime("%Y%m%d")
    for line, row in enumerate(text, start=1):
        cells = row.rstrip("\r\n").split("|")
        if row.startswith("#") or len(cells) < _DELEGATION_CELLS or cells[2] not in {"ipv4", "ipv6"}:
            continue  # a remark, the head, a sum, or networks
        if cells[6] not in _GIVEN or (cells[5] > day):
            continue
        family, first = _read_address(cells[3], line)
        if not cells[4].isdigit():
            raise _LineError(line, f"expected how many addresses, got {cells[4]!r}")
        size = int(cells[4]) if family == 4 else 1 << max(0, 128 - int(cells[4]))  # noqa: PLR2004 — IPv4
        yield family, first, first + max(size, 1) - 1, cells[1].upper(), ""


def _read_address(text: str, line: int) -> tuple[int, int]:
    """Return family and number of an address, written out or as a number."""
    text = text.strip()
    try:
        if "." in text:
            return 4, int.from_bytes(inet_pton(AF_INET, text), "big")
        if ":" in text:
            return 6, int.from_bytes(inet_pton(AF_INET6, text), "big")
        address = ip_address(int(text))
    except (OSError, ValueError) as error:
        raise _LineError(line, f"expected an address, got {text[:60]!r}") from error
    return address.version, int(address)


def _make_located(rows: list[Interval]) -> Located:
    """Return intervals sorted and without overlap, as the left 64 bits of each address."""
    numbers: dict[str, int] = {"": 0}

    def number(entity: str) -> int:
        return numbers.setdefault(entity, len(numbers))

    parts: dict[int, list[_Part]] = {4: [], 6: []}
    for family, first, last, country, region in rows:
        shift, fill = (-32, (1 << 32) - 1) if family == 4 else (64, 0)  # noqa: PLR2004 — IPv4
        begin = first << -shift if shift < 0 else first >> shift
        end = last << -shift | fill if shift < 0 else last >> shift
        known = country not in _NOWHERE
        codes = number(f"country:{country}") if known else 0, number(f"region:{region}") if region else 0
        parts[family].append((begin, end, *codes))
    if len(numbers) >= _MOST_PLACES:
        raise ValueError(f"expected fewer than {_MOST_PLACES:,} places, got {len(numbers):,}")
    flat = [_flatten(parts[family]) for family in (4, 6)]
    whole = flat[0] + flat[1]
    places = Places(
        begin=np.array([part[0] for part in whole], np.uint64),
        end=np.array([part[1] for part in whole], np.uint64),
        country=np.array([part[2] for part in whole], np.int32),
        region=np.array([part[3] for part in whole], np.int32),
        bounds=np.array([len(flat[0])], np.int64),
    )
    return Located(places, tuple(numbers))


def _flatten(parts: list[_Part]) -> list[_Part]:
    """Return intervals in order and without overlap: the one that begins later wins."""
    flat: list[_Part] = []
    open_parts: list[_Part] = []
    at = 0

    def close(before: int) -> int:
        """Put down what the innermost open interval has from `at` to `before`."""
        _, end, *codes = open_parts[-1]
        last = min(end, before - 1)
        if at <= last:
            flat.append((at, last, codes[0], codes[1]))
        return max(at, last + 1)

    for part in sorted(parts, key=lambda part: (part[0], -part[1])):
        while open_parts and open_parts[-1][1] < part[0]:
            at = close(open_parts[-1][1] + 1)
            open_parts.pop()
        if open_parts:
            close(part[0])
        at = part[0]
        open_parts.append(part)
    while open_parts:
        at = close(open_parts[-1][1] + 1)
        open_parts.pop()
    return flat
