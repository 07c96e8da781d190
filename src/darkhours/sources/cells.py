"""Cells of numbers: what is a value, what is nothing, and what cannot be read."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from darkhours.model.timeline import Floats, Mask

NOTHING = frozenset({"", "nan", "null", "na", "n/a", "none", "nil", "\\n"})
"""Words for "nobody measured", in any case; never 0."""


def read_numbers(cells: Sequence[str], *, comma: bool = False) -> tuple[Floats, Mask]:
    """Return a column as numbers, NaN for nothing, and which cells cannot be read.

    Args:
        cells: as in the file.
        comma: whether a comma is the decimal mark, as in files that are parted by semicolons.

    >>> read_numbers(["1.5", "", "NaN", "-1", "inf", "1_000", "many"])
    (array([1.5, nan, nan, nan, nan, nan, nan]), array([False, False, False, True, True, True, True]))
    """
    quick = None if comma else _read_quickly(cells)
    if quick is not None:
        return check_numbers(quick)
    read = [read_number(cell, comma=comma) for cell in cells]
    numbers = np.array([math.nan if each is None else each for each in read], float)
    return numbers, np.array([each is None for each in read], bool)


def _read_quickly(cells: Sequence[str]) -> Floats | None:
    """Return a column in which every cell is plain or empty, else None."""
    if "_" in "".join(cells):
        return None
    try:
        return np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        pass
    try:
        return np.array([float(cell) if cell else math.nan for cell in cells], float)
    except ValueError:
        return None


def read_number(cell: str, *, comma: bool = False) -> float | None:
    """Return a cell as a number of at least 0, NaN for nothing, None where it cannot be read."""
    text = cell.strip()
    if text.lower() in NOTHING:
        return math.nan
    if comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        return None
    return number if 0 <= number < math.inf else None


def check_numbers(numbers: Floats) -> tuple[Floats, Mask]:
    """Return numbers of a typed column by the same rule: below 0 and infinite cannot be read."""
    bad = (numbers < 0) | np.isinf(numbers)
    return np.where(bad, np.nan, numbers), bad
