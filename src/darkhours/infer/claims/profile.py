"""The profile of a claim over time: where it speaks for its state, where against, where change is cheap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from darkhours.infer.claims.copies import extent_of
from darkhours.infer.claims.stories import Chapter
from darkhours.model.claim import At, By, Claim, During, SaysState, Turn, Within
from darkhours.model.evidence import Grid
from darkhours.model.timeline import Floats

LEAST_GIVE_H = 0.5
"""No instant is taken tighter than this, in hours (the ontology, *when*)."""

SHOULDER = 0.1
"""Ends of "in the evening" are vague by this share of the interval: ours."""

WIDEST_SHOULDER_H = 1.0
"""But by no more than this: "on the 11th" ends at midnight."""

DENSEST_SPELL_H = 12.0
"""The weight of a longer spell is what half a day of it would have: who says that it was dark all week
is contradicted by any half day of service, not only by a week of it. Ours."""

SPELL_TIMES = 5.0
"""But in all it is at most this many times the weight of one report: ours."""

LAPLACE = float(np.log(10.0))
"""Slope of a Laplace law that holds 90 % within ± 1: 2.3 nats (the method, *Claims*)."""

STORY_SHARE = 0.5
"""Share of a claim's weight that is spread along its story until the origin speaks again: ours."""

STORY_NATS_PER_HOUR = 1.0
"""Bound of that part per hour, so that a short gap is not worth more than a report of its own."""

DEFAULT_SINCE_H = 12.0
"""A posted-at report is of a change at most this long before (the ontology, *by*)."""


NEWS_H = 4.0
"""Mean age of the change that a posted-at report tells, in hours, within its 12: ours."""

ENDS_SHARE = 0.3
"""Share of a claim's weight that says "not before, not after" of a spell told in retrospect: ours.
"Dark from the 5th to the 7th" names its ends less firmly than a report of the change itself."""

RETROSPECT_H = 24.0
"""A spell told of within this many hours after its end may well have lasted: ours. A publication known
by its day is taken at the end of that day, so a day is the least that tells the two apart."""

REPORTED = 0.25
"""Changes that one report of a change adds: 0.25 per hour where it is timed to half an hour (the method,
*Claims*). More makes brief flickers within the give of several reports too cheap."""

IMPLIED_CHANGE = 0.1
"""Share of that which a spell implies at each of its ends within 12 h: ours. Little, because most spells
are told of in the middle of a state; enough that a lone spell stands."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one claim contributes, in nats per bin and changes per hour; all shape (n_bins,).

    Args:
        pro: nats for its state.
        con: nats against its state, before the change it reports.
        story: nats for its state that its story spreads until the origin speaks again.
        into: reported changes into its state, per hour.
        out: reported changes out of its state, per hour.
        firm: 1 where it is sure of what it says, 0 within the give of the change that it times.
    """

    pro: Floats
    con: Floats
    story: Floats
    into: Floats
    out: Floats
    firm: Floats


def profile(chapter: Chapter, nats: float, grid: Grid, spread_h: float) -> Profile:
    """Return what a claim contributes on ``grid``, bounded by ``nats`` on each side.

    Args:
        chapter: the claim in its story.
        nats: weight that it may move at most; at least 0.
        grid: bins of time.
        spread_h: robust spread of what several origins say of this change, in hours.
    """
    claim = chapter.claim
    parts = _parts(chapter, nats, grid, spread_h)
    story = _story(chapter, nats, grid)
    into = parts.into + _gap_changes(chapter, grid)
    told = until_published(claim, grid) * _until_next(chapter, grid)
    return replace(parts, pro=parts.pro * told, story=story, into=into)


def _until_next(chapter: Chapter, grid: Grid) -> Floats:
    """Return 1 for bins before the same origin says otherwise, 0 after."""
    after, claim = chapter.after, chapter.claim
    if after is None or after.says == claim.says or isinstance(after.when, Within):
        return np.ones(grid.n_bins)
    start = max(extent_of(after)[0], extent_of(claim)[1])
    return _cover(grid, -np.inf, grid.hours(start))


def until_published(claim: Claim, grid: Grid) -> Floats:
    """Return 1 for bins before the claim was published, 0 after: nobody speaks of later time."""
    if claim.published is None:
        return np.ones(grid.n_bins)
    return _cover(grid, -np.inf, grid.hours(claim.published))


def _parts(chapter: Chapter, nats: float, grid: Grid, spread_h: float) -> Profile:
    when = chapter.claim.when
    if isinstance(when, Turn):
        return _turn(when, nats, grid, spread_h)
    if isinstance(when, At):
        return _at(when, nats, grid)
    if isinstance(when, By):
        return _by(when, nats, grid)
    if isinstance(when, During):
        return _during(when, nats, grid, chapter)
    return _silent(grid)


def _silent(grid: Grid) -> Profile:
    zero = np.zeros(grid.n_bins)
    return Profile(zero, zero, zero, zero, zero, np.ones(grid.n_bins))


def _turn(when: Turn, nats: float, grid: Grid, spread_h: float) -> Profile:
    start, end, give = _turn_hours(when, grid, spread_h)
    pro, con = _after(grid, end, give, nats), _before(grid, start, give, nats)
    # Level to twice the give, or the edges of this window, not the give, would bound where the change lies.
    into = _rate(grid, start - 2 * give, end + 2 * give, 2.0) + _rate(
        grid, start - 3 * give, end + 3 * give, 0.1
    )
    out = np.zeros(grid.n_bins)
    if when.lasting is not None:
        lasting = _h(when.lasting)
        slack = float(np.hypot(give, 0.25 * lasting))
        stop = (start + end) / 2 + lasting
        pro = (pro + _before(grid, stop, slack, nats) * _cover(grid, end, np.inf)) * _cover(
            grid, -np.inf, stop
        )
        con = con + _after(grid, stop, slack, nats)
        out = _rate(grid, stop - slack, stop + slack, 1.0)
    firm = 1.0 - _cover(grid, start - give, end + give)
    return replace(_silent(grid), pro=pro, con=con, into=into, out=out, firm=firm)


def _turn_hours(when: Turn, grid: Grid, spread_h: float) -> tuple[float, float, float]:
    start = grid.hours(when.start)
    if when.end is None:
        give = max(LEAST_GIVE_H, _h(when.give) if when.give else LEAST_GIVE_H)
        return start, start, float(np.hypot(give, spread_h))
    end = grid.hours(when.end)
    return start, end, _shoulder(end - start)


def _recent(grid: Grid, since: float, by: float) -> Floats:
    """Return one change before a posted-at report, the likelier the nearer: papers tell news."""
    weight = np.exp(-np.maximum(by - _lefts(grid), 0.0) / NEWS_H) * _begins(grid, since, by)
    return np.asarray(weight / max(float(weight.sum()) * grid.step_h, 1e-9))


def _shoulder(width: float) -> float:
    return min(max(LEAST_GIVE_H, SHOULDER * width), WIDEST_SHOULDER_H)


def _at(when: At, nats: float, grid: Grid) -> Profile:
    at = grid.hours(when.at)
    give = max(LEAST_GIVE_H, _h(when.give) if when.give else 0.0)
    pro = _spell(grid, at - give, at + give, nats)
    into = _rate(grid, at - DEFAULT_SINCE_H, at, IMPLIED_CHANGE)
    out = _rate(grid, at, at + DEFAULT_SINCE_H, IMPLIED_CHANGE)
    return replace(_silent(grid), pro=pro, into=into, out=out)


def _by(when: By, nats: float, grid: Grid) -> Profile:
    by = grid.hours(when.by)
    since = by - DEFAULT_SINCE_H if when.since is None else grid.hours(when.since)
    con = np.zeros(grid.n_bins)
    if when.since is not None:
        con = _before(grid, since, _shoulder(by - since), nats)
    pro = _spell(grid, by - LEAST_GIVE_H / 2, by, nats)
    into = _recent(grid, since, by) if when.since is None else _rate(grid, since, by, 1 / REPORTED)
    return replace(_silent(grid), pro=pro, con=con, into=into)


def _during(when: During, nats: float, grid: Grid, chapter: Chapter) -> Profile:
    """Return what a spell says; told in retrospect it has ends, told while it lasts it has none yet."""
    start, end = grid.hours(when.start), grid.hours(when.end)
    silent = _silent(grid)
    pro = _spell(grid, start, end, nats)
    told, give = chapter.claim.published, 2 * LEAST_GIVE_H
    into = _rate(grid, start - DEFAULT_SINCE_H, start, IMPLIED_CHANGE)
    if not _same_before(chapter):
        into = into + _rate(grid, start - give, start + give, 1.0)
    in_retrospect = told is None or grid.hours(told) > end + RETROSPECT_H
    if not in_retrospect or chapter.claim.says == SaysState("up"):
        return replace(silent, pro=pro, into=into)
    share = ENDS_SHARE * nats
    con = silent.con
    if not _same_before(chapter):
        con = con + _before(grid, start, give, share)
    if not _same_after(chapter):
        con = con + _after(grid, end, give, share)
    out = _rate(grid, end, end + DEFAULT_SINCE_H, IMPLIED_CHANGE)
    out = out + _rate(grid, end - give, end + give, 1.0)
    return replace(silent, pro=pro, con=con, into=into, out=out)


def _same_before(chapter: Chapter) -> bool:
    return chapter.before is not None and chapter.before.says == chapter.claim.says


def _same_after(chapter: Chapter) -> bool:
    return chapter.after is not None and chapter.after.says == chapter.claim.says


def occurrences(when: Within, grid: Grid, told: datetime | None) -> tuple[tuple[float, float], ...]:
    """Return the intervals of a schedule in hours on ``grid``: those that touch it, told by then.

    An interval that reaches past its publication ends there; one that the stretch no longer fits
    into is left out.
    """
    spans = []
    last = np.inf if told is None else grid.hours(told)
    for turn in range(when.times):
        shift = turn * _h(when.every) if when.every else 0.0
        start, end = grid.hours(when.start) + shift, min(last, grid.hours(when.end) + shift)
        if end - start >= min(1.0, 0.5 * _h(when.lasting)) and end > 0 and start < grid.n_bins * grid.step_h:
            spans.append((start, end))
    return tuple(spans)


def _story(chapter: Chapter, nats: float, grid: Grid) -> Floats:
    vouched = chapter.vouched
    if vouched is None:
        return np.zeros(grid.n_bins)
    start, end = (grid.hours(instant) for instant in vouched)
    density = min(STORY_SHARE * nats / (end - start), STORY_NATS_PER_HOUR)
    return np.asarray(density * grid.step_h * _cover(grid, start, end))


def _gap_changes(chapter: Chapter, grid: Grid) -> Floats:
    """Return the changes that a story implies between two statements, the later not timing its own."""
    before, claim = chapter.before, chapter.claim
    if before is None or before.says == claim.says or isinstance(claim.when, Turn | By | Within):
        return np.zeros(grid.n_bins)
    start, end = grid.hours(extent_of(before)[1]), grid.hours(extent_of(claim)[0])
    return _rate(grid, start, end, 1.0) if end > start else np.zeros(grid.n_bins)


def _h(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _lefts(grid: Grid) -> Floats:
    """Return where each bin starts, in hours on the grid."""
    return np.asarray(np.arange(grid.n_bins) * grid.step_h, dtype=np.float64)


def _cover(grid: Grid, start: float, end: float) -> Floats:
    """Return the share of each bin that lies in [start, end), in hours on the grid."""
    left = _lefts(grid)
    inside = np.minimum(left + grid.step_h, end) - np.maximum(left, start)
    return np.clip(inside / grid.step_h, 0.0, 1.0)


def _spell(grid: Grid, start: float, end: float, nats: float) -> Floats:
    """Return nats for a state that holds throughout, capped per hour and in all."""
    width = max(end - start, 1e-9)
    density = min(nats / min(width, DENSEST_SPELL_H), SPELL_TIMES * nats / width, 2 * LAPLACE / LEAST_GIVE_H)
    return np.asarray(density * grid.step_h * _cover(grid, start, end))


def _after(grid: Grid, instant: float, give: float, nats: float) -> Floats:
    """Return nats per bin after ``instant``: Laplace slope at first, ``nats`` in all."""
    left = _lefts(grid) - np.float64(instant)
    return _decayed(left + grid.step_h, give, nats) - _decayed(left, give, nats)


def _before(grid: Grid, instant: float, give: float, nats: float) -> Floats:
    right = np.float64(instant) - _lefts(grid)
    return _decayed(right, give, nats) - _decayed(right - grid.step_h, give, nats)


def _decayed(hours: Floats, give: float, nats: float) -> Floats:
    if nats <= 0:
        return np.zeros_like(hours)
    return np.asarray(nats * np.tanh(np.maximum(hours, 0.0) * LAPLACE / (give * nats)))


def _rate(grid: Grid, start: float, end: float, mass: float) -> Floats:
    """Return changes per hour: ``mass`` times `REPORTED` spread over [start, end)."""
    return np.asarray(REPORTED * mass / max(end - start, 2 * LEAST_GIVE_H) * _begins(grid, start, end))


def _begins(grid: Grid, start: float, end: float) -> Floats:
    """Return the share of what each bin's begin answers for that lies in [start, end).

    A change into a bin happens at its begin, which answers for half a step on either side.
    """
    return _cover(grid, start + grid.step_h / 2, end + grid.step_h / 2)
