"""RIPEstat's country-resource-stats: networks and prefixes of a country that routing tables show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.errors import InputError
from darkhours.model.panel import Recording
from darkhours.places import lookup
from darkhours.sources.answer import Asked, load, make_origin, read_moment, read_value, take, take_rows
from darkhours.sources.fetching import Fetcher
from darkhours.sources.naming import name_one
from darkhours.sources.series import Sense, Series, make_panels

SOURCE = "ripestat"
BASE = "https://stat.ripe.net/data"
ATTRIBUTION = "RIPE NCC, RIPEstat and the Routing Information Service (https://stat.ripe.net)"
SENSES = {
    "v4_prefixes_ris": Sense("bgp.visible_prefix_cnt", "ripe.ris", "ripestat"),
    "asns_ris": Sense("bgp.visible_asn_cnt", "ripe.ris", "ripestat"),
}
"""What is read; IPv6 follows IPv4 and registrations (``*_stats``) are no measurement."""
_RESOLUTIONS = {"5m": 300, "1h": 3600, "1d": 86400, "1w": 7 * 86400}
_MISSING = -1
_MOST = 2_000_000
_FILE = re.compile(r"country-resource-stats[_-]([A-Z]{2})(?![A-Za-z])")


def parse(data: bytes, asked: Asked | None = None) -> Recording:
    """Return an answer as a recording of two panels.

    A row holds for all the periods of its ``timeline``, so that it is repeated there at the answer's
    resolution (else the commonest gap). −1 means missing.

    Raises:
        SourceMalformed: it is no such answer, or cut off.
    """
    asked = asked or Asked()
    body = take(load(data, SOURCE), "data", dict, SOURCE)
    rows = take_rows(body, "stats", SOURCE)
    spans = [_read_spans(row) for row in rows]
    step = _find_step(body, [start for each in spans for start, _ in each])
    entity = _find_entity(body, asked)
    at = [np.concatenate([np.arange(start, end + 1, step) for start, end in each]) for each in spans if each]
    series = []
    for key, sense in SENSES.items():
        values = [_read_count(row, key) for row, each in zip(rows, spans, strict=True) if each]
        if at:
            told = np.repeat(values, [each.size for each in at])
            series.append(Series(sense, entity, timedelta(seconds=step), np.concatenate(at), told))
    return Recording(make_panels(series, SOURCE), make_origin(data, asked, SOURCE, ATTRIBUTION))


def _read_spans(row: object) -> list[tuple[int, int]]:
    found = []
    for each in take_rows(row, "timeline", SOURCE):
        start, end = (
            int(read_moment(take(each, key, str, SOURCE), SOURCE).timestamp())
            for key in ("starttime", "endtime")
        )
        found.append((start, min(max(start, end), start + _MOST)))
    return found


def _read_count(row: object, key: str) -> float:
    value = row.get(key) if isinstance(row, Mapping) else None
    return float("nan") if value == _MISSING else read_value(value, SOURCE)


def _find_step(body: Mapping[str, object], starts: Sequence[int]) -> int:
    known = _RESOLUTIONS.get(str(body.get("resolution")))
    if known is not None:
        return known
    gaps = np.diff(np.unique(np.array(starts, np.int64)))
    return int(np.bincount(gaps).argmax()) if gaps.size and gaps.max() < _MOST else _RESOLUTIONS["1d"]


def _find_entity(body: Mapping[str, object], asked: Asked) -> Entity:
    """Return the country that was asked for, by the answer, the question, or the file's name."""
    named = body.get("resource")
    code = str(named[0] if isinstance(named, list) and named else named or "").upper()
    inside = _FILE.search(PurePath(asked.file).name)
    for each in (asked.entity, f"country:{code}", f"country:{inside[1]}" if inside else None):
        try:
            if each is not None:
                return lookup(each)
        except InputError:
            continue
    return name_one(None, asked.file, None)


def fetch(fetcher: Fetcher, entity: str, start: datetime, until: datetime) -> Recording:
    """Ask for the routed resources of a country in a span, every five minutes.

    Args:
        fetcher: who asks.
        entity: ``country:KZ``.
        start: begin, UTC.
        until: end, UTC.

    Raises:
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
        InputError: an entity that is no country.
    """
    code = fetcher.expect(entity, ("country",), SOURCE)
    query = {
        "resource": code.lower(),
        "starttime": f"{start:%Y-%m-%dT%H:%M}",
        "endtime": f"{until:%Y-%m-%dT%H:%M}",
        "resolution": "5m",
    }
    answer = fetcher.get(f"{BASE}/country-resource-stats/data.json", query)
    return parse(answer.data, Asked(answer.address, answer.at, entity))
