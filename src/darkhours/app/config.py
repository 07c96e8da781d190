"""What the program is told from outside, read once by the command line and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from darkhours.app.screen import Screen, read_screen


@dataclass(frozen=True, slots=True)
class Config:
    """What the program is told from outside, read once.

    Args:
        cases: folder of the user's own cases (``DARKHOURS_CASES``), None where there is none.
        screen: what stdout can show.
        token: of an account with a service that wants one (``DARKHOURS_TOKEN``), None where there is none.
        archive: folder of the archive (``DARKHOURS_ARCHIVE``), None where none is named.
        write_token: that whoever writes to the site must show (``DARKHOURS_WRITE_TOKEN``), None: nobody may.
    """

    cases: Path | None
    screen: Screen
    token: str | None = None
    archive: Path | None = None
    write_token: str | None = None


def read_config(environ: Mapping[str, str]) -> Config:
    """Return the configuration from the environment and the terminal."""
    folders = (environ.get(name) for name in ("DARKHOURS_CASES", "DARKHOURS_ARCHIVE"))
    cases, archive = (Path(folder).expanduser() if folder else None for folder in folders)
    tokens = (environ.get(name) or None for name in ("DARKHOURS_TOKEN", "DARKHOURS_WRITE_TOKEN"))
    token, write_token = tokens
    return Config(cases, read_screen(environ), token, archive, write_token)
