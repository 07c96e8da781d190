"""Which format a file has, where that is certain; the one way in for files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from darkhours.model.errors import InputError
from darkhours.model.panel import Recording
from darkhours.sources import ioda_csv, monash, table
from darkhours.sources.csv_rows import DELIMITERS
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import HashedFile, open_text, refuse

Reader = Callable[[BinaryIO, TableOptions, str], Recording]
FORMATS: dict[str, Reader] = {
    "table": table.read_csv,
    ioda_csv.SOURCE: ioda_csv.read,
    monash.SOURCE: monash.read,
}
"""What ``--format`` may say, with what reads it."""
_HEAD = 1 << 16


def recognise(head: bytes) -> str | None:
    """Return the format of a file by its first bytes, None where it is not certain.

    >>> recognise(b'"Time (UTC)","BGP (#Visible /24s)"')
    'ioda-csv'
    >>> recognise(b"time,value")
    """
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
    return None


def read_recording(path: Path, options: TableOptions | None = None, format: str | None = None) -> Recording:  # noqa: A002 — the word of the command line
    """Return a file of measured values as a recording.

    Args:
        path: the file.
        options: how to read it; of a format with a shape of its own they say what differs.
        format: one of `FORMATS`; None takes the one that the file certainly has, else ``table``.

    Raises:
        InputError: the file is missing, or cannot be read; names file, line and field.
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
