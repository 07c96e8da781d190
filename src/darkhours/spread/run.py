"""Runs batches in this process or wherever else, and yields what comes of them in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from darkhours.model.errors import ConfigError
from darkhours.spread.batch import Batch, Place, Progress, Work, name_batch


def run_batches(
    work: Work, batches: Iterable[Batch], place: Place | None = None, progress: Progress | None = None
) -> Iterator[bytes]:
    """Yield what a function makes of each batch, in their order and with the same bytes wherever it runs.

    Batches are asked for as they are needed: never more than two for each worker are held at once. A worker
    that is lost costs the batch that it worked on, which is run again. An error that the function raises is
    raised here, with a note that names the batch, and the rest is given up.

    Args:
        work: a pure function that other processes can import.
        batches: what it works on.
        place: where; None for this process.
        progress: told how many batches are done.

    Raises:
        ConfigError: a number of processes is none, the scheduler's extra is not installed, or a worker of it
            has another version of this program.
        SourceUnavailable: the scheduler does not answer, or a batch has lost too many workers.
    """
    for done, result in enumerate(_choose(work, batches, place or Place()), start=1):
        yield result
        if progress is not None:
            progress(done)


def _choose(work: Work, batches: Iterable[Batch], place: Place) -> Iterator[bytes]:
    if place.scheduler is not None:
        from darkhours.spread.cluster import run_on_cluster  # noqa: PLC0415 — an extra, a second to import

        return run_on_cluster(work, batches, place.scheduler)
    if place.processes < 1:
        raise ConfigError(f"processes: expected at least 1, got {place.processes}")
    if place.processes > 1:
        from darkhours.spread.processes import run_on_cores  # noqa: PLC0415 — only who needs it pays

        return run_on_cores(work, batches, place.processes)
    return _run_here(work, batches)


def _run_here(work: Work, batches: Iterable[Batch]) -> Iterator[bytes]:
    for number, batch in enumerate(batches):
        try:
            yield work(batch.data)
        except Exception as error:
            name_batch(error, number, batch)
            raise
