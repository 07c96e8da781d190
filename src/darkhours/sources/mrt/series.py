"""A long table of values as a Parquet file, written bin by bin."""

from __future__ import annotations

from pathlib import Path

from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.parquet_file import ParquetFile, need_arrow

_MICROS = 1_000_000


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

    def write(self, start_s: int, entities: Array, values: Array) -> None:
        """Write the rows of one bin; a NaN becomes an empty cell.

        Args:
            start_s: its beginning, seconds since 1970.
            entities: one for each row, in ASCII.
            values: one for each row.
        """
        arrow = self._arrow
        times = arrow.repeat(arrow.scalar(start_s * _MICROS, self._schema.field("time").type), entities.size)
        names = arrow.array(entities, arrow.binary()).cast(arrow.string())
        cells = arrow.array(values, from_pandas=True)
        self.add(arrow.table([times, names, cells], schema=self._schema))
