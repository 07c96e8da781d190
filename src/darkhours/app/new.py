"""Begins a case: a template to be filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from darkhours.app.cases import CASE_FILE
from darkhours.app.files import write_whole
from darkhours.model.errors import ConfigError, InputError, Problem

_CASE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a case when it is begun.

    Args:
        case_id: small letters, digits and hyphens, such as ``almaty-2022``.
        entities: names or ids of the places it is about, the flagship first.
        start: its first local day, None for that of the template.
        until: the local day at whose begin it ends, None for that of the template.
    """

    case_id: str
    entities: Sequence[str] = ()
    start: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Hold it against what a case can be.

        Raises:
            ConfigError: the name has another form, or only one end of the span is given,
                or they stand in the wrong order.
        """
        if not _CASE_ID.fullmatch(self.case_id):
            expected = "small letters, digits and hyphens, place and year, such as almaty-2022"
            raise ConfigError(f"CASE_ID: expected {expected}, got {self.case_id!r}")
        if (self.start is None) != (self.until is None):
            raise ConfigError("--from and --until: expected both, or neither")
        if self.start is not None and self.until is not None and self.start >= self.until:
            raise ConfigError(f"--until: expected a day after {self.start}, got {self.until}")


def begin_case(beginning: Beginning, folder: Path) -> Path:
    """Write the template of a case into a new folder of its name; return the file.

    Args:
        beginning: what is known of it.
        folder: where the new folder is made.

    Raises:
        InputError: it is there already, or cannot be written, or a place is unknown.
    """
    from darkhours.claims import template  # noqa: PLC0415 — keeps `--help` fast

    target = folder / beginning.case_id / CASE_FILE
    if target.exists():
        message = f"is there already; check it with: darkhours check {target}, or choose another name"
        raise InputError(str(target), [Problem("", message)])
    text = template(beginning.case_id, **_known(beginning))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make this folder: {(error.strerror or '').lower()}; choose another with --folder"
        raise InputError(str(target.parent), [Problem("", message)]) from error
    return write_whole(target, text)


def _known(beginning: Beginning) -> dict[str, Any]:
    """Return what the template is to say rather than its own examples."""
    known: dict[str, Any] = {}
    if beginning.start is not None:
        known = {"start": beginning.start, "until": beginning.until}
    if beginning.entities:
        from darkhours import places  # noqa: PLC0415 — keeps `--help` fast

        found = [places.resolve(name, at=beginning.start) for name in beginning.entities]
        known |= {"tz": found[0].tz, "entities": [entity.id for entity in found]}
    return known
