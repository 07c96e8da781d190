"""Files that say which network an address belongs to, in the forms that public packages carry."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TextIO

import numpy as np

from darkhours.model.errors import InputError, Problem
from darkhours.sources.mrt.codes import IPV4, IPV4_BITS, IPV6_BITS
from darkhours.sources.mrt.lines import LineError, cut, open_lines, read_address, read_interval
from darkhours.sources.mrt.spans import Networks, SpanList

_REMARK = (";", "#")
_MOST_ASN = (1 << 32) - 1
_NUMBER = re.compile(r"(?:AS)?(\d{1,10})", re.IGNORECASE)
_BETWEEN = re.compile(r"[_,]")
_INTERVAL_CELLS, _PREFIX_CELLS, _DAT_CELLS = 5, 3, 2
_Line = tuple[int, int, int, tuple[int, ...]]
"""Family, first and last address, networks; none where nobody has it."""


def nobody() -> Networks:
    """Return a table in which no address belongs to a network."""
    return _make_networks(iter(()))


def read_networks(paths: Sequence[Path]) -> tuple[Networks, list[str]]:
    """Return which network each address belongs to, by files that hold together, and which form each has.

    The form is known by the first line that is no remark (``;`` or ``#``), packed with gzip or not:

    - ``iptoasn``: first, last, network, country, name, with tabs between; network 0 is nobody's.
    - ``prefix2as`` of RouteViews: prefix, length, network, with tabs between; ``1_2`` and ``1,2`` are
      several networks, and the address belongs to each of them.
    - ``ipasn``, the file of pyasn: prefix/length and network, with a tab between.
    - ``asn-csv`` of ip-location-db: first,last,network,name.

    Of prefixes inside each other the longest counts, as a router has it.

    Raises:
        InputError: a file cannot be read, has none of these forms, or a line of it has another one;
            names file and line.
    """
    forms: list[str] = []
    return _make_networks(_read_files(paths, forms)), forms


def _read_files(paths: Sequence[Path], forms: list[str]) -> Iterator[_Line]:
    """Yield the lines of one file after another, and note their forms."""
    for path in paths:
        with open_lines(path) as text:
            first = next((line for line in text if line.strip() and not line.startswith(_REMARK)), "")
            form = _recognise(first)
            if form is None:
                raise InputError(path.name, [Problem("", _NO_FORM.format(cut(first.strip())))])
            forms.append(form)
            text.seek(0)
            yield from _FORMS[form](text)


_NO_FORM = (
    "expected iptoasn (first, last, network, country, name, with tabs), prefix2as (prefix, length, network,"
    " with tabs), the file of pyasn (prefix/length, network, with a tab) or first,last,network,name, got {!r}"
)


def _recognise(line: str) -> str | None:
    r"""Return the form of a file by a line of it, None where it is none of them.

    >>> _recognise("1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET"), _recognise("1.0.0.0\t24\t13335")
    ('iptoasn', 'prefix2as')
    >>> _recognise("1.0.0.0/24\t13335"), _recognise('1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."')
    ('ipasn', 'asn-csv')
    >>> _recognise("1.0.0.0,1.0.0.255,AU") is None
    True
    """
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) == _INTERVAL_CELLS and _NUMBER.fullmatch(cells[2]):
        return "iptoasn"
    if len(cells) == _PREFIX_CELLS and cells[1].isdigit() and int(cells[1]) <= IPV6_BITS:
        return "prefix2as"
    if len(cells) == _DAT_CELLS and "/" in cells[0]:
        return "ipasn"
    cells = next(csv.reader(cells)) if len(cells) == 1 else []
    return "asn-csv" if len(cells) >= _PREFIX_CELLS and _NUMBER.fullmatch(cells[2].strip()) else None


def _make_networks(lines: Iterator[_Line]) -> Networks:
    spans, codes = SpanList(), {(): 0}
    for family, first, last, networks in lines:
        spans.add(family, first, last, codes.setdefault(networks, len(codes)))  # type: ignore[arg-type]
    ends = np.cumsum([0, *map(len, codes)], dtype=np.int32)
    return Networks(spans.spans(), ends, np.fromiter(chain.from_iterable(codes), np.uint32))


def _read_iptoasn(text: TextIO) -> Iterator[_Line]:
    for line, cells in _rows(text, "\t", _INTERVAL_CELLS, "first, last, network, country, name"):
        yield *read_interval(cells[0], cells[1], line), _read_network(cells[2], line)


def _read_csv(text: TextIO) -> Iterator[_Line]:
    for line, cells in enumerate(csv.reader(text), start=1):
        if not cells or cells[0].startswith(_REMARK):
            continue
        if len(cells) < _PREFIX_CELLS:
            raise LineError(line, f"expected first,last,network,name, got {cut(','.join(cells))!r}")
        yield *read_interval(cells[0], cells[1], line), _read_network(cells[2], line)


def _read_prefix2as(text: TextIO) -> Iterator[_Line]:
    for line, cells in _rows(text, "\t", _PREFIX_CELLS, "prefix, length, network"):
        networks = {asn for part in _BETWEEN.split(cells[2]) for asn in _read_network(part, line)}
        yield *_read_prefix(cells[0], cells[1], line), tuple(sorted(networks))


def _read_ipasn(text: TextIO) -> Iterator[_Line]:
    for line, cells in _rows(text, "\t", _DAT_CELLS, "prefix/length, network"):
        address, _, bits = cells[0].partition("/")
        yield *_read_prefix(address, bits, line), _read_network(cells[1], line)


_FORMS: dict[str, Callable[[TextIO], Iterator[_Line]]] = {
    "iptoasn": _read_iptoasn,
    "prefix2as": _read_prefix2as,
    "ipasn": _read_ipasn,
    "asn-csv": _read_csv,
}


def _rows(text: TextIO, between: str, n_cells: int, expected: str) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of each line that is neither empty nor a remark."""
    for line, row in enumerate(text, start=1):
        cells = row.rstrip("\r\n").split(between)
        if cells == [""] or row.startswith(_REMARK):
            continue
        if len(cells) != n_cells:
            raise LineError(line, f"expected {expected}, with tabs between, got {cut(row.strip())!r}")
        yield line, cells


def _read_network(text: str, line: int) -> tuple[int, ...]:
    """Return the network of a cell, nothing for 0."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or int(match[1]) > _MOST_ASN:
        raise LineError(line, f"expected the number of a network, got {cut(text)!r}")
    return (int(match[1]),) if int(match[1]) else ()


def _read_prefix(address: str, bits: str, line: int) -> tuple[int, int, int]:
    """Return family, first and last address of a prefix."""
    family, first = read_address(address, line)
    width = IPV4_BITS if family == IPV4 else IPV6_BITS
    if not bits.isdigit() or int(bits) > width:
        raise LineError(line, f"expected the length of a prefix, 0 to {width}, got {cut(bits)!r}")
    size = 1 << (width - int(bits))
    if first % size:
        raise LineError(
            line, f"expected a prefix, got {cut(address)}/{bits}, which has bits behind its length"
        )
    return family, first, first + size - 1
