"""Lines of text files that say what addresses are: opened, numbered, their addresses read."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton
from typing import TextIO

from darkhours.model.errors import InputError, Problem

_GZIP = b"\x1f\x8b"
_SHOWN = 60
"""Characters of a line that an error shows."""


class LineError(ValueError):
    """A line that cannot be read.

    Args:
        line: its number, from 1.
        message: what was expected, and what came.
    """

    def __init__(self, line: int, message: str) -> None:
        """Keep the number beside the message."""
        super().__init__(message)
        self.line = line


@contextmanager
def open_lines(path: Path) -> Iterator[TextIO]:
    """Open a text, packed with gzip or not, and tell its name with what goes wrong inside.

    Raises:
        InputError: it cannot be read, or a line of it; names file and line.
    """
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        opener = gzip.open if packed else open
        with opener(path, "rt", encoding="utf-8", newline="") as text:
            yield text
    except LineError as error:
        raise InputError(path.name, [Problem("", str(error), error.line)]) from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(str(path), [Problem("", f"cannot be read as text: {error}")]) from error


def read_address(text: str, line: int) -> tuple[int, int]:
    """Return family and number of an address, written out or as a number.

    Raises:
        LineError: it is none.
    """
    text = text.strip()
    try:
        if "." in text:
            return 4, int.from_bytes(inet_pton(AF_INET, text), "big")
        if ":" in text:
            return 6, int.from_bytes(inet_pton(AF_INET6, text), "big")
        address = ip_address(int(text))
    except (OSError, ValueError) as error:
        raise LineError(line, f"expected an address, got {cut(text)!r}") from error
    return address.version, int(address)


def read_interval(first: str, last: str, line: int) -> tuple[int, int, int]:
    """Return family, first and last address of an interval.

    Raises:
        LineError: it is none.
    """
    family, begin = read_address(first, line)
    other, end = read_address(last, line)
    if family != other or end < begin:
        raise LineError(line, f"expected an interval of addresses, got {cut(first)} to {cut(last)}")
    return family, begin, end


def cut(text: str) -> str:
    """Return the beginning of a text that somebody else wrote, to be shown in an error."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
