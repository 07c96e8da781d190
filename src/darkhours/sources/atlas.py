"""RIPE Atlas: how many of a country's probes are connected; one answer is one instant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, SourceMalformed
from darkhours.model.panel import Recording
from darkhours.places import lookup
from darkhours.sources.answer import Asked, load, make_origin, read_moment, show, take, take_rows
from darkhours.sources.fetching import Answer, Fetcher
from darkhours.sources.naming import make_local_id
from darkhours.sources.series import Sense, Series, make_panels

SOURCE = "ripe-atlas"
BASE = "https://atlas.ripe.net/api/v2"
ATTRIBUTION = "RIPE NCC, RIPE Atlas (https://atlas.ripe.net)"
SENSE = Sense("atlas.probes_connected_cnt", "ripe.atlas", "ripe-atlas")
STEP = timedelta(minutes=10)
"""Width of the bin that an answer stands for: chosen by us; a probe is told as gone some minutes late."""
CONNECTED, DISCONNECTED = 1, 2
_MOST_PAGES = 200


def parse(data: bytes, asked: Asked | None = None) -> Recording:
    """Return a list of probes as the count of connected ones per country, in one bin.

    Only probes that are connected or disconnected count: an abandoned one says nothing of today. The
    instant is that of the question, else the last at which any probe was seen.

    Raises:
        SourceMalformed: it is no list of probes, or cut off.
    """
    asked = asked or Asked()
    answer = load(data, SOURCE)
    rows: Sequence[object] = answer if isinstance(answer, list) else take_rows(answer, "results", SOURCE)
    return _count(rows, asked, data)


def _count(rows: Sequence[object], asked: Asked, data: bytes) -> Recording:
    alive: Counter[str] = Counter()
    connected: Counter[str] = Counter()
    seen = 0
    for row in rows:
        status = take(take(row, "status", dict, SOURCE), "id", int, SOURCE)
        country = row.get("country_code") if isinstance(row, Mapping) else None
        last = row.get("last_connected") if isinstance(row, Mapping) else None
        seen = max(seen, 0 if last is None else int(read_moment(last, SOURCE).timestamp()))
        if status in {CONNECTED, DISCONNECTED} and country:
            alive[str(country)] += 1
            connected[str(country)] += status == CONNECTED
    origin = make_origin(data, asked, SOURCE, ATTRIBUTION)
    at = int(asked.fetched.timestamp()) if asked.fetched is not None else seen
    if not alive or not at:
        return Recording((), origin, notes=("no probe is connected or lately disconnected",))
    width = int(STEP.total_seconds())
    where = np.array([at // width * width], np.int64)
    series = [
        Series(SENSE, _find_entity(code), STEP, where, np.array([float(connected[code])]))
        for code in sorted(alive)
    ]
    when = datetime.fromtimestamp(at, UTC)
    numbers = f"{sum(connected.values()):,} of {sum(alive.values()):,} probes"
    note = f"{numbers} are connected at {when:%Y-%m-%dT%H:%MZ}"
    return Recording(make_panels(series, SOURCE), origin, unrelated=len(series) > 1, notes=(note,))


def _find_entity(code: str) -> Entity:
    try:
        return lookup(f"country:{code}")
    except InputError:
        return Entity(make_local_id([code]), code, "UTC")


def fetch(fetcher: Fetcher, entity: str) -> Recording:
    """Ask for the probes of a country as they are now; all pages make one answer.

    Args:
        fetcher: who asks.
        entity: ``country:KZ``.

    Raises:
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
        InputError: an entity that is no country.
    """
    code = fetcher.expect(entity, ("country",), SOURCE)
    query = {"country_code": code, "page_size": "500", "status": f"{CONNECTED},{DISCONNECTED}"}
    first = fetcher.get(f"{BASE}/probes/", query)
    rows: list[object] = []
    bodies, answer = [], first
    for _ in range(_MOST_PAGES):
        page = load(answer.data, SOURCE)
        rows += take_rows(page, "results", SOURCE)
        bodies.append(answer.data)
        following = page.get("next") if isinstance(page, Mapping) else None
        if not following:
            return _count(rows, Asked(first.address, first.at, entity), b"".join(bodies))
        answer = _follow(fetcher, following)
    raise SourceMalformed(f"{SOURCE}: expected at most {_MOST_PAGES} pages, got more")


def _follow(fetcher: Fetcher, following: object) -> Answer:
    if not isinstance(following, str) or not fetcher.is_same_host(following, BASE):
        raise SourceMalformed(f"{SOURCE}: expected the next page on the same host, got {show(following)}")
    return fetcher.get(following, {})


def join(recordings: Sequence[Recording]) -> Recording:
    """Return answers of several instants as one recording: watching makes a series of them.

    Raises:
        ValueError: there is none.
    """
    if not recordings:
        raise ValueError("expected answers to join, got none")
    series = [
        Series(SENSE, entity, STEP, np.array([int(panel.grid.start.timestamp())]), panel.values[row])
        for recording in recordings
        for panel in recording.panels
        for row, entity in enumerate(panel.entities)
    ]
    last = recordings[-1]
    return replace(last, panels=make_panels(series, SOURCE), notes=())
