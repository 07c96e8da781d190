"""OONI's aggregation: how many volunteers' web tests went well, and how many were made."""

from __future__ import annotations

from collections.abc import Mapping
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

SOURCE = "ooni"
BASE = "https://api.ooni.io/api/v1"
ATTRIBUTION = "OONI, Open Observatory of Network Interference (https://ooni.org), CC BY 4.0"
OK = Sense("ooni.web_ok_pct", "ooni.web", "ooni")
MADE = Sense("ooni.measurements_cnt", "ooni.volunteers", "ooni")
TIMES = ("measurement_start_day", "measurement_start_hour", "measurement_start_time")
_DAY = 86400


def parse(data: bytes, asked: Asked | None = None) -> Recording:
    """Return an aggregation along time as a recording of two panels.

    The share is that of tests without an anomaly among those that ran: 100 × ok / (ok + anomaly +
    confirmed). Failures of the test itself say nothing of the network. Where no test ran the share is NaN;
    the count of a row that OONI left out is NaN too, for its silence and ours cannot be told apart.

    Raises:
        SourceMalformed: it is no aggregation along time, or cut off.
    """
    asked = asked or Asked()
    answer = load(data, SOURCE)
    rows = take_rows(answer, "result", SOURCE)
    origin = make_origin(data, asked, SOURCE, ATTRIBUTION)
    if not rows:
        return Recording((), origin, notes=("OONI has no measurement of that span",))
    told: dict[str, list[tuple[int, float, float]]] = {}
    for row in rows:
        country = row.get("probe_cc") if isinstance(row, Mapping) else None
        told.setdefault(str(country or ""), []).append(_read_row(row))
    series = []
    for country, members in told.items():
        members.sort()
        entity = _find_entity(country, asked)
        at = np.array([member[0] for member in members], np.int64)
        step = timedelta(seconds=_find_step(at))
        series += [
            Series(OK, entity, step, at, np.array([member[1] for member in members])),
            Series(MADE, entity, step, at, np.array([member[2] for member in members])),
        ]
    return Recording(make_panels(series, SOURCE), origin, unrelated=len(told) > 1)


def _read_row(row: object) -> tuple[int, float, float]:
    key = next((key for key in TIMES if isinstance(row, Mapping) and key in row), None)
    if key is None or not isinstance(row, Mapping):
        raise SourceMalformed(f"{SOURCE}: expected rows along {TIMES[0]}, got {show(row)}; ask with axis_x")
    at = int(read_moment(row[key], SOURCE).timestamp())
    names = ("ok_count", "anomaly_count", "confirmed_count", "measurement_count")
    ok, anomaly, confirmed, made = (read_value(take(row, name, int, SOURCE), SOURCE) for name in names)
    ran = ok + anomaly + confirmed
    return at, (100 * ok / ran if ran else float("nan")), made


def _find_step(at: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """Return the seconds from one row to the next: a day, unless rows lie closer."""
    gaps = np.diff(np.unique(at))
    return int(min(gaps.min(), _DAY)) if gaps.size else _DAY


def _find_entity(country: str, asked: Asked) -> Entity:
    if not country:
        return name_one(asked.entity, asked.file, None)
    try:
        return lookup(f"country:{country}")
    except InputError as error:
        raise SourceMalformed(f"{SOURCE}: expected probe_cc to be a country, got {country!r}") from error


def fetch(fetcher: Fetcher, entity: str, start: datetime, until: datetime) -> Recording:
    """Ask for the web tests of a country in a span, by hour.

    Args:
        fetcher: who asks.
        entity: ``country:KZ``.
        start: begin, UTC.
        until: end, UTC.

    Raises:
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
        InputError: an entity that OONI has no code for.
    """
    code = fetcher.expect(entity, ("country",), SOURCE)
    query = {
        "probe_cc": code,
        "test_name": "web_connectivity",
        "since": f"{start:%Y-%m-%dT%H:%M:%S}",
        "until": f"{until:%Y-%m-%dT%H:%M:%S}",
        "axis_x": "measurement_start_day",
        "time_grain": "hour",
    }
    answer = fetcher.get(f"{BASE}/aggregation", query)
    return parse(answer.data, Asked(answer.address, answer.at, entity))
