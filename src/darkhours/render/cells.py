"""CSV for spreadsheets: cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters that a spreadsheet takes for a formula, the wide ones of East Asia too.

Source: OWASP, CSV injection."""


def guard(cell: object) -> object:
    """Return a cell with an apostrophe before it where a spreadsheet would run it; numbers stay numbers.

    >>> guard("=1+1"), guard(-1.5), guard("Almaty")
    ("'=1+1", -1.5, 'Almaty')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(RISKY) else cell


def write_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV with guarded cells, lines ended by a line feed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue()
