"""Many entities at once: how many are dark, degraded, up or unknown at each instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.timeline import Floats
from darkhours.render.markup import short, tag
from darkhours.render.share import STACK

_NONE, _SPECK = 0.002, 0.02
_FEW_KNOTS, _MANY_WINDOWS = 24, 40
_DAY_S = 86_400.0


def instants_between(start: datetime, until: datetime, count: int) -> Floats:
    """Return ``count`` evenly spaced instants from one to the other, in seconds of the epoch."""
    return np.linspace(start.timestamp(), until.timestamp(), count)


def day_columns(start: datetime, until: datetime, most: int) -> int:
    """Return a number of columns, at most ``most``, that are whole days where there are days enough."""
    days = round((until - start).total_seconds() / _DAY_S)
    if days < most / 4:
        return most
    return max(-(-days // max(-(-days // most), 1)), 2)


def fine_instants(start: datetime, until: datetime, columns: int, each: int = 24) -> Floats:
    """Return ``each`` instants in every column, the middles of its parts."""
    ends = instants_between(start, until, columns * each + 1)
    middles: Floats = (ends[1:] + ends[:-1]) / 2
    return middles


def knots(account: Account, start: datetime, until: datetime) -> Floats:
    """Return the instants at which the shares of an account bend, in seconds, ends of the span too."""
    edges = [window.start for window in account.windows[1:]]
    inner = {at.timestamp() for edge in edges for at in (edge.earliest, edge.at, edge.latest)}
    inner |= {account.start.timestamp(), account.until.timestamp()}
    low, high = start.timestamp(), until.timestamp()
    return np.array(sorted({low, high, *(at for at in inner if low < at < high)}))


def state_shares(account: Account, at: Floats) -> Floats:
    """Return how much of each state holds at each instant, shape (4, n), in the order of `STACK`.

    The chance that an edge has passed climbs from 0 at `earliest` to half at `at` to 1 at
    `latest`, as in every strip. Outside its span nobody measured the entity.
    """
    if len(account.windows) > _MANY_WINDOWS:
        return _sharp(account, at)
    held = np.zeros((len(STACK), at.size))
    before = np.ones(at.size)
    for place, window in enumerate(account.windows):
        following = account.windows[place + 1].start if place + 1 < len(account.windows) else None
        after = np.zeros(at.size)
        if following is not None:
            knots_s = [following.earliest.timestamp(), following.at.timestamp(), following.latest.timestamp()]
            after = np.minimum(before, _passed(at, knots_s))
        held[STACK.index(window.state)] += before - after
        before = after
    return _inside(held, account, at)


def _sharp(account: Account, at: Floats) -> Floats:
    """Return the shares with every edge at its best instant: for accounts of very many windows."""
    starts = np.array([window.start.at.timestamp() for window in account.windows])
    codes = np.array([STACK.index(window.state) for window in account.windows])
    here = codes[np.clip(np.searchsorted(starts, at, side="right") - 1, 0, None)]
    return _inside((here == np.arange(len(STACK))[:, None]).astype(float), account, at)


def _inside(held: Floats, account: Account, at: Floats) -> Floats:
    """Return shares with everything outside the span of the account as unknown."""
    outside = (at < account.start.timestamp()) | (at > account.until.timestamp())
    held[:, outside] = 0.0
    held[-1, outside] = 1.0
    return held


def _passed(at: Floats, knots_s: list[float]) -> Floats:
    if knots_s[0] == knots_s[2]:
        return (at >= knots_s[0]).astype(float)
    return np.interp(at, knots_s, [0.0, 0.5, 1.0])


def mean_shares(accounts: Sequence[Account], at: Floats) -> Floats:
    """Return the shares over all accounts alike, shape (4, n)."""
    held = np.zeros((len(STACK), at.size))
    for account in accounts:
        held += state_shares(account, at)
    return held / max(len(accounts), 1)


def strip_path(
    account: Account, span: tuple[datetime, datetime], width: float, height: float, most: int
) -> Markup:
    """Return the strip of one account in a box from 0 to ``width``, with at most ``most`` points a state.

    Where the account bends more often, a column tells the share of its time in each state.
    """
    at = knots(account, *span)
    if at.size > most >= len(account.windows) > _MANY_WINDOWS:
        return _boxes(account, span, width, height)
    if at.size <= max(most, _FEW_KNOTS):
        held = state_shares(account, at)
    else:
        columns = day_columns(*span, most)
        held = (
            state_shares(account, fine_instants(*span, columns)).reshape(len(STACK), columns, -1).mean(axis=2)
        )
        at = instants_between(*span, columns)
    x = (at - span[0].timestamp()) / (span[1] - span[0]).total_seconds() * width
    return stack(x, held, 0, height)


def _boxes(account: Account, span: tuple[datetime, datetime], width: float, height: float) -> Markup:
    """Return a strip with every edge at its best instant, a box for each window that is not up."""
    body, length = tag("rect", width=width, height=height, class_="up"), span[1] - span[0]
    paths = dict.fromkeys(("deg", "dark", "unk"), "")
    for window in account.windows:
        class_ = {"degraded": "deg", "dark": "dark", "unknown": "unk"}.get(window.state)
        end = window.end.at if window.end else account.until
        left, right = (min(max((at - span[0]) / length, 0.0), 1.0) * width for at in (window.start.at, end))
        if class_ and left < right:
            paths[class_] += f"M{short(left)} 0H{short(right)}V{short(height)}H{short(left)}Z"
    drawn = (tag("path", d=path, class_=class_) for class_, path in paths.items() if path)
    return body + Markup().join(drawn)


def stack(x: Floats, held: Floats, head: float, foot: float) -> Markup:
    """Return areas from the foot up: dark, then degraded, then up, with unknown on top.

    Args:
        x: px along, shape (n,).
        held: shares, shape (4, n), in the order of `STACK`.
        head: px of the head.
        foot: px of the foot.
    """
    dark, trouble = held[0], held[0] + held[1]
    known = trouble + held[2]
    body = tag("rect", x=float(x[0]), y=head, width=float(x[-1] - x[0]), height=foot - head, class_="up")
    for low, high, class_ in (
        (0 * dark, trouble, "deg"),
        (0 * dark, dark, "dark"),
        (known, 0 * known + 1, "unk"),
    ):
        held_here = high - (dark if class_ == "deg" else low)
        if float(held_here.max(initial=0.0)) > _NONE:
            path = area(x, low, high, (head, foot))
            body += tag("path", d=path, class_="blank") if class_ == "unk" else Markup()
            body += tag("path", d=path, class_=class_)
    return body


def area(x: Floats, low: Floats, high: Floats, ends: tuple[float, float]) -> str:
    """Return the path between two heights, without the stretches where there is nothing between."""
    head, foot = ends
    upper, lower = foot - high * (foot - head), foot - low * (foot - head)
    there = np.concatenate([[False], high - low > _NONE, [False]])
    wide = there[1:-1] | there[:-2] | there[2:]
    marks = np.flatnonzero(np.diff(np.concatenate([[False], wide, [False]]).astype(int)))
    path = ""
    for first, last in zip(marks[::2].tolist(), marks[1::2].tolist(), strict=True):
        over = _thin(list(zip(x[first:last].tolist(), upper[first:last].tolist(), strict=True)))
        under = _thin(list(zip(x[first:last].tolist(), lower[first:last].tolist(), strict=True)))
        path += f"M{_join(over)}L{_join(under[::-1])}Z"
    return path


def _thin(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points without those on the line between their neighbours."""
    kept = points[:1]
    for place in range(1, len(points) - 1):
        (x0, y0), (x1, y1), (x2, y2) = kept[-1], points[place], points[place + 1]
        straight = y0 + (y2 - y0) * (x1 - x0) / (x2 - x0) if x2 > x0 else y1 + 1
        if abs(straight - y1) > _SPECK:
            kept.append(points[place])
    return [*kept, *points[-1:]] if len(points) > 1 else kept


def _join(points: list[tuple[float, float]]) -> str:
    return "L".join(f"{short(x)} {short(y)}" for x, y in points)


def instant(seconds: float) -> datetime:
    """Return seconds of the epoch as an instant."""
    return datetime.fromtimestamp(seconds, UTC)
