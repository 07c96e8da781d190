"""Measured signals: one module per public source or file format; fetch() does the I/O, parse() is pure."""

from darkhours.sources.ask import SERVICES, fetch_recordings
from darkhours.sources.detect import FORMATS, read_recording, recognise
from darkhours.sources.fetching import Fetcher
from darkhours.sources.options import TableOptions
from darkhours.sources.points import write_points

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
