"""What a person tells on the command line: what many commands take, and what stands where in a table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from darkhours.app.config import Config

Told = Annotated[Config, Parameter(parse=False)]
Json = Annotated[bool, Parameter(name="--json", show_default=False)]
File = Path | None


@dataclass(frozen=True, slots=True)
class TableFlags:
    """How to read a table; what is not told is found by rule, or is an error.

    Attributes:
        time: Column of times; the only one that is named like it unless told.
        time_format: How times are written, such as '%d/%m/%Y %H:%M', epoch-s or local-epoch-s.
        tz: Zone of times that name none, such as Asia/Tehran, or a column that names it; UTC unless told.
        value: Column of values; the only one that is left unless told.
        count: Rows are the signal: how many fall into a bin is its value, and silence is 0.
        kind: count, gauge or index; by the signal's name unless told.
        worse: Which way trouble goes: lower or higher; by the signal's name unless told.
        entity: Column that names the place; repeat it from the outermost to the innermost.
        places: Those columns hold names of real places, which the gazetteer knows.
        as_: The place of a file without such a column, by name or id, such as Iran or country:IR.
        unrelated: The places share no fate: what befalls a third of them at once is the sensor's failure.
        step: Width of a bin, such as 10m or 1h; found from the times unless told.
        signal: What is measured, such as probing.slash24_up_cnt; the column's name unless told.
        family: The sensing system, such as ioda.probing: what is independent of what.
        smoothed: Width over which the publisher smoothed the values, such as 6h; edges are widened by it.
            `outages` looks for it in the values unless told; 0h says that they are not smoothed.
        rebaseline: From this time on the level is a new normal, for which you sign: 2024-02-01T00:00Z.
        format_: The format of the files, where it is not found by itself.
        strict: Stop at the first row that cannot be read, instead of counting and naming it.
        unordered: Take rows that go back in time.
    """

    time: str | None = None
    time_format: str | None = None
    tz: str | None = None
    value: str | None = None
    count: bool = False
    kind: Literal["count", "gauge", "index"] | None = None
    worse: Literal["lower", "higher"] | None = None
    entity: tuple[str, ...] = ()
    places: bool = False
    as_: Annotated[str | None, Parameter(name="--as")] = None
    unrelated: bool = False
    step: str | None = None
    signal: str | None = None
    family: str | None = None
    smoothed: str | None = None
    rebaseline: str | None = None
    format_: Annotated[str | None, Parameter(name="--format")] = None
    strict: bool = False
    unordered: bool = False


NO_FLAGS = TableFlags()
