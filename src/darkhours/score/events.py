"""What was true and what was found: windows of one entity, kept apart so that nobody reads the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkhours.model.account import Account, Edge
from darkhours.model.state import State

NOT_UP = (State.DEGRADED, State.DARK)


@dataclass(frozen=True, slots=True)
class TrueWindow:
    """A stretch that truly was not up, or that nobody measured.

    Args:
        state: dark, degraded, or unknown where nobody measured.
        start: when it began, UTC, to the second.
        end: when it ended; None where it had not by the end of the span.
    """

    state: State
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What truly happened to one entity; up wherever no window says otherwise.

    Args:
        entity: its id.
        start: begin of the span, UTC.
        until: end of the span, UTC.
        windows: in order of time, without overlap.
    """

    entity: str
    start: datetime
    until: datetime
    windows: tuple[TrueWindow, ...]

    @property
    def weeks(self) -> float:
        """Return the length of the span in weeks."""
        return (self.until - self.start).total_seconds() / (7 * 86400)


@dataclass(frozen=True, slots=True)
class Found:
    """A window that a detector found; an edge with no width says nothing of its own doubt.

    Args:
        state: dark, degraded or unknown.
        start: when it began, with the interval that the detector gives.
        end: when it ended; None where it had not by the end of the span.
    """

    state: State
    start: Edge
    end: Edge | None


def find_plain(state: State, start: datetime, end: datetime | None) -> Found:
    """Return a window of a detector that gives no intervals."""
    return Found(state, Edge(start, start, start), None if end is None else Edge(end, end, end))


def find_from_account(account: Account) -> tuple[Found, ...]:
    """Return the windows of an account that are not up, in order of time."""
    return tuple(
        Found(window.state, window.start, window.end)
        for window in account.windows
        if window.state is not State.UP
    )
