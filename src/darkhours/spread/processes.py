"""Runs batches on the cores of this machine, each in a process that was started afresh."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from darkhours.model.errors import SourceUnavailable
from darkhours.spread.batch import AHEAD, LOSSES, Batch, Work, name_batch

Flight = tuple[int, Batch, "Future[bytes]"]


def run_on_cores(work: Work, batches: Iterable[Batch], processes: int) -> Iterator[bytes]:
    """Yield what a function makes of each batch, in their order.

    Args:
        work: a pure function that other processes can import.
        batches: what it works on.
        processes: how many at once.

    Raises:
        SourceUnavailable: a batch has lost too many processes, such as for want of memory.
    """
    crew = _Crew(work, processes)
    try:
        yield from _in_order(crew, iter(enumerate(batches)), AHEAD * processes)
    finally:
        crew.dismiss()


def _in_order(crew: _Crew, waiting: Iterator[tuple[int, Batch]], most: int) -> Iterator[bytes]:
    flying: deque[Flight] = deque()
    more = True
    while flying or more:
        while more and len(flying) < most:
            number, batch = next(waiting, (-1, None))
            more = batch is not None
            if batch is not None:
                flying.append((number, batch, crew.send(batch)))
        if flying:
            number, batch, future = flying[0]
            try:
                result = future.result()
            except BrokenProcessPool:
                crew.renew(flying)
                continue
            except Exception as error:
                name_batch(error, number, batch)
                raise
            flying.popleft()
            yield result


def _take_one_core() -> None:
    """Keep libraries of a process from taking the cores of the others; called before it imports any."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


class _Crew:
    """Processes that can be replaced."""

    def __init__(self, work: Work, processes: int) -> None:
        self._work, self._processes = work, processes
        self._pool = self._hire(processes)

    @staticmethod
    def _hire(processes: int) -> ProcessPoolExecutor:
        # Afresh, not forked: what a thread of ours holds would be held for ever there.
        afresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(processes, mp_context=afresh, initializer=_take_one_core)

    def send(self, batch: Batch) -> Future[bytes]:
        """Give a batch to whoever is free."""
        try:
            return self._pool.submit(self._work, batch.data)
        except BrokenProcessPool as broken:
            lost: Future[bytes] = Future()
            lost.set_exception(broken)
            return lost

    def renew(self, flying: deque[Flight]) -> None:
        """Run again, one at a time, what a lost process has taken with it: so the one at fault is found."""
        self.dismiss()
        for index, (number, batch, future) in enumerate(flying):
            if future.cancelled() or not future.done() or isinstance(future.exception(), BrokenProcessPool):
                flying[index] = (number, batch, self._alone(number, batch))
        self._pool = self._hire(self._processes)

    def _alone(self, number: int, batch: Batch) -> Future[bytes]:
        for _ in range(LOSSES):
            with self._hire(1) as one:
                future = one.submit(self._work, batch.data)
            if not isinstance(future.exception(), BrokenProcessPool):
                return future
        told = f"batch {number + 1} ({batch.name}): expected its result, lost {LOSSES} processes over it"
        raise SourceUnavailable(f"{told}; give it smaller batches or more memory")

    def dismiss(self) -> None:
        """Let all processes go, without waiting for what nobody needs any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
