"""The open data of the Monash IP Observatory: an index of connectivity by district, in local time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from darkhours.model.panel import Origin, Recording
from darkhours.places import lookup
from darkhours.sources import table
from darkhours.sources.csv_rows import open_csv
from darkhours.sources.options import TableOptions
from darkhours.sources.stream import HashedFile, open_text, refuse

SOURCE = "monash"
FAMILY = "monash.observatory"
SIGNAL = "probing.connectivity_idx"
ATTRIBUTION = "Monash University IP Observatory, SoDa Laboratories (GPL-3.0)"
HEADER = ("iso", "id_1", "name_1", "time_e", "time_e_str", "lat", "lon", "connectivity")
"""Columns of every file of theirs; ``id_2`` and ``name_2`` stand between where it is by county."""
# The epoch counts on local clocks (their README says so, for a map program), hence a zone for each
# country that they have published.
_COUNTRIES = {"IRN": ("country:IR", "Asia/Tehran"), "VEN": ("country:VE", "America/Caracas")}


def is_header(names: Sequence[str]) -> bool:
    """Tell whether a header is theirs.

    >>> is_header("iso,id_1,name_1,time_e,time_e_str,lat,lon,connectivity".split(","))
    True
    """
    return set(HEADER) <= set(names)


def parse(data: bytes, options: TableOptions | None = None, file: str = "monash.csv") -> Recording:
    """Return a file of theirs as a recording; see `read`."""
    return read(io.BytesIO(data), options or TableOptions(), file)


def read(stream: BinaryIO, options: TableOptions, file: str) -> Recording:
    """Return a file of theirs as a recording of one panel, an entity for each state or county.

    Args:
        stream: the file.
        options: what wins over what is known of the format: ``tz``, ``step``, ``smoothed``, ``strict``,
            ``signal``, ``family``, ``unrelated``.
        file: its name.

    Raises:
        InputError: it is not theirs, or of a country whose zone is not known here.
    """
    data = stream.read()
    iso, names = _peek(data, options, file)
    country, zone = _COUNTRIES.get(iso, (None, options.tz))
    if zone is None:
        raise refuse(
            file, f"expected iso of {' or '.join(_COUNTRIES)}, got {iso!r}; say its zone with --tz", 2
        )
    asked = replace(
        options,
        time="time_e",
        time_format="local-epoch-s",
        tz=options.tz or zone,
        value="connectivity",
        count=False,
        entity=("name_1", "name_2") if "name_2" in names else ("name_1",),
        as_entity=None,
        signal=options.signal or SIGNAL,
        family=options.family or FAMILY,
    )
    recording = table.parse(data, asked, file)
    panel = recording.panels[0]
    outer = (lookup(country).id,) if country else ()
    entities = tuple(replace(each, within=(*each.within, *outer)) for each in panel.entities)
    return replace(
        recording,
        panels=(replace(panel, entities=entities, datasource="monash-ip-observatory"),),
        origin=_sign(recording.origin),
    )


def _peek(data: bytes, options: TableOptions, file: str) -> tuple[str, tuple[str, ...]]:
    """Return the country of the first row, and the header."""
    asked = replace(options, time="time_e", tz=None, value="connectivity", count=False, entity=("iso",))
    opened = open_csv(open_text(HashedFile(io.BytesIO(data)), file), asked, file)
    if not is_header(opened.columns.names):
        raise refuse(
            file, f"expected the columns {', '.join(HEADER)}, got {', '.join(opened.columns.names)}", 1
        )
    for chunk in opened.chunks:
        found = sorted(set(chunk.entities[0]))
        if len(found) > 1:
            raise refuse(file, f"expected one country, got {', '.join(found)}; cut the file by iso", 2)
        if found:
            return found[0], opened.columns.names
    raise refuse(file, "expected rows under the header, got none")


def _sign(origin: Origin) -> Origin:
    return replace(
        origin, source=SOURCE, parser=origin.parser.replace(table.SOURCE, SOURCE), attribution=ATTRIBUTION
    )
