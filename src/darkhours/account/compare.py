"""What moved between two accounts of the same entity and service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from darkhours.model.account import TOTAL_NAMES, Account, Num, Verdict, Window
from darkhours.model.state import State

MOVED = timedelta(minutes=30)
"""Shift of an edge from which a window has moved: the finest give that a claim is granted."""
MOVED_H = 0.05
"""Change of a total from which it has moved: three minutes, below any give."""
WIDENED_H = 1.0
"""Change of an interval's end from which it is told although the value stays."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two accounts tell differently.

    Args:
        kind: ``subject``, ``status``, ``total``, ``window`` or ``verdict``.
        what: which one: the total, the state of the window, the claim.
        before: what the first account says, None where it says nothing.
        after: what the second says, None where it says nothing.
        text: the change as a sentence, local times of the second account.
    """

    kind: str
    what: str
    before: float | str | None
    after: float | str | None
    text: str


def compare(a: Account, b: Account) -> list[Change]:
    """Return what ``b`` tells otherwise than ``a``: status, totals, windows, verdicts.

    Up windows are left out: they are what lies between the others.
    """
    changes = [*_compare_subject(a, b), *_compare_totals(a, b)]
    changes += [*_compare_windows(a, b), *_compare_verdicts(a, b)]
    return changes


def _compare_subject(a: Account, b: Account) -> Iterator[Change]:
    subjects = [f"{account.name} · {account.service}" for account in (a, b)]
    if (a.entity, a.service) != (b.entity, b.service):
        text = f"these are accounts of different things: {subjects[0]}, then {subjects[1]}"
        yield Change("subject", "entity", subjects[0], subjects[1], text)
    if a.status != b.status:
        yield Change("status", "status", a.status, b.status, f"status: {a.status} → {b.status}")


def _compare_totals(a: Account, b: Account) -> Iterator[Change]:
    for name in TOTAL_NAMES:
        before, after = a.totals[name], b.totals[name]
        if _has_moved(before, after):
            text = f"{name}: {_show_num(before)} → {_show_num(after)}"
            yield Change("total", name, _value(before), _value(after), text)


def _has_moved(before: Num | None, after: Num | None) -> bool:
    if before is None or after is None:
        return before is not after
    moved = abs(after.value - before.value) >= MOVED_H
    return moved or max(abs(after.low - before.low), abs(after.high - before.high)) >= WIDENED_H


def _value(num: Num | None) -> float | None:
    return None if num is None else num.value


def _show_num(num: Num | None) -> str:
    return "none" if num is None else f"{_trim(num.value)} [{_trim(num.low)}–{_trim(num.high)}]"


def _trim(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _compare_windows(a: Account, b: Account) -> Iterator[Change]:
    """Pair windows of one state by what they share, and tell what is new, gone or moved."""
    pairs = dict(_pair_windows(a, b))
    zone = ZoneInfo(b.tz)
    for index, window in enumerate(b.windows):
        if window.state is State.UP:
            continue
        after = _show_window(window, zone)
        old = a.windows[pairs[index]] if index in pairs else None
        before = None if old is None else _show_window(old, zone)
        if old is None:
            yield Change("window", str(window.state), None, after, f"new: {window.state} {after}")
        elif _window_moved(old, window):
            text = f"moved: {window.state} {before} → {after}"
            yield Change("window", str(window.state), before, after, text)
    kept = set(pairs.values())
    for index, window in enumerate(a.windows):
        if window.state is not State.UP and index not in kept:
            before = _show_window(window, zone)
            yield Change("window", str(window.state), before, None, f"gone: {window.state} {before}")


def _pair_windows(a: Account, b: Account) -> Iterator[tuple[int, int]]:
    """Yield (index in b, index in a) of windows that are the same one, most shared time first."""
    shared = [
        (_shared(old, new, a, b), in_b, in_a)
        for in_b, new in enumerate(b.windows)
        for in_a, old in enumerate(a.windows)
        if old.state is new.state and new.state is not State.UP
    ]
    taken_b: set[int] = set()
    taken_a: set[int] = set()
    for overlap, in_b, in_a in sorted(shared, key=lambda item: (-item[0], item[1], item[2])):
        if overlap > timedelta(0) and in_b not in taken_b and in_a not in taken_a:
            taken_b.add(in_b)
            taken_a.add(in_a)
            yield in_b, in_a


def _shared(old: Window, new: Window, a: Account, b: Account) -> timedelta:
    ends = (a.until if old.end is None else old.end.at), (b.until if new.end is None else new.end.at)
    return min(ends) - max(old.start.at, new.start.at)


def _window_moved(old: Window, new: Window) -> bool:
    if abs(new.start.at - old.start.at) >= MOVED or (old.end is None) != (new.end is None):
        return True
    return old.end is not None and new.end is not None and abs(new.end.at - old.end.at) >= MOVED


def _show_window(window: Window, zone: ZoneInfo) -> str:
    end = "still open" if window.end is None else f"until {_show_time(window.end.at, zone)}"
    return f"from {_show_time(window.start.at, zone)} {end}"


def _show_time(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local.day} {local:%b %H:%M}"


def _compare_verdicts(a: Account, b: Account) -> Iterator[Change]:
    before = {(verdict.claim, verdict.rule): _show_verdict(verdict) for verdict in a.verdicts}
    after = {(verdict.claim, verdict.rule): _show_verdict(verdict) for verdict in b.verdicts}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            text = f"verdict on {key[0]}: {old or 'none'} → {new or 'none'}"
            yield Change("verdict", key[0], old, new, text)


def _show_verdict(verdict: Verdict) -> str:
    return f"{verdict.verdict} ({verdict.fits})" if verdict.fits else verdict.verdict
