"""Examines the installation: every failure names its fix."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata, util
from pathlib import Path
from zoneinfo import ZoneInfo

from darkhours.app.cases import find_case, list_cases
from darkhours.model.errors import DarkhoursError

EXTRAS = {"duckdb": "reads Parquet", "httpx2": "asks live services", "pyarrow": "keeps an archive"}
"""Optional parts by the module that tells them, with what they are for."""
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


def examine(folder: Path | None, here: Path, terminal: str) -> tuple[Finding, ...]:
    """Return what works and what does not, each with its fix.

    Args:
        folder: the user's cases, None where there are none.
        here: the folder that pages are written to.
        terminal: what the command line knows of its terminal, in words.
    """
    looks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("python", _look_at_python),
        ("libraries", _look_at_libraries),
        ("time zones", _look_at_zones),
        ("gazetteer", _look_at_gazetteer),
        ("shipped case", lambda: _look_at_shipped(folder)),
        ("cases", lambda: _look_at_cases(folder)),
        ("this folder", lambda: _look_at_folder(here)),
        ("terminal", lambda: Finding("terminal", "ok", terminal)),
    )
    extras = tuple(_look_at_extra(module, what) for module, what in EXTRAS.items())
    return tuple(_guard(name, look) for name, look in looks) + extras


def _guard(name: str, look: Callable[[], Finding]) -> Finding:
    """Return what ``look`` finds; a failure inside it is a finding too."""
    reinstall = "install again: pip install --force-reinstall darkhours"
    try:
        return look()
    except DarkhoursError as error:
        return Finding(name, "broken", str(error).splitlines()[0], reinstall)
    except (ImportError, OSError, LookupError, ValueError) as error:
        return Finding(name, "broken", f"{type(error).__name__}: {error}", reinstall)


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


def _look_at_shipped(folder: Path | None) -> Finding:
    return Finding("shipped case", "ok", str(find_case("almaty-2022", folder)))


def _look_at_cases(folder: Path | None) -> Finding:
    lines = list_cases(folder)
    broken = [line.entry.id for line in lines if line.problem]
    if broken:
        return Finding("cases", "broken", f"unreadable: {', '.join(broken)}", f"darkhours check {broken[0]}")
    where = "" if folder is None else f" (yours in {folder})"
    return Finding("cases", "ok", ", ".join(line.entry.id for line in lines) + where)


def _look_at_folder(here: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=here):
            return Finding("this folder", "ok", f"{here} can be written to")
    except OSError as error:
        found = f"{here} cannot be written to: {error.strerror}"
        return Finding("this folder", "broken", found, "cd to a folder of yours, or name a file with --out")


def _look_at_extra(module: str, what: str) -> Finding:
    if util.find_spec(module) is not None:
        return Finding(f"extra {module}", "ok", what)
    return Finding(f"extra {module}", "note", f"not there: {what}", "pip install 'darkhours[all]'")
