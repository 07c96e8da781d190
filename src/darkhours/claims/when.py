"""The forms of ``when``: at what time a state is said to begin or to hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from darkhours.claims.table import Table
from darkhours.claims.times import Clock, read_length
from darkhours.model.claim import At, By, During, Turn, When, Within

TURN_GIVE = timedelta(hours=1)
"""Half width of a turn at a clock time without ``give``; ours, the hour that reports round to.

Moving it moves no best edge, only how early and late an edge may lie.
"""
COMPANIONS: dict[str, tuple[str, ...]] = {
    "turn": ("give", "for"),
    "at": ("give",),
    "by": ("since",),
    "during": (),
    "within": ("for", "every", "times"),
}
"""The leading key of each form, and what may stand beside it."""
WHEN_KEYS = tuple(dict.fromkeys(key for lead, others in COMPANIONS.items() for key in (lead, *others)))
_TIMES_MOST = 400


def read_when(table: Table, clock: Clock) -> When | None:
    """Return the time form of a ``when`` table, or None after telling why not."""
    leads = [key for key in COMPANIONS if table.has(key)]
    if len(leads) != 1:
        got = " and ".join(leads) or "none"
        table.error("", f"expected exactly one of {', '.join(COMPANIONS)}, got {got}")
        return None
    lead = leads[0]
    for key in [key for key in WHEN_KEYS if key in table.raw and key not in (lead, *COMPANIONS[lead])]:
        owners = " and ".join(name for name, others in COMPANIONS.items() if key in others)
        table.error(key, f"goes with {owners}, not with {lead}; drop it or use another form")
    form = _READERS[lead](table, clock)
    return None if table.failed else form


def _turn(table: Table, clock: Clock) -> Turn | None:
    value, lasting = table.raw.get("turn"), read_length(table, "for")
    if isinstance(value, datetime) or not isinstance(value, list | date):
        start = clock.instant(table, "turn")
        give = read_length(table, "give")
        if not table.has("give"):
            table.warn("turn", "has no give: 1 h is taken, the hour that reports round to")
        return None if start is None else Turn(start, give=give or TURN_GIVE, lasting=lasting)
    if table.has("give"):
        table.error("give", "goes with one clock time; an interval or a day holds its own doubt: drop it")
    pair = clock.pair(table, "turn") if isinstance(value, list) else clock.day(table, "turn", value)
    return None if pair is None else Turn(*pair, lasting=lasting)


def _at(table: Table, clock: Clock) -> At | None:
    if _is_day(table.raw.get("at")):
        table.wrong("at", "a clock time", "for a whole day write during or turn")
        return None
    moment = clock.instant(table, "at")
    return None if moment is None else At(moment, read_length(table, "give"))


def _by(table: Table, clock: Clock) -> By | None:
    moment, since = clock.instant(table, "by", end=True), clock.instant(table, "since")
    if moment is None:
        return None
    if since is not None and since >= moment:
        shown = f"{clock.local(since)} and {clock.local(moment)}"
        table.error("since", f"expected a time before by, got {shown}; swap or mend them")
        return None
    return By(moment, since)


def _during(table: Table, clock: Clock) -> During | None:
    pair = clock.pair(table, "during")
    return None if pair is None else During(*pair)


def _within(table: Table, clock: Clock) -> Within | None:
    pair, lasting, every = clock.pair(table, "within"), read_length(table, "for"), read_length(table, "every")
    times = table.number("times", 1, _TIMES_MOST, whole=True)
    table.missing("for", 'how long it held inside, such as "4h"')
    if table.has("every") != table.has("times"):
        absent = "times" if table.has("every") else "every"
        table.missing(absent, 'every and times together, such as every = "1d", times = 3')
    if pair is None or lasting is None:
        return None
    width = pair[1] - pair[0]
    if lasting > width:
        table.error("for", f"expected at most the {_hours(width)} of within, got {_hours(lasting)}")
    if every is not None and every < width:
        advice = "let within be the interval of one time alone, which every moves on"
        table.error(
            "every", f"expected at least the {_hours(width)} of within, got {_hours(every)}; {advice}"
        )
    return Within(*pair, lasting, every, int(times or 1))


_READERS: dict[str, Callable[[Table, Clock], When | None]] = {
    "turn": _turn,
    "at": _at,
    "by": _by,
    "during": _during,
    "within": _within,
}


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g} h"
