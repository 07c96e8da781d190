"""Finds cases by name or path: those that ship with the program and those of the user."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from darkhours.model.errors import DarkhoursError, InputError, Problem

if TYPE_CHECKING:
    from darkhours.model.case import Case

CASE_FILE = "case.toml"


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case that can be named on the command line.

    Args:
        id: the name to type.
        path: its ``case.toml``.
        shipped: whether it came with the program rather than from the user's own folder.
    """

    id: str
    path: Path
    shipped: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a listing; `problem` says why it cannot be read, None where it can."""

    entry: CaseEntry
    title: str
    problem: str | None = None

    def as_text(self) -> str:
        """Return the line for a person."""
        told = self.title if self.problem is None else f"cannot be read: {self.problem}"
        yours = "" if self.entry.shipped else f"  ({self.entry.path})"
        return f"{self.entry.id:<20}  {told}{yours}"

    def as_json(self) -> dict[str, object]:
        """Return the line as plain values."""
        entry = self.entry
        told = {"title": self.title, "problem": self.problem}
        return {"id": entry.id, "path": str(entry.path), "shipped": entry.shipped} | told


def find_cases(folder: Path | None) -> tuple[CaseEntry, ...]:
    """Return every case that has a name, by name; the user's own hides a shipped one.

    Args:
        folder: the user's cases, as folders with a ``case.toml`` or as ``.toml`` files.

    Raises:
        InputError: the folder cannot be read.
    """
    shipped = Path(str(resources.files("darkhours").joinpath("cases")))
    found = {
        path.parent.name: CaseEntry(path.parent.name, path, shipped=True) for path in _case_files(shipped)
    }
    if folder is not None:
        found |= {entry.id: entry for entry in _find_own(folder)}
    return tuple(found[name] for name in sorted(found))


def list_cases(folder: Path | None) -> tuple[CaseLine, ...]:
    """Return every case that has a name with its title, or with what is wrong with it."""
    return tuple(_describe(entry) for entry in find_cases(folder))


def find_case(name: str, folder: Path | None) -> Path:
    """Return the ``case.toml`` that a name or a path means.

    A name wins over a folder of the same name in the current directory; ``./name`` is
    always a path.

    Args:
        name: name of a case, or path of a ``case.toml`` or of the folder that holds it.
        folder: the user's cases, None where there are none.

    Raises:
        InputError: nothing of that name; lists what there is, and the nearest.
    """
    entries = {entry.id: entry.path for entry in find_cases(folder)}
    if name in entries:
        return entries[name]
    path = Path(name).expanduser()
    if path.is_dir() and (path / CASE_FILE).is_file():
        return path / CASE_FILE
    if path.is_file():
        return path
    raise InputError(name, [Problem("", _say_unknown(path, sorted(entries)))])


def open_case(name: str, folder: Path | None) -> Case:
    """Read the case that a name or a path means.

    Raises:
        InputError: no such case, or one that a person must mend.
    """
    from darkhours.claims import load_case  # noqa: PLC0415 — keeps `--help` fast

    return load_case(find_case(name, folder))


def pick_entity(case: Case, text: str | None) -> str:
    """Return the id of the entity of a case that a name or an id means.

    Args:
        case: whose entities may be picked.
        text: name in any script, or id; None for the flagship.

    Raises:
        InputError: no such place, or the case says nothing of it.
    """
    if text is None:
        return case.flagship
    wanted = text.strip().casefold()
    for entity in case.places.values():
        if wanted in {entity.id.casefold(), entity.name.casefold()}:
            return entity.id
    from darkhours import places  # noqa: PLC0415 — keeps `--help` fast

    entity = places.resolve(text, at=case.start.date())
    if entity.id in case.places:
        return entity.id
    known = ", ".join(f"{case.places[id_].name} ({id_})" for id_ in case.entities)
    message = (
        f"expected an entity of the case: {known}; got {entity.name} ({entity.id}), of which it says nothing"
    )
    raise InputError(case.id, [Problem("--entity", message)])


def _case_files(folder: Path) -> list[Path]:
    """Return the ``case.toml`` of every folder in a folder; none where there is no such folder."""
    return sorted(folder.glob(f"*/{CASE_FILE}"))


def _find_own(folder: Path) -> list[CaseEntry]:
    """Return the cases in the user's folder."""
    if not folder.is_dir():
        message = "expected a folder of cases, got none; make it, or unset DARKHOURS_CASES"
        raise InputError(str(folder), [Problem("DARKHOURS_CASES", message)])
    files = [(path.stem, path) for path in sorted(folder.glob("*.toml")) if path.name != CASE_FILE]
    folders = [(path.parent.name, path) for path in _case_files(folder)]
    return [CaseEntry(name, path, shipped=False) for name, path in files + folders]


def _describe(entry: CaseEntry) -> CaseLine:
    from darkhours.claims import load_case  # noqa: PLC0415 — keeps `--help` fast

    try:
        case = load_case(entry.path)
    except InputError as error:
        return CaseLine(entry, "", f"{len(error.problems)} problems: darkhours check {entry.id}")
    except DarkhoursError as error:
        return CaseLine(entry, "", str(error))
    return CaseLine(entry, case.title or case.id)


def _say_unknown(path: Path, names: list[str]) -> str:
    if path.is_dir():
        return f"expected a folder with a {CASE_FILE}, got one without; begin one with: darkhours new CASE_ID"
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(names) or "none"
    return f"expected the name of a case ({listed}) or the path of a {CASE_FILE}, found neither{hint}"
