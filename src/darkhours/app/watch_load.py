"""What a watch begins with: states that `detect` has left, and places that are begun from their first bin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from darkhours.app.detect_plan import (
    Lot,
    find_start,
    first_lots,
    is_disturbed,
    load_index,
    name_job,
    read_whole,
)
from darkhours.app.measured import Question
from darkhours.app.watch_crowd import Crowd, Mark, join_crowds
from darkhours.infer.bulk.crowd import take
from darkhours.infer.bulk.resume import State, begin, settled
from darkhours.infer.bulk.standing import ENDED, NO_BIN, Standing, begin_standing
from darkhours.infer.bulk.state_bytes import from_bytes
from darkhours.infer.signals.rows import make_rows
from darkhours.model.panel import Panel
from darkhours.store import Archive, Present, Series
from darkhours.store.present import NEVER, STATUSES

CROWD = 4000
"""Places of a crowd: ours, a new bin of so many then takes some 20 MB of room; it moves no result."""

Hear = Callable[[Crowd, Sequence[Mark]], None]
Progress = Callable[[int, int], None]
OPEN = ("ongoing", "probation")


@dataclass(frozen=True, slots=True)
class Source:
    """What is watched.

    Args:
        archive: open.
        series: what counts.
        ids: places; none for all that have points.
        until: end of what counts when the watch begins.
        question: seed and defaults.
    """

    archive: Archive
    series: tuple[Series, ...]
    ids: tuple[str, ...]
    until: datetime
    question: Question


def load_crowds(source: Source, held: Present, hear: Hear, progress: Progress | None = None) -> list[Crowd]:
    """Return all places in crowds: some behind, as far as their states are, the others at the end.

    Args:
        source: what is watched.
        held: what was told of them.
        hear: called with what changed in the past of places that are begun from their first bin.
        progress: called with how many places are there, and of how many.
    """
    rest: list[str] = []
    seen: set[str] = set()
    crowds: list[Crowd] = []
    was_open = _open_ones(source, held)
    of = len(source.ids) or source.archive.count_entities()
    for state in _kept_states(source):
        some, again = _sift(state, source, was_open)
        seen.update(state.entities)
        rest += again
        crowds += [Crowd(some, _as_told(some, held))] if some is not None else []
        if progress is not None:
            progress(len(seen) - len(rest), of)
    done = len(seen) - len(rest)
    for lot, panels in _from_the_first(source, rest, seen):
        crowds.append(_begin(lot, panels, source, hear))
        done += len(lot.ids)
        if progress is not None:
            progress(min(done, of), of)
    return list(join_crowds(crowds, CROWD))


def begin_anew(source: Source, ids: Sequence[str], hear: Hear) -> list[Crowd]:
    """Return places begun from their first bin."""
    lots = read_whole(source.archive, source.series, ids, source.until)
    return list(join_crowds([_begin(lot, panels, source, hear) for lot, panels in lots], CROWD))


def begin_gated(source: Source, ids: Sequence[str], hear: Hear) -> Crowd:
    """Return places that the gate compares, begun from their first bin."""
    panels = [
        source.archive.read(one, ids, find_start(source.archive, source.series), source.until)
        for one in source.series
    ]
    return _begin(Lot("countries", tuple(ids), gated=True), panels, source, hear)


def _kept_states(source: Source) -> Iterator[State]:
    """Yield the states that `detect` has left, where they are of use."""
    archive, question = source.archive, source.question
    job = name_job(source.series, question.seed, question.tuning)
    index = load_index(archive, job)
    if index is None or is_disturbed(archive, index, source.series):
        return
    wanted = set(source.ids)
    for lot in index.lots:
        if lot.at is None or lot.at > source.until or (wanted and wanted.isdisjoint(lot.ids)):
            continue
        kept = archive.load_state(job, lot.name)
        if kept is not None:
            yield from_bytes(kept[1], question.tuning)


def _open_ones(source: Source, held: Present) -> set[str]:
    """Return places whose last outage was open when somebody last told of it."""
    job = name_job(source.series, source.question.seed, source.question.tuning)
    out = {each.entity for each in source.archive.events(job) if each.body.get("status") in OPEN}
    codes = [STATUSES.index(name) for name in OPEN]
    out.update(held.entities[row] for row in np.flatnonzero(np.isin(held.status, codes)).tolist())
    return out


def _sift(state: State, source: Source, was_open: set[str]) -> tuple[State | None, list[str]]:
    """Return the places of a state that go on from it, and those that must be begun from their first bin."""
    wanted, ready = set(source.ids), settled(state)
    if state.gated:  # all or none: the gate compares them
        ids = state.entities
        fine = ready.all() and was_open.isdisjoint(ids)
        return (state, []) if fine else (None, list(ids))
    mine = [e for e, id_ in enumerate(state.entities) if not wanted or id_ in wanted]
    good = [e for e in mine if ready[e] and state.entities[e] not in was_open]
    again = [state.entities[e] for e in sorted(set(mine) - set(good))]
    if not good:
        return None, again
    return (state if len(good) == len(state.entities) else take(state, good)), again


def _as_told(state: State, held: Present) -> Standing:
    """Return that all are up, with the last outage that was told of each."""
    standing = begin_standing(len(state.entities), state.grid.n_bins)
    place = {id_: row for row, id_ in enumerate(held.entities)}
    start_us, step_us = _clock(state)
    for e, id_ in enumerate(state.entities):
        row = place.get(id_)
        if row is None or STATUSES[int(held.status[row])] != "ended":
            continue
        standing.status[e] = ENDED
        begun, since = int(held.begun[row]), int(held.since[row])
        standing.begun[e] = NO_BIN if begun == NEVER else (begun - start_us) // step_us
        if since != NEVER:
            standing.since[e] = min(int(standing.since[e]), (since - start_us) // step_us)
    return standing


def _clock(state: State) -> tuple[int, int]:
    start = round(state.grid.start.timestamp()) * 1_000_000
    return start, round(state.grid.step.total_seconds() * 1e6)


def _from_the_first(source: Source, rest: Sequence[str], seen: set[str]) -> Iterator[tuple[Lot, list[Panel]]]:
    archive, series, until = source.archive, source.series, source.until
    least = source.question.tuning.gate_least
    countries = [id_ for id_ in rest if id_.startswith("country:")]
    if source.ids:
        yield from read_whole(
            archive, series, [*rest, *(id_ for id_ in source.ids if id_ not in seen)], until
        )
        return
    alone = rest if len(countries) < least else [id_ for id_ in rest if not id_.startswith("country:")]
    yield from read_whole(archive, series, alone, until)
    yield from first_lots(
        archive, series, until, seen - set(countries) if len(countries) >= least else seen, least
    )


def _begin(lot: Lot, panels: Sequence[Panel], source: Source, hear: Hear) -> Crowd:
    """Return the places of a lot, begun from their first bin, with all that changed since."""
    tuning = source.question.tuning
    state, told = begin(make_rows(panels, tuning), tuning, unrelated=lot.gated)
    crowd = Crowd(state, begin_standing(len(state.entities), 0))
    hear(crowd, crowd.hear(told))
    crowd.forget()
    return crowd
