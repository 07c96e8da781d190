"""The archive: declare series, append and add points, read them as of any version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.panel import Panel, Recording
from darkhours.model.signal import SignalKind
from darkhours.model.timeline import Floats
from darkhours.store import checking, compaction, jobs, ledger, panels, retention
from darkhours.store.compaction import GRACE, Compacted
from darkhours.store.present import Board, Change, Present
from darkhours.store.provenance import describe_recording
from darkhours.store.retention import Retained
from darkhours.store.series import Series, split_phase
from darkhours.store.shelf import Shelf
from darkhours.store.writing import Rectangle, declare_series, make_rectangle, write_rectangle

BATCH = 4096
"""Entities of a batch: ours, those of one file of a month; a month of them at 5 minutes is 293 MB."""


class Archive:
    """An open archive: many may read it, in many processes, while one writes.

    Use one object in one thread; it may be opened as often as is useful.

    Args:
        shelf: its parts; `open_archive` puts them together.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Take the parts."""
        self._shelf = shelf
        self._board = Board(shelf.manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; another process may write from now on."""
        self._board.close()
        self._shelf.manifest.close()

    # --- what there is -----------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """Return the version of the newest write, 0 before the first."""
        return ledger.newest_version(self._shelf.manifest.sql)

    def version_at(self, instant: datetime) -> int:
        """Return the version that was the newest at an instant."""
        return ledger.newest_version(self._shelf.manifest.sql, instant)

    def written_at(self, version: int) -> datetime:
        """Return when the newest write up to a version was acknowledged, UTC; 1970 before the first."""
        return ledger.written_at(self._shelf.manifest.sql, version)

    def series(self) -> tuple[Series, ...]:
        """Return every series, in the order in which they were declared."""
        return ledger.list_series(self._shelf.manifest.sql)

    def find_series(self, signal: str | Series) -> Series:
        """Return the one series of a signal.

        Raises:
            InputError: there is none, or there are several.
        """
        return panels.find_series(self.series(), signal)

    def info(self, signal: str | Series) -> list[dict[str, int]]:
        """Return files, bytes, first and last bin of a series, for each level of merging."""
        return panels.describe_files(self._shelf, self.find_series(signal))

    def entities(self, prefix: str = "") -> tuple[Entity, ...]:
        """Return the entities whose id begins so, such as ``asn:`` or ``region:KZ``, by id."""
        return self._shelf.book.named(prefix)

    def count_entities(self) -> int:
        """Return how many entities the archive knows; none is ever forgotten, so the last number tells."""
        (last,) = self._shelf.manifest.sql.execute("SELECT max(no) FROM entities").fetchone()
        return int(last or 0)

    def entities_of(self, write: ledger.Write) -> tuple[Entity, ...]:
        """Return the entities that a write has told of."""
        roster = write.roster
        return () if roster is None else self._shelf.book.entities(self._shelf.book.roster(roster).entities)

    def writes(self, since: int = 0) -> list[ledger.Write]:
        """Return the writes after a version with their provenance, oldest first."""
        return ledger.list_writes(self._shelf.manifest.sql, since)

    # --- writing -----------------------------------------------------------------------------------

    def declare(
        self,
        signal: SignalKind,
        family: str,
        datasource: str,
        step: timedelta,
        *,
        phase: timedelta = timedelta(0),
        attribution: str = "",
        counted: bool = False,
        smoothed: timedelta = timedelta(0),
    ) -> Series:
        """Return the series of a signal; made if there is none yet.

        Args:
            signal: what is measured.
            family: the sensing system.
            datasource: who publishes it.
            step: width of a bin, whole seconds.
            phase: from a multiple of the step (since 1970, UTC) to the start of a bin.
            attribution: whom to thank, and under which licence.
            counted: whether values are rows counted per bin.
            smoothed: width over which the publisher smoothed.

        Raises:
            StoreError: the archive holds it as another kind, or another process writes.
        """
        if step < timedelta(seconds=1) or step % timedelta(seconds=1) or not timedelta(0) <= phase < step:
            raise ValueError(f"step: expected whole seconds and a phase below it, got {step} and {phase}")
        new = Series(0, signal, family, datasource, step, phase, attribution, counted, smoothed)
        return declare_series(self._shelf, new)

    def append(
        self,
        series: Series,
        bin_start: datetime,
        entities: Sequence[str | Entity],
        values: Floats,
        *,
        provenance: Mapping[str, Any] | None = None,
    ) -> int:
        """Store one bin of many entities and return its version; durable when this returns.

        The same bin again changes nothing, so that whoever was not told may repeat it.

        Args:
            series: of which series.
            bin_start: start of the bin, UTC.
            entities: ids, or entities with their names; new ones are welcome. A tuple that is the same
                each time is looked up once, and a set that is the same is stored once: rather tell NaN of
                one that was not measured than leave it out.
            values: NaN where nobody measured, never negative; shape (n_entities,).
            provenance: where it came from.

        Raises:
            StoreError: the bin holds another value already, or another process writes.
            ValueError: a value is negative or infinite, or no bin begins there.
        """
        first = series.bin_at(bin_start)
        column = np.asarray(values, np.float64).reshape(-1, 1)
        return write_rectangle(
            self._shelf, series, Rectangle(entities, (first, first + 1), column, "append", provenance)
        )

    def add(self, recording: Recording, *, revise: bool = False) -> int:
        """Store every panel of a recording, of any length and time, and return the newest version.

        Args:
            recording: what a file or an answer held.
            revise: lay its values over others that are there, which stay readable as of earlier versions.

        Raises:
            StoreError: the archive holds another value, or another process writes.
            ValueError: a value is negative or infinite.
        """
        version = self.version
        for panel in recording.panels:
            step = panel.grid.step
            series = self.declare(
                panel.signal,
                panel.family,
                panel.datasource,
                step,
                phase=split_phase(panel.grid.start, step),
                attribution=recording.origin.attribution,
                counted=panel.counted,
                smoothed=panel.smoothed,
            )
            kind = "revise" if revise else "add"
            told = make_rectangle(series, panel, kind, describe_recording(recording))
            version = write_rectangle(self._shelf, series, told)
        return version

    def correct(self, series: Series, panel: Panel, *, provenance: Mapping[str, Any] | None = None) -> int:
        """Lay values over those that are there, NaN too, and return the version.

        What was there before can be read as of any earlier version.

        Args:
            series: of which series.
            panel: entities, bins and values that hold from now on.
            provenance: who corrects, and why.
        """
        return write_rectangle(self._shelf, series, make_rectangle(series, panel, "correct", provenance))

    # --- reading -----------------------------------------------------------------------------------

    def read(
        self,
        signal: str | Series,
        entities: Sequence[str] | str = "all",
        start: datetime | None = None,
        until: datetime | None = None,
        *,
        as_of_version: int | None = None,
    ) -> Panel:
        """Return the points of entities in the bins that begin from ``start`` on and before ``until``.

        Args:
            signal: a series, or the name of its signal where there is one only.
            entities: ids in the order wanted, or ``all``: every entity that has points there, by number.
            start: None for the first bin there is.
            until: None for the end of the last.
            as_of_version: what was acknowledged by this version only; None for all.

        Raises:
            InputError: no such series or entity.
            StoreError: a file is missing, or that version was let go by retention.
        """
        series = self.find_series(signal)
        bins = panels.find_bins(self._shelf, series, start, until)
        ids = None if entities == "all" else [entities] if isinstance(entities, str) else list(entities)
        return panels.read_panel(self._shelf, series, ids, bins, as_of_version)

    def latest(self, signal: str | Series) -> Panel | None:
        """Return the newest bin of all entities that have points in it, None where there is none."""
        return panels.read_latest(self._shelf, self.find_series(signal))

    def batches(
        self,
        signal: str | Series,
        start: datetime | None = None,
        until: datetime | None = None,
        *,
        size: int = BATCH,
        as_of_version: int | None = None,
    ) -> Iterator[Panel]:
        """Yield the points of all entities, so many entities at a time: memory for one batch is enough.

        Args:
            signal: a series, or the name of its signal.
            start: None for the first bin there is.
            until: None for the end of the last.
            size: entities of a batch.
            as_of_version: as in `read`.
        """
        series = self.find_series(signal)
        bins = panels.find_bins(self._shelf, series, start, until)
        return panels.read_batches(self._shelf, series, bins, size, as_of_version)

    def span(self, signal: str | Series) -> tuple[datetime, datetime] | None:
        """Return the start of the first bin of a series and the end of its last, None where it has none."""
        series = self.find_series(signal)
        first, end = panels.find_ends(self._shelf, series)
        return None if first is None else (series.start_of(first), series.start_of(end))

    def newest_within(self, series: Series, start: datetime, until: datetime) -> int:
        """Return the version of the newest write that reaches into a span, 0 where none does."""
        bins = panels.find_bins(self._shelf, series, start, until)
        return ledger.newest_within(self._shelf.manifest.sql, series, *bins)

    # --- jobs --------------------------------------------------------------------------------------

    def record_events(
        self,
        job: str,
        events: Iterable[jobs.Event],
        states: Mapping[str, bytes] | None = None,
        *,
        seen: int | None = None,
    ) -> int:
        """Keep what a job found, with the states from which it goes on: together, or neither.

        Args:
            job: its name.
            events: new, or changed: the last record of a key is the one that counts.
            states: by batch of entities.
            seen: version of the archive that the states have seen; None takes the new one.
        """
        return jobs.record(self._shelf, job, events, states or {}, seen)

    def save_state(
        self, job: str, batch: str, version: int, state: bytes, *, only: Collection[str] | None = None
    ) -> int:
        """Keep the state of a job for a batch of entities, which has seen the archive up to a version.

        Others of the job that `only` does not name are removed with it; None leaves all.
        """
        return jobs.record(self._shelf, job, (), {batch: state}, version, only=only)

    def load_state(self, job: str, batch: str) -> tuple[int, bytes] | None:
        """Return the version that a state has seen and the state, None where there is none."""
        return jobs.load_state(self._shelf.manifest.sql, job, batch)

    def events(
        self,
        job: str | None = None,
        entity: str | None = None,
        span: tuple[datetime, datetime] | None = None,
        *,
        as_of_version: int | None = None,
        pick: Callable[[dict[str, Any]], dict[str, Any]] = dict,
    ) -> tuple[jobs.Event, ...]:
        """Return events by begin, each by its last record up to a version; of its body what is picked."""
        return jobs.find_events(self._shelf.manifest.sql, job, entity, span, as_of_version, pick=pick)

    # --- the present ---------------------------------------------------------------------------------

    def current(self) -> Present:
        """Return what is known of every entity now, as `detect` and `watch` told it; takes milliseconds."""
        return self._board.current()

    def changes(self, after: int = 0, limit: int = 1000, *, entity: str | None = None) -> tuple[Change, ...]:
        """Return what was told after a cursor, in the order in which it was told; nothing of it ever changes.

        Args:
            after: cursor of the last change that is known already, 0 for none.
            limit: changes at most.
            entity: of this one only.
        """
        return self._board.changes(after, limit, entity)

    @property
    def last_cursor(self) -> int:
        """Return the cursor of the newest change, 0 before the first."""
        return self._board.last_cursor()

    def tell(self, rows: Present, changes: Iterable[Change] = ()) -> int:
        """Keep what is known of some entities now and what changed: together, or neither; return the cursor.

        Another process may write points meanwhile.
        """
        return self._board.tell(rows, changes, self._shelf.clock())

    def claim_watch(self) -> None:
        """Become the one process that watches, until closed.

        Raises:
            StoreBusy: another watches.
        """
        self._board.claim()

    # --- care --------------------------------------------------------------------------------------

    def compact(
        self, now: datetime, *, grace: timedelta = GRACE, told: Callable[[str], None] | None = None
    ) -> Compacted:
        """Merge what is over by ``now`` by the hour, day and month; nothing that can be read changes.

        Args:
            now: UTC; an hour, a day or a month is merged once it has ended.
            grace: how long a replaced file still lies there for readers that know its name.
            told: called with a line for each merge.
        """
        return compaction.compact(self._shelf, now, grace=grace, told=told)

    def retain(
        self,
        now: datetime,
        *,
        signal: str | Series | None = None,
        points: timedelta | None = None,
        history: timedelta | None = None,
    ) -> Retained:
        """Let go of points that are too old, and of what was known before corrections that are.

        Args:
            now: from when ages are counted.
            signal: of one series; None for all.
            points: how long points are kept; None for ever.
            history: how long an old account can be rebuilt; None for ever.
        """
        chosen = self.series() if signal is None else (self.find_series(signal),)
        shelf = self._shelf
        kept = [retention.retain(shelf, each, now, points=points, history=history) for each in chosen]
        return retention.describe(kept)

    def check(self, *, deep: bool = False) -> tuple[checking.Finding, ...]:
        """Return what is wrong: files missing or damaged, and what failures left over."""
        return tuple(checking.find_faults(self._shelf, deep=deep))

    def repair(self) -> tuple[checking.Finding, ...]:
        """Mend what can be mended, and return what was found wrong."""
        return checking.mend(self._shelf)
