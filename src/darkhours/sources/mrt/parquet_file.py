"""A Parquet file that grows batch by batch beside its target, and is there only when all is well."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

from darkhours.model.errors import ConfigError


class ParquetFile:
    """Writes tables of one schema to a file; use it in a ``with``.

    Args:
        target: the file to write.
        schema: of the tables.
    """

    def __init__(self, target: Path, schema: Any) -> None:  # noqa: ANN401 — of an extra without types
        """Open a file beside the target.

        Raises:
            ConfigError: the extra is not installed.
        """
        self._target, self._part = target, target.with_name(f".{target.name}.part")
        parquet = need_arrow("pyarrow.parquet")
        self._writer = parquet.ParquetWriter(self._part, schema, compression="zstd")

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

    def add(self, table: Any) -> None:  # noqa: ANN401
        """Write a table behind those before it."""
        self._writer.write_table(table)

    def note(self, words: dict[str, str]) -> None:
        """Add words to the metadata of the file."""
        self._writer.add_key_value_metadata(words)


def need_arrow(module: str) -> ModuleType:
    """Return a module of the extra that writes Parquet, loaded only where somebody asks for it.

    Raises:
        ConfigError: the extra is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError("writing Parquet needs an extra: pip install 'darkhours[archive]'") from error
