"""Any table, CSV or Parquet, read into a panel by options."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import BinaryIO

import numpy as np

from darkhours import __version__
from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.model.timeline import Bins, Floats
from darkhours.sources.binning import EPOCH, bin_values, count_rows, mark_ends
from darkhours.sources.columns import Columns
from darkhours.sources.csv_rows import Chunk, open_csv
from darkhours.sources.naming import SHOWN, make_local_id, name_many, name_one, stem
from darkhours.sources.options import MOST_CELLS, TableOptions
from darkhours.sources.rhythm import Beat, find_beat, find_count_step, find_step
from darkhours.sources.roster import Short
from darkhours.sources.rows import Gathered, Gatherer
from darkhours.sources.stream import HashedFile, open_text, refuse

SOURCE = "table"
RHYTHM = 12
"""Rows with a value from which on their gaps are a rhythm of their own; with fewer, all rows tell it."""
SAMPLE = 4_000_000
"""Rows, by entity, that the step and the beat are found from: enough of any table, and bounded."""


def parse(data: bytes, options: TableOptions, file: str = "table.csv") -> Recording:
    r"""Return a CSV, packed or not, as a recording of one panel.

    Raises:
        InputError: the table cannot be read; names file, line and field.

    >>> text = b"t,v\n2022-01-05 00:00,9\n2022-01-05 01:00,\n2022-01-05 02:00,0\n"
    >>> panel = parse(text, TableOptions(time="t", value="v", signal="probing.up_pct")).panels[0]
    >>> panel.values, panel.grid.step_h
    (array([[ 9., nan,  0.]]), 1.0)
    """
    return read_csv(io.BytesIO(data), options, file)


def read_csv(stream: BinaryIO, options: TableOptions, file: str) -> Recording:
    """Return a CSV as a recording, read as a stream: ten million rows take less than a gigabyte."""
    hashed = HashedFile(stream)
    table = open_csv(open_text(hashed, file), options, file)
    gathered = gather(table.chunks, table.columns, options, file, comma=table.comma)
    return make_recording(gathered, table.columns, options, file, hashed.finish())


def gather(
    chunks: Iterator[Chunk], columns: Columns, options: TableOptions, file: str, *, comma: bool = False
) -> Gathered:
    """Return all rows of a table as arrays."""
    gatherer = Gatherer(file, columns, options, comma=comma)
    for chunk in chunks:
        gatherer.take(chunk)
    return gatherer.finish()


def make_recording(
    rows: Gathered, columns: Columns, options: TableOptions, file: str, sha256: str
) -> Recording:
    """Return gathered rows as a recording of one panel."""
    codes, micros, values = rows.codes, rows.micros, rows.values
    signal = describe_signal(
        _name_signal(columns, options), "count" if options.count else options.kind, options.worse
    )
    beat = _find_beat(codes, micros, values, options, file)
    _check_size(beat, rows, file)
    if values is None:
        binned = count_rows(codes, micros, len(rows.names), beat)
    else:
        binned = bin_values(codes, micros, values, len(rows.names), beat, kind=signal.kind)
    if binned.grid.n_bins < 2:  # noqa: PLR2004 — one bin has nothing before or after it
        raise refuse(
            file, "expected a series, all rows fall into one bin; give more rows or a shorter --step"
        )
    entities = _name_entities(rows, columns, options, file)
    panel = Panel(
        signal=signal,
        family=options.family or f"file.{stem(file)}",
        datasource=SOURCE,
        entities=entities,
        grid=binned.grid,
        values=binned.values,
        counted=options.count,
        partial=mark_ends(binned.grid.n_bins) if options.count else None,
        smoothed=options.smoothed,
    )
    countries = len(entities) > 1 and all(entity.kind == "country" for entity in entities)
    return Recording(
        panels=(panel,),
        origin=Origin(SOURCE, file, sha256, f"darkhours {__version__} {SOURCE}"),
        unrelated=options.unrelated or countries,
        unreadable=rows.unreadable,
        notes=(*rows.notes, *binned.notes),
    )


def _name_signal(columns: Columns, options: TableOptions) -> str:
    if options.signal is not None:
        return options.signal
    return "rows_cnt" if columns.value is None else columns.names[columns.value]


def _find_beat(codes: Short, micros: Bins, values: Floats | None, options: TableOptions, file: str) -> Beat:
    """Return where bins lie, by the rows that have a value: an hourly column of a denser table is hourly."""
    codes, micros = codes[:SAMPLE], micros[:SAMPLE]
    measured = None if values is None else ~np.isnan(values[:SAMPLE])
    if measured is not None and measured.sum() >= RHYTHM:
        codes, micros = codes[measured], micros[measured]
    if options.step is not None:
        step: int | None = options.step // timedelta(microseconds=1)
    else:
        step = find_count_step(codes, micros) if options.count else find_step(codes, micros)
    if step is None or step <= 0:
        raise refuse(file, "expected rows at two instants at least, got one; give more rows, or --step")
    return find_beat(micros, step)


def _check_size(beat: Beat, rows: Gathered, file: str) -> None:
    first, last = int(rows.micros.argmin()), int(rows.micros.argmax())
    ends = beat.bins(rows.micros[[first, last]])
    cells = int(ends[1] - ends[0] + 1) * len(rows.names)
    if cells > MOST_CELLS:
        span = " … ".join(
            f"{(EPOCH + timedelta(microseconds=int(rows.micros[row]))):%Y-%m-%d} (line {rows.lines[row]})"
            for row in (first, last)
        )
        raise refuse(
            file,
            f"expected at most {MOST_CELLS:,} bins of all entities, got {cells:,} from {span} in steps of "
            f"{timedelta(microseconds=beat.step)}; mend the time that is wrong, or give a longer --step",
        )


def _name_entities(rows: Gathered, columns: Columns, options: TableOptions, file: str) -> tuple[Entity, ...]:
    tz = options.tz if columns.zone is None else None
    if not columns.entity:
        named: tuple[Entity, ...] = (name_one(options.as_entity, file, tz),)
    else:
        asked = [columns.names[at] for at in columns.entity]
        _refuse_long_names(rows, ", ".join(asked), file)
        named = name_many(rows.names, asked, tz, places=options.places)
    if rows.zones is not None:
        named = tuple(replace(each, tz=zone) for each, zone in zip(named, rows.zones, strict=True))
    if rows.places is None:
        return named
    return tuple(
        replace(each, latitude=north, longitude=east) if each.kind == "local" else each
        for each, (north, east) in zip(named, rows.places, strict=True)
    )


def _refuse_long_names(rows: Gathered, column: str, file: str) -> None:
    """Raise `InputError` at the first row whose place has a name too long to be one."""
    for code, cells in enumerate(rows.names):
        if not is_entity_id(make_local_id(cells)):
            shown = "/".join(cell[:SHOWN] for cell in cells)
            line = int(rows.lines[rows.codes == code].min())
            expected = f"expected a name of at most 200 letters, escapes counted, got {shown!r}…; shorten it"
            raise refuse(file, expected, line, column)
