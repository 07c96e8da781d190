"""Beside the site: the process that started the others works out for all of them what no page waits for."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import TypeAlias

from darkhours.app.site_baseline import Learned, work_out
from darkhours.model.errors import DarkhoursError, StoreBusy, StoreError
from darkhours.store import open_archive

log = logging.getLogger(__name__)
Asked: TypeAlias = tuple[str, datetime, datetime, bool]
BUSY = "expected baselines, others are worked out; ask again in a moment"
LESS_URGENT = 10
"""Steps by which this process lets others go first: ours, half of what there is."""


WAIT_S = 1.0
"""Seconds for which a page waits for the baselines of a short span: ours; some hundredths are usual, and the
first of all takes longer, for kernels are loaded or compiled for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Asks:
    """Asks the process beside for baselines, one question at a time.

    Args:
        line: to that process.
        fine: whether each bin is wanted, and not the middle of those that are drawn as one.
        wait_s: seconds until who asks goes on without; None waits as long as it takes.
    """

    line: Connection
    fine: bool = False
    wait_s: float | None = None
    _one: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=count)

    def __call__(self, entity: str, start: datetime, until: datetime) -> Learned | None:
        """Return the baselines of a place over a span, as `work_out`.

        Raises:
            StoreBusy: they are not there in time.
            StoreError: they could not be worked out.
        """
        ends = None if self.wait_s is None else time.monotonic() + self.wait_s
        if not self._one.acquire(timeout=-1 if self.wait_s is None else self.wait_s):
            raise StoreBusy(BUSY)
        try:
            found = self._answer((entity, start, until, self.fine), ends)
        except (EOFError, OSError) as error:
            raise StoreError("the process that works out baselines has gone; start the site again") from error
        finally:
            self._one.release()
        if isinstance(found, str):
            raise StoreError(found)
        return found

    def _answer(self, asked: Asked, ends: float | None) -> Learned | str | None:
        """Return the answer to this question; what nobody waited for is passed over."""
        number, told = next(self._numbers), -1
        self.line.send((number, asked))
        found: Learned | str | None = None
        while told != number:
            if ends is not None and not self.line.poll(max(0.0, ends - time.monotonic())):
                raise StoreBusy(BUSY)
            told, found = self.line.recv()
        return found


def answer_beside(folder: Path, processes: int) -> list[tuple[Connection, Connection]]:
    """Begin to work out baselines in a thread; return the lines of so many processes.

    Each has one for what pages wait for, which is answered first, and one for what they do not. Kernels take
    100 MB and an interpreter of their own: here they take them once, and hold up nobody.
    """
    pairs = [(Pipe(), Pipe()) for _ in range(processes)]
    ours = [soon[0] for soon, _ in pairs] + [later[0] for _, later in pairs]
    threading.Thread(target=_answer, args=(folder, ours), name="baselines", daemon=True).start()
    return [(soon[1], later[1]) for soon, later in pairs]


def let_others_first() -> None:
    """Have the other processes go first, where the system knows how."""
    if hasattr(os, "nice"):
        os.nice(LESS_URGENT)


def _answer(folder: Path, lines: list[Connection]) -> None:
    """Answer one question after the other, that on the first line that asks."""
    while lines:
        ready = wait(lines)
        line = next(each for each in lines if each in ready)
        try:
            number, asked = line.recv()
            line.send((number, _work(folder, asked)))
        except (EOFError, OSError):  # that process has ended
            lines.remove(line)


def _work(folder: Path, asked: Asked) -> Learned | str | None:
    entity, start, until, fine = asked
    try:
        with open_archive(folder) as archive:
            return work_out(archive, entity, (start, until), fine=fine)
    except DarkhoursError as error:
        return str(error)
    except Exception as error:
        log.exception("%s from %s until %s", entity, start, until, exc_info=error)
        return f"{entity}: expected baselines, the program failed; whoever runs the site can see why"
