"""The tables of a parsed case file, each with its spot: ids, and what they mention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from darkhours.claims.entity import Mention
from darkhours.claims.findings import Findings, Spot, tell
from darkhours.claims.table import Table
from darkhours.model.entity import is_entity_id

ROWS_MOST = 20_000
"""Tables of one name that a case may hold; ours: three hundred times the largest case we know."""
_LABEL_MOST = 60
_MENTIONS = {
    "case": ("entities",),
    "entity": ("id", "within"),
    "claim": ("entity", "except"),
    "series": ("entity",),
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One table of the file as it came."""

    spot: Spot
    raw: Mapping[str, object]

    @property
    def name(self) -> str:
        """Return its id, "" where it has none."""
        value = self.raw.get("id")
        return value if isinstance(value, str) else ""


def rows_of(raw: Mapping[str, object], table: str, findings: Findings) -> list[Row]:
    """Return the ``[[table]]`` tables of a file, telling of what is none."""
    value, spot = raw.get(table, []), Spot(table, None, f"[[{table}]]")
    if not isinstance(value, list):
        advice = "; write the brackets twice" if isinstance(value, dict) else ""
        findings.error(spot, "", f"expected tables [[{table}]], got {tell(value)}{advice}")
        return []
    if len(value) > ROWS_MOST:
        findings.error(
            spot, "", f"expected at most {ROWS_MOST:,} tables [[{table}]], got {len(value):,}; split the case"
        )
        return []
    rows = []
    for index, item in enumerate(value):
        if isinstance(item, dict):
            rows.append(Row(Spot(table, index, _label(table, index, item)), item))
        else:
            findings.error(spot, "", f"expected tables, got {tell(item)} at place {index + 1}")
    return rows


def _label(table: str, index: int, raw: Mapping[str, object]) -> str:
    name = raw.get("id")
    plain = isinstance(name, str) and 0 < len(name) <= _LABEL_MOST and name.isprintable()
    return f"{table} {name}" if plain else f"{table} no. {index + 1}"


def read_named(
    rows: Sequence[Row], allowed: Collection[str], read: Callable[[Table], T | None], findings: Findings
) -> dict[str, T | None]:
    """Return the value of each row by its id, as the file orders them; None for one told of already."""
    found: dict[str, T | None] = {}
    for row in rows:
        table = Table(row.raw, row.spot, findings, allowed=allowed)
        value = read(table)
        if row.name in found:
            table.error("id", f"stands twice: another {row.spot.table} has it already; rename one of them")
        elif row.name:
            found[row.name] = value
    return found


def mentions(rows: Sequence[Row]) -> dict[str, list[Mention]]:
    """Return where each entity is named, also by rows that cannot be read otherwise."""
    found: defaultdict[str, list[Mention]] = defaultdict(list)
    for row in rows:
        for key in _MENTIONS.get(row.spot.table, ()):
            for name in _names(row.raw.get(key)):
                found[name].append(Mention(row.spot, key))
    return found


def _names(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and is_entity_id(item):
            yield item
