"""Measured signals: one module per public source or file format; fetch() does the I/O, parse() is pure."""

from darkhours.sources.detect import FORMATS, read_recording, recognise
from darkhours.sources.options import TableOptions

__all__ = ["FORMATS", "TableOptions", "read_recording", "recognise"]
