"""Examines the installation: every failure names its fix."""

from __future__ import annotations

import os
import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata, util
from pathlib import Path
from zoneinfo import ZoneInfo

from darkhours.app.cases import find_case, list_cases
from darkhours.app.doctor_extras import PROGRAM, WHAT, Extra, look_at_extras
from darkhours.model.errors import ConfigError, DarkhoursError

MIN_PYTHON = (3, 11)
_EXPECTED_OFFSET = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        name: what.
        verdict: ``ok``, ``note`` (works, but know this) or ``broken``.
        found: what is there.
        fix: what to do, "" where nothing is to be done.
    """

    name: str
    verdict: str
    found: str
    fix: str = ""

    def as_text(self) -> str:
        """Return the finding for a person, with its fix on a line of its own."""
        fix = f"\n{'':22}to mend it: {self.fix}" if self.fix else ""
        return f"{self.verdict:<7} {self.name:<13} {self.found}{fix}"


def examine(
    folder: Path | None, here: Path, terminal: str, archive: Path | None = None
) -> tuple[Finding, ...]:
    """Return what works and what does not, each with its fix.

    Args:
        folder: the user's cases, None where there are none.
        here: the folder that pages are written to.
        terminal: what the command line knows of its terminal, in words.
        archive: the folder of the archive, None where none is named.
    """
    looks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("python", _look_at_python),
        ("libraries", _look_at_libraries),
        ("time zones", _look_at_zones),
        ("gazetteer", _look_at_gazetteer),
        ("shipped case", _look_at_shipped),
        ("cases", lambda: _look_at_cases(folder)),
        ("archive", lambda: _look_at_archive(archive)),
        ("this folder", lambda: _look_at_folder(here)),
        ("terminal", lambda: Finding("terminal", "ok", terminal)),
    )
    found = tuple(_guard(name, look) for name, look in looks)
    return (*found, *_look_at_extras(), *_look_at_parts())


_REINSTALL = "install again: pip install --force-reinstall darkhours"


def _guard(name: str, look: Callable[[], Finding], fix: str = _REINSTALL) -> Finding:
    """Return what ``look`` finds; a failure inside it is a finding too."""
    try:
        return look()
    except DarkhoursError as error:
        return Finding(name, "broken", str(error).splitlines()[0], fix)
    except (ImportError, OSError, LookupError, ValueError) as error:
        return Finding(name, "broken", f"{type(error).__name__}: {error}", fix)


def _look_at_python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < MIN_PYTHON:
        return Finding("python", "broken", found, "install Python 3.11 or newer")
    return Finding("python", "ok", found)


def _look_at_libraries() -> Finding:
    names = ("numpy", "jinja2", "cyclopts", "rich")
    missing = [name for name in names if util.find_spec(name) is None]
    if missing:
        return Finding(
            "libraries", "broken", f"without {', '.join(missing)}", f"pip install {' '.join(missing)}"
        )
    return Finding("libraries", "ok", ", ".join(f"{name} {metadata.version(name)}" for name in names))


def _look_at_zones() -> Finding:
    fix = "pip install --upgrade tzdata"
    offset = datetime(2022, 1, 5, tzinfo=UTC).astimezone(ZoneInfo("Asia/Almaty")).utcoffset()
    if offset != _EXPECTED_OFFSET:
        return Finding("time zones", "broken", f"Almaty in 2022 at {offset}, not +06:00", fix)
    today = datetime(2025, 1, 5, tzinfo=UTC).astimezone(ZoneInfo("Asia/Almaty")).utcoffset()
    if today == _EXPECTED_OFFSET:
        return Finding("time zones", "note", "older than Kazakhstan's change of zone in March 2024", fix)
    return Finding("time zones", "ok", "Almaty +06 in 2022, +05 since 2024")


def _look_at_gazetteer() -> Finding:
    from darkhours import places  # noqa: PLC0415 — its failure is a finding

    entity = places.resolve("Almaty")
    return Finding("gazetteer", "ok", f"Almaty is {entity.id} ({entity.tz})")


def _look_at_shipped() -> Finding:
    return Finding("shipped case", "ok", str(find_case("almaty-2022", None)))


def _look_at_cases(folder: Path | None) -> Finding:
    try:
        lines = list_cases(folder)
    except DarkhoursError as error:
        fix = f"mkdir -p {shlex.quote(str(folder))}, or let DARKHOURS_CASES name a folder that can be read"
        return Finding("cases", "broken", str(error).splitlines()[0], fix)
    broken = [line.entry.id for line in lines if line.problem]
    if broken:
        return Finding("cases", "broken", f"unreadable: {', '.join(broken)}", f"darkhours check {broken[0]}")
    where = "" if folder is None else f" (yours in {folder})"
    return Finding("cases", "ok", ", ".join(line.entry.id for line in lines) + where)


def _look_at_archive(folder: Path | None) -> Finding:
    if folder is None:
        return Finding("archive", "ok", "none named in DARKHOURS_ARCHIVE")
    from darkhours.store import open_archive  # noqa: PLC0415 — its failure is a finding

    try:
        with open_archive(folder) as archive:
            held = len(archive.series())
    except ConfigError as error:
        return Finding("archive", "broken", str(error).splitlines()[0], _install("archive"))
    except (DarkhoursError, OSError, sqlite3.Error) as error:
        fix = "let DARKHOURS_ARCHIVE name an archive that is there, or make one: darkhours store init"
        if folder.is_dir() and any(folder.iterdir()):
            fix = "bring the folder back from a copy, or: pip install --upgrade darkhours"
        return Finding("archive", "broken", str(error).splitlines()[0], fix)
    return Finding("archive", "ok", f"{folder}: {held} series")


def _look_at_folder(here: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=here):
            return Finding("this folder", "ok", f"{here} can be written to")
    except OSError as error:
        found = f"{here} cannot be written to: {error.strerror}"
        return Finding("this folder", "broken", found, "cd to a folder of yours, or name a file with --out")


def _look_at_extras() -> tuple[Finding, ...]:
    """Return a finding for each extra that the installation knows of."""
    try:
        requires = metadata.requires(PROGRAM) or []
    except metadata.PackageNotFoundError:
        fix = "install it: pip install darkhours"
        return (Finding("extras", "note", "not installed as a package: no extra is known", fix),)
    return tuple(say_extra(extra) for extra in look_at_extras(requires))


def say_extra(extra: Extra) -> Finding:
    """Return what there is to say of an extra: that it is whole, or what it lacks."""
    name, what = f"extra {extra.name}", WHAT.get(extra.name, "")
    if extra.lacking:
        lacking = ", ".join(extra.lacking)
        return Finding(name, "note", f"{what}: without {lacking}", _install(extra.name))
    return Finding(name, "ok", f"{what}: {', '.join(extra.there)}")


def _install(extra: str) -> str:
    return f"pip install --upgrade 'darkhours[{extra}]'"


def _look_at_parts() -> tuple[Finding, ...]:
    """Return findings of extras that are there: that they load, and keep what they compile."""
    looks = (("pages", "typst", "pdf", _look_at_pages), ("kernels", "llvmlite", "mrt", _look_at_kernels))
    return tuple(
        _guard(name, look, _install(extra))
        for name, module, extra, look in looks
        if util.find_spec(module) is not None
    )


def _look_at_pages() -> Finding:
    from darkhours.render.pdf import lacking_fonts  # noqa: PLC0415 — an extra

    missing = lacking_fonts()
    if missing:
        return Finding("pages", "broken", f"typst sets no pages: {missing}", _install("pdf"))
    return Finding("pages", "ok", "typst sets PDF/UA-1 in fonts of its own")


def _look_at_kernels() -> Finding:
    from darkhours.sources.mrt.jit import cache_folder  # noqa: PLC0415 — an extra

    folder = Path(cache_folder())
    kept = next(path for path in (folder, *folder.parents) if path.exists())
    if kept.is_dir() and os.access(kept, os.W_OK):
        return Finding("kernels", "ok", f"compiled once, kept in {folder}")
    fix = "let NUMBA_CACHE_DIR name a folder of yours"
    return Finding("kernels", "note", f"compiled anew in each process: {kept} cannot be written to", fix)
