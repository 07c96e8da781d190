"""The commonest forms of time, read a column at once; every other column is left to `instants`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from darkhours.model.timeline import Bins

_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_MARKS = {4: b"-", 7: b"-", 13: b":", 16: b":"}
_LENGTH = 19
_SECONDS = (10**8, 4_102_444_800)  # nine digits and more, until 2100


@dataclass(frozen=True, slots=True)
class QuickTimes:
    """A column of time.

    Args:
        micros: microseconds since 1970.
        aware: whether they are on UTC.
    """

    micros: Bins
    aware: bool


def read_quickly(cells: Sequence[str]) -> QuickTimes | None:
    """Return a column in which all cells are ISO to the second, or all epochs in seconds; else None.

    It never says other than `instants.read_instant` would of each cell (a test holds them together).

    >>> read_quickly(["2022-01-05T11:00:00Z", "2022-01-05T12:00:00Z"]).micros
    array([1641380400000000, 1641384000000000])
    >>> read_quickly(["1641380400.5"]).micros, read_quickly(["2022-01-05"])
    (array([1641380400500000]), None)
    """
    if not cells or not "".join(cells).isascii():
        return None
    lengths = set(map(len, cells))
    if lengths == {_LENGTH + 1} and all(cell[-1] == "Z" for cell in cells):
        return _read_iso([cell[:-1] for cell in cells], aware=True)
    if lengths == {_LENGTH}:
        return _read_iso(cells, aware=False)
    return _read_seconds(cells)


def _read_iso(cells: Sequence[str], *, aware: bool) -> QuickTimes | None:
    table = np.array(cells, f"S{_LENGTH}").view("S1").reshape(len(cells), _LENGTH)
    digits = table[:, _DIGITS]
    if not ((digits >= b"0") & (digits <= b"9")).all() or not np.isin(table[:, 10], [b"T", b" "]).all():
        return None
    if not all((table[:, at] == mark).all() for at, mark in _MARKS.items()):
        return None
    try:
        micros = np.array(cells, "datetime64[s]").astype(np.int64) * 10**6
    except ValueError:
        return None
    return QuickTimes(micros, aware) if _is_between(micros // 10**6, 0) else None


def _read_seconds(cells: Sequence[str]) -> QuickTimes | None:
    if not set("".join(cells)) <= set("0123456789."):
        return None
    try:
        seconds = np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        return None
    if not _is_between(seconds, _SECONDS[0]):
        return None
    return QuickTimes(np.rint(seconds * 1e6).astype(np.int64), aware=True)


def _is_between(seconds: np.ndarray[tuple[int], np.dtype[np.float64 | np.int64]], low: int) -> bool:
    return bool((seconds >= low).all() and (seconds < _SECONDS[1]).all())
