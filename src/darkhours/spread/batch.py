"""Batches, the function that works on them, and the place where it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[bytes], bytes]
"""A pure function, found by its name in its module: other processes import it from there."""

Progress = Callable[[int], None]
"""Told how many batches are done."""

LOSSES = 3
"""Workers that one batch may lose before it is given up: ours, a batch that has killed three is at fault."""

AHEAD = 2
"""Batches in flight for each worker: ours, one that it works on and one that waits, so that it never does."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Work for one worker at a time.

    Args:
        name: what a message calls it, such as ``asn:174 … asn:3320``.
        data: all that the function needs.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where batches are worked on.

    Args:
        processes: on this machine; 1 for this process alone.
        scheduler: address of a Dask scheduler, such as ``tcp://127.0.0.1:8786``; None for this machine.
    """

    processes: int = 1
    scheduler: str | None = None


def name_batch(error: BaseException, number: int, batch: Batch) -> None:
    """Have an error say which batch it came from."""
    error.add_note(f"batch {number + 1} ({batch.name})")
