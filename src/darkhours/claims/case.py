"""Reads ``case.toml``: bytes in, a case out, or everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from darkhours.claims import cross
from darkhours.claims.claim import CLAIM_KEYS, ClaimReader
from darkhours.claims.entity import ENTITY_KEYS, Gazette, Lookup, gazetteer_at, read_entity
from darkhours.claims.findings import Findings, Spot
from darkhours.claims.header import Header, read_header
from darkhours.claims.rows import Row, mentions, read_named, rows_of
from darkhours.claims.series import SERIES_KEYS, read_series
from darkhours.claims.source import SOURCE_KEYS, read_source
from darkhours.claims.syntax import decode, parse
from darkhours.claims.table import Table
from darkhours.model.case import Case, SeriesRef
from darkhours.model.claim import Claim, Source
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, Problem

CASE_BYTES_MOST = 10_000_000
"""Size of a case file; ours: two hundred times the largest case that we know."""
_TOP_KEYS = ("case", "entity", "source", "claim", "series")


def load_case(path: Path, *, lookup: Lookup | None = None) -> Case:
    """Read a case from its file.

    Args:
        path: the file, or a folder that holds a ``case.toml``.
        lookup: the gazetteer, as for `read_case`.

    Raises:
        InputError: the file cannot be read, or something in it must be mended.
    """
    try:
        file = path / "case.toml" if path.is_dir() else path
        with file.open("rb") as stream:
            data = stream.read(CASE_BYTES_MOST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"expected a case file that can be read, got: {reason}; mend the path"
        raise InputError(str(path), [Problem("", message)]) from error
    return read_case(data, file=str(file), lookup=lookup)


def read_case(data: bytes, *, file: str, lookup: Lookup | None = None) -> Case:
    """Read a case from the bytes of its file.

    Pure but for the gazetteer. The order of the claims in the file changes nothing but
    the ``sha256``. All problems are told together, since a person mends a file in one go.

    Args:
        data: a TOML text in UTF-8, at most 10 MB.
        file: how messages name it.
        lookup: finds what the case does not say of an entity; returns None or raises
            `InputError` for an unknown id. By default the gazetteer at the begin of the case.

    Raises:
        InputError: something must be mended; carries every problem, with its line.
    """
    if len(data) > CASE_BYTES_MOST:
        advice = "is it a case? Measured values belong into the files of [[series]]"
        raise InputError(file, [Problem("", f"expected a case file of at most 10 MB, got more; {advice}")])
    text, warnings = decode(data, file)
    findings = Findings(text, warnings=warnings)
    reader = _Reader(parse(text, findings, file), findings, file)
    return reader.case(hashlib.sha256(data).hexdigest(), lookup)


@dataclass(slots=True)
class _Reader:
    """Puts the tables of a parsed file together."""

    raw: Mapping[str, object]
    findings: Findings
    file: str

    def case(self, sha256: str, lookup: Lookup | None) -> Case:
        Table(self.raw, Spot("", None, ""), self.findings, allowed=_TOP_KEYS)
        header = read_header(self.raw.get("case"), self.findings)
        rows = {name: rows_of(self.raw, name, self.findings) for name in _TOP_KEYS[1:]}
        places = self._places(header, rows, lookup)
        sources = read_named(
            rows["source"], SOURCE_KEYS, lambda row: read_source(row, header.clock), self.findings
        )
        claims = self._claims(header, rows["claim"], sources)
        series = self._series(rows["series"])
        self._cross(rows, claims, places)
        self.findings.raise_if_any(self.file)
        if header.span is None:
            message = "a span that cannot be read must have been told of"
            raise ValueError(message)
        return Case(
            id=header.id,
            tz=header.clock.zone.key,
            start=header.span.start,
            until=header.span.until,
            entities=header.entities,
            places=places,
            sources={name: source for name, source in sources.items() if source is not None},
            claims=claims,
            series=series,
            sha256=sha256,
            title=header.title,
            warnings=tuple(sorted(self.findings.warnings)),
        )

    def _places(
        self, header: Header, rows: Mapping[str, list[Row]], lookup: Lookup | None
    ) -> dict[str, Entity]:
        declared = read_named(rows["entity"], ENTITY_KEYS, read_entity, self.findings)
        start = header.span.start.astimezone(header.clock.zone).date() if header.span else None
        gazette = Gazette(declared, lookup or gazetteer_at(start), header.clock.zone, self.findings)
        asked = Row(Spot("case", None, "case"), {"entities": list(header.entities)})
        return gazette.places(mentions([asked, *(row for name in rows for row in rows[name])]))

    def _claims(
        self, header: Header, rows: list[Row], sources: Mapping[str, Source | None]
    ) -> tuple[Claim, ...]:
        read = read_named(rows, CLAIM_KEYS, ClaimReader(header, sources).read, self.findings)
        return tuple(claim for _, claim in sorted(read.items()) if claim is not None)

    def _series(self, rows: list[Row]) -> tuple[SeriesRef, ...]:
        tables = [Table(row.raw, row.spot, self.findings, allowed=SERIES_KEYS) for row in rows]
        return tuple(found for found in map(read_series, tables) if found is not None)

    def _cross(
        self, rows: Mapping[str, list[Row]], claims: tuple[Claim, ...], places: dict[str, Entity]
    ) -> None:
        spots = {row.name: row.spot for row in rows["claim"] if row.name}
        cross.check_references(rows["claim"], self.findings)
        cross.check_containment(places, {row.name: row.spot for row in rows["entity"]}, self.findings)
        cross.check_contradictions(claims, spots, self.findings)
        cross.warn_of_likenesses(claims, self.findings)
        cross.warn_of_exceptions(claims, spots, places, self.findings)
