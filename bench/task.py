"""One thing to measure: a command line, and what is promised of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Task:
    """A program that is run whole.

    Args:
        name: its command line, as a person types it; also its row in the table.
        promised_s: seconds that the project holds itself to, warm, on two cores; None for none.
        cold: whether a first run, without bytecode or caches, is measured too.
        prepare: puts the files that it reads into the folder that it runs in; not measured.
        shown: what stands in the table in the place of `name`.
    """

    name: str
    promised_s: float | None = None
    cold: bool = False
    prepare: Callable[[Path], None] | None = None
    shown: str | None = None

    def command(self) -> list[str]:
        """Return the words of the command line.

        >>> Task("darkhours account 'my case'").command()
        ['darkhours', 'account', 'my case']
        """
        return shlex.split(self.name)
