"""Tables of an account as CSV, for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from darkhours.model.account import TOTAL_NAMES, Account, Edge
from darkhours.render.cells import write_csv

Row = list[object]


def write_table(account: Account, name: str) -> str:
    r"""Return one table of an account as CSV with a line of names.

    Times stand in UTC with the local reading beside them; a text that a spreadsheet would
    take for a formula gets an apostrophe before it.

    Args:
        account: what is shown.
        name: one of `TABLES`.

    Raises:
        ValueError: there is no such table.
    """
    if name not in TABLES:
        message = f"unknown table {name!r}: expected one of {', '.join(TABLES)}"
        raise ValueError(message)
    return write_csv(TABLES[name](account))


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _edge(edge: Edge | None, zone: ZoneInfo) -> list[object]:
    if edge is None:
        return ["", "", "", ""]
    local = edge.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return [_utc(edge.at), local, _utc(edge.earliest), _utc(edge.latest)]


def _windows(account: Account) -> Iterable[Row]:
    names = [f"{side}_{part}" for side in ("start", "end") for part in ("utc", "local", "earliest", "latest")]
    yield ["state", "detail", *names, "p", "single_source", "evidence", "contested"]
    zone = ZoneInfo(account.tz)
    for window in account.windows:
        yield [
            str(window.state),
            window.detail or "",
            *_edge(window.start, zone),
            *_edge(window.end, zone),
            round(window.p, 4),
            window.single_source,
            " ".join(window.evidence),
            " ".join(window.contested),
        ]


def _totals(account: Account) -> Iterable[Row]:
    yield ["total", "value", "low", "high", "p", "expected"]
    for name in TOTAL_NAMES:
        num = account.totals[name]
        cells = [] if num is None else [num.value, num.low, num.high, num.p, num.expected]
        yield [name, *(round(cell, 4) for cell in cells)] if cells else [name, "", "", "", "", ""]


def _days(account: Account) -> Iterable[Row]:
    yield ["date", "up_h", "degraded_h", "dark_h", "unknown_h"]
    for day in account.days:
        hours = (day.up_h, day.degraded_h, day.dark_h, day.unknown_h)
        yield [day.date.isoformat(), *(round(value, 4) for value in hours)]


def _verdicts(account: Account) -> Iterable[Row]:
    yield ["claim", "rule", "claimed", "computed", "low", "high", "verdict", "fits", "note"]
    for verdict in account.verdicts:
        num = verdict.computed
        computed: Row = ["", "", ""] if num is None else [round(x, 4) for x in (num.value, num.low, num.high)]
        head = [verdict.claim, verdict.rule, round(verdict.claimed.value, 4)]
        yield [*head, *computed, verdict.verdict, verdict.fits or "", verdict.note]


TABLES: dict[str, Callable[[Account], Iterable[Row]]] = {
    "windows": _windows,
    "totals": _totals,
    "days": _days,
    "verdicts": _verdicts,
}
"""The tables by name."""
