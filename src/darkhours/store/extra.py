"""Parquet, which is an extra: loaded when an archive is opened, never before."""

from __future__ import annotations

from types import ModuleType

from darkhours.model.errors import ConfigError


def need_pyarrow() -> ModuleType:
    """Return pyarrow, with its Parquet part loaded.

    Raises:
        ConfigError: the extra is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 — an extra, loaded only for an archive
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError("an archive needs an extra: pip install 'darkhours[archive]'") from error
    found: ModuleType = pa
    return found
