"""Holds a time form inside its case, and short of what its publisher could know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkhours.claims.table import Table
from darkhours.claims.times import Clock
from darkhours.model.claim import At, By, During, Turn, When, Within

BY_REACH = timedelta(hours=12)
"""How long before ``by`` a state may have begun where nobody says (the ontology, *when*)."""


@dataclass(frozen=True, slots=True)
class Span:
    """The span of the case, UTC, with the clock that shows it."""

    start: datetime
    until: datetime
    clock: Clock

    def __str__(self) -> str:
        """Return the span by its local dates."""
        return f"{self.clock.local(self.start)[:10]} … {self.clock.local(self.until)[:10]}"

    def check(self, table: Table, key: str, moment: datetime, *, last: bool = False) -> None:
        """Tell of a moment outside the span; only an end (``last``) may be ``until`` itself."""
        if self.start <= moment < self.until or (last and moment == self.until):
            return
        edge = "move case.from back" if moment < self.start else "widen case.until"
        wrong = "date" if moment.year in {self.start.year, self.until.year} else "year"
        shown = self.clock.local(moment)
        table.error(key, f"lies outside the case ({self}): got {shown}; {edge} or mend the {wrong}")


def hold_in_span(table: Table, form: When, span: Span) -> When:
    """Return ``form`` cut at the end of the case, telling of what lies outside it."""
    for key, moment in _moments(form):
        span.check(table, key, moment, last=isinstance(form, By))
    if table.failed:
        return form
    cut = _cut(form, span.until)
    if isinstance(cut, Turn) and cut.lasting is not None:
        cut = replace(cut, lasting=min(cut.lasting, span.until - cut.start))
    if cut != form:
        table.warn(_lead(form), f"reaches past the end of the case ({span}): it is cut there")
    elif _last_end(form) > span.until:
        table.warn(_lead(form), f"its last interval reaches past the end of the case ({span})")
    return cut


def hold_to_publication(table: Table, form: When, published: datetime | None, clock: Clock) -> When:
    """Return ``form`` cut at its publication, since nobody can vouch for later time.

    A length that runs past the publication is dropped rather than shortened: its end
    would otherwise be told by somebody who had not seen it.
    """
    if published is None:
        return form
    key, shown = _lead(form), clock.local(published)
    if _begin(form) > published:
        table.warn(key, f"begins after it was published ({shown}): nobody can vouch for later time")
        return form
    cut = _cut(form, published)
    if isinstance(cut, By) and cut.by > published:
        cut = replace(cut, by=published)
    if isinstance(cut, Turn) and cut.lasting is not None and cut.start + cut.lasting > published:
        cut = replace(cut, lasting=None)
    if cut != form:
        table.warn(key, f"reaches past its publication ({shown}): it is cut there")
    elif _last_end(form) > published:
        table.warn(
            key, f"its last interval reaches past its publication ({shown}): nobody can vouch for that"
        )
    return cut


def _cut(form: When, limit: datetime) -> When:
    """Return ``form`` with what lies past ``limit`` taken off its end."""
    match form:
        case Turn(end=datetime() as end) if end > limit > form.start:
            return replace(form, end=limit)
        case During(end=end) if end > limit > form.start:
            return replace(form, end=limit)
        case Within():
            return _cut_within(form, limit)
        case _:
            return form


def _cut_within(form: Within, limit: datetime) -> Within:
    """Return the schedule without the intervals that begin past ``limit``.

    One interval is cut where it stands; of several, the last may still reach past.
    """
    if form.every is not None:
        kept = sum(form.start + turn * form.every < limit for turn in range(form.times))
        form = replace(form, times=max(kept, 1), every=form.every if kept > 1 else None)
    if form.every is None and form.end > limit > form.start:
        form = replace(form, end=limit, lasting=min(form.lasting, limit - form.start))
    return form


def _last_end(form: When) -> datetime:
    """Return the end of the last interval of a schedule, the begin of any other form."""
    if isinstance(form, Within) and form.every is not None:
        return form.end + (form.times - 1) * form.every
    return _begin(form)


def _begin(form: When) -> datetime:
    """Return the first instant that ``form`` speaks of."""
    if isinstance(form, By):
        return form.since or form.by - BY_REACH
    return _moments(form)[0][1]


def _moments(form: When) -> tuple[tuple[str, datetime], ...]:
    """Return the keys and instants that must lie inside the case."""
    match form:
        case At():
            return (("at", form.at),)
        case By():
            return (("by", form.by), *((("since", form.since),) if form.since else ()))
        case _:
            return ((_lead(form), form.start),)


def _lead(form: When) -> str:
    return type(form).__name__.lower()
