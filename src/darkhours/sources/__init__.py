"""Measured signals: one module per public source or file format; fetch() does the I/O, parse() is pure."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkhours.sources.ask import SERVICES, fetch_recordings
    from darkhours.sources.detect import FORMATS, read_recording, recognise
    from darkhours.sources.fetching import Fetcher
    from darkhours.sources.options import TableOptions
    from darkhours.sources.points import write_points

_HOMES = {
    "FORMATS": "detect",
    "Fetcher": "fetching",
    "SERVICES": "ask",
    "TableOptions": "options",
    "fetch_recordings": "ask",
    "read_recording": "detect",
    "recognise": "detect",
    "write_points": "points",
}
__all__ = [
    "FORMATS",
    "SERVICES",
    "Fetcher",
    "TableOptions",
    "fetch_recordings",
    "read_recording",
    "recognise",
    "write_points",
]


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for: reading raw archives needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
