"""Reads a table of what truly happened: CSV with the columns entity, start, end and state."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from darkhours.app.instants import read_instant
from darkhours.model.account import Account
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.state import State
from darkhours.score.events import TrueWindow, Truth

COLUMNS = ("entity", "start", "end", "state")
STATES = (State.DARK, State.DEGRADED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table."""

    line: int
    entity: str
    window: TrueWindow


def read_truths(file: str, text: str, accounts: Sequence[Account]) -> dict[str, Truth]:
    """Return the truth of each account's entity, by its id; up wherever the table says nothing.

    Windows that reach past the span of their account are cut there.

    Args:
        file: name of the table, for the messages.
        text: what it holds.
        accounts: one for each entity.

    Raises:
        InputError: the table cannot be read, or speaks of what no account is about; every line that
            is wrong is named.
    """
    problems: list[Problem] = []
    rows = _read_rows(file, text, problems)
    spans = {account.entity: (account.start, account.until) for account in accounts}
    windows: dict[str, list[TrueWindow]] = {entity: [] for entity in spans}
    for row in sorted(rows, key=lambda row: row.window.start):
        problem = _find_problem(row, spans, windows)
        if problem:
            problems.append(Problem("", problem, row.line))
        else:
            windows[row.entity].append(_cut(row.window, *spans[row.entity]))
    if problems:
        raise InputError(file, sorted(problems, key=lambda problem: problem.line or 0))
    return {entity: Truth(entity, *spans[entity], tuple(told)) for entity, told in windows.items()}


def _read_rows(file: str, text: str, problems: list[Problem]) -> list[_Row]:
    """Return the rows that can be read; what is wrong with the others is added to ``problems``."""
    reader = csv.DictReader(text.splitlines())
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        heading = ",".join(reader.fieldnames or ()) or "nothing"
        message = f"expected the columns {','.join(COLUMNS)}, got {heading[:100]}; mend the first line"
        raise InputError(file, [Problem("", message, 1)])
    rows = []
    try:
        for cells in reader:
            try:
                rows.append(_read_row(cells, reader.line_num))
            except ConfigError as error:
                problems.append(Problem("", str(error), reader.line_num))
    except csv.Error as error:
        raise InputError(file, [Problem("", f"expected CSV: {error}", reader.line_num)]) from error
    return rows


def _read_row(cells: dict[str, str | None], line: int) -> _Row:
    """Return a row of the table.

    Raises:
        ConfigError: a cell is not what its column holds.
    """
    entity, start, end, state = ((cells[name] or "").strip() for name in COLUMNS)
    if state not in STATES:
        raise ConfigError(f"state: expected dark, degraded or unknown, got {state!r}")
    begins = read_instant(start, "start")
    ends = read_instant(end, "end") if end else None
    if ends is not None and ends <= begins:
        raise ConfigError(f"end: expected a time after the start ({start}), got {end}")
    return _Row(line, entity, TrueWindow(State(state), begins, ends))


def _find_problem(
    row: _Row, spans: dict[str, tuple[datetime, datetime]], windows: dict[str, list[TrueWindow]]
) -> str | None:
    """Return what is wrong with a row beside the accounts and the rows before it."""
    if row.entity not in spans:
        known = ", ".join(list(spans)[:5])
        return f"entity: expected one that an account is about ({known}), got {row.entity!r}"
    start, until = spans[row.entity]
    if row.window.start >= until or (row.window.end is not None and row.window.end <= start):
        return f"start: expected a time in the span of the account, {_tell(start)} to {_tell(until)}"
    before = windows[row.entity][-1] if windows[row.entity] else None
    if before is not None and (before.end is None or before.end > row.window.start):
        return f"start: expected a time after the window before it, which begins {_tell(before.start)}"
    return None


def _tell(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%MZ}"


def _cut(window: TrueWindow, start: datetime, until: datetime) -> TrueWindow:
    ends = None if window.end is None or window.end > until else window.end
    return TrueWindow(window.state, max(window.start, start), ends)
