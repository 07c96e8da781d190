"""Accounts side by side, each aligned at its first dark hour: lengths and returns in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.state import State
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import short, tag
from darkhours.render.spans import window_span

_WIDTH, _NAMES, _LANE, _GAP, _HEAD = 1000.0, 230.0, 26.0, 12.0, 26.0
_BEFORE, _AFTER = timedelta(hours=12), timedelta(hours=72)
_LINES = 14
_STEPS_H = (6, 12, 24, 48, 96, 168, 336, 720, 1440)
FILLS = {State.UP: "up", State.DEGRADED: "deg", State.DARK: "dark", State.UNKNOWN: "unk"}


def onset(account: Account) -> datetime | None:
    """Return the first dark instant of an account, else the begin of its first outage, None without any."""
    dark = next((window.start.at for window in account.windows if window.state is State.DARK), None)
    return dark or (account.outages[0].start.at if account.outages else None)


def aligned(named: Sequence[tuple[str, Account]], language: Language = ENGLISH) -> Markup:
    """Return lanes over hours since the first dark one; accounts that were never out are left out.

    Args:
        named: what each is called, and the account.
        language: of the words.
    """
    lanes = [(name, account, begin) for name, account in named if (begin := onset(account)) is not None]
    if not lanes:
        return Markup()
    last = max(_last(account, begin) for _, account, begin in lanes) + _AFTER
    whole = last + _BEFORE
    height = _HEAD + len(lanes) * (_LANE + _GAP)
    parts = [_axis((last, whole), height, language)]
    for number, (name, account, begin) in enumerate(lanes):
        y = _HEAD + number * (_LANE + _GAP)
        parts.append(tag("text", name, x=0, y=y + _LANE - 8, class_="ln"))
        parts += _windows(account, begin, (last, whole), y)
    box = f"0 0 {short(_WIDTH)} {short(height)}"
    label = language.say("Accounts aligned at their first dark hour")
    return tag("svg", Markup().join(parts), class_="span-pic", viewBox=box, role="img", aria_label=label)


def _last(account: Account, begin: datetime) -> timedelta:
    ends = [outage.end.at if outage.end else account.until for outage in account.outages]
    return max(ends) - begin


def _x(since: timedelta, whole: timedelta) -> float:
    return _NAMES + (since + _BEFORE) / whole * (_WIDTH - _NAMES - 2)


def _windows(account: Account, begin: datetime, spans: tuple[timedelta, timedelta], y: float) -> list[Markup]:
    last, whole = spans
    low, high = _x(-_BEFORE, whole), _x(last, whole)
    found = [tag("rect", x=low, y=y, width=high - low, height=_LANE, class_="unk")]
    for window in account.windows:
        start, end = window_span(account, window)
        left, right = max(start - begin, -_BEFORE), min(end - begin, last)
        if left < right:
            x = _x(left, whole)
            width = max(_x(right, whole) - x, 0.5)
            found.append(tag("rect", x=x, y=y, width=width, height=_LANE, class_=FILLS[window.state]))
    return [*found, tag("rect", x=low, y=y, width=high - low, height=_LANE, class_="frame")]


def _axis(spans: tuple[timedelta, timedelta], height: float, language: Language) -> Markup:
    last, whole = spans
    step = next((h for h in _STEPS_H if last / timedelta(hours=h) <= _LINES), 2 * _STEPS_H[-1])
    found = Markup()
    for hour in range(0, int(last.total_seconds() // 3600) + 1, step):
        x = _x(timedelta(hours=hour), whole)
        found += tag("path", d=f"M{short(x)} {short(_HEAD - 4)}V{short(height)}", class_="gr")
        found += tag(
            "text", language.unit(hour, "hour"), x=x, y=_HEAD - 10, class_="ax", text_anchor="middle"
        )
    return found
