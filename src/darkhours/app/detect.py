"""The use case `detect`: the outages of every place in an archive, from where the last run stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from darkhours.app.detect_batch import Told, pack, read_told, work
from darkhours.app.detect_plan import (
    INDEX,
    Index,
    Lot,
    first_lots,
    hold_lot,
    is_disturbed,
    is_fed,
    load_index,
    name_job,
    read_new,
    read_new_lots,
    read_whole,
)
from darkhours.app.detect_tell import tell_found
from darkhours.app.entity import describe_entity
from darkhours.app.instants import read_instant
from darkhours.app.kernels import say_if_compiling
from darkhours.app.measured import Question
from darkhours.infer.bulk.state_bytes import from_bytes
from darkhours.infer.bulk.steps import LEAST_MARGIN_H
from darkhours.infer.choose import has_kernels
from darkhours.model.entity import is_entity_id
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.panel import Panel
from darkhours.spread import Batch, Place, run_batches
from darkhours.store import Archive, Event, Series, open_archive

Progress = Callable[[int, int], None]
SCHEMA = "darkhours.events/1"
OPEN = ("ongoing", "probation")
MINUTE = "%Y-%m-%d %H:%MZ"
TOGETHER = 64
"""Lots whose states are written at once: ours, one write of the ledger for some thousand places."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What `detect` is asked for.

    Args:
        archive: its folder.
        entities: ids of places; none for all that there are, which keeps states and events.
        span: what is shown, and whose end is the last that counts; None for all.
        signals: names of those that count; none for every one.
        place: where batches are worked on.
        anew: whether states are let go of.
    """

    archive: Path
    entities: tuple[str, ...] = ()
    span: tuple[datetime | None, datetime | None] = (None, None)
    signals: tuple[str, ...] = ()
    place: Place = field(default_factory=Place)
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found.

    Args:
        events: outages by their begin, each with its entity.
        names: of their entities, by id.
        version: of the archive that was read.
        worked: how many places were weighed in this run, and how many of them from their first bin on.
        thanks: whom to thank for the data.
    """

    events: tuple[Event, ...]
    names: dict[str, str]
    version: int
    worked: tuple[int, int]
    thanks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "schema": SCHEMA,
            "version": self.version,
            "places": self.worked[0],
            "places_anew": self.worked[1],
            "attribution": list(self.thanks),
            "events": [
                {"entity": {"id": e.entity, "name": self.names.get(e.entity, e.entity)}, **e.body}
                for e in self.events
            ],
        }

    def as_text(self) -> str:
        """Return a line for each outage, the latest first."""
        latest_first = sorted(self.events, key=lambda event: event.start, reverse=True)
        lines = [
            f"{_hours(e)}  {e.start:{MINUTE}} … {_end(e):<17}  {self.names.get(e.entity, '')}  {e.entity}"
            for e in latest_first
        ]
        weighed, anew = self.worked
        head = f"{len(self.events):,} outages; {weighed:,} places weighed, {anew:,} of them anew"
        title = ["    dark    degraded  from … until"] if lines else []
        return "\n".join([head, *title, *lines, *self.thanks])


def _hours(event: Event) -> str:
    totals = event.body["totals"]
    return f"{totals['dark_h']['value']:6.1f} h  {totals['degraded_h']['value']:6.1f} h"


def _end(event: Event) -> str:
    return event.body["status"] if event.end is None else f"{event.end:{MINUTE}}"


def make_wish(
    entities: Sequence[str],
    archive: Path | None,
    span: tuple[str | None, str | None],
    signals: Sequence[str],
    place: tuple[int, str | None],
    *,
    anew: bool = False,
) -> Wish:
    """Return what the command line asks for.

    Raises:
        ConfigError: no archive is named, or a time is none.
        InputError: a place is unknown.
    """
    if archive is None:
        raise ConfigError(
            "detect: expected --archive FOLDER or DARKHOURS_ARCHIVE, got neither; name the archive"
        )
    start, until = (
        None if text is None else read_instant(text, flag) for text, flag in zip(span, SPAN, strict=True)
    )
    if start is not None and until is not None and start >= until:
        raise ConfigError(f"--until: expected a time after --from ({span[0]}), got {span[1]}")
    ids = () if list(entities) == [ALL] else tuple(dict.fromkeys(map(_find, entities)))
    return Wish(archive, ids, (start, until), tuple(signals), Place(*place), anew)


SPAN, ALL = ("--from", "--until"), "all"


def _find(text: str) -> str:
    return text if is_entity_id(text) else describe_entity(text).entity.id


def detect(wish: Wish, progress: Progress | None = None) -> Detected:
    """Find the outages of places in an archive.

    For all of them, states and events are kept in the archive, and the next run goes on from there: what it
    tells is what a run over everything would tell. For some, all of theirs is weighed and nothing kept.

    Raises:
        ConfigError: kernels are not installed, or the cluster's extra is not.
        InputError: no such signal or place.
        StoreError: there is no archive, or another process writes.
        SourceUnavailable: the scheduler does not answer.
    """
    if not has_kernels():
        raise ConfigError("detect: expected numba, found none; pip install 'darkhours[archive]'")
    with open_archive(wish.archive.expanduser()) as archive:
        say_if_compiling()
        series = choose_series(archive, wish.archive, wish.signals)
        ends = [span[1] for one in series if (span := archive.span(one)) is not None]
        until = min(max(ends), wish.span[1] or max(ends))
        run = _Run(archive, series, until, wish, progress)
        events = run.some() if wish.entities else run.all()
        span = (
            wish.span[0] or datetime.min.replace(tzinfo=UTC),
            wish.span[1] or datetime.max.replace(tzinfo=UTC),
        )
        shown = [e for e in events if e.start < span[1] and (e.end is None or e.end > span[0])]
        names = {entity.id: entity.name for entity in archive.entities()} if shown else {}
        thanks = tuple(dict.fromkeys(one.attribution for one in series if one.attribution))
        return Detected(tuple(shown), names, archive.version, (run.weighed, run.anew), thanks)


def choose_series(archive: Archive, folder: Path, signals: Sequence[str]) -> tuple[Series, ...]:
    """Return the series that count and have points.

    Args:
        archive: open.
        folder: its folder, for what is said.
        signals: names of those that count; none for every one.

    Raises:
        InputError: no such signal, or no points.
    """
    names = {one.signal.name for one in archive.series()}
    for name in signals:
        if name not in names:
            known = ", ".join(sorted(names)) or "none"
            raise InputError(str(folder), [Problem("--signal", f"no signal {name!r}; there are: {known}")])
    chosen = [one for one in archive.series() if not signals or one.signal.name in signals]
    found = tuple(one for one in chosen if archive.span(one) is not None)
    if not found:
        raise InputError(str(folder), [Problem("", "expected points, it has none; darkhours store add")])
    return found


class _Run:
    """One run over an archive."""

    def __init__(
        self,
        archive: Archive,
        series: tuple[Series, ...],
        until: datetime,
        wish: Wish,
        progress: Progress | None,
    ) -> None:
        self.archive, self.series, self.until, self.place = archive, series, until, wish.place
        self.wish, self.progress = wish, progress
        self.question = Question()
        self.job = name_job(series, self.question.seed, self.question.tuning)
        self.weighed = self.anew = 0
        self.of = archive.count_entities()
        self.old: dict[str, list[Event]] = {}
        self.held: dict[str, datetime] = {}

    # --- some places -------------------------------------------------------------------------------

    def some(self) -> list[Event]:
        """Return the events of the places that are asked for; nothing is kept."""
        self.of = len(self.wish.entities)
        lots = read_whole(self.archive, self.series, self.wish.entities, self.until)
        return [event for _, told in self._work(lots) for event in _events(told)]

    # --- all places --------------------------------------------------------------------------------

    def all(self) -> list[Event]:
        """Bring the job up to the end of what counts, and return its events."""
        index = None if self.wish.anew else load_index(self.archive, self.job)
        if index is not None and is_disturbed(self.archive, index, self.series):
            index = None
        lots = [lot for lot in index.lots if lot.at is not None] if index is not None else []
        if index is None or index.until < self.until or is_fed(self.archive, index, self.series):
            version, self.old = self.archive.version, _by_entity(self.archive.events(self.job))
            self.held = {} if index is None else dict(index.held)
            kept = [*self._go_on(lots, version), *self._begin(lots, version)]
            events = self.archive.events(self.job)
            still = {event.entity for event in events if event.body["status"] in OPEN}
            held = {id_: at for id_, at in self.held.items() if id_ in still}
            whole = Index(version, self.until, tuple(kept), held)
            self.archive.save_state(self.job, INDEX, version, whole.to_bytes(), only=whole.states())
            tell_found(self.archive, [id_ for lot in kept for id_ in lot.ids], events, self.until)
            return list(events)
        return list(self.archive.events(self.job))

    def _begin(self, lots: Sequence[Lot], version: int) -> Iterator[Lot]:
        """Weigh every place that is in no lot yet from its first bin on, and yield their lots."""
        seen = [id_ for lot in lots for id_ in lot.ids]
        new = first_lots(self.archive, self.series, self.until, seen, self.question.tuning.gate_least)
        for some in _together(self._work(new)):
            self._keep(some, version)
            self.anew += sum(len(lot.ids) for lot, _ in some)
            yield from (_moved(lot, told) for lot, told in some)

    def _go_on(self, lots: Sequence[Lot], version: int) -> Iterator[Lot]:
        """Take every lot from its state to the end, and yield them as they stand then."""
        again: list[str] = []
        moved = {lot.name: lot for lot in lots}
        for some in _together(self._work(self._new(lots))):
            sifted = [(lot, self._sift(lot, told)) for lot, told in some]
            self._keep(sifted, version)
            again += [id_ for _, told in sifted for id_ in told.again]
            moved |= {lot.name: _moved(lot, told) for lot, told in some}
        behind = [hold_lot(id_, self.held[id_]) for id_ in again if self._is_held(id_)]
        known = {lot.ids[0] for lot in behind}
        again = [id_ for id_ in again if id_ not in known]
        for some in _together(self._work(self._new(behind))):
            self._keep([(lot, replace(told, state=b"")) for lot, told in some], version)
            again += [id_ for _, told in some for id_ in told.again]
        for some in _together(self._work(self._whole(lots, again))):
            self._keep([(lot, replace(told, state=b"")) for lot, told in some], version)
            self.anew += sum(len(lot.ids) for lot, _ in some)
        yield from moved.values()

    def _is_held(self, id_: str) -> bool:
        """Return whether a state is held from before the open outage of a place."""
        at = self.held.get(id_)
        return at is not None and all(e.start > at for e in self.old.get(id_, []) if e.body["status"] in OPEN)

    def _new(self, lots: Sequence[Lot]) -> Iterator[tuple[Lot, list[Panel]]]:
        behind = [lot for lot in lots if lot.at is not None and lot.at < self.until]
        return read_new_lots(self.archive, self.series, behind, self.until)

    def _whole(self, lots: Sequence[Lot], again: Sequence[str]) -> Iterator[tuple[Lot, list[Panel]]]:
        """Yield with all that was measured of them places whose state does not tell all of them."""
        gated = {id_ for lot in lots if lot.gated for id_ in lot.ids}
        alone = [id_ for id_ in again if id_ not in gated]
        yield from read_whole(self.archive, self.series, alone, self.until)
        for lot in lots:
            if lot.gated and not gated.isdisjoint(again):
                fresh = replace(lot, at=None)
                yield fresh, read_new(self.archive, self.series, fresh, self.until)

    def _sift(self, lot: Lot, told: Told) -> Told:
        """Return what is told of a lot without the places that must be weighed anew.

        Those were not up for certain where the state stands, or their open outage began before that.
        """
        still = {id_ for id_ in lot.ids if any(_reaches(e, lot) for e in self.old.get(id_, []))}
        again = still | set(told.again)
        if lot.gated and again:
            again = set(lot.ids)
        events = {id_: found for id_, found in told.events.items() if id_ not in again}
        return replace(told, events=events, again=tuple(id_ for id_ in lot.ids if id_ in again))

    def _work(self, lots: Iterator[tuple[Lot, list[Panel]]]) -> Iterator[tuple[Lot, Told]]:
        """Yield each lot with what came of it, wherever it was worked on."""
        under_way: list[Lot] = []

        def batches() -> Iterator[Batch]:
            for lot, panels in lots:
                under_way.append(lot)
                kept = None if lot.at is None else self.archive.load_state(self.job, lot.name)
                question = replace(self.question, unrelated=lot.gated)
                yield Batch(f"{lot.ids[0]} … {lot.ids[-1]}", pack(panels, kept[1] if kept else b"", question))

        for result in run_batches(work, batches(), self.place):
            lot = under_way.pop(0)
            self.weighed += len(lot.ids)
            if self.progress is not None:
                self.progress(min(self.weighed, self.of), self.of)
            yield lot, read_told(result)

    def _keep(self, done: Sequence[tuple[Lot, Told]], version: int) -> None:
        """Write events and states of some lots at once; what is not found again is withdrawn."""
        events: list[Event] = []
        for lot, told in done:
            fresh = {(e.entity, e.key): e for e in _events(told)}
            before = [e for id_ in lot.ids if id_ not in told.again for e in self.old.get(id_, [])]
            known = {(e.entity, e.key): e.body for e in before}
            gone = [e for e in before if lot.at is None or e.end is None or e.end > lot.at]
            events += [replace(e, withdrawn=True) for e in gone if (e.entity, e.key) not in fresh]
            events += [e for key, e in fresh.items() if known.get(key) != e.body]
        states = {lot.name: told.state for lot, told in done if told.state}
        for _, told in done:
            states |= {hold_lot(id_, None).name: state for id_, state in told.held.items()}
            self.held |= {id_: from_bytes(state).grid.until for id_, state in told.held.items()}
        if events or states:
            self.archive.record_events(self.job, events, states, seen=version)


def _reaches(event: Event, lot: Lot) -> bool:
    """Return whether an open outage is not told whole by the bins after the state of a lot."""
    if event.body["status"] not in OPEN or lot.at is None:
        return event.body["status"] in OPEN
    return datetime.fromisoformat(event.body["start"]["earliest"]) < lot.at + timedelta(hours=LEAST_MARGIN_H)


def _moved(lot: Lot, told: Told) -> Lot:
    """Return a lot with the end of what its new state has taken."""
    return replace(lot, at=from_bytes(told.state).grid.until) if told.state else lot


def _together(done: Iterator[tuple[Lot, Told]]) -> Iterator[list[tuple[Lot, Told]]]:
    some: list[tuple[Lot, Told]] = []
    for each in done:
        some.append(each)
        if len(some) >= TOGETHER:
            yield some
            some = []
    if some:
        yield some


def _by_entity(events: Sequence[Event]) -> dict[str, list[Event]]:
    out: dict[str, list[Event]] = {}
    for event in events:
        out.setdefault(event.entity, []).append(event)
    return out


def _events(told: Told) -> Iterator[Event]:
    """Yield the outages of a batch as events of the archive."""
    for entity, outages in told.events.items():
        for body in outages:
            start = _instant(body["start"]["at"])
            end = None if body["end"] is None else _instant(body["end"]["at"])
            yield Event(entity, body["start"]["at"], start, end, body)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
