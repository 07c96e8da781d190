"""IODA's API, version 2: signals by country, region and network; its outages are its own claims."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, SourceMalformed
from darkhours.model.panel import Recording
from darkhours.places import lookup, resolve
from darkhours.sources.answer import Asked, load, make_origin, read_moment, read_value, show, take, take_rows
from darkhours.sources.fetching import Fetcher
from darkhours.sources.naming import make_local_id
from darkhours.sources.series import Sense, Series, make_panels

SOURCE = "ioda-api"
BASE = "https://api.ioda.inetintel.cc.gatech.edu/v2"
ATTRIBUTION = "IODA, Georgia Institute of Technology; (c) Georgia Tech Research Corporation"
TYPES = ("signals", "outages.events", "outages.alerts")
SENSES = {
    "bgp": Sense("bgp.visible_slash24_cnt", "ioda.bgp", "ioda"),
    "ping-slash24": Sense("probing.slash24_up_cnt", "ioda.probing", "ioda"),
    "merit-nt": Sense("telescope.src_ip_cnt", "ioda.telescope", "merit"),
    "ucsd-nt": Sense("telescope.src_ip_cnt", "ioda.telescope", "ucsd"),
    "gtr": Sense("traffic.requests_idx", "google.traffic", "google"),
    "gtr-norm": Sense("traffic.requests_idx", "google.traffic", "google"),
    "mozilla": Sense("telemetry.city_cnt", "mozilla.telemetry", "mozilla"),
    "upstream-delay-penult-e2e-latency": Sense("latency.rtt_ms", "ioda.latency", "ioda"),
}
"""What is measured by the name that IODA gives a datasource."""
_LATENCY = "median_e2e_latency"
_COUNTRY = 3
_MOST_STEP = 366 * 86400
Told = tuple[datetime, datetime | None, str, str]


def parse(data: bytes, asked: Asked | None = None) -> Recording:
    """Return an answer about signals, events or alerts as a recording.

    Signals become panels, one for each datasource; what IODA detected stands in ``reported``.

    Raises:
        SourceMalformed: it is none of these, or cut off.
    """
    asked = asked or Asked()
    answer = load(data, SOURCE)
    origin = make_origin(data, asked, SOURCE, ATTRIBUTION)
    if isinstance(answer, list):
        return Recording((), origin, reported=tuple(_read_located(row) for row in answer))
    if isinstance(answer, Mapping) and answer.get("error"):
        raise SourceMalformed(f"{SOURCE}: expected data, the service says {show(answer['error'])}")
    kind = take(answer, "type", str, SOURCE)
    rows = take_rows(answer, "data", SOURCE)
    if kind == "signals":
        return _read_signals(rows, Recording((), origin))
    if kind in TYPES:
        return Recording((), origin, reported=tuple(_read_event(row) for row in rows))
    raise SourceMalformed(f"{SOURCE}: expected an answer of {', '.join(TYPES)}, got {kind!r}")


def _read_signals(groups: Sequence[object], empty: Recording) -> Recording:
    rows = [row for group in groups for row in (group if isinstance(group, list) else [group])]
    series, unknown = [], set()
    for row in rows:
        name = take(row, "datasource", str, SOURCE)
        if name in SENSES:
            series.append(_read_series(row, name))
        else:
            unknown.add(name)
    panels = make_panels(series, SOURCE)
    countries = all(entity.kind == "country" for panel in panels for entity in panel.entities)
    many = any(len(panel.entities) > 1 for panel in panels)
    notes = tuple(f"datasource {name!r} is not known here and left out" for name in sorted(unknown))
    return replace(empty, panels=panels, unrelated=countries and many, notes=notes)


def _read_series(row: object, name: str) -> Series:
    start, step = take(row, "from", int, SOURCE), take(row, "step", int, SOURCE)
    if not 0 < step <= _MOST_STEP:
        raise SourceMalformed(f"{SOURCE}: expected a step of up to a year in seconds, got {step}")
    values = np.array([_read_cell(value) for value in take_rows(row, "values", SOURCE)], float)
    read_moment(start, SOURCE)
    sense = SENSES[name]
    if name.startswith("gtr") and isinstance(row, Mapping) and row.get("subtype") == "WEB_SEARCH":
        sense = replace(sense, signal="traffic.search_idx")
    return Series(
        sense, _read_entity(row), timedelta(seconds=step), start + step * np.arange(values.size), values
    )


def _read_cell(value: object) -> float:
    """Return a value; of a list by upstream network, the median of their medians."""
    if not isinstance(value, list):
        return read_value(value, SOURCE)
    found = [read_value(take(each, "agg_values", dict, SOURCE).get(_LATENCY), SOURCE) for each in value]
    measured = [number for number in found if number == number]  # noqa: PLR0124 — NaN is what differs from itself
    return statistics.median(measured) if measured else float("nan")


def _read_entity(row: object) -> Entity:
    kind, code = take(row, "entityType", str, SOURCE), take(row, "entityCode", str, SOURCE)
    fqid = row.get("entityFqid") if isinstance(row, Mapping) else None
    return find_entity(kind, code, take(row, "entityName", str, SOURCE), str(fqid or ""))


def find_entity(kind: str, code: str, name: str, fqid: str = "") -> Entity:
    """Return whom IODA speaks of; what the gazetteer cannot place is local, inside its country.

    IODA numbers regions its own way, so that their names are looked up within the country.

    >>> find_entity("country", "KZ", "Kazakhstan").id, find_entity("asn", "9198", "AS9198").id
    ('country:KZ', 'asn:9198')
    >>> find_entity("region", "3047", "Gisborne District", "geo.provider.OC.NZ.3047").within
    ('country:NZ',)
    """
    try:
        if kind == "country":
            return lookup(f"country:{code}")
        if kind == "asn":
            return lookup(f"asn:{code}")
    except InputError:
        return Entity(make_local_id([kind, code]), name or code, "UTC")
    country = _find_country(fqid)
    if country is None:
        return Entity(make_local_id([kind, code]), name or code, "UTC")
    try:
        found = resolve(f"{name}, {country.id.partition(':')[2]}")
    except InputError:
        found = country
    if found.kind == "region" and country.id in found.within:
        return found
    local = make_local_id([country.id.partition(":")[2], name or code])
    return Entity(local, name or code, country.tz, (country.id,))


def _find_country(fqid: str) -> Entity | None:
    """Return the country of a full name such as ``geo.provider.OC.NZ.3047``: after the continent."""
    parts = fqid.split(".")
    if parts[0] != "geo" or len(parts) <= _COUNTRY:
        return None
    try:
        return lookup(f"country:{parts[_COUNTRY]}")
    except InputError:
        return None


def _read_event(row: object) -> Told:
    entity = take(row, "entity", dict, SOURCE)
    attributes = entity.get("attrs")
    fqid = str(attributes.get("fqid", "")) if isinstance(attributes, Mapping) else ""
    code, name = take(entity, "code", str, SOURCE), take(entity, "name", str, SOURCE)
    found = find_entity(take(entity, "type", str, SOURCE), code, name, fqid)
    source = take(row, "datasource", str, SOURCE)
    if isinstance(row, Mapping) and "time" in row:
        words = f"alert of IODA: {source} {row.get('level', '')} {row.get('condition', '')}".strip()
        return read_moment(row["time"], SOURCE), None, found.id, words
    start, end = (read_moment(take(row, key, int, SOURCE), SOURCE) for key in ("from", "until"))
    score = read_value(row.get("score") if isinstance(row, Mapping) else None, SOURCE)
    return start, end, found.id, f"event of IODA: {source}, score {score:.4g}"


def _read_located(row: object) -> Told:
    kind, _, code = take(row, "location", str, SOURCE).partition("/")
    name = row.get("location_name") if isinstance(row, Mapping) else None
    start = read_moment(take(row, "start", int, SOURCE), SOURCE)
    end = start + timedelta(seconds=take(row, "duration", int, SOURCE))
    score = read_value(row.get("score") if isinstance(row, Mapping) else None, SOURCE)
    words = f"event of IODA: {take(row, 'datasource', str, SOURCE)}, score {score:.4g}"
    return start, end, find_entity(kind, code, str(name or code)).id, words


def fetch(fetcher: Fetcher, entity: str, start: datetime, until: datetime) -> Recording:
    """Ask for all signals of a country or network in a span.

    Args:
        fetcher: who asks.
        entity: ``country:KZ`` or ``asn:9198``.
        start: begin, UTC.
        until: end, UTC.

    Raises:
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
        InputError: an entity that IODA has no code for here.
    """
    kind, _, code = entity.partition(":")
    fetcher.expect(entity, ("country", "asn"), SOURCE)
    query = {"from": str(int(start.timestamp())), "until": str(int(until.timestamp()))}
    answer = fetcher.get(f"{BASE}/signals/raw/{kind}/{code}", query)
    return parse(answer.data, Asked(answer.address, answer.at, entity))
