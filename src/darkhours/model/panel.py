"""Panels: one signal of many entities on one grid, and the recording that they were read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.signal import SignalKind
from darkhours.model.timeline import Floats, Mask


class Coverage(IntEnum):
    """Whether anybody measured in a bin; not measured is never zero."""

    COVERED = 0
    SUSPECT = 1
    NONE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One signal of one or many entities on one grid.

    Args:
        signal: what is measured.
        family: the sensing system, whose and how, such as ``ioda.probing``: evidence is independent
            between families, not within.
        datasource: who publishes it.
        entities: whose it is, a row each.
        grid: bins of time; a value is labelled by the start of its bin.
        values: shape (n_entities, n_bins); NaN where nobody measured, 0 only where 0 was measured.
        counted: whether values are rows of a raw file counted per bin, so that silence is a 0.
        partial: bins that were observed in part, such as the first and last of a raw file; (n_bins,).
        smoothed: width over which the publisher smoothed the values; zero where it did not.
    """

    signal: SignalKind
    family: str
    datasource: str
    entities: tuple[Entity, ...]
    grid: Grid
    values: Floats
    counted: bool = False
    partial: Mask | None = None
    smoothed: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Hold the promise of the shapes."""
        expected = (len(self.entities), self.grid.n_bins)
        if self.values.shape != expected:
            msg = f"values of {self.signal.name}: expected shape {expected}, got {self.values.shape}"
            raise ValueError(msg)
        if self.partial is not None and self.partial.shape != (self.grid.n_bins,):
            msg = f"partial of {self.signal.name}: expected shape ({self.grid.n_bins},)"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Rows of a recording that could not be read: counted and named, never dropped in silence.

    Args:
        why: what is wrong with them, as ``value: expected a number``.
        count: how many rows.
        first_line: line of the first, from 1; None where the input has no lines.
        example: what stood there, shortened.
    """

    why: str
    count: int
    first_line: int | None
    example: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a recording came from, so that a stranger can get it again.

    Args:
        source: name of the reader, such as ``ioda-csv``.
        file: name of the file, or the address that was asked.
        sha256: of the bytes that were read.
        parser: name and version of what read it.
        attribution: whom to thank, and under which licence; "" where the file does not say.
        fetched: when it was asked for, UTC; None for a file.
    """

    source: str
    file: str
    sha256: str
    parser: str
    attribution: str = ""
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file or answer holds, read into panels.

    Args:
        panels: one for each signal; entities may differ between them.
        origin: where it came from.
        unrelated: whether its entities share no fate, so that the control gate may compare them.
        unreadable: rows that could not be read.
        notes: what a reader of the account should know, a sentence each.
        reported: outages and causes that the source itself publishes, as (start, end, entity, words);
            annotations are claims of their publisher, never measured evidence.
    """

    panels: tuple[Panel, ...]
    origin: Origin
    unrelated: bool = False
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[str, ...] = ()
    reported: tuple[tuple[datetime, datetime | None, str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One signal of one entity beside what it was held against; what a picture needs.

    Args:
        entity: id.
        signal: what is measured.
        family: the sensing system.
        grid: bins of time.
        values: measured, NaN where nobody did; shape (n_bins,).
        baseline: level expected from clean history, NaN where there is none yet; shape (n_bins,).
        low: level below which it counts as degraded (above it, where higher is worse); shape (n_bins,).
        lower: level below which it counts as dark; shape (n_bins,).
        coverage: `Coverage` per bin, shape (n_bins,).
    """

    entity: str
    signal: SignalKind
    family: str
    grid: Grid
    values: Floats
    baseline: Floats
    low: Floats
    lower: Floats
    coverage: np.ndarray[tuple[int], np.dtype[np.uint8]]
