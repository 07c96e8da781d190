"""A strip of states for the terminal: one cell of fixed width in time after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.cells import cell_len, set_cell_size

from darkhours.model.account import Account, Window
from darkhours.model.state import State
from darkhours.render.clock import zone_of
from darkhours.render.language import ENGLISH, Language

CELL_HOURS = (0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168, 336, 672, 1344)
"""Widths of a cell, narrowest first; those up to a day divide it, so that days line up."""
_DAY_LABEL_CELLS = 6
_GRAVITY = {State.UNKNOWN: 0, State.UP: 1, State.DEGRADED: 2, State.DARK: 3}
_TOLD = (State.DEGRADED, State.DARK)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the cells of a strip stand for.

    Args:
        start: begin of the first cell, a local midnight, UTC.
        cell: width of a cell.
        n_cells: how many.
        tz: zone of the days.
    """

    start: datetime
    cell: timedelta
    n_cells: int
    tz: str

    @property
    def until(self) -> datetime:
        """Return the end of the last cell."""
        return self.start + self.n_cells * self.cell

    @property
    def cell_h(self) -> float:
        """Return the width of a cell in hours."""
        return self.cell.total_seconds() / 3600

    def index(self, instant: datetime) -> int:
        """Return the cell that holds ``instant``; below 0 or past the end where none does."""
        return (instant - self.start) // self.cell


def make_scale(accounts: Sequence[Account], width: int) -> Scale:
    """Return the finest scale whose cells show all that was not up within ``width`` characters.

    Whole local days of the first account's zone, from that of the first fall to the one
    after the last return; the whole span where nothing fell.
    """
    zone = zone_of(accounts[0].tz)
    start, until = _find_range(accounts)
    first = datetime.combine(start.astimezone(zone).date(), datetime.min.time(), zone).astimezone(UTC)
    last = datetime.combine(until.astimezone(zone).date() + timedelta(days=1), datetime.min.time(), zone)
    hours = (last - first).total_seconds() / 3600
    cell_h = next((cell for cell in CELL_HOURS if hours / cell <= width), CELL_HOURS[-1])
    return Scale(first, timedelta(hours=cell_h), max(1, -int(-hours // cell_h)), accounts[0].tz)


def _find_range(accounts: Sequence[Account]) -> tuple[datetime, datetime]:
    fallen = [
        (window, account) for account in accounts for window in account.windows if window.state in _TOLD
    ]
    whole = min(account.start for account in accounts), max(account.until for account in accounts)
    if not fallen:
        return whole[0], whole[1] - timedelta(seconds=1)
    start = min(window.start.at for window, _ in fallen)
    until = max(find_end(window, account) for window, account in fallen)
    return start, min(until + timedelta(hours=12), whole[1] - timedelta(seconds=1))


def find_end(window: Window, account: Account) -> datetime:
    """Return where a window ends, or where what is known of it does."""
    return account.until if window.end is None else window.end.at


def draw_states(account: Account, scale: Scale) -> list[State | None]:
    """Return the state of every cell, None where the account says nothing of it.

    A cell shows the state that holds most of it; a window too short for that still takes
    the cell of its middle, so that no dark one disappears; of two too short for one cell the
    worse is shown.
    """
    held: list[dict[State, float]] = [{} for _ in range(scale.n_cells)]
    for window in account.windows:
        for index in _cells(window, account, scale):
            begin = scale.start + index * scale.cell
            shared = min(find_end(window, account), begin + scale.cell) - max(window.start.at, begin)
            held[index][window.state] = held[index].get(window.state, 0.0) + shared.total_seconds()
    drawn = [max(cell, key=lambda state: cell[state]) if cell else None for cell in held]
    for window in sorted(account.windows, key=lambda window: _GRAVITY[window.state]):
        cells = _cells(window, account, scale)
        if cells and all(drawn[index] != window.state for index in cells):
            drawn[cells[len(cells) // 2]] = window.state
    return drawn


def draw_marks(account: Account, scale: Scale) -> list[bool]:
    """Return for every cell whether a window there is contested."""
    marked = [False] * scale.n_cells
    for window in account.windows:
        cells = _cells(window, account, scale)
        for index in cells if window.contested else ():
            begin = scale.start + index * scale.cell
            shared = min(find_end(window, account), begin + scale.cell) - max(window.start.at, begin)
            marked[index] = marked[index] or shared * 2 > scale.cell or len(cells) == 1
    return marked


def _cells(window: Window, account: Account, scale: Scale) -> range:
    """Return the indices of the cells that a window touches."""
    end = find_end(window, account)
    if end <= window.start.at:
        return range(0)
    last = scale.index(end - timedelta(microseconds=1))
    return range(max(0, scale.index(window.start.at)), min(scale.n_cells, last + 1))


def draw_days(scale: Scale, language: Language = ENGLISH) -> str:
    """Return the line of days over a strip: a label at each local midnight that has room.

    Args:
        scale: of the strip.
        language: of the names; from right to left there are numbers alone, which no terminal turns round.
    """
    line, roomy = "", 24 / scale.cell_h >= _DAY_LABEL_CELLS
    for midnight in _midnights(scale):
        index = scale.index(midnight.astimezone(UTC))
        if index >= scale.n_cells or (line and index < cell_len(line) + 1):
            continue
        label = _label_day(midnight, language, first=not line, roomy=roomy)
        if index + cell_len(label) <= scale.n_cells:
            line = set_cell_size(line, index) + label
    return set_cell_size(line, scale.n_cells)


def _midnights(scale: Scale) -> Iterable[datetime]:
    zone = zone_of(scale.tz)
    day = scale.start.astimezone(zone).date()
    last = scale.until.astimezone(zone).date()
    while day <= last:
        yield datetime.combine(day, datetime.min.time(), zone)
        day += timedelta(days=1)


def _label_day(midnight: datetime, language: Language, *, first: bool, roomy: bool) -> str:
    number = language.digits(str(midnight.day))
    if language.rtl:
        return number
    if first or midnight.day == 1:
        return f"{number} {language.month(midnight.date())}"
    return f"{number} {language.weekday(midnight.date())}" if roomy else number
