"""New bins out of the archive, laid out as the rows of states that are held in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from darkhours.app.watch_load import Source
from darkhours.infer.bulk.resume import State
from darkhours.infer.signals.rows import LARGEST, goodness, lay
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Bins, Floats
from darkhours.store import Series

Values = dict[int, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Mine:
    """Where the rows of one state stand in what is read.

    Args:
        n_rows: how many rows it has.
        places: by series, the rows of the state and those of what is read.
    """

    n_rows: int
    places: dict[int, tuple[Bins, Bins]]

    def fill(self, values: Values, n_bins: int) -> Floats:
        """Return the goodness of each row, NaN where nobody measured, shape (n_rows, n_bins)."""
        out = np.full((self.n_rows, n_bins), np.nan)
        for no, (rows, read) in self.places.items():
            out[rows] = values[no][read]
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Whom to read, by series, and where it goes.

    Args:
        ids: entities of each series, by its number.
        crowds: a state each.
    """

    ids: dict[int, tuple[str, ...]]
    crowds: tuple[Mine, ...]

    @staticmethod
    def of(states: Sequence[State], series: Sequence[Series]) -> Rows:
        """Return whom to read for some states."""
        number = {(one.signal.name, one.family): one.no for one in series}
        ids: dict[int, list[str]] = {one.no: [] for one in series}
        crowds = []
        for state in states:
            rows: dict[int, list[int]] = {}
            read: dict[int, list[int]] = {}
            of = np.repeat(np.arange(len(state.entities)), np.diff(state.kinds.first_row)).tolist()
            for row, (e, key) in enumerate(zip(of, state.series, strict=True)):
                no = number.get(key)
                if no is None:
                    continue
                rows.setdefault(no, []).append(row)
                read.setdefault(no, []).append(len(ids[no]))
                ids[no].append(state.entities[e])
            places = {no: (np.array(rows[no]), np.array(read[no])) for no in rows}
            crowds.append(Mine(len(state.series), places))
        return Rows({no: tuple(names) for no, names in ids.items()}, tuple(crowds))


def values_of(source: Source, rows: Rows, start: datetime, until: datetime, step: timedelta) -> Values:
    """Return the goodness of all rows between two instants, by series, shape (n_ids, n_bins) each."""
    grid = Grid(start, step, round((until - start) / step))
    out: Values = {}
    for one in source.series:
        ids = rows.ids.get(one.no, ())
        if not ids:
            continue
        # A bin of a wider series that began before reaches into these.
        panel = source.archive.read(one, ids, start - one.step, until)
        laid, _ = lay(panel, grid)
        out[one.no] = goodness(np.minimum(laid, LARGEST), one.signal)
    return out
