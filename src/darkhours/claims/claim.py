"""The ``[[claim]]`` tables: who said what, of whom, and of what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from darkhours.claims.bounds import hold_in_span, hold_to_publication
from darkhours.claims.findings import shorten
from darkhours.claims.header import Header
from darkhours.claims.says import Frame, read_says
from darkhours.claims.source import read_name, read_published
from darkhours.claims.table import NOTE_MOST, Table
from darkhours.claims.when import WHEN_KEYS, read_when
from darkhours.model.claim import EXTENTS, KINDS, Claim, Says, SaysEvent, SaysTopic, Source, When
from darkhours.model.state import SERVICES

CLAIM_KEYS = (
    "id", "source", "origin", "entity", "service", "says", "when", "kind", "published", "relayed",
    "copy_of", "denies", "extent", "except", "detail", "level", "implied", "weight", "speaker", "note",
)  # fmt: skip
WEIGHT_MOST = 20
"""Greatest weight a case may give, nats; ours: twice that of a measurement, the heaviest kind."""


@dataclass(frozen=True, slots=True)
class ClaimReader:
    """Reads claims against the header and the sources of their case.

    Args:
        header: what ``[case]`` says.
        sources: the readable ones by id; None stands for one that is told of already.
    """

    header: Header
    sources: Mapping[str, Source | None]

    def read(self, table: Table) -> Claim | None:
        """Return the claim of a table, or None after telling why not."""
        name, source = read_name(table), self._source(table)
        frame = Frame(self.header.clock, self.header.span)
        says = read_says(table, frame)
        entity, service = self._about(table, says)
        origin, kind = table.text("origin"), table.choice("kind", KINDS)
        published = read_published(table, self.header.clock) or (source.published if source else None)
        when, rest = self._when(table, published), _read_rest(table)
        if table.failed or source is None or says is None:
            return None
        relayed = table.flag("relayed")
        second_hand = source.kind == "press" and (origin or source.id) != source.id
        return Claim(
            id=name or "",
            source=source.id,
            origin=origin or source.id,
            entity=entity or "",
            service=service or "",
            says=says,
            when=when,
            kind=kind or source.kind,
            published=published,
            relayed=second_hand if relayed is None else relayed,
            copy_of=rest.copy_of,
            denies=rest.denies,
            extent=rest.extent,
            excepted=rest.excepted,
            detail=rest.detail,
            level=rest.level,
            implied=rest.implied,
            weight=rest.weight,
            speaker=rest.speaker,
            note=rest.note,
        )

    def _source(self, table: Table) -> Source | None:
        table.missing("source", "the id of a [[source]]")
        name = table.text("source")
        if name is not None and name not in self.sources:
            near = table.findings.suggestion(name, self.sources)
            table.error(
                "source", f"names no [[source]] of this case: got {shorten(name)}{near or '; add it'}"
            )
        return None if name is None else self.sources.get(name)

    def _about(self, table: Table, says: Says | None) -> tuple[str | None, str | None]:
        """Return entity and service; context and topics are the case's unless told."""
        entity, service = table.entity("entity"), table.choice("service", SERVICES)
        if not isinstance(says, SaysTopic | SaysEvent):
            table.missing("entity", "the id of the entity it is about")
            table.missing("service", f"one of {', '.join(SERVICES)}")
            return entity, service
        return entity or self.header.flagship, service or "internet"

    def _when(self, table: Table, published: datetime | None) -> When | None:
        if isinstance(table.raw.get("says"), dict):
            if table.has("when"):
                advice = "an event has says.at, a total says.over"
                table.error("when", f'goes with a state (says = "dark"), not with a table; {advice}')
            return None
        table.missing("when", 'the time of the state, such as { turn = 2022-01-05T17:15:00, give = "15m" }')
        value = table.raw.get("when")
        if value is None:
            return None
        if not isinstance(value, dict):
            table.wrong("when", 'a table such as { turn = 2022-01-05T17:15:00, give = "15m" }')
            return None
        inner = Table(value, table.spot, table.findings, allowed=WHEN_KEYS, prefix="when.")
        form = self._held(inner, published)
        table.failed |= inner.failed
        return form

    def _held(self, table: Table, published: datetime | None) -> When | None:
        form = read_when(table, self.header.clock)
        if form is None or self.header.span is None:
            return None
        form = hold_in_span(table, form, self.header.span)
        return None if table.failed else hold_to_publication(table, form, published, self.header.clock)


@dataclass(frozen=True, slots=True)
class _Rest:
    """Keys of a claim that stand alone."""

    copy_of: str | None
    denies: str | None
    extent: str
    excepted: tuple[str, ...]
    detail: str | None
    level: float | None
    implied: bool
    weight: float | None
    speaker: str | None
    note: str


def _read_rest(table: Table) -> _Rest:
    table.flag("relayed")
    return _Rest(
        copy_of=table.text("copy_of"),
        denies=table.text("denies"),
        extent=table.choice("extent", EXTENTS) or "all",
        excepted=table.entities("except"),
        detail=table.text("detail"),
        level=table.number("level", 0, 1),
        implied=table.flag("implied") or False,
        weight=table.number("weight", 0, WEIGHT_MOST),
        speaker=table.text("speaker"),
        note=table.text("note", most=NOTE_MOST, paragraph=True) or "",
    )
