"""Which format a file has, where that is certain; the one way in for files."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from darkhours.model.errors import InputError, SourceMalformed
from darkhours.model.panel import Recording
from darkhours.sources import (
    atlas,
    cloudflare,
    ioda_api,
    ioda_csv,
    monash,
    ooni,
    parquet_rows,
    points,
    ripestat,
    table,
)
from darkhours.sources.answer import Asked
from darkhours.sources.csv_rows import DELIMITERS
from darkhours.sources.fetching import MOST_BYTES
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import HashedFile, open_text, refuse

Reader = Callable[[BinaryIO, TableOptions, str], Recording]
ANSWERS: dict[str, Callable[[bytes, Asked], Recording]] = {
    ioda_api.SOURCE: ioda_api.parse,
    ooni.SOURCE: ooni.parse,
    ripestat.SOURCE: ripestat.parse,
    atlas.SOURCE: atlas.parse,
    cloudflare.SOURCE: cloudflare.parse,
}
"""Formats of JSON, with what reads their bytes."""
_HEAD = 1 << 16
# What stands in the first kilobytes of an answer of each service, and in no other's.
_SIGNS = (
    (ioda_api.SOURCE, re.compile(rb'"type"\s*:\s*"(signals|outages\.(events|alerts))"')),
    (ioda_api.SOURCE, re.compile(rb'"location"\s*:\s*"(country|region|asn|geoasn)/')),
    (ooni.SOURCE, re.compile(rb'\\?"dimension_count\\?"\s*:')),
    (ripestat.SOURCE, re.compile(rb'"(v4_prefixes_ris|asns_ris)"\s*:')),
    (atlas.SOURCE, re.compile(rb'"asn_v4"\s*:(?s:.)*"status_since"\s*:')),
    (cloudflare.SOURCE, re.compile(rb'"annotations"\s*:\s*\[|"timestamps"\s*:\s*\[\s*"')),
)


def _read_answer(parse: Callable[[bytes, Asked], Recording]) -> Reader:
    def read(stream: BinaryIO, options: TableOptions, file: str) -> Recording:
        data = _unpack(stream.read(MOST_BYTES), file)
        try:
            found = parse(data, Asked(file, None, options.as_entity, options.signal))
        except SourceMalformed as error:
            raise refuse(file, str(error)) from error
        panels = tuple(replace(panel, smoothed=options.smoothed) for panel in found.panels)
        return replace(found, panels=panels, unrelated=found.unrelated or options.unrelated)

    return read


FORMATS: dict[str, Reader] = {
    "table": table.read_csv,
    "parquet": parquet_rows.read,
    ioda_csv.SOURCE: ioda_csv.read,
    monash.SOURCE: monash.read,
    points.SOURCE: points.read,
    **{name: _read_answer(parse) for name, parse in ANSWERS.items()},
}
"""What ``--format`` may say, with what reads it."""


def recognise(head: bytes) -> str | None:
    """Return the format of a file by its first bytes, None where it is not certain.

    >>> recognise(b'"Time (UTC)","BGP (#Visible /24s)"')
    'ioda-csv'
    >>> recognise(b"time,value")
    """
    if head.startswith(parquet_rows.MAGIC):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            head = unpacker.decompress(head, _HEAD)
        except zlib.error:
            return None
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return next((name for name, sign in _SIGNS if sign.search(head)), None)
    return _recognise_header(head)


def _recognise_header(head: bytes) -> str | None:
    try:
        with open_text(HashedFile(io.BytesIO(head)), "") as text:
            first = text.readline()
    except (InputError, UnicodeDecodeError):
        return None
    for mark in DELIMITERS:
        names = [name.strip() for name in next(csv.reader([first], delimiter=mark), [])]
        if ioda_csv.is_header(names):
            return ioda_csv.SOURCE
        if monash.is_header(names):
            return monash.SOURCE
        if points.is_header(names):
            return points.SOURCE
    return None


def read_recording(
    path: Path,
    options: TableOptions | None = None,
    format: str | None = None,  # noqa: A002 — the word of the command line and of case files
) -> Recording:
    """Return a file of measured values as a recording.

    Args:
        path: the file.
        options: how to read it; of a format with a shape of its own they say what differs.
        format: one of `FORMATS`; None takes the one that the file certainly has, else ``table``.

    Raises:
        InputError: the file is missing, or cannot be read; names file, line and field.
        ConfigError: the file needs an extra that is not installed.
    """
    options = options or TableOptions()
    try:
        with path.open("rb") as stream:
            chosen = format or recognise(_peek(stream)) or "table"
            if chosen not in FORMATS:
                raise refuse(path.name, f"--format: expected one of {', '.join(FORMATS)}, got {chosen!r}")
            return FORMATS[chosen](stream, options, path.name)
    except OSError as error:
        raise refuse(str(path), f"cannot be read: {error.strerror or error}") from error


def _peek(stream: BinaryIO) -> bytes:
    head = stream.read(_HEAD)
    stream.seek(0)
    return head


def _unpack(data: bytes, file: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return packed.read(MOST_BYTES)
    except (EOFError, OSError, zlib.error) as error:
        raise refuse(file, f"expected a whole gzip file: {error}; fetch it again") from error
