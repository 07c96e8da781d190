"""A timeline read once: its story, and every sampled path with its totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from darkhours.account.outage import Spell
from darkhours.account.patterns import find_curfews
from darkhours.account.spans import LEAST_DARK_H, Path, Span, merge_short_dark, paths_of
from darkhours.account.story import Marks, Part, tell_story
from darkhours.account.tally import Reading, Tally, read_path
from darkhours.model.account import Pattern
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Codes, Floats, Timeline

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DrawnSpells(NamedTuple):
    """Where the outages of every sample lie, hours from the start of the grid.

    Each of shape (n_samples, most outages of a sample); beyond a sample's own, `until` is -inf.

    Args:
        start: first edge into degraded or dark.
        until: where its totals end.
        begin: first edge into dark, or its start.
        end: lasting return or return on probation, NaN while ongoing.
    """

    start: Floats
    until: Floats
    begin: Floats
    end: Floats


def _ends(spell: Spell) -> tuple[float, float, float, float]:
    return spell.start, spell.until, spell.begin, np.nan if spell.end is None else spell.end


@dataclass(frozen=True)
class Posterior:
    """What an account is made from, for one entity and service.

    Args:
        timeline: the sampled paths with their evidence.
        tz: IANA zone of the entity's local days.
        codes: state codes with short dark runs merged, shape (n_samples, n_bins).
        parts: windows of the story.
        story: the story's totals.
        midnights: local midnights that bound the days, hours from the start of the grid.
        patterns: curfews of the story.
        internet: for `fixed` and `mobile`, the same entity's `internet`, whose first return they follow.
    """

    timeline: Timeline
    tz: str
    codes: Codes
    parts: tuple[Part, ...]
    story: Reading
    midnights: list[float]
    patterns: tuple[Pattern, ...]
    internet: Posterior | None

    @cached_property
    def samples(self) -> tuple[Reading, ...]:
        """Return the totals of every sampled path; read when first asked for, each path once."""
        anchors = [r.anchor for r in self.internet.samples] if self.internet else None
        known: dict[tuple[Path, float | None], Reading] = {}
        out = []
        for index, path in enumerate(paths_of(self.codes, self.step_h, self.timeline.shifts)):
            key = (path, anchors[index] if anchors else None)
            if key not in known:
                known[key] = read_path(path, self.midnights, key[1], curfew=bool(self.patterns))
            out.append(known[key])
        return tuple(out)

    @cached_property
    def drawn(self) -> Floats:
        """Return the totals of every sample, NaN where one does not exist, shape (n_samples, totals)."""
        return np.array([reading.total for reading in self.samples], dtype=np.float64)

    @cached_property
    def drawn_spells(self) -> DrawnSpells:
        """Return where the outages of every sample lie."""
        lines = {id(reading): [_ends(spell) for spell in reading.spells] for reading in self.samples}
        out = np.zeros((len(self.samples), max(map(len, lines.values())), len(DrawnSpells._fields)))
        out[..., DrawnSpells._fields.index("until")] = -np.inf
        for row, reading in zip(out, self.samples, strict=True):
            if reading.spells:
                row[: len(reading.spells)] = lines[id(reading)]
        return DrawnSpells(*np.moveaxis(out, 2, 0))

    def totals(self, name: str) -> Floats:
        """Return one total of every sample, NaN where it does not exist, shape (n_samples,)."""
        return np.asarray(self.drawn[:, Tally._fields.index(name)])

    @property
    def step_h(self) -> float:
        """Return the width of a bin in hours."""
        return self.timeline.grid.step_h

    def instant(self, hours: float) -> datetime:
        """Return the instant ``hours`` after the start of the grid, UTC."""
        return self.timeline.grid.start + timedelta(hours=hours)


def read_posterior(timeline: Timeline, tz: str, internet: Posterior | None = None) -> Posterior:
    """Read a timeline into its story and the totals of every path.

    Args:
        timeline: sampled paths of one service.
        tz: IANA zone of the local days.
        internet: for `fixed` and `mobile`, the same entity's `internet`, whose first return they follow.
    """
    grid = timeline.grid
    least_h = LEAST_DARK_H if timeline.least_dark_h is None else timeline.least_dark_h
    # Of a signal whole bins count, for it is told in bins that it was dark.
    counted = timeline.shifts if timeline.least_dark_h is None else None
    codes = merge_short_dark(timeline.codes, grid.step_h, least_h, counted)
    midnights = _midnights(grid.start, grid.until, tz)
    parts = tell_story(codes, grid.step_h, least_h, timeline.shifts, _marks(timeline))
    path = _path(parts, grid)
    patterns = find_curfews(path, grid.start, tz)
    follows = internet if timeline.service in ("fixed", "mobile") else None
    anchor = follows.story.anchor if follows else None
    story = read_path(path, midnights, anchor, curfew=bool(patterns))
    return Posterior(timeline, tz, codes, parts, story, midnights, patterns, follows)


def _marks(timeline: Timeline) -> Marks | None:
    """Return the instants that the story may name: round ones of the clock, not of the grid."""
    if timeline.told_to is None:
        return None
    step, told_to = timeline.grid.step, timeline.told_to
    over = (timeline.grid.start - EPOCH) % told_to
    return Marks(told_to / step, -(over / step))


def _path(parts: tuple[Part, ...], grid: Grid) -> Path:
    ends = [part.start for part in parts[1:]] + [float(parts[-1].until)]
    return tuple(
        Span(part.code, part.start * grid.step_h, end * grid.step_h)
        for part, end in zip(parts, ends, strict=True)
    )


def _midnights(start: datetime, until: datetime, tz: str) -> list[float]:
    """Return the local midnights that bound the local days of [start, until)."""
    zone = ZoneInfo(tz)
    day = start.astimezone(zone).date()
    out: list[float] = []
    while not out or out[-1] < (until - start).total_seconds() / 3600:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        out.append((midnight - start).total_seconds() / 3600)
        day += timedelta(days=1)
    return out
