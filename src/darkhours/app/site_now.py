"""What is so now in an archive: who is dark, degraded, on probation or newly back, and how fresh it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.state import State
from darkhours.store import Archive, Event, Series
from darkhours.store.present import STATUSES
from darkhours.store.present import Present as Standing

NEWLY = timedelta(hours=72)
"""A place is newly back for as long as the shortest probation lasts (the ontology, *probation*)."""

NEAR = timedelta(hours=6)
"""Begins as near as this are of one outage (the ontology, *Every number*)."""

LATE = 3
"""A source is late when its last bin is this many bins old: ours, two for an answer to be made."""

SYNTHETIC = "synthetic"
"""Datasource of series that are made up; whoever shows them says so."""


@dataclass(frozen=True, slots=True)
class Present:
    """One place whose state is worth telling.

    Args:
        entity: the place.
        state: of its last window.
        status: of its last outage: ``ongoing``, ``probation`` or ``ended``.
        since: edge at which that state began, as documents have edges.
        began: edge at which the outage began.
        p: share of samples in which the state holds.
        families: that carry it.
        totals: of the outage, as documents have them; empty before `detect` has counted them.
        synthetic: whether only made-up series speak of it.
    """

    entity: Entity
    state: State
    status: str
    since: dict[str, str]
    began: dict[str, str]
    p: float
    families: tuple[str, ...]
    totals: dict[str, Any]
    synthetic: bool = False

    @property
    def dark_h(self) -> float | None:
        """Return the hours dark of the outage, None before `detect` has counted them."""
        return float(self.totals["dark_h"]["value"]) if self.totals else None


@dataclass(frozen=True, slots=True)
class Source:
    """One series of the archive and how fresh it is.

    Args:
        series: what it is.
        until: end of its last bin, None where it has none.
        late: whether that is longer ago than it should be.
    """

    series: Series
    until: datetime | None
    late: bool

    @property
    def synthetic(self) -> bool:
        """Return whether its values are made up."""
        return self.series.datasource == SYNTHETIC

    def lag(self, at: datetime) -> timedelta | None:
        """Return for how long nothing was measured, in whole minutes; None where nothing ever was."""
        if self.until is None:
            return None
        return timedelta(minutes=max(0, round((at - self.until) / timedelta(minutes=1))))


@dataclass(frozen=True, slots=True)
class Now:
    """Everything that the page *now* tells.

    Args:
        version: of the archive.
        at: the time that it is as of: end of the newest bin, None in an empty archive.
        places: worth telling, the worst first.
        sources: every series.
        watched: how many places the archive knows.
        countries: each country of it, and whether any signal has a value of it in its newest bin.
    """

    version: int
    at: datetime | None
    places: tuple[Present, ...]
    sources: tuple[Source, ...]
    watched: int
    countries: tuple[tuple[Entity, bool], ...] = ()

    def group(self, name: str) -> tuple[Present, ...]:
        """Return the places of one group: ``dark``, ``degraded``, ``probation`` or ``back``."""
        return tuple(place for place in self.places if group_of(place) == name)

    @property
    def synthetic(self) -> bool:
        """Return whether anything here is made up."""
        return any(source.synthetic for source in self.sources)


GROUPS = ("dark", "degraded", "probation", "back")


def group_of(place: Present) -> str:
    """Return the group of a place, in the order of `GROUPS`."""
    if place.status == "probation":
        return "probation"
    if place.status == "ended":
        return "back"
    return "dark" if place.state is State.DARK else "degraded"


def read_now(
    archive: Archive, told: tuple[datetime, int], known: dict[str, Entity], last: dict[str, Event]
) -> Now:
    """Return what is so now, as `watch` or the last `detect` have told it.

    Args:
        archive: open.
        told: the time of the reader, UTC, against which freshness is told, and the version of the answer.
        known: places of the archive, by id.
        last: last outage of each that had one (`last_outages`).
    """
    clock, version = told
    sources = tuple(_source(archive, series, clock) for series in archive.series())
    ends = [source.until for source in sources if source.until is not None]
    at = max(ends, default=None)
    made_up = bool(sources) and all(source.synthetic for source in sources)
    standing = archive.current()
    places: Iterable[Present] = ()
    if len(standing):
        places = _standing(standing, known, last, made_up=made_up)
    elif at is not None:
        places = _present(last, known, at, made_up=made_up)
    order = {name: number for number, name in enumerate(GROUPS)}
    ranked = sorted(places, key=lambda p: (order[group_of(p)], -(p.dark_h or 0), p.since["at"], p.entity.id))
    countries = _measured(archive, [each for id_, each in known.items() if id_.startswith("country:")])
    return Now(version, at, tuple(ranked), sources, len(known), countries)


def last_outages(archive: Archive) -> dict[str, Event]:
    """Return the last outage of each place that had one, of its windows the last alone."""
    last: dict[str, Event] = {}
    for event in archive.events(pick=_brief):
        if event.entity not in last or event.start >= last[event.entity].start:
            last[event.entity] = event
    return last


def _brief(body: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of an outage now: its state, its edges and its hours."""
    told = {name: body[name] for name in ("start", "end", "status", "totals")}
    return {**told, "windows": body["windows"][-1:]}


def _standing(
    standing: Standing, known: dict[str, Entity], last: dict[str, Event], *, made_up: bool
) -> Iterator[Present]:
    """Yield the places worth telling of those that are watched; hours where `detect` has counted them."""
    worth = np.isin(standing.status, [STATUSES.index(name) for name in ("ongoing", "probation", "ended")])
    for at in np.flatnonzero(worth).tolist():
        row = standing.row(at)
        since, begun, until = row["since"], row["begun"], row["until"]
        if since is None or begun is None or (row["status"] == "ended" and until - since > NEWLY):
            continue
        id_ = row["entity"]
        event = last.get(id_)
        counted = event is not None and event.start <= begun + NEAR and (event.end or until) >= begun
        totals = event.body["totals"] if event is not None and counted else {}
        yield Present(
            known.get(id_, Entity(id_, id_, "UTC")), State(row["state"]), row["status"], _edge(since),
            _edge(begun), row["p"], tuple(row["families"]), totals, made_up,
        )  # fmt: skip


def _edge(at: datetime) -> dict[str, str]:
    text = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return {"at": text, "earliest": text, "latest": text}


def _measured(archive: Archive, countries: list[Entity]) -> tuple[tuple[Entity, bool], ...]:
    """Return countries, and whether some signal has a value of each in its newest bin.

    Countries alone are read: of all that is watched they are few, and a new bin comes every few minutes.
    """
    seen: set[str] = set()
    ids = [entity.id for entity in countries]
    for series in archive.series():
        span = archive.span(series)
        if span is not None and ids:
            newest = archive.read(series, ids, span[1] - series.step, span[1])
            there = np.flatnonzero(np.isfinite(newest.values).any(axis=1))
            seen |= {newest.entities[row].id for row in there.tolist()}
    return tuple((entity, entity.id in seen) for entity in countries)


def _source(archive: Archive, series: Series, clock: datetime) -> Source:
    span = archive.span(series)
    until = None if span is None else span[1]
    return Source(series, until, until is None or clock - until > LATE * series.step)


def _present(
    last: dict[str, Event], known: dict[str, Entity], at: datetime, *, made_up: bool
) -> Iterator[Present]:
    for entity, event in last.items():
        present = present_of(event, known.get(entity, Entity(entity, entity, "UTC")), at, made_up=made_up)
        if present is not None:
            yield present


def present_of(event: Event, entity: Entity, at: datetime, *, made_up: bool = False) -> Present | None:
    """Return what the last outage of a place says of now, None where it has long been over."""
    told = event.body
    status = str(told["status"])
    over = status == "ended" or (status == "probation" and event.end is not None)
    if status == "ended" and (event.end is None or at - event.end > NEWLY):
        return None
    window = told["windows"][-1] if told["windows"] else None
    state = State.UP if over else State(window["state"]) if window else State.UNKNOWN
    since = told["end"] if over else window["start"] if window else told["start"]
    families = tuple(window["families"]) if window else ()
    p = float(window["p"]) if window else 1.0
    return Present(entity, state, status, since, told["start"], p, families, told["totals"], made_up)
