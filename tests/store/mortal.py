"""A writer to be killed: started once, it forks a child for every line that it reads.

The child goes on where the archive stands: it appends bins, corrects, records events, compacts and repairs,
and adds a line to a file for every act that was acknowledged, after it was. Run as
``python mortal.py ARCHIVE ACKS``.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
from stores import START, STEP, declare, make_panel

from darkhours.places import lookup
from darkhours.store import Event, open_archive
from darkhours.store.extra import need_pyarrow

CROWD = tuple(f"asn:{number}" for number in range(1, 41))
EVERY = 7
CORRECTED = 4


def value_of(at: int) -> np.ndarray:
    """Return the values of a bin before it is corrected."""
    values = (np.arange(len(CROWD)) * 7.0 + 31 * at) % 1000
    values[at % len(CROWD)] = np.nan
    return values


def correction_of(at: int) -> np.ndarray:
    """Return the values of a bin after it was corrected."""
    return np.where(np.isnan(value_of(at)), 5000.0 + at, np.nan)


def write(folder: Path, acks: int) -> None:
    """Go on for ever."""

    def told(word: str, at: int) -> None:
        os.write(acks, f"{word} {at}\n".encode())

    with open_archive(folder, create=True) as archive:
        series = declare(archive)
        archive.repair()
        span = archive.span(series)
        at = 0 if span is None else (span[1] - START) // STEP - 1
        while True:
            start = START + at * STEP
            archive.append(series, start, CROWD, value_of(at))
            told("append", at)
            if at % EVERY == CORRECTED:
                archive.correct(series, make_panel(correction_of(at)[:, None], start, ids=CROWD))
                told("correct", at)
            if at % EVERY == 0:
                archive.compact(start, grace=timedelta(0))
                event = Event(CROWD[0], str(at), start)
                archive.record_events("detect", [event], {"all": str(at).encode()})
                told("event", at)
            at += 1


def main() -> None:
    """Fork a writer for each line of stdin, print its number, and wait until it was killed."""
    folder, acks = Path(sys.argv[1]), Path(sys.argv[2])
    need_pyarrow()  # here, so that the children live to write
    lookup("asn:1")
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            write(folder, os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
        os.write(1, f"{child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"gone\n")


if __name__ == "__main__":
    main()
