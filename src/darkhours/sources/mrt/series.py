"""A long table of values as a Parquet file, written bin by bin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from darkhours.sources.mrt.parquet_file import ParquetFile, need_arrow

_MICROS = 1_000_000
GROUP = 1 << 20
"""Rows of a group, which lies whole in memory until it is written."""


class SeriesFile(ParquetFile):
    """Writes time, entity and value.

    Args:
        target: the file to write.
        signal: name of the column of values.
    """

    def __init__(self, target: Path, signal: str) -> None:
        """Open the file beside its target.

        Raises:
            ConfigError: the extra is not installed.
        """
        self._arrow = need_arrow("pyarrow")
        self._schema = self._arrow.schema(
            [
                ("time", self._arrow.timestamp("us", tz="UTC")),
                ("entity", self._arrow.string()),
                (signal, self._arrow.float64()),
            ]
        )
        super().__init__(target, self._schema)

    def write(self, start_s: int, rows: Iterable[tuple[list[str], list[float]]]) -> None:
        """Write the rows of one bin, in groups; a NaN becomes an empty cell.

        Args:
            start_s: its beginning, seconds since 1970.
            rows: entities in ASCII and their values, some thousand at a time.
        """
        arrow = self._arrow
        names: list[Any] = []
        values: list[Any] = []
        held = 0
        for some, of in rows:
            names.append(arrow.array(some, arrow.string()))
            values.append(arrow.array(np.array(of, np.float64), from_pandas=True))
            held += len(some)
            if held >= GROUP:
                self._write_group(start_s, names, values)
                names, values, held = [], [], 0
        if held:
            self._write_group(start_s, names, values)

    def _write_group(self, start_s: int, names: list[Any], values: list[Any]) -> None:
        arrow = self._arrow
        columns = [arrow.chunked_array(pieces) for pieces in (names, values)]
        instant = arrow.scalar(start_s * _MICROS, self._schema.field("time").type)
        times = arrow.repeat(instant, len(columns[0]))
        self.add(arrow.table([times, *columns], schema=self._schema))
