"""What a detection reads of an archive, batch by batch: all at first, later what is new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np

from darkhours.infer.signals.tuning import Tuning
from darkhours.model.panel import Panel
from darkhours.store import Archive, Series

AT_ONCE = 250_000
"""Values of a batch: ours, a worker then stays below 400 MB; it moves no result."""

READ_AT_ONCE = 8_000_000
"""Values that are read at once and dealt out to batches: ours, 64 MB."""

INDEX = "index"


@dataclass(frozen=True, slots=True)
class Lot:
    """Entities that are worked on together.

    Args:
        name: of its state in the archive.
        ids: its entities.
        at: end of what its state has taken; None where there is no state.
        gated: whether the control gate compares them.
    """

    name: str
    ids: tuple[str, ...]
    at: datetime | None = None
    gated: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """Where a job stands.

    Args:
        version: of the archive that its states have seen.
        until: end of what counted.
        lots: every lot with a state or without.
        held: places whose last outage is open, and where the state stands that is held from before it.
    """

    version: int
    until: datetime
    lots: tuple[Lot, ...]
    held: Mapping[str, datetime] = field(default_factory=dict)

    def states(self) -> frozenset[str]:
        """Return the batches whose states are needed to go on: of lots, and of outages that are open."""
        lots = {lot.name for lot in self.lots if lot.at is not None}
        return frozenset(lots | {hold_lot(id_, at).name for id_, at in self.held.items()})

    def to_bytes(self) -> bytes:
        """Return it as the archive keeps it."""
        lots = [
            {"name": lot.name, "ids": lot.ids, "at": lot.at and lot.at.isoformat(), "gated": lot.gated}
            for lot in self.lots
        ]
        held = {id_: at.isoformat() for id_, at in self.held.items()}
        told = {"version": self.version, "until": self.until.isoformat(), "lots": lots, "held": held}
        return json.dumps(told, separators=(",", ":")).encode()


def load_index(archive: Archive, job: str) -> Index | None:
    """Return where a job stands, None where it has not begun."""
    kept = archive.load_state(job, INDEX)
    if kept is None:
        return None
    told: dict[str, Any] = json.loads(kept[1])
    until = datetime.fromisoformat(told["until"])
    held = {id_: datetime.fromisoformat(at) for id_, at in told.get("held", {}).items()}
    return Index(told["version"], until, tuple(_lot(lot) for lot in told["lots"]), held)


def _lot(told: dict[str, Any]) -> Lot:
    at = None if told["at"] is None else datetime.fromisoformat(told["at"])
    return Lot(told["name"], tuple(told["ids"]), at, told["gated"])


def hold_lot(id_: str, at: datetime | None) -> Lot:
    """Return the lot of a place whose state is held from before its open outage."""
    return Lot(f"held/{id_}", (id_,), at)


def name_job(series: Sequence[Series], seed: int, tuning: Tuning) -> str:
    """Return the name of the job that detects in these series with these defaults."""
    asked = [[s.signal.name, s.family, s.datasource, s.step.total_seconds()] for s in series]
    told = json.dumps([asked, seed, tuning.named()], sort_keys=True)
    return f"detect-{sha256(told.encode()).hexdigest()[:12]}"


def is_fed(archive: Archive, index: Index, series: Sequence[Series]) -> bool:
    """Return whether anything was written into these series since the index."""
    numbers = {one.no for one in series}
    return any(write.series in numbers for write in archive.writes(index.version))


def is_disturbed(archive: Archive, index: Index, series: Sequence[Series]) -> bool:
    """Return whether anything was written, since the states were kept, into bins that they have taken."""
    taken = {one.no: _least_at(index, one) for one in series}
    for write in archive.writes(index.version):
        if write.series not in taken or write.from_bin is None or write.kind in {"events", "retain"}:
            continue
        if write.layered or write.from_bin < taken[write.series]:
            return True
    return False


def _least_at(index: Index, series: Series) -> int:
    """Return the bin that follows the last one that some state has taken."""
    taken = [lot.at for lot in index.lots if lot.at is not None]
    return max((series.first_bin(at) for at in taken), default=0)


def first_lots(
    archive: Archive, series: Sequence[Series], until: datetime, seen: Iterable[str], gate_least: int
) -> Iterator[tuple[Lot, list[Panel]]]:
    """Yield every entity with points, in lots, with all that was measured of it; countries at last.

    Args:
        archive: open.
        series: what is read.
        until: end of what counts.
        seen: entities that are left out.
        gate_least: countries from which the control gate compares them.
    """
    known, countries = set(seen), []
    if len(known) == archive.count_entities():  # nobody is new: nothing has to be read
        return
    start = find_start(archive, series)
    for number, one in enumerate(series):
        size = max(1, READ_AT_ONCE // max(1, _n_bins(one, start, until) * len(series)))
        for panel in archive.batches(one, start, until, size=size):
            new = [e.id for e in panel.entities if e.id not in known]
            known.update(new)
            countries += [id_ for id_ in new if id_.startswith("country:")]
            rest = [id_ for id_ in new if not id_.startswith("country:")]
            if rest:
                others = _read(archive, series[number + 1 :], rest, (start, until))
                yield from _deal(f"{number}", rest, [_pick(panel, rest), *others])
    every = _read(archive, series, countries, (start, until)) if countries else []
    if len(countries) >= gate_least:
        yield Lot("countries", tuple(countries), gated=True), every
    elif countries:
        yield from _deal("countries", countries, every)


def find_start(archive: Archive, series: Sequence[Series]) -> datetime | None:
    """Return the start of the first bin of any of the series."""
    spans = [span for one in series if (span := archive.span(one)) is not None]
    return min((span[0] for span in spans), default=None)


def _n_bins(series: Series, start: datetime | None, until: datetime) -> int:
    return max(1, round((until - start) / series.step)) if start is not None else 1


def _deal(group: str, ids: Sequence[str], panels: list[Panel]) -> Iterator[tuple[Lot, list[Panel]]]:
    """Yield entities in lots of as many as one batch holds, with what was measured of them."""
    n_values = sum(panel.values.size for panel in panels)
    size = max(1, AT_ONCE * len(ids) // max(1, n_values))
    for some in _chunks(ids, size):
        mine = [part for panel in panels if (part := _measured(_pick(panel, some))) is not None]
        if mine:
            known = {e.id for panel in mine for e in panel.entities}
            here = tuple(id_ for id_ in some if id_ in known)
            yield Lot(f"{group}/{here[0]}", here), mine


def _pick(panel: Panel, ids: Sequence[str]) -> Panel:
    where = {entity.id: row for row, entity in enumerate(panel.entities)}
    rows = [where[id_] for id_ in ids if id_ in where]
    return replace(panel, entities=tuple(panel.entities[row] for row in rows), values=panel.values[rows])


def _measured(panel: Panel) -> Panel | None:
    """Return a panel without the rows that nobody measured, None where none is left."""
    known = np.isfinite(panel.values).any(axis=1)
    rows = np.flatnonzero(known)
    if not rows.size:
        return None
    return replace(panel, entities=tuple(panel.entities[row] for row in rows), values=panel.values[rows])


def _read(
    archive: Archive, series: Sequence[Series], ids: Sequence[str], span: tuple[datetime | None, datetime]
) -> list[Panel]:
    return [archive.read(one, ids, *span) for one in series]


def read_whole(
    archive: Archive, series: Sequence[Series], ids: Sequence[str], until: datetime
) -> Iterator[tuple[Lot, list[Panel]]]:
    """Yield entities in lots, with all that was measured of each."""
    start = find_start(archive, series)
    rows = max(1, sum(_n_bins(one, start, until) for one in series))
    for some in _chunks(ids, max(1, READ_AT_ONCE // rows)):
        yield from _deal("again", some, _read(archive, series, some, (start, until)))


def read_new(archive: Archive, series: Sequence[Series], lot: Lot, until: datetime) -> list[Panel]:
    """Return what was measured of a lot since its state; rows of places that fell silent stay, empty."""
    # A bin of the widest series that began before is told anew, for part of it lies after.
    start = None if lot.at is None else lot.at - max(one.step for one in series)
    return _read(archive, series, lot.ids, (start, until))


def read_new_lots(
    archive: Archive, series: Sequence[Series], lots: Sequence[Lot], until: datetime
) -> Iterator[tuple[Lot, list[Panel]]]:
    """Yield lots with what was measured of each since its state, read for many of them at once.

    Some bins that a state has taken may be among them.
    """
    some: list[Lot] = []
    n_ids = 0
    for lot in sorted(lots, key=lambda each: each.at or until):
        rows = sum(_n_bins(one, (some or [lot])[0].at, until) + 1 for one in series)
        if some and rows * (n_ids + len(lot.ids)) > READ_AT_ONCE:
            yield from _dealt(archive, series, some, until)
            some, n_ids = [], 0
        some.append(lot)
        n_ids += len(lot.ids)
    if some:
        yield from _dealt(archive, series, some, until)


def _dealt(
    archive: Archive, series: Sequence[Series], lots: Sequence[Lot], until: datetime
) -> Iterator[tuple[Lot, list[Panel]]]:
    ids = tuple(id_ for lot in lots for id_ in lot.ids)
    panels = read_new(archive, series, replace(lots[0], ids=ids), until)
    first = 0
    for lot in lots:
        rows = slice(first, first + len(lot.ids))
        yield lot, [replace(p, entities=p.entities[rows], values=p.values[rows]) for p in panels]
        first = rows.stop


def _chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
