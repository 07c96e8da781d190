"""Series of several entities, as sources answer them, laid into panels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.errors import SourceMalformed
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal
from darkhours.model.timeline import Floats
from darkhours.sources.options import MOST_CELLS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sense:
    """What a source measures with one of its systems.

    Args:
        signal: what is measured.
        family: the sensing system.
        datasource: who publishes it.
        kind: where it is not that of the signal's name.
    """

    signal: str
    family: str
    datasource: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one entity at instants.

    Args:
        sense: what is measured.
        entity: whose they are.
        step: from one value to the next.
        at: instants in seconds since 1970, shape (n,).
        values: NaN for null, shape (n,).
    """

    sense: Sense
    entity: Entity
    step: timedelta
    at: np.ndarray[tuple[int], np.dtype[np.int64]]
    values: Floats


def make_panels(series: Iterable[Series], source: str) -> tuple[Panel, ...]:
    """Return a panel for each system and step, on the grid that holds all of its entities.

    Instants that do not lie on the grid of the first go to the bin that holds them. Of one entity
    that is told twice the later values stand.

    Raises:
        SourceMalformed: the instants of a series are too far apart for any memory.
    """
    groups: dict[tuple[Sense, timedelta], list[Series]] = {}
    for each in series:
        if each.values.size:
            groups.setdefault((each.sense, each.step), []).append(each)
    return tuple(_lay(sense, step, members, source) for (sense, step), members in groups.items())


def _lay(sense: Sense, step: timedelta, members: Sequence[Series], source: str) -> Panel:
    entities = {each.entity.id: each.entity for each in members}
    width = int(step.total_seconds())
    first = min(int(each.at.min()) for each in members)
    last = max(int(each.at.max()) for each in members)
    n_bins = (last - first) // width + 1
    if n_bins * len(entities) > MOST_CELLS:
        raise SourceMalformed(f"{source}: expected at most {MOST_CELLS:,} values, got {n_bins:,} bins")
    rows = {id_: row for row, id_ in enumerate(entities)}
    values = np.full((len(entities), n_bins), np.nan)
    for each in members:
        values[rows[each.entity.id], (each.at - first) // width] = each.values
    return Panel(
        signal=describe_signal(sense.signal, sense.kind),
        family=sense.family,
        datasource=sense.datasource,
        entities=tuple(entities.values()),
        grid=Grid(_EPOCH + timedelta(seconds=first), step, n_bins),
        values=values,
    )
