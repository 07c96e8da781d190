"""What a claim says: a state, a total, a word on another topic, or an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from darkhours.claims.bounds import Span
from darkhours.claims.findings import tell
from darkhours.claims.table import Table
from darkhours.claims.times import Clock
from darkhours.model.claim import TOTAL_RULES, Says, SaysEvent, SaysState, SaysTopic, SaysTotal

STATES = ("up", "degraded", "dark")
"""States that can be claimed; nobody claims the unknown."""
SAYS_KEYS = ("total", "value", "besides", "over", "topic", "event", "at")
_COMPANIONS: dict[str, tuple[str, ...]] = {
    "total": ("value", "besides", "over"),
    "topic": ("value",),
    "event": ("at",),
}
_HOURS_MOST = 24 * 400
_FIGURE_MOST = 1e15
_EVENT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What the claims of a case share: how to read a time, and the span where it is readable."""

    clock: Clock
    span: Span | None


def read_says(table: Table, frame: Frame) -> Says | None:
    """Return what the ``says`` of a claim means, or None after telling why not.

    Args:
        table: the claim.
        frame: clock and span of its case.
    """
    value = table.raw.get("says")
    table.missing("says", 'a state ("up", "degraded" or "dark"), or a table with total, topic or event')
    if isinstance(value, str):
        state = table.choice("says", STATES)
        return None if state is None else SaysState(state)
    if isinstance(value, dict):
        inner = Table(value, table.spot, table.findings, allowed=SAYS_KEYS, prefix="says.")
        said = _read_table(inner, frame)
        table.failed |= inner.failed
        return None if inner.failed else said
    if value is not None:
        table.wrong("says", "a state in quotes, or a table with total, topic or event")
    return None


def _read_table(table: Table, frame: Frame) -> Says | None:
    leads = [key for key in _COMPANIONS if table.has(key)]
    if len(leads) != 1:
        got = " and ".join(leads) or "none"
        table.error("", f"expected exactly one of {', '.join(_COMPANIONS)}, got {got}")
        return None
    lead = leads[0]
    for key in [key for key in SAYS_KEYS if key in table.raw and key not in (lead, *_COMPANIONS[lead])]:
        table.error(key, f"does not go with {lead}; drop it")
    return _READERS[lead](table, frame)


def _total(table: Table, frame: Frame) -> SaysTotal | None:
    rule = table.choice("total", TOTAL_RULES)
    over = _over(table, frame)
    table.missing("value", "hours, or days for calendar_days")
    figure = None if rule is None else _figure(table, "value", rule)
    besides = _besides(table)
    return None if rule is None or figure is None else SaysTotal(rule, *figure, besides=besides, over=over)


def _besides(table: Table) -> tuple[tuple[str, float, float], ...]:
    value = table.raw.get("besides", {})
    if not isinstance(value, dict):
        table.wrong("besides", "a table such as { restored_h = 4 }")
        return ()
    prefix = f"{table.prefix}besides."
    inner = Table(value, table.spot, table.findings, allowed=TOTAL_RULES, prefix=prefix)
    figures = [(rule, _figure(inner, rule, rule)) for rule in TOTAL_RULES if rule in inner.raw]
    table.failed |= inner.failed
    return tuple((rule, *figure) for rule, figure in figures if figure is not None)


def _figure(table: Table, key: str, rule: str) -> tuple[float, float] | None:
    """Return a claimed total and one unit of the last digit given: 1 for 111, 0.5 for 110.5."""
    days = rule == "calendar_days"
    value = table.number(key, 0, _HOURS_MOST, whole=days)
    if value is None:
        return None
    unit = 1.0 if isinstance(value, int) else 0.5
    return float(value), 0.0 if days else unit


def _over(table: Table, frame: Frame) -> tuple[datetime, datetime] | None:
    pair = frame.clock.pair(table, "over")
    if pair is None or frame.span is None:
        return pair
    frame.span.check(table, "over", pair[0])
    if pair[1] > frame.span.until:
        table.warn("over", f"reaches past the end of the case ({frame.span}): it is cut there")
    return pair[0], min(pair[1], frame.span.until)


def _topic(table: Table, _: Frame) -> SaysTopic | None:
    topic = table.text("topic")
    table.missing("value", "a number or words")
    given = table.raw.get("value")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        table.error("value", f"expected a number or words, got {tell(given)}")
        return None
    value: str | float | None
    value = (
        table.text("value") if isinstance(given, str) else table.number("value", -_FIGURE_MOST, _FIGURE_MOST)
    )
    return None if topic is None or value is None else SaysTopic(topic, value)


def _event(table: Table, frame: Frame) -> SaysEvent | None:
    event, moment = table.text("event", most=_EVENT_MOST), frame.clock.instant(table, "at")
    if moment is not None and frame.span is not None:
        frame.span.check(table, "at", moment)
    return None if event is None else SaysEvent(event, moment)


_READERS: dict[str, Callable[[Table, Frame], Says | None]] = {
    "total": _total,
    "topic": _topic,
    "event": _event,
}
