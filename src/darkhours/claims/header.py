"""The ``[case]`` table: what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from darkhours.claims.bounds import Span
from darkhours.claims.findings import Findings, Spot, shorten
from darkhours.claims.table import Table
from darkhours.claims.times import LENGTH_MOST, Clock, read_zone

CASE_KEYS = ("id", "title", "tz", "from", "until", "entities")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SPOT = Spot("case", None, "case")


@dataclass(frozen=True, slots=True)
class Header:
    """What ``[case]`` says, as far as it is readable.

    Args:
        id: name of the case, "" where unreadable.
        title: a line that names the event.
        clock: reads naive times; in UTC where the zone is unreadable.
        span: None where unreadable.
        entities: ids in the order of the case.
    """

    id: str
    title: str
    clock: Clock
    span: Span | None
    entities: tuple[str, ...]

    @property
    def flagship(self) -> str:
        """Return the first entity, "" where there is none."""
        return self.entities[0] if self.entities else ""


def is_case_id(text: str) -> bool:
    """Tell whether ``text`` can name a case: it becomes part of file names and addresses.

    >>> is_case_id("almaty-2022"), is_case_id("../etc"), is_case_id("")
    (True, False, False)
    """
    return _ID.fullmatch(text) is not None


def read_header(raw: object, findings: Findings) -> Header:
    """Return the readable part of ``[case]`` after telling of the rest."""
    if not isinstance(raw, dict):
        findings.error(_SPOT, "", "expected a table [case] with id, tz, from, until and entities; add it")
        return Header("", "", Clock(ZoneInfo("UTC")), None, ())
    table = Table(raw, _SPOT, findings, allowed=CASE_KEYS)
    clock = Clock(_zone(table) or ZoneInfo("UTC"))
    return Header(_id(table), table.text("title") or "", clock, _span(table, clock), _entities(table))


def _id(table: Table) -> str:
    table.missing("id", 'a name such as "almaty-2022"')
    name = table.text("id")
    if name is None or is_case_id(name):
        return name or ""
    table.error(
        "id", f"expected letters, digits, '.', '_' and '-', at most 100, got {shorten(name)}; rename it"
    )
    return ""


def _zone(table: Table) -> ZoneInfo | None:
    table.missing("tz", 'the zone of naive times, such as "Asia/Almaty"')
    return read_zone(table, "tz")


def _span(table: Table, clock: Clock) -> Span | None:
    for key in ("from", "until"):
        table.missing(key, "a time such as 2022-01-02T00:00:00")
    start, until = clock.instant(table, "from"), clock.instant(table, "until", end=True)
    if start is None or until is None:
        return None
    if start >= until:
        shown = f"{clock.local(start)} and {clock.local(until)}"
        table.error("until", f"expected a time after case.from, got {shown}; swap or mend them")
        return None
    if until - start > LENGTH_MOST:
        days = (until - start) / timedelta(days=1)
        table.error(
            "until", f"expected a span of at most 400 days, got {days:.0f}; split the case or mend the year"
        )
        return None
    return Span(start, until, clock)


def _entities(table: Table) -> tuple[str, ...]:
    named = table.entities("entities")
    if not named and not table.raw.get("entities"):
        table.missing("entities", "at least one entity id; the first is the flagship")
        if table.raw.get("entities") == []:
            table.error("entities", "expected at least one entity id; the first is the flagship")
    return named
