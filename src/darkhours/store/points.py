"""Rectangles of points as Parquet: a row for each entity and bin, sorted by entity, then time.

Outside readers find three columns: ``entity`` (its number in the manifest), ``time`` (start of the bin) and
``value`` (null where nobody measured). Our own reader needs the last alone, for a rectangle is dense: row
``i * n_bins + j`` is bin j of entity i.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.store.extra import need_pyarrow
from darkhours.store.files import Sink
from darkhours.store.numbers import arrow_type, pack, unpack
from darkhours.store.rosters import Numbers
from darkhours.store.series import EPOCH, Series

GROUP_ROWS, GROUP_ROOT = 1 << 18, 1 << 13
"""Most rows of a row group, and rows of one of a single bin: ours. Larger groups make one entity slower to
read (3 ns a row), smaller ones the footer, which every reader of a file parses first (2.5 µs a group); for
80,000 entities the sum is least where rows grow with the root of the bins."""
_MS = 1000


def entities_per_group(n_bins: int) -> int:
    """Return how many entities share a row group, a power of two.

    >>> entities_per_group(1), entities_per_group(12), entities_per_group(288), entities_per_group(8928)
    (8192, 2048, 256, 16)
    """
    fitting = min(GROUP_ROWS, int(GROUP_ROOT * n_bins**0.5)) // n_bins
    return 1 << (max(1, fitting).bit_length() - 1)


def write_points(
    sink: Sink,
    series: Series,
    entities: Numbers,
    bins: tuple[int, int],
    blocks: Iterable[Floats],
    *,
    number: str,
) -> None:
    """Write a rectangle as Parquet.

    Args:
        sink: where it goes.
        series: whose points they are.
        entities: numbers, ascending.
        bins: first bin and end of the bins.
        blocks: values of the next so many entities each, shape (n, n_bins), until all are told; whole row
            groups but for the last.
        number: type of the values.
    """
    pa = need_pyarrow()
    n_bins = bins[1] - bins[0]
    types = {
        "entity": pa.int32(),
        "time": pa.timestamp("ms", tz="UTC"),
        "value": arrow_type(number),
    }
    schema = pa.schema([pa.field(name, kind, nullable=name == "value") for name, kind in types.items()])
    packing = dict.fromkeys(types, "DELTA_BINARY_PACKED")
    if number == "double":
        packing["value"] = "BYTE_STREAM_SPLIT"
    first_ms = int((series.start_of(bins[0]) - EPOCH).total_seconds()) * _MS
    times = first_ms + np.arange(n_bins, dtype=np.int64) * int(series.step.total_seconds()) * _MS
    writer = pa.parquet.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=False, column_encoding=packing,
        write_statistics=["entity", "time"], store_schema=False, store_decimal_as_integer=True,
    )  # fmt: skip
    with writer:
        at = 0
        for block in blocks:
            for values in _cut(block, entities_per_group(n_bins)):
                numbers = entities[at : at + len(values)]
                at += len(values)
                columns = [
                    pa.array(np.repeat(numbers, n_bins)),
                    pa.array(np.tile(times, len(numbers))).view(types["time"]),
                    pack(values.ravel(), number),
                ]
                writer.write_table(pa.table(columns, schema=schema), row_group_size=len(values) * n_bins)
    if at != len(entities):
        raise ValueError(f"blocks: expected {len(entities)} entities, got {at}")


def _cut(block: Floats, size: int) -> Iterator[Floats]:
    for at in range(0, len(block), size):
        yield block[at : at + size]


def read_one(parquet: Any, group: int, inside: int, n_bins: int) -> Floats:  # noqa: ANN401 — as below
    """Return the values of one entity, shape (1, n_bins); its row group is unpacked as far as it goes.

    Args:
        parquet: an open file.
        group: number of the row group.
        inside: how many entities of the group stand before it.
        n_bins: of the file.
    """
    rows = (inside + 1) * n_bins  # one batch of all of them: a batch for each is dear where they are short
    batches = parquet.iter_batches(batch_size=rows, row_groups=[group], columns=["value"], use_threads=False)
    batch = next(iter(batches)).column(0)
    if len(batch) < rows:
        return read_groups(parquet, [group], n_bins)[inside : inside + 1]
    own = need_pyarrow().chunked_array([batch.slice(inside * n_bins, n_bins)])
    return unpack(own).astype(np.float64, copy=False)[None, :]


def read_groups(parquet: Any, groups: list[int], n_bins: int) -> Floats:  # noqa: ANN401 — of an extra without types
    """Return the values of row groups as a block, shape (n_entities, n_bins); NaN where nobody measured."""
    table = parquet.read_row_groups(groups, columns=["value"], use_threads=False)
    return unpack(table.column(0)).astype(np.float64, copy=False).reshape(-1, n_bins)
