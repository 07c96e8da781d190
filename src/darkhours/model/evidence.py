"""Evidence per bin: log-likelihoods and cheap changes on a grid of time, shared by claims and signals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Grid:
    """Half-open bins of equal width over a span, labelled by their start.

    Args:
        start: begin of the first bin, UTC.
        step: width of a bin.
        n_bins: how many.
    """

    start: datetime
    step: timedelta
    n_bins: int

    @property
    def step_h(self) -> float:
        """Return the width of a bin in hours."""
        return self.step.total_seconds() / 3600

    @property
    def until(self) -> datetime:
        """Return the end of the last bin."""
        return self.start + self.n_bins * self.step

    def hours(self, instant: datetime) -> float:
        """Return the hours from the start of the grid to ``instant``; negative before it."""
        return (instant - self.start).total_seconds() / 3600

    def at(self, edge: int) -> datetime:
        """Return the instant at which bin ``edge`` starts."""
        return self.start + edge * self.step
