"""One place of an archive as the site shows it: signals of a span, its outages, and what lies inside it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.app.entity import EntityCard, describe_entity
from darkhours.app.site_now import SYNTHETIC, Present
from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import DarkhoursError, InputError, Problem
from darkhours.model.evidence import Grid
from darkhours.model.signal import SignalKind
from darkhours.model.timeline import Floats
from darkhours.store import Archive, Event

LONGEST = timedelta(days=3 * 366)
"""The longest span that is answered at once: ours, three years at 5 minutes are 316,000 bins."""
FIRST, LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Times that can be asked for: ours, around all that was ever measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One signal of a place over a span.

    Args:
        signal: what is measured.
        family: the sensing system.
        datasource: who publishes it.
        grid: its bins.
        values: NaN where nobody measured, shape (n_bins,).
        attribution: whom to thank.
    """

    signal: SignalKind
    family: str
    datasource: str
    grid: Grid
    values: Floats
    attribution: str

    @property
    def synthetic(self) -> bool:
        """Return whether its values are made up."""
        return self.datasource == SYNTHETIC


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place over a span.

    Args:
        card: the place and what contains it.
        start: begin of the span, UTC.
        until: its end.
        lines: every signal that was measured there within the span.
        outages: that touch the span, by their begin.
        inside: places that lie in it and whose state is worth telling now.
        version: of the archive.
        newest: end of the newest bin of the archive, None where that is not known.
    """

    card: EntityCard
    start: datetime
    until: datetime
    lines: tuple[Line, ...]
    outages: tuple[Event, ...]
    inside: tuple[Present, ...]
    version: int
    newest: datetime | None = None

    @property
    def measured_until(self) -> datetime:
        """Return the end of the span, or of the newest bin where that comes first: no state lasts beyond."""
        return self.until if self.newest is None else min(self.until, self.newest)

    @property
    def entity(self) -> Entity:
        """Return the place."""
        return self.card.entity

    @property
    def synthetic(self) -> bool:
        """Return whether any of its signals is made up."""
        return any(line.synthetic for line in self.lines)


def read_place(
    archive: Archive,
    place: Entity | str,
    span: tuple[datetime | None, datetime | None],
    places: tuple[Present, ...],
) -> PlaceView:
    """Return a place of the archive over a span; the last week that was measured where none is told.

    Args:
        archive: open.
        place: it, or its id where the archive may not know it.
        span: begin and end, each None where it is not told.
        places: whose state is worth telling, of which those inside it are picked.

    Raises:
        InputError: the archive knows no such place, or the span is none or too long.
    """
    entity = place if isinstance(place, str) else place.id
    card = find_card(archive, entity) if isinstance(place, str) else _card(place)
    ends = [found for series in archive.series() if (found := archive.span(series)) is not None]
    newest = max((until for _, until in ends), default=None)
    start, until = _settle(span, newest)
    lines = [_line(archive, entity, series.no, start, until) for series in archive.series()]
    outages = archive.events(entity=entity, span=(start, until))
    holds_others = not entity.startswith(("asn:", "city:", "local:"))
    inside = tuple(
        p for p in places if holds_others and (entity in p.entity.within or _is_crossing(p.entity.id, entity))
    )
    told = tuple(line for line in lines if line is not None)
    return PlaceView(card, start, until, told, outages, inside, archive.version, newest)


def find_card(archive: Archive, entity: str) -> EntityCard:
    """Return a place by its id, as the gazetteer or else the archive knows it.

    Raises:
        InputError: neither knows it.
    """
    known = next((each for each in archive.entities(entity) if each.id == entity), None)
    if is_entity_id(entity) and (known is not None or not entity.startswith("local:")):
        with suppress(DarkhoursError):
            return describe_entity(entity)
    if known is None:  # what has not the form of an id is not searched for: that takes long
        message = f"expected a place that the archive knows, got {entity[:80]!r}; search for its name"
        raise InputError("entity", [Problem("id", message)])
    return EntityCard(known, ())


def _card(known: Entity) -> EntityCard:
    """Return a place of the archive as the gazetteer has it, else as the archive does."""
    with suppress(DarkhoursError):
        if is_entity_id(known.id) and known.kind != "local":
            return describe_entity(known.id)
    return EntityCard(known, ())


def _is_crossing(inner: str, outer: str) -> bool:
    """Return whether an id such as ``asn:9198@KZ`` is a network inside ``country:KZ``."""
    country = outer.removeprefix("country:")
    return outer.startswith("country:") and inner.startswith("asn:") and inner.endswith("@" + country)


def _settle(
    span: tuple[datetime | None, datetime | None], newest: datetime | None
) -> tuple[datetime, datetime]:
    start, until = span
    if newest is None:
        raise InputError("archive", [Problem("", "expected measured values, it is empty; feed it first")])
    until = newest if until is None else until
    if not FIRST <= min(until, start or until) <= max(until, start or until) < LAST:
        message = f"expected times from {FIRST.year} on and before {LAST.year}; got another"
        raise InputError("span", [Problem("from, until", message)])
    start = until - timedelta(days=7) if start is None else start
    if not timedelta(0) < until - start <= LONGEST:
        days = f"{LONGEST.days} days"
        message = f"expected a span that ends after it begins, of at most {days}; got {until - start}"
        raise InputError("span", [Problem("from, until", message)])
    return start, until


def _line(archive: Archive, entity: str, series_no: int, start: datetime, until: datetime) -> Line | None:
    series = next(each for each in archive.series() if each.no == series_no)
    try:
        panel = archive.read(series, [entity], start, until)
    except InputError:
        return None
    if not np.isfinite(panel.values).any():
        return None
    return Line(
        series.signal, series.family, series.datasource, panel.grid, panel.values[0], series.attribution
    )
