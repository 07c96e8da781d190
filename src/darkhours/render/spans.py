"""Which stretches of an account a rule counts, and which return is the first."""

from __future__ import annotations

from datetime import datetime

from darkhours.model.account import Account, Num, Outage, Window
from darkhours.model.state import State
from darkhours.render.share import SURE

Span = tuple[datetime, datetime]
MOST_UNSETTLED = 6
_SAME_H = 0.01


def window_span(account: Account, window: Window) -> Span:
    """Return begin and end of a window; an open one ends with the account."""
    return window.start.at, window.end.at if window.end else account.until


def outage_span(account: Account, outage: Outage) -> Span:
    """Return begin and end of an outage; on probation it runs to the return, else to the end of data."""
    if outage.end is not None:
        return outage.start.at, outage.end.at
    if outage.status == "probation" and outage.returns:
        return outage.start.at, outage.returns[-1].at.at
    return outage.start.at, min(account.until, max(account.as_of, outage.start.at))


def main_outage(account: Account) -> Outage | None:
    """Return the outage with most dark hours, then most disrupted; None where there is none."""
    return max(account.outages, key=_weight, default=None)


def _weight(outage: Outage) -> tuple[float, float]:
    dark, disrupted = outage.totals.get("dark_h"), outage.totals.get("disrupted_h")
    return (dark.value if dark else 0.0, disrupted.value if disrupted else 0.0)


def windows_in(account: Account, outage: Outage, *states: State) -> list[Span]:
    """Return the stretches of these states inside an outage, clipped to it."""
    first, last = outage_span(account, outage)
    spans = [window_span(account, window) for window in account.windows if window.state in states]
    clipped = [(max(start, first), min(end, last)) for start, end in spans]
    return [(start, end) for start, end in clipped if start < end]


def first_dark(account: Account, outage: Outage) -> datetime | None:
    """Return when an outage first went dark."""
    dark = windows_in(account, outage, State.DARK)
    return dark[0][0] if dark else None


def first_return(account: Account) -> datetime | None:
    """Return the instant that `first_return_h` runs to, read off the returns of the main outage."""
    outage, total = main_outage(account), account.totals.get("first_return_h")
    if outage is None or total is None:
        return None
    for item in outage.returns:
        if item.elapsed_h is not None and abs(item.elapsed_h - total.value) < _SAME_H:
            return item.at.at
    return None


def counted(account: Account, rule: str) -> list[Span]:
    """Return the stretches that a rule counts, in order; empty where the rule does not apply."""
    if rule.startswith("first_return"):
        return _to_first_return(account, dark_only=rule == "first_return_dark_h")
    return [span for outage in account.outages for span in _of_outage(account, outage, rule)]


def _of_outage(account: Account, outage: Outage, rule: str) -> list[Span]:
    if rule == "disrupted_h":
        return [outage_span(account, outage)]
    if rule == "gross_h":
        begin = first_dark(account, outage)
        return [] if begin is None else [(begin, outage_span(account, outage)[1])]
    states = {
        "dark_h": State.DARK,
        "degraded_h": State.DEGRADED,
        "restored_h": State.UP,
        "unknown_h": State.UNKNOWN,
    }
    return windows_in(account, outage, states[rule]) if rule in states else []


def _to_first_return(account: Account, *, dark_only: bool) -> list[Span]:
    outage, back = main_outage(account), first_return(account)
    if outage is None or back is None:
        return []
    dark = windows_in(account, outage, State.DARK)
    kept = [(start, min(end, back)) for start, end in dark if start < back]
    if dark_only or not kept:
        return kept
    return [(kept[0][0], back)]


def unsettled(account: Account) -> list[int]:
    """Return the places of the contested windows that deserve a picture of their own, at most six."""
    doubtful = [place for place, window in enumerate(account.windows) if window.contested and window.p < SURE]
    return doubtful[:MOST_UNSETTLED]


def total(account: Account, rule: str) -> Num | None:
    """Return a total of an account."""
    return account.totals.get(rule)


def same(left: Num | None, right: Num | None) -> bool:
    """Tell whether two totals read the same."""
    return left is not None and right is not None and abs(left.value - right.value) < _SAME_H
