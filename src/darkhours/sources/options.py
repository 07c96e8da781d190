"""What a person tells of a table: which column is what, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MOST_CELLS = 60_000_000
"""Largest panel, entities times bins (480 MB): chosen by us, so that one mistaken year is told
as an error and not as a machine out of memory."""
MOST_ROWS = 200_000_000
"""Most rows of one file; bounds what a packed file can unpack to."""
MOST_ENTITIES = 200_000
"""Most entities of one file: more are no places but a wrong column."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How to read a CSV or Parquet file; what is None is found by rule, or is an error.

    Args:
        time: column of instants; None takes the only column named like one.
        time_format: a format of strptime, or ``epoch-s``, ``epoch-ms``, ``local-epoch-s`` (an epoch
            that was counted on local clocks); None reads the forms that can mean one thing only.
        tz: IANA zone of naive times, or a column that names one for each row; None is UTC.
        value: column of values; None takes the only one that is left.
        count: rows per bin are the value, silence is 0.
        kind: ``count``, ``gauge`` or ``index``; None goes by the signal's name.
        worse: ``lower`` or ``higher``; None goes by the signal's name.
        entity: columns that together name the entity, outermost first.
        as_entity: id of the one entity of a file without entity columns.
        unrelated: entities share no fate, so that the control gate may compare them.
        step: width of a bin; None is found from the gaps between rows.
        signal: name of what is measured; None takes the column's name.
        family: the sensing system; None is ``file.<stem>``.
        smoothed: width over which the publisher smoothed the values.
        strict: stop at the first row that cannot be read.
        unordered: take an entity's rows in any order; else one that goes back in time is an error,
            for it is the mark of two files in one, or of clocks that were not UTC.
    """

    time: str | None = None
    time_format: str | None = None
    tz: str | None = None
    value: str | None = None
    count: bool = False
    kind: str | None = None
    worse: str | None = None
    entity: tuple[str, ...] = ()
    as_entity: str | None = None
    unrelated: bool = False
    step: timedelta | None = None
    signal: str | None = None
    family: str | None = None
    smoothed: timedelta = timedelta(0)
    strict: bool = False
    unordered: bool = False
