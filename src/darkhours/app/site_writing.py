"""Cases that are sent to a site: read as any case, and kept whole or not at all among the user's own."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Lock

from darkhours.app.cases import find_cases
from darkhours.app.files import write_whole
from darkhours.model.case import Case
from darkhours.model.errors import DarkhoursError, InputError, Problem

MOST_CASES, MOST_BYTES = 1_000, 100_000_000
"""What the folder may hold: ours, a newsroom has dozens of cases of some 100 kB."""
NAME = r"^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$"
_NAME = re.compile(NAME)
_guard = Lock()


class Taken(DarkhoursError):
    """A case of that name is not theirs to write."""


def keep_case(folder: Path, name: str, data: bytes) -> tuple[Case, bool]:
    """Keep a case in a folder and return it, with whether it is new.

    Args:
        folder: the user's cases.
        name: of the case, which it must have for its id.
        data: the text of the case file.

    Raises:
        InputError: the case must be mended; carries every problem with its line.
        Taken: a case of that name came with the program or lies in a folder of its own, or there is no room.
    """
    from darkhours.claims import read_case  # noqa: PLC0415 — keeps `--help` fast

    if not _NAME.fullmatch(name):
        message = f"expected 2 to 64 small letters, digits and hyphens, got {name[:80]!r}"
        raise InputError("name", [Problem("", message)])
    case = read_case(data, file=f"{name}.toml")
    _refuse(case, name)
    with _guard:
        target = folder.expanduser() / f"{name}.toml"
        new = _look(folder, name, target, len(data))
        write_whole(target, data)
    return case, new


def _refuse(case: Case, name: str) -> None:
    """Refuse what a case that came from outside may not have.

    Raises:
        InputError: another id than its name, or files of measured values: they would be read from this disk.
    """
    problems = []
    if case.id != name:
        message = f"expected {name!r}, as the address says; got {case.id!r}"
        problems.append(Problem("case: id", message))
    if case.series:
        problems.append(
            Problem("series", "expected none: a case that is sent cannot name files of this site")
        )
    if problems:
        raise InputError(f"{name}.toml", problems)


def _look(folder: Path, name: str, target: Path, size: int) -> bool:
    """Return whether a case is new in its folder, and refuse it where there is no room or right."""
    there = next((entry for entry in find_cases(folder) if entry.id == name), None)
    shipped = any(entry.id == name for entry in find_cases(None))
    if shipped or (there is not None and there.path != target):
        raise Taken(f"expected the name of a case of your own, {name!r} is not; take another name")
    sizes = [path.stat().st_size for path in folder.expanduser().glob("*.toml")]
    new = not target.exists()
    if (new and len(sizes) >= MOST_CASES) or sum(sizes) + size > MOST_BYTES:
        raise Taken(f"expected room for the case, {len(sizes)} cases are kept already; remove some first")
    return new
