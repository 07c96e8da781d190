"""The use case `fetch`: asks a live service for a place and a span, and keeps what it answered as points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import Parameter

from darkhours.app.config import Config
from darkhours.app.entity import describe_entity
from darkhours.app.files import refuse_unwritable, write_whole
from darkhours.app.instants import read_instant
from darkhours.app.screen import put, put_either, say, working
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.panel import Panel, Recording
from darkhours.sources import Fetcher, fetch_recordings, write_points


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a service answered.

    Args:
        recordings: a recording for each question.
        path: where the points were written, None where they were not.
    """

    recordings: tuple[Recording, ...]
    path: Path | None

    @property
    def panels(self) -> list[Panel]:
        """Return every signal that came."""
        return [panel for recording in self.recordings for panel in recording.panels]

    def as_json(self) -> dict[str, Any]:
        """Return what came as plain values, without the points."""
        return {
            "path": None if self.path is None else str(self.path),
            "signals": [_describe(panel) for panel in self.panels],
            "inputs": [
                {
                    "source": r.origin.source,
                    "address": r.origin.file,
                    "sha256": r.origin.sha256,
                    "fetched": None if r.origin.fetched is None else f"{r.origin.fetched:%Y-%m-%dT%H:%M:%SZ}",
                    "attribution": r.origin.attribution,
                }
                for r in self.recordings
            ],
            "reported": [
                {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "entity": entity, "words": words}
                for r in self.recordings
                for start, _, entity, words in r.reported
            ],
            "notes": [note for r in self.recordings for note in r.notes],
        }

    def as_text(self) -> str:
        """Return what came for a person, a line for each signal."""
        lines = []
        for panel in self.panels:
            told = _describe(panel)
            lines.append(
                f"{told['signal']}  ({told['family']})  {told['measured']:,} of {told['bins']:,} bins of "
                f"{told['step_s'] / 60:g} min from {told['from']}"
            )
        lines += dict.fromkeys(r.origin.attribution for r in self.recordings if r.origin.attribution)
        if self.path is not None:
            lines.append(f"written to {self.path}; next: darkhours outages {self.path.name}")
        return "\n".join(lines)


def _describe(panel: Panel) -> dict[str, Any]:
    return {
        "signal": panel.signal.name,
        "family": panel.family,
        "entities": [entity.id for entity in panel.entities],
        "from": f"{panel.grid.start:%Y-%m-%dT%H:%M:%SZ}",
        "step_s": round(panel.grid.step.total_seconds()),
        "bins": int(panel.values.size),
        "measured": int(np.isfinite(panel.values).sum()),
    }


def fetch_points(
    source: str, entity: str, start: str, until: str, *, fetcher: Fetcher, token: str | None, out: Path | None
) -> Fetched:
    """Ask a service, and write what came as a table of points.

    Args:
        source: name of the service.
        entity: name or id of the place.
        start: begin of the span, ISO 8601.
        until: end of the span.
        fetcher: who asks.
        token: of an account with the service, where it wants one.
        out: the file to write; None writes none.

    Raises:
        ConfigError: the span is none, or there is no such service.
        InputError: the place is unknown, or the service measured nothing of it.
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
    """
    first, last = read_instant(start, "--from"), read_instant(until, "--until")
    if first >= last:
        raise ConfigError(f"--until: expected a time after --from ({start}), got {until}")
    if out is not None:
        refuse_unwritable(out)
    place = describe_entity(entity).entity.id
    recordings = fetch_recordings(source, place, first, last, fetcher=fetcher, token=token)
    if not any(recording.panels for recording in recordings):
        raise InputError(source, [Problem(place, "nothing was measured in that span; ask for another")])
    path = None if out is None else write_whole(out, "".join(write_points(recordings)))
    return Fetched(recordings, path)


def fetch(
    source: str,
    entity: str,
    /,
    *,
    from_: Annotated[str, Parameter(name="--from")],
    until: str,
    out: Path | None = None,
    json: Annotated[bool, Parameter(name="--json", show_default=False)] = False,
    config: Annotated[Config, Parameter(parse=False)],
) -> int:
    """Ask a live service for a place, and keep what it measured as a table that outages reads.

    Args:
        source: ioda, ooni, ripestat, atlas or cloudflare; the last wants a token in DARKHOURS_TOKEN.
        entity: Name or id of the place, such as Kazakhstan or country:KZ.
        from_: Begin of the span, such as 2022-01-01 or 2022-01-01T06:00Z.
        until: End of the span.
        out: Write the table to this file; to stdout unless told.
        json: Print what came as JSON, without the points.
        config: What the program was told from outside.
    """
    fetcher = Fetcher(lambda: datetime.now(UTC))
    with working(f"asking {source}"):
        came = fetch_points(source, entity, from_, until, fetcher=fetcher, token=config.token, out=out)
    if json or out is not None:
        put_either(came.as_text, came.as_json, json=json)
    else:
        put("".join(write_points(came.recordings)).rstrip("\n"))
        say(came.as_text())
    return 0
