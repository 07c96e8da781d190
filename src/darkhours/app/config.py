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
    """

    cases: Path | None
    screen: Screen


def read_config(environ: Mapping[str, str]) -> Config:
    """Return the configuration from the environment and the terminal."""
    cases = environ.get("DARKHOURS_CASES")
    return Config(Path(cases).expanduser() if cases else None, read_screen(environ))
