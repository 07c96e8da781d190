"""A long table of values as a Parquet file, written bin by bin."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from darkhours.sources.mrt.columns import Array
from darkhours.sources.mrt.table import need_arrow

_MICROS = 1_000_000


class SeriesFile:
    """Writes time, entity and value to a Parquet file; the file is there only when all is well.

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
        self._target, self._part = target, target.with_name(f".{target.name}.part")
        self._schema = self._arrow.schema(
            [
                ("time", self._arrow.timestamp("us", tz="UTC")),
                ("entity", self._arrow.string()),
                (signal, self._arrow.float64()),
            ]
        )
        self._writer = need_arrow("pyarrow.parquet").ParquetWriter(
            self._part, self._schema, compression="zstd"
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Move the file to its target, or remove it where something went wrong."""
        self._writer.close()
        if error is None:
            self._part.replace(self._target)
        else:
            self._part.unlink(missing_ok=True)

    def write(self, start_s: int, entities: list[str], values: Array) -> None:
        """Write the rows of one bin; a NaN becomes an empty cell.

        Args:
            start_s: its beginning, seconds since 1970.
            entities: one for each row.
            values: one for each row.
        """
        times = self._arrow.array([start_s * _MICROS] * len(entities), self._schema.field("time").type)
        cells = self._arrow.array(values, from_pandas=True)
        self._writer.write_table(self._arrow.table([times, entities, cells], schema=self._schema))
