"""The command `darkhours detect`: outages of very many places, out of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from darkhours.app.flags import Json, Told
from darkhours.app.screen import put_either, working_through


def detect(
    entities: list[str],
    /,
    *,
    archive: Path | None = None,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    until: str | None = None,
    signal: list[str] | None = None,
    processes: int = 1,
    scheduler: str | None = None,
    anew: Annotated[bool, Parameter(name="--anew", show_default=False)] = False,
    json: Json = False,
    config: Told,
) -> int:
    """Find the outages of places in an archive; of all places it goes on from where the last run stopped.

    Args:
        entities: Names or ids of places, such as country:KZ or asn:9198@KZ, or the word all.
        archive: Its folder; that of DARKHOURS_ARCHIVE unless told.
        from_: Show outages that last beyond this time, such as 2022-01-02.
        until: Only what was measured until this time counts.
        signal: What counts, such as probing.slash24_up_cnt; can be repeated; every signal unless told.
        processes: How many processes of this machine share the work.
        scheduler: Address of a Dask scheduler that shares it out, such as tcp://10.0.0.1:8786.
        anew: Let go of what the last run kept, and weigh everything from its first bin on.
        json: Print the outages as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import detect as use_case  # noqa: PLC0415 — keeps `--help` fast

    wish = use_case.make_wish(
        entities, archive or config.archive, (from_, until), signal or (), (processes, scheduler), anew=anew
    )
    with working_through("places done") as progress:
        found = use_case.detect(wish, progress)
    put_either(found.as_text, found.as_json, json=json)
    return 0
