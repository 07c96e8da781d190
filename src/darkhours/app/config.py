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
    """

    cases: Path | None
    screen: Screen
    token: str | None = None


def read_config(environ: Mapping[str, str]) -> Config:
    """Return the configuration from the environment and the terminal."""
    cases = environ.get("DARKHOURS_CASES")
    folder = Path(cases).expanduser() if cases else None
    return Config(folder, read_screen(environ), environ.get("DARKHOURS_TOKEN") or None)
