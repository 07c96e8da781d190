"""The export of IODA's dashboard: one column for each signal, each a family of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from darkhours.model.errors import InputError
from darkhours.model.panel import Panel, Recording
from darkhours.places import resolve
from darkhours.sources import table
from darkhours.sources.csv_rows import open_csv
from darkhours.sources.naming import stem
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import HashedFile, open_text, refuse

SOURCE = "ioda-csv"
TIME = "Time (UTC)"
ATTRIBUTION = "IODA, Georgia Institute of Technology (https://ioda.inetintel.cc.gatech.edu); (c) Georgia Tech"


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column by the first word of its name.

    Args:
        word: that word, in lower case.
        signal: what is measured.
        family: the sensing system.
        datasource: who publishes it.
    """

    word: str
    signal: str
    family: str
    datasource: str


COLUMNS = (
    Column("bgp", "bgp.visible_slash24_cnt", "ioda.bgp", "ioda"),
    Column("active", "probing.slash24_up_cnt", "ioda.probing", "ioda"),
    Column("telescope", "telescope.src_ip_cnt", "ioda.telescope", "ioda"),
    Column("google", "traffic.search_idx", "google.traffic", "google"),
    Column("mozilla", "telemetry.city_cnt", "mozilla.telemetry", "mozilla"),
)
_OF_ORDINARY = 100
_WORDS = 3


def find_column(name: str) -> Column | None:
    """Return what is known of a column, None where it is not one of IODA's.

    >>> find_column("Active Probing (#/24s Up)").family
    'ioda.probing'
    """
    word = re.split(r"[^a-z]", name.strip().lower(), maxsplit=1)[0]
    return next((each for each in COLUMNS if each.word == word), None)


def is_header(names: Sequence[str]) -> bool:
    """Tell whether a header is that of an export.

    >>> is_header(["Time (UTC)", "BGP (#Visible /24s)"]), is_header(["time", "bgp"])
    (True, False)
    """
    return len(names) > 1 and names[0] == TIME and all(find_column(name) for name in names[1:])


def parse(data: bytes, options: TableOptions | None = None, file: str = "ioda.csv") -> Recording:
    """Return an export as a recording; see `read`."""
    return read(io.BytesIO(data), options or TableOptions(), file)


def read(stream: BinaryIO, options: TableOptions, file: str) -> Recording:
    """Return an export as a recording, a panel for each signal, each in its own rhythm.

    The entity is ``options.as_entity``, else the one country that the name of the file names, else
    a local one. Where no column exceeds 100 the export was normalised to the highest value: its
    counts are then shares of ordinary.

    Raises:
        InputError: it is no export.
    """
    data = stream.read()
    opened = open_csv(
        open_text(HashedFile(io.BytesIO(data)), file), TableOptions(time=TIME, count=True), file
    )
    names = opened.columns.names
    if not is_header(names):
        raise refuse(file, f"expected {TIME!r} and columns of IODA, got {', '.join(names[:8])}", 1)
    entity = options.as_entity or find_country(file)
    base = replace(options, time=TIME, time_format=None, tz=None, count=False, entity=(), as_entity=entity)
    read_ = [_read_column(data, name, base, file) for name in names[1:]]
    panels = tuple(panel for each in read_ for panel in each.panels)
    empty = [
        name for name, each in zip(names[1:], read_, strict=True) if np.isnan(each.panels[0].values).all()
    ]
    panels = tuple(panel for panel in panels if not np.isnan(panel.values).all())
    if not panels:
        raise refuse(file, "expected values, every cell is empty")
    notes = [f"column {name!r} is empty: nobody measured" for name in empty]
    if all(np.nanmax(panel.values) <= _OF_ORDINARY for panel in panels):
        panels = tuple(replace(panel, signal=replace(panel.signal, kind="index")) for panel in panels)
        notes.append("no value exceeds 100: the export is normalised, counts are read as shares of ordinary")
    unreadable = dict.fromkeys(row for each in read_ for row in each.unreadable)
    origin = replace(
        read_[0].origin,
        source=SOURCE,
        parser=read_[0].origin.parser.replace(table.SOURCE, SOURCE),
        attribution=ATTRIBUTION,
    )
    said = dict.fromkeys(note for each in read_ for note in each.notes)
    return Recording(
        panels, origin, options.unrelated, unreadable=tuple(unreadable), notes=(*dict.fromkeys(notes), *said)
    )


def _read_column(data: bytes, name: str, base: TableOptions, file: str) -> Recording:
    column = find_column(name)
    if column is None:
        raise ValueError(f"a header of IODA with the column {name!r}")
    asked = replace(base, value=name, signal=column.signal, family=column.family)
    read_ = table.parse(data, asked, file)
    panels: tuple[Panel, ...] = tuple(replace(panel, datasource=column.datasource) for panel in read_.panels)
    return replace(read_, panels=panels)


def find_country(file: str) -> str | None:
    """Return the one country that the words of a file's name name, None where there is none or more.

    Codes of two letters are no names: ``in`` and ``is`` are words.

    >>> find_country("ioda-iran-2025-12-01.csv"), find_country("my-export.csv")
    ('country:IR', None)
    """
    words = [word for word in re.split(r"[^\w]|_", stem(file)) if word]
    found: set[str] = set()
    for size in range(_WORDS, 0, -1):
        for at in range(len(words) - size + 1):
            phrase = words[at : at + size]
            country = _resolve_country(" ".join(phrase)) if all(word.isalpha() for word in phrase) else None
            if country is not None:
                found.add(country)
        if found:
            break
    return found.pop() if len(found) == 1 else None


def _resolve_country(name: str) -> str | None:
    if len(name) <= _WORDS:
        return None
    try:
        entity = resolve(name)
    except InputError:
        return None
    return entity.id if entity.kind == "country" else None
