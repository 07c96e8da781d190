"""Series sets: one signal of one family from one datasource on bins of one width."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from darkhours.model.evidence import Grid
from darkhours.model.signal import SignalKind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Series:
    """What the points of an archive are points of; its bins are numbered from 1970.

    Args:
        no: number in the archive.
        signal: what is measured.
        family: the sensing system.
        datasource: who publishes it.
        step: width of a bin, whole seconds.
        phase: from a multiple of the step (since 1970, UTC) to the start of a bin, less than the step.
        attribution: whom to thank, and under which licence.
        counted: whether values are rows counted per bin.
        smoothed: width over which the publisher smoothed.
        floor: oldest version whose accounts can still be rebuilt; 0 where all can.
        kept_from: first bin whose points were not let go; None where none were.
    """

    no: int
    signal: SignalKind
    family: str
    datasource: str
    step: timedelta
    phase: timedelta = timedelta(0)
    attribution: str = ""
    counted: bool = False
    smoothed: timedelta = timedelta(0)
    floor: int = 0
    kept_from: int | None = None

    def bin_at(self, start: datetime) -> int:
        """Return the number of the bin that begins at an instant.

        Raises:
            ValueError: no bin of this series begins there.
        """
        number, off = divmod(start - EPOCH - self.phase, self.step)
        if off:
            raise ValueError(f"{self.title}: expected the start of a bin of {self.step}, got {start}")
        return number

    def first_bin(self, instant: datetime) -> int:
        """Return the number of the first bin that begins at an instant or after it."""
        return -((EPOCH + self.phase - instant) // self.step)

    def start_of(self, bin_: int) -> datetime:
        """Return the instant at which a bin begins."""
        return EPOCH + self.phase + bin_ * self.step

    def grid(self, from_bin: int, until_bin: int) -> Grid:
        """Return the bins as a grid of time."""
        return Grid(self.start_of(from_bin), self.step, until_bin - from_bin)

    @property
    def title(self) -> str:
        """Return its name in messages."""
        return f"{self.signal.name} ({self.family}, {self.datasource}, every {self.step})"


def split_phase(start: datetime, step: timedelta) -> timedelta:
    """Return the phase of bins of which one begins at ``start``."""
    return (start - EPOCH) % step
