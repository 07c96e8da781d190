"""Small strips without words that stretch with their table: windows, counted hours, a claim's time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from darkhours.model.account import Account, Window
from darkhours.model.state import State
from darkhours.render.markup import short, tag
from darkhours.render.share import SURE
from darkhours.render.spans import Span, window_span

FILLS = {State.UP: "up", State.DEGRADED: "deg", State.DARK: "dark", State.UNKNOWN: "unk"}


def percent(at: datetime, start: datetime, until: datetime) -> float:
    """Return where an instant lies between two others, in per cent, held between 0 and 100."""
    return min(max((at - start) / (until - start) * 100, 0.0), 100.0)


def bar(begin: float, end: float, class_: str, y: float, height: float) -> Markup:
    """Return a rectangle whose place along is in per cent and across in px."""
    return tag("rect", x=f"{_pc(begin)}%", y=y, width=f"{_pc(end - begin)}%", height=height, class_=class_)


def _pc(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def framed(parts: Iterable[Markup], height: float, *, extra: float = 0) -> Markup:
    """Return a small drawing over the whole width of its cell, with a frame."""
    frame = tag("rect", x="0", y=0.5, width="100%", height=height - 1, class_="frame")
    body = Markup().join(parts) + frame
    return tag("svg", body, class_="mini", width="100%", height=height + extra, aria_hidden="true")


def window_bars(account: Account, start: datetime, until: datetime, height: float) -> list[Markup]:
    """Return the windows between two instants, sharp-edged; a doubtful one shows both readings."""
    found = []
    for place, window in enumerate(account.windows):
        begin, end = window_span(account, window)
        low, high = max(begin, start), min(end, until)
        if low < high:
            ends = percent(low, start, until), percent(high, start, until)
            found += _bars(account.windows, place, ends, height)
    return found


def _bars(windows: Sequence[Window], place: int, ends: tuple[float, float], height: float) -> list[Markup]:
    window = windows[place]
    low, high = ends
    if window.p >= SURE or len(windows) == 1:
        return [bar(low, high, FILLS[window.state], 0, height)]
    other = windows[place - 1].state if place else windows[1].state
    below, above, part = (window.state, other, window.p)
    if _rank(window.state) < _rank(other):
        below, above, part = other, window.state, 1 - window.p
    return [
        bar(low, high, FILLS[above], 0, height),
        bar(low, high, FILLS[below], height * (1 - part), height * part),
    ]


def _rank(state: State) -> int:
    return [State.UNKNOWN, State.UP, State.DEGRADED, State.DARK].index(state)


def counted_strip(account: Account, spans: Sequence[Span], start: datetime, until: datetime) -> Markup:
    """Return the windows with the counted stretches in full colour and underlined, the rest pale."""
    height = 18.0
    veils, lines = [], []
    at = start
    for begin, end in [*spans, (until, until)]:
        if begin > at:
            veils.append(bar(percent(at, start, until), percent(begin, start, until), "veil", 0, height))
        if end > begin:
            ends = percent(begin, start, until), percent(end, start, until)
            lines.append(bar(*ends, "under", height + 2.5, 3))
        at = max(at, end)
    return framed([*window_bars(account, start, until, height), *veils, *lines], height, extra=6)


def day_strip(account: Account, start: datetime, until: datetime) -> Markup:
    """Return a local day from midnight to midnight, with lines at six, noon and eighteen."""
    height = 18.0
    inside = (max(start, account.start), min(until, account.until))
    parts = window_bars(account, *inside, height) if inside == (start, until) else []
    if not parts:
        parts = [bar(0, 100, "unk", 0, height), *_partial(account, start, until, height)]
    hours = [start + timedelta(hours=hour) for hour in (6, 12, 18)]
    ticks = [tag("path", d=f"M0 {short(height - 4)}v4", class_="tk") for _ in ()] + [
        bar(percent(at, start, until), percent(at, start, until) + 0.25, "tk", height - 4, 4) for at in hours
    ]
    return framed([*parts, *ticks], height)


def _partial(account: Account, start: datetime, until: datetime, height: float) -> list[Markup]:
    found = []
    for window in account.windows:
        begin, end = window_span(account, window)
        low, high = max(begin, start), min(end, until)
        if low < high:
            ends = percent(low, start, until), percent(high, start, until)
            found.append(bar(*ends, FILLS[window.state], 0, height))
    return found


def axis_days(start: datetime, until: datetime, at: Iterable[tuple[datetime, datetime, str]]) -> Markup:
    """Return day numbers over a small strip, each in the middle of its day."""
    labels = Markup()
    for begin, end, label in at:
        middle = (percent(begin, start, until) + percent(end, start, until)) / 2
        anchor = "end" if middle > 97 else "start" if middle < 3 else "middle"  # noqa: PLR2004 — per cent
        labels += tag("text", label, x=f"{_pc(middle)}%", y=12, text_anchor=anchor, class_="ax")
    return tag("svg", labels, class_="mini", width="100%", height=16, aria_hidden="true")
