"""Runs batches on a Dask cluster: the same function, the same bytes, on as many machines as there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from darkhours import __version__
from darkhours.model.errors import ConfigError, SourceUnavailable
from darkhours.spread.batch import AHEAD, LOSSES, Batch, Work, name_batch

PATIENCE_S = 10
"""Seconds in which a scheduler must answer: ours."""


def run_on_cluster(work: Work, batches: Iterable[Batch], scheduler: str) -> Iterator[bytes]:
    """Yield what a function makes of each batch, in their order.

    The scheduler keeps what it was sent: a worker that is lost costs the batch that it worked on, and those
    of its results that were not fetched yet. Batches are sent with their data: keep them below ten megabytes.

    Args:
        work: a pure function that the workers can import.
        batches: what it works on.
        scheduler: its address.

    Raises:
        ConfigError: the extra is not installed, the address is none, or a worker has another version of this
            program.
        SourceUnavailable: the scheduler does not answer, or a batch has lost too many workers.
    """
    client = _connect(scheduler)
    try:
        _compare_versions(client, scheduler)
        yield from _in_order(client, work, iter(enumerate(batches)))
    finally:
        client.close()


def _connect(scheduler: str) -> Any:  # noqa: ANN401 — a type of the extra
    try:
        import distributed  # noqa: PLC0415 — an extra
    except ImportError as error:
        told = "--scheduler: expected dask.distributed, found none; pip install 'darkhours[cluster]'"
        raise ConfigError(told) from error
    try:
        client: Any = distributed.Client
        return client(scheduler, timeout=PATIENCE_S, set_as_default=False)
    except OSError as error:
        told = f"--scheduler {scheduler}: expected an answer within {PATIENCE_S} s, got none"
        raise SourceUnavailable(f"{told}; is it running, and can it be reached from here?") from error
    except ValueError as error:
        told = f"--scheduler: expected an address such as tcp://10.0.0.1:8786, got {scheduler!r}"
        raise ConfigError(told) from error


def _version() -> str:
    return __version__


def _compare_versions(client: Any, scheduler: str) -> None:  # noqa: ANN401
    """Raise where a worker has another version: its bytes would not be ours."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
        told = client.run(_version)
    except TimeoutError as error:
        raise SourceUnavailable(
            f"--scheduler {scheduler}: expected workers, found none; start some"
        ) from error
    except ImportError as error:
        raise ConfigError(f"--scheduler {scheduler}: a worker has no darkhours; install it there") from error
    other = {worker: version for worker, version in told.items() if version != __version__}
    for worker, version in other.items():
        raise ConfigError(
            f"worker {worker}: expected darkhours {__version__}, got {version}; install it there"
        )


def _in_order(client: Any, work: Work, waiting: Iterator[tuple[int, Batch]]) -> Iterator[bytes]:  # noqa: ANN401
    flying: deque[tuple[int, Batch, Any]] = deque()
    more = True
    while flying or more:
        most = AHEAD * max(1, sum(client.nthreads().values()))  # workers come and go
        while more and len(flying) < most:
            number, batch = next(waiting, (-1, None))
            more = batch is not None
            if batch is not None:
                flying.append((number, batch, client.submit(work, batch.data, pure=False)))
        if flying:
            number, batch, future = flying.popleft()
            yield _fetch(number, batch, future)


def _fetch(number: int, batch: Batch, future: Any) -> bytes:  # noqa: ANN401
    """Return a result as soon as it is there."""
    from distributed.scheduler import KilledWorker  # noqa: PLC0415 — an extra

    try:
        return bytes(future.result())
    except KilledWorker as error:
        told = (
            f"batch {number + 1} ({batch.name}): expected its result, lost more than {LOSSES} workers over it"
        )
        raise SourceUnavailable(f"{told}; give it smaller batches or more memory") from error
    except Exception as error:
        name_batch(error, number, batch)
        raise
