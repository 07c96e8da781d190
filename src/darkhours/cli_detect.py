"""The commands `darkhours detect` and `darkhours watch`: outages of very many places, out of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from darkhours.app.flags import Json, Told
from darkhours.app.screen import put, put_either, working_through
from darkhours.model.plain import harmless


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


def watch(
    archive: Path,
    entities: list[str] | None = None,
    /,
    *,
    signal: list[str] | None = None,
    every: str = "1m",
    once: Annotated[bool, Parameter(name="--once", show_default=False)] = False,
    until_idle: str | None = None,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Stay up, take each new bin of an archive in one step, and tell who goes dark and who is back.

    Args:
        archive: Its folder; another process may write to it.
        entities: Names or ids of places, such as country:KZ; all of them unless told.
        signal: What counts, such as probing.slash24_up_cnt; can be repeated; every signal unless told.
        every: How often the archive is asked for new bins, such as 30s or 5m.
        once: End when what is there has been taken.
        until_idle: End when nothing new has come for so long, such as 2h.
        json: Print each change as a line of JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import watch as use_case  # noqa: PLC0415 — keeps `--help` fast

    wish = use_case.make_watch_wish(archive, entities or (), signal or (), (every, until_idle), once=once)
    word = use_case.change_as_json if json else use_case.change_as_text
    with use_case.until_told() as stop, working_through("places loaded") as progress:
        use_case.watch(wish, lambda change, entity: put(harmless(word(change, entity))), stop, progress)
    return 0
