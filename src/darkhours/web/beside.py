"""Beside the site: the process that started the others works out for all of them what no page waits for."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

from darkhours.app.site_baseline import Learned, work_out
from darkhours.model.errors import DarkhoursError, StoreError
from darkhours.store import open_archive

log = logging.getLogger(__name__)
LESS_URGENT = 10
"""Steps by which this process lets others go first: ours, half of what there is."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Asks the process beside for baselines; one thread of a process does, and waits.

    Args:
        line: to that process.
    """

    line: Connection

    def __call__(self, entity: str, start: datetime, until: datetime) -> Learned | None:
        """Return the baselines of a place over a span, as `work_out`.

        Raises:
            StoreError: they could not be worked out.
        """
        try:
            self.line.send((entity, start, until))
            found = self.line.recv()
        except (EOFError, OSError) as error:
            raise StoreError("the process that works out baselines has gone; start the site again") from error
        if isinstance(found, str):
            raise StoreError(found)
        told: Learned | None = found
        return told


def answer_beside(folder: Path, count: int) -> list[Asks]:
    """Begin to work out baselines in a thread; return what so many processes ask with.

    Kernels take 100 MB and an interpreter of their own: here they take them once, and hold up nobody.
    """
    pairs = [Pipe() for _ in range(count)]
    ours = [mine for mine, _ in pairs]
    threading.Thread(target=_answer, args=(folder, ours), name="baselines", daemon=True).start()
    return [Asks(theirs) for _, theirs in pairs]


def let_others_first() -> None:
    """Have the other processes go first, where the system knows how."""
    if hasattr(os, "nice"):
        os.nice(LESS_URGENT)


def _answer(folder: Path, lines: list[Connection]) -> None:
    while lines:
        ready = wait(lines)
        for line in [each for each in lines if each in ready]:
            try:
                line.send(_work(folder, *line.recv()))
            except (EOFError, OSError):  # that process has ended
                lines.remove(line)


def _work(folder: Path, entity: str, start: datetime, until: datetime) -> Learned | str | None:
    try:
        with open_archive(folder) as archive:
            return work_out(archive, entity, start, until)
    except DarkhoursError as error:
        return str(error)
    except Exception as error:
        log.exception("%s from %s until %s", entity, start, until, exc_info=error)
        return f"{entity}: expected baselines, the program failed; whoever runs the site can see why"
