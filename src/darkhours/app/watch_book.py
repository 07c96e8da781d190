"""A watch at work: crowds in memory, new bins into them, what changed out of them and into the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import numpy as np

from darkhours.app.watch_crowd import Crowd, Mark, shown
from darkhours.app.watch_load import Source, begin_anew, begin_gated, load_crowds
from darkhours.app.watch_rows import Rows, values_of
from darkhours.infer.bulk.crowd import take
from darkhours.infer.bulk.standing import NO_BIN, NONE, ONGOING, PROBATION, Standing
from darkhours.infer.bulk.steps import LEAST_DAYS
from darkhours.infer.signals.timelines import Asked
from darkhours.model.entity import Entity
from darkhours.store import Change, Present, empty_present
from darkhours.store.ledger import Write
from darkhours.store.present import NEVER, STATES, STATUSES

PATIENCE = timedelta(hours=6)
"""How far a series may fall behind before the others no longer wait for it: ours. What it brings later is a
correction of bins that were taken: the places that it tells of are begun anew."""

AT_ONCE = timedelta(hours=4)
"""Bins that are taken at once while catching up: ours, for memory; it moves no result."""

MOST_AT_ONCE = 48
DAY = timedelta(days=1)
UNKNOWN = STATES.index("unknown")
Progress = Callable[[int, int], None]


class Watcher:
    """Places in memory, as far as their bins have been taken.

    Args:
        source: what is watched.
        progress: called with how many places are there, and of how many.
    """

    def __init__(self, source: Source, progress: Progress | None = None) -> None:
        """Load states, or begin them; nothing is told yet."""
        archive = source.archive
        self._source, self._seen = source, archive.version
        self._series = source.series
        self._asked = Asked(form="live", seed=source.question.seed, tuning=source.question.tuning)
        self.names: dict[str, Entity] = {each.id: each for each in archive.entities()}
        self._held = archive.current()
        self._place = {id_: row for row, id_ in enumerate(self._held.entities)}
        self._cursor = archive.last_cursor
        self._past: list[Change] = []
        self._crowds = load_crowds(source, self._held, self._hear_past, progress)
        self._until = self._renewed = source.until
        self._lay_out()
        self._catching_up = True

    # --- what was told before ----------------------------------------------------------------------

    def _hear_past(self, crowd: Crowd, marks: Sequence[Mark]) -> None:
        """Take up what changed in the past of a crowd that was begun anew, but for what was told already."""
        by: dict[int, list[Mark]] = {}
        for mark in marks:
            by.setdefault(mark.e, []).append(mark)
        for e, id_ in enumerate(crowd.state.entities):
            mine, row = by.get(e, []), self._place.get(id_)
            self._past += self._untold(crowd, e, mine, None if row is None else self._held.row(row))

    def _untold(
        self, crowd: Crowd, e: int, marks: Sequence[Mark], row: dict[str, Any] | None
    ) -> list[Change]:
        """Return what has to be told of a place so that what was told before leads to what stands now."""
        entity = self._entity(crowd.state.entities[e])
        standing, is_open = crowd.standing, int(crowd.standing.status[e]) in (ONGOING, PROBATION)
        if row is None or row["until"] is None:
            return [crowd.change(marks[-1], entity, self._asked)] if marks and is_open else []
        fresh = [mark for mark in marks if crowd.instant(mark.bin + 1) > row["until"]]
        if fresh:
            return [crowd.change(mark, entity, self._asked) for mark in fresh]
        status = STATUSES[int(standing.status[e])]
        state = STATES[int(standing.code[e])]
        was_open = row["status"] in ("ongoing", "probation")
        if status == row["status"] and state in (row["state"], "up" if row["state"] == "unknown" else ""):
            return []
        if row["form"] == "final" and not was_open and state == "up":
            self._believe(crowd, e, row)
            return []
        if marks and (is_open or was_open):
            return [crowd.change(marks[-1], entity, self._asked)]
        return [self._withdrawn(crowd, e, row)] if was_open else []

    def _believe(self, crowd: Crowd, e: int, row: dict[str, Any]) -> None:
        """Let what hindsight has told of a place that is up stand."""
        crowd.standing.status[e] = STATUSES.index(row["status"]) if row["status"] != "unmeasured" else NONE
        begun = row["begun"]
        crowd.standing.begun[e] = NO_BIN if begun is None else self._bin_of(crowd, begun)

    def _bin_of(self, crowd: Crowd, instant: datetime) -> int:
        return int((instant - crowd.state.grid.start) // crowd.state.grid.step)

    def _withdrawn(self, crowd: Crowd, e: int, row: dict[str, Any]) -> Change:
        at = row["begun"] or row["since"] or row["until"]
        return Change(
            entity=crowd.state.entities[e], kind="withdrawn", state="up", status="none", at=at, earliest=at,
            latest=at, begun=None, until=crowd.instant(crowd.state.grid.n_bins), p=1.0,
            families=crowd.families(e),
        )  # fmt: skip

    def _entity(self, id_: str) -> Entity:
        return self.names.get(id_) or Entity(id_, id_, "UTC")

    # --- what is new -------------------------------------------------------------------------------

    def take(self, stop: Any) -> Iterator[list[Change]]:  # noqa: ANN401 — whoever says that it is enough
        """Yield what changed, in the order in which it was kept, as far as there are bins."""
        archive = self._source.archive
        writes = archive.writes(self._seen)
        self._mend(writes)
        self._adopt()
        until = self._ready_until()
        behind = min((crowd.instant(crowd.state.grid.n_bins) for crowd in self._crowds), default=until)
        while behind < until and not stop.is_set():
            now = min(until, behind + max(self._step, min(AT_ONCE, MOST_AT_ONCE * self._step)))
            changes = self._advance(behind, now)
            behind = now
            if not self._catching_up:
                yield self._keep(changes)
            else:
                self._past += changes
        if behind >= until:
            self._until = max(self._until, until)
            self._seen = writes[-1].version if writes else self._seen
            if self._catching_up or self._past:
                yield self._keep(self._settle())
            if self._renew(until):
                yield self._keep(self._settle())

    def _settle(self) -> list[Change]:
        """Return what has to be told after catching up; the past of places that are new is left out."""
        told, self._past, self._catching_up = self._past, [], False
        last = {change.entity: change for change in told}
        out = []
        for change in told:
            row = self._place.get(change.entity)
            if row is not None or (
                last[change.entity] is change and change.status in ("ongoing", "probation")
            ):
                out.append(change)
        return out

    def _ready_until(self) -> datetime:
        """Return the end of the bins that every series has that has not fallen far behind."""
        ends = [span[1] for one in self._series if (span := self._source.archive.span(one)) is not None]
        newest = max(ends)
        ready = min(end for end in ends if newest - end <= PATIENCE)
        grid = self._crowds[0].state.grid if self._crowds else None
        return ready if grid is None else grid.start + (ready - grid.start) // grid.step * grid.step

    def _advance(self, behind: datetime, until: datetime) -> list[Change]:
        """Take every crowd to an instant, and return what changed, by bin."""
        values = values_of(self._source, self._rows, behind, until, self._step)
        found: list[tuple[datetime, Change]] = []
        for crowd, mine in zip(self._crowds, self._rows.crowds, strict=True):
            at = crowd.instant(crowd.state.grid.n_bins)
            if at >= until:
                continue
            new = mine.fill(values, round((until - behind) / self._step))[
                :, round((at - behind) / self._step) :
            ]
            for mark in crowd.advance(new):
                if self._is_told(crowd, mark):
                    continue
                change = crowd.change(mark, self._entity(crowd.state.entities[mark.e]), self._asked)
                found.append((change.until, change))
        found.sort(key=lambda pair: pair[0])
        return [change for _, change in found]

    def _is_told(self, crowd: Crowd, mark: Mark) -> bool:
        """Return whether a mark lies in bins that were told before this watch began."""
        row = self._place.get(crowd.state.entities[mark.e]) if self._catching_up else None
        if row is None:
            return not self._wanted(crowd, mark)
        told_us = int(self._held.until[row])
        return (told_us != NEVER and _us(crowd.instant(mark.bin + 1)) <= told_us) or not self._wanted(
            crowd, mark
        )

    def _wanted(self, crowd: Crowd, mark: Mark) -> bool:
        ids = self._ids_wanted
        return not ids or crowd.state.entities[mark.e] in ids

    # --- corrections, newcomers, hindsight -----------------------------------------------------------

    def _mend(self, writes: Iterable[Write]) -> None:
        """Begin the places anew of which something was written into bins that were taken."""
        taken = {one.no: one.first_bin(self._until) for one in self._series}
        hurt: set[str] = set()
        for write in writes:
            if write.series not in taken or write.from_bin is None or write.kind in ("events", "retain"):
                continue
            if write.layered or write.from_bin < taken[write.series]:
                hurt.update(each.id for each in self._source.archive.entities_of(write))
        if hurt:
            self._begin_anew(hurt)

    def _renew(self, until: datetime) -> bool:
        """Once a day begin anew who is young, and who is new; return whether anybody was."""
        if until - self._renewed < DAY:
            return False
        self._renewed = until
        young = {id_ for crowd in self._crowds if not crowd.state.gated for id_ in _young(crowd)}
        new: set[str] = set()
        if not self._source.ids and self._source.archive.count_entities() != len(self.names):
            self.names = {each.id: each for each in self._source.archive.entities()}
            new = self.names.keys() - set(chain.from_iterable(c.state.entities for c in self._crowds))
        if young or new:
            self._begin_anew(young | new)
        return bool(young or new)

    def _begin_anew(self, ids: set[str]) -> None:
        self._held = self._source.archive.current()
        self._place = {id_: row for row, id_ in enumerate(self._held.entities)}
        source = replace(self._source, until=self._until)
        rest, crowds = set(ids), []
        for crowd in self._crowds:
            mine = [e for e, id_ in enumerate(crowd.state.entities) if id_ in ids]
            if not mine:
                crowds.append(crowd)
            elif crowd.state.gated:
                crowds.append(begin_gated(source, crowd.state.entities, self._hear_past))
                rest -= set(crowd.state.entities)
            elif len(mine) < len(crowd.state.entities):
                crowds.append(_without(crowd, set(mine)))
        wanted = [id_ for id_ in sorted(rest) if id_ in self.names]
        self._crowds = [*crowds, *begin_anew(source, wanted, self._hear_past)]
        self._lay_out()

    def _adopt(self) -> None:
        """Take over what `detect` has told with hindsight since the last step."""
        archive = self._source.archive
        found = {c.entity: c for c in archive.changes(self._cursor, 1_000_000) if c.form == "final"}
        self._cursor = archive.last_cursor
        if not found or self._catching_up:
            return
        for crowd in self._crowds:
            for e, id_ in enumerate(crowd.state.entities):
                if (change := found.get(id_)) is not None:
                    self._adopt_one(crowd, e, change)

    def _adopt_one(self, crowd: Crowd, e: int, change: Change) -> None:
        standing = crowd.standing
        standing.code[e] = STATES.index(change.state) if change.state != "unknown" else 0
        standing.status[e] = STATUSES.index(change.status) if change.status != "unmeasured" else NONE
        standing.begun[e] = NO_BIN if change.begun is None else self._bin_of(crowd, change.begun)
        standing.since[e] = self._bin_of(crowd, change.at)
        standing.up[e] = (
            max(0, crowd.state.grid.n_bins - int(standing.since[e])) if change.state == "up" else 0.0
        )

    # --- the present ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Remember which row of what is read belongs to whom."""
        ids = [id_ for crowd in self._crowds for id_ in crowd.state.entities]
        self._step = self._crowds[0].state.grid.step if self._crowds else timedelta(minutes=5)
        self._rows = Rows.of([crowd.state for crowd in self._crowds], self._series)
        self._ids_wanted = frozenset(self._source.ids)
        mine = {id_: at for at, id_ in enumerate(ids)}
        board = [id_ for id_ in self._held.entities if id_ in mine]
        known = set(board)
        ordered = [*board, *(id_ for id_ in ids if id_ not in known)]
        if self._ids_wanted:
            ordered = [id_ for id_ in ordered if id_ in self._ids_wanted]
        self._ids, self._order = tuple(ordered), np.array([mine[id_] for id_ in ordered], dtype=np.int64)
        families = [crowd.families(e) for crowd in self._crowds for e in range(len(crowd.state.entities))]
        self._groups = tuple(dict.fromkeys(families)) or ((),)
        number = {group: at for at, group in enumerate(self._groups)}
        self._family = np.array([number[group] for group in families], dtype=np.uint16)

    def _keep(self, changes: list[Change]) -> list[Change]:
        """Keep what is known now and what changed, and return the changes with their cursors."""
        last = self._source.archive.tell(self._present(), changes)
        self._cursor = last
        first = last - len(changes) + 1
        return [replace(change, cursor=first + at) for at, change in enumerate(changes)]

    def _present(self) -> Present:
        parts = [_columns(crowd) for crowd in self._crowds]
        columns: dict[str, Any] = {
            name: np.concatenate([part[name] for part in parts])[self._order]
            for name in (parts[0] if parts else {})
        }
        if not parts:
            return empty_present()
        return replace(
            empty_present(()),
            entities=self._ids,
            families=self._family[self._order],
            groups=self._groups,
            **columns,
        )


def _columns(crowd: Crowd) -> dict[str, Any]:
    """Return what is known of the places of a crowd, as `Present` has it."""
    now, grid, n = crowd.standing, crowd.state.grid, len(crowd.state.entities)
    start, step = _us(grid.start), round(grid.step.total_seconds() * 1e6)
    lost = (now.silent > crowd.rules.bridge) | (now.blind > 0)
    told = np.take_along_axis(shown(crowd.state.learned.state), now.code[:, None].astype(np.int64), axis=1)[
        :, 0
    ]
    some = now.status != NONE
    return {
        "state": np.where(lost, UNKNOWN, now.code).astype(np.uint8),
        "status": now.status.astype(np.uint8),
        "final": np.zeros(n, dtype=np.uint8),
        "p": told.astype(np.float32),
        "longest_h": (now.longest * grid.step_h).astype(np.float32),
        "up_h": (now.up * grid.step_h).astype(np.float32),
        "since": np.where(some, start + now.since * step, NEVER),
        "begun": np.where(some & (now.begun != NO_BIN), start + now.begun * step, NEVER),
        "until": start + (grid.n_bins - now.silent.astype(np.int64)) * step,
    }


def _young(crowd: Crowd) -> list[str]:
    """Return the places that are younger than a state must be to be the same whenever it was begun."""
    least = 24 * LEAST_DAYS / crowd.state.grid.step_h
    first = np.minimum.reduceat(crowd.state.kinds.first, crowd.state.kinds.first_row[:-1])
    return [crowd.state.entities[e] for e in np.flatnonzero(crowd.state.grid.n_bins - first < least).tolist()]


def _without(crowd: Crowd, gone: set[int]) -> Crowd:
    """Return a crowd without some of its places."""
    rest = [e for e in range(len(crowd.state.entities)) if e not in gone]
    arrays: list[Any] = [each[rest] for each in crowd.standing]
    out = Crowd(take(crowd.state, rest), Standing(*arrays))
    out.take_parts(crowd, rest)
    return out


def _us(instant: datetime) -> int:
    return round(instant.timestamp()) * 1_000_000
