"""Points, the table that `fetch` writes: a value a row, of any number of places, signals and families."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO

import numpy as np

from darkhours import __version__
from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import InputError, SourceMalformed
from darkhours.model.panel import Origin, Recording
from darkhours.places import lookup
from darkhours.sources.cells import read_numbers
from darkhours.sources.complaints import Complaints
from darkhours.sources.instants import FORMS, read_instant
from darkhours.sources.options import MOST_ROWS, TableOptions
from darkhours.sources.series import Sense, Series, make_panels
from darkhours.sources.stream import HashedFile, open_text, refuse

SOURCE = "points"
COLUMNS = ("time", "entity", "signal", "family", "datasource", "kind", "step_s", "value", "attribution")
KINDS = ("count", "gauge", "index")
LONGEST_STEP_S = 7 * 86400
"""Width of a bin at most, in seconds: ours, a week."""
Group = tuple[Sense, str, int]


def is_header(names: Sequence[str]) -> bool:
    """Tell whether a header is that of points.

    >>> is_header(COLUMNS), is_header(["time", "value"])
    (True, False)
    """
    return tuple(names) == COLUMNS


def write_points(recordings: Iterable[Recording]) -> Iterator[str]:
    r"""Yield the lines of a table of points: a bin that nobody measured is a row with an empty cell.

    Args:
        recordings: what was fetched or read.
    """
    yield ",".join(COLUMNS) + "\n"
    for recording in recordings:
        thanks = _quote(recording.origin.attribution)
        for panel in recording.panels:
            step_s = round(panel.grid.step.total_seconds())
            tail = f"{panel.datasource},{panel.signal.kind},{step_s}"
            times = [
                f"{panel.grid.start + t * panel.grid.step:%Y-%m-%dT%H:%M:%SZ}"
                for t in range(panel.grid.n_bins)
            ]
            for entity, line in zip(panel.entities, panel.values, strict=True):
                head = f"{_quote(entity.id)},{panel.signal.name},{panel.family},{tail}"
                for time, value in zip(times, line.tolist(), strict=True):
                    told = "" if np.isnan(value) else f"{value:.17g}"
                    yield f"{time},{head},{told},{thanks}\n"


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


@dataclass(slots=True)
class _Points:
    """Rows that have been read, by what they are of."""

    at: dict[Group, list[int]] = field(default_factory=dict)
    values: dict[Group, list[float]] = field(default_factory=dict)

    def add(self, group: Group, at_s: int, value: float) -> None:
        self.at.setdefault(group, []).append(at_s)
        self.values.setdefault(group, []).append(value)


def read(stream: BinaryIO, options: TableOptions, file: str) -> Recording:
    """Return a table of points as a recording: a panel for each signal, family and step.

    Raises:
        InputError: it is no such table, or a row of it cannot be read and the reading is strict.
    """
    hashed = HashedFile(stream)
    complaints = Complaints(file, strict=options.strict)
    points = _Points()
    thanks: dict[str, None] = {}
    rows = csv.reader(open_text(hashed, file))
    header = next(rows, [])
    if not is_header(header):
        raise refuse(file, f"expected the columns {','.join(COLUMNS)}, got {','.join(header[:9])[:80]}", 1)
    try:
        for row in rows:
            _take(row, rows.line_num, points, thanks, complaints)
            if rows.line_num > MOST_ROWS:
                raise refuse(file, f"expected at most {MOST_ROWS:,} rows, got more; cut the file by time")
    except (csv.Error, UnicodeDecodeError) as error:
        raise refuse(file, f"expected a table in UTF-8: {error}", rows.line_num) from error
    if not points.at:
        raise complaints.refuse_all("expected rows under the header, got none", "no row can be read: ", "")
    try:
        panels = make_panels(_series(points), SOURCE)
    except SourceMalformed as error:
        raise refuse(file, str(error)) from error
    origin = Origin(SOURCE, file, hashed.finish(), f"darkhours {__version__} {SOURCE}", "; ".join(thanks))
    return Recording(panels, origin, options.unrelated, unreadable=complaints.all)


def _take(
    row: list[str], line: int, points: _Points, thanks: dict[str, None], complaints: Complaints
) -> None:
    if not row:
        return
    if len(row) != len(COLUMNS):
        complaints.tell(f"expected {len(COLUMNS)} cells", line, ",".join(row))
        return
    time, entity, signal, family, datasource, kind, step, value, thank = row
    stamp = read_instant(time)
    number, bad = read_numbers([value])
    checks = (
        (stamp is not None and stamp.aware, f"time: expected a time in UTC such as {FORMS}", time),
        (is_entity_id(entity), "entity: expected an id such as country:KZ", entity),
        (bool(signal.strip()), "signal: expected a name", signal),
        (bool(family.strip()), "family: expected a name", family),
        (kind in KINDS, f"kind: expected one of {', '.join(KINDS)}", kind),
        (
            step.isdecimal() and 0 < int(step[:9]) <= LONGEST_STEP_S,
            "step_s: expected seconds, a week at most",
            step,
        ),
        (not bad[0], "value: expected a number of at least 0", value),
    )
    for fine, why, cell in checks:
        if not fine:
            complaints.tell(why, line, cell)
            return
    if thank:
        thanks.setdefault(thank)
    if stamp is not None:
        points.add(
            (Sense(signal, family, datasource, kind), entity, int(step)),
            stamp.micros // 10**6,
            float(number[0]),
        )


def _series(points: _Points) -> Iterator[Series]:
    for group, at in points.at.items():
        sense, entity, step_s = group
        yield Series(
            sense,
            _entity(entity),
            timedelta(seconds=step_s),
            np.array(at, np.int64),
            np.array(points.values[group]),
        )


def _entity(id_: str) -> Entity:
    try:
        return lookup(id_)
    except InputError:
        return Entity(id_, id_.partition(":")[2], "UTC")
