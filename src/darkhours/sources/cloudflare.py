"""Cloudflare Radar: traffic over time, and its annotations of outages, which are its own claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, SourceMalformed
from darkhours.model.panel import Recording
from darkhours.places import lookup
from darkhours.sources.answer import Asked, load, make_origin, read_moment, read_value, show, take, take_rows
from darkhours.sources.fetching import Fetcher
from darkhours.sources.naming import name_one
from darkhours.sources.series import Sense, Series, make_panels

SOURCE = "cloudflare-radar"
BASE = "https://api.cloudflare.com/client/v4/radar"
ATTRIBUTION = "Cloudflare Radar (https://radar.cloudflare.com), CC BY-NC 4.0"
BYTES = Sense("traffic.bytes_idx", "cloudflare.netflows", "cloudflare-radar")
REQUESTS = Sense("traffic.requests_idx", "cloudflare.http", "cloudflare-radar")
_NETWORK = re.compile(r"AS([1-9][0-9]{0,9})(?:_|$)")
_HOUR = timedelta(hours=1)
Told = tuple[datetime, datetime | None, str, str]


def parse(data: bytes, asked: Asked | None = None) -> Recording:
    """Return time series or annotations as a recording; values are strings there.

    Series called after a network (``AS3243_all``) are about it; all others about ``asked.entity``. What
    is measured is told by ``asked.signal``: ``traffic.requests_idx`` or, by default, ``traffic.bytes_idx``;
    a series whose name ends in ``_http`` is of requests.

    Raises:
        SourceMalformed: it is neither, or cut off.
    """
    asked = asked or Asked()
    answer = load(data, SOURCE)
    if isinstance(answer, Mapping) and answer.get("success") is False:
        raise SourceMalformed(f"{SOURCE}: expected data, the service says {show(answer.get('errors'))}")
    body = answer.get("result", answer) if isinstance(answer, Mapping) else answer
    origin = make_origin(data, asked, SOURCE, ATTRIBUTION)
    if isinstance(body, Mapping) and "annotations" in body:
        rows = take_rows(body, "annotations", SOURCE)
        told = tuple(each for row in rows for each in _read_annotation(row))
        return Recording((), origin, reported=told)
    if not isinstance(body, Mapping):
        raise SourceMalformed(f"{SOURCE}: expected series or annotations, got {show(body)}")
    named = {name: each for name, each in body.items() if isinstance(each, Mapping) and "timestamps" in each}
    if not named:
        raise SourceMalformed(f"{SOURCE}: expected series or annotations, got {show(list(body))}")
    series = [_read_series(name, each, asked) for name, each in named.items()]
    return Recording(make_panels(series, SOURCE), origin)


def _read_series(name: str, row: Mapping[str, object], asked: Asked) -> Series:
    times, values = take_rows(row, "timestamps", SOURCE), take_rows(row, "values", SOURCE)
    if len(times) != len(values):
        raise SourceMalformed(f"{SOURCE}: expected a value for each of {len(times)} times, got {len(values)}")
    at = np.array([int(read_moment(each, SOURCE).timestamp()) for each in times], np.int64)
    gaps = np.diff(np.unique(at))
    step = timedelta(seconds=int(gaps.min())) if gaps.size else _HOUR
    http = name.endswith("_http") or asked.signal == REQUESTS.signal
    network = _NETWORK.match(name)
    entity = lookup(f"asn:{network[1]}") if network else name_one(asked.entity, asked.file, None)
    read = np.array([read_value(each, SOURCE) for each in values], float)
    return Series(REQUESTS if http else BYTES, entity, step, at, read)


def _read_annotation(row: object) -> Sequence[Told]:
    """Return an annotation once for each country and network that it names."""
    start = read_moment(take(row, "startDate", str, SOURCE), SOURCE)
    end = row.get("endDate") if isinstance(row, Mapping) else None
    until = None if end is None else read_moment(end, SOURCE)
    outage = row.get("outage") if isinstance(row, Mapping) else None
    cause = outage.get("outageCause") if isinstance(outage, Mapping) else None
    words = ", ".join(
        str(part)
        for part in (take(row, "description", str, SOURCE) if _has_words(row) else None, cause)
        if part
    )
    ids = [f"country:{code}" for code in take_rows(row, "locations", SOURCE)]
    ids += [f"asn:{number}" for number in take_rows(row, "asns", SOURCE)]
    return [(start, until, entity.id, words) for entity in map(_find_entity, ids) if entity is not None]


def _has_words(row: object) -> bool:
    return isinstance(row, Mapping) and bool(row.get("description"))


def _find_entity(entity_id: str) -> Entity | None:
    try:
        return lookup(entity_id)
    except InputError:
        return None


def fetch(
    fetcher: Fetcher, entity: str, start: datetime, until: datetime, *, token: str
) -> tuple[Recording, ...]:
    """Ask for traffic, requests and annotations of a country or network in a span.

    Args:
        fetcher: who asks.
        entity: ``country:KZ`` or ``asn:9198``.
        start: begin, UTC.
        until: end, UTC.
        token: of an account with Cloudflare; it is sent to them and kept nowhere.

    Raises:
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
        InputError: an entity that Radar has no code for.
    """
    code = fetcher.expect(entity, ("country", "asn"), SOURCE)
    where = "location" if entity.startswith("country:") else "asn"
    query = {
        where: code,
        "dateStart": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "dateEnd": f"{until:%Y-%m-%dT%H:%M:%SZ}",
        "format": "json",
    }
    found = []
    for path, signal in (
        ("netflows/timeseries", BYTES.signal),
        ("http/timeseries", REQUESTS.signal),
        ("annotations/outages", None),
    ):
        asked = query if signal is None else {**query, "aggInterval": "15m"}
        answer = fetcher.get(f"{BASE}/{path}", asked, token=token)
        found.append(parse(answer.data, Asked(answer.address, answer.at, entity, signal)))
    return tuple(found)
