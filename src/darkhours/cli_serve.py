"""The command `darkhours serve`: the site, on this machine unless told otherwise."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from darkhours.app.flags import Told
from darkhours.app.screen import say
from darkhours.model.errors import ConfigError

LAST_PORT = 65_535
MOST_PROCESSES = 64


def serve(
    archive: Path | None = None,
    /,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    base: str | None = None,
    name: Annotated[list[str] | None, Parameter(name="--name")] = None,
    rate: float = 100.0,
    processes: int = 1,
    demo: Annotated[bool, Parameter(name="--demo", show_default=False)] = False,
    config: Told,
) -> int:
    """Serve an archive and the cases as a site, until it is stopped with Ctrl-C.

    Args:
        archive: Folder of the archive; that of DARKHOURS_ARCHIVE unless told; else cases alone.
        host: Address to listen on; this machine alone can reach the one unless told.
        port: Port to listen on.
        base: Address under which readers see the site, such as https://dark.example.org.
        name: Host name under which it answers too; can be repeated.
        rate: Requests a second that one address may make for long.
        processes: How many processes of this machine share the work; each counts for --rate by itself.
        demo: Show a generated fortnight, said to be made up, in an archive that goes when the site stops.
        config: What the program was told from outside.
    """
    from darkhours.app.serve import demo_archive, make_site, need_web  # noqa: PLC0415 — keeps `--help` fast

    need_web()
    if not 0 < port <= LAST_PORT:
        raise ConfigError(f"--port: expected 1 … {LAST_PORT}, got {port}")
    if not 1 <= processes <= MOST_PROCESSES:
        raise ConfigError(f"--processes: expected 1 … {MOST_PROCESSES}, got {processes}")
    from darkhours.web.run import run, settings_of  # noqa: PLC0415 — keeps `--help` fast

    if demo and archive is not None:
        raise ConfigError("--demo: expected alone, got an archive too; leave one of them out")
    settings = settings_of(
        host, port, base, tuple(name or ()), rate=rate, token=config.write_token, cases=config.cases
    )
    with demo_archive() if demo else nullcontext(archive or config.archive) as folder:
        site = make_site(folder, config.cases)
        say(f"{settings.base}/   Ctrl-C stops it")
        return run(site, settings, host, port, processes)
