"""Accounts kept for ever under the hash of their text, so that what was quoted can be read again."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock

from darkhours.app.files import write_whole
from darkhours.model.errors import DarkhoursError, InputError, Problem

log = logging.getLogger(__name__)
MOST_FILES, MOST_BYTES = 10_000, 1_000_000_000
"""Accounts that are kept: ours; then no new one is, for an address that was given must not end."""
_ID = re.compile(r"[0-9a-f]{32}")


def version_of(text: str) -> str:
    """Return the name of a version: the first half of the SHA-256 of its text.

    >>> version_of("{}")
    '44136fa355b3678a1146ad16f7e8649e'
    """
    return sha256(text.encode()).hexdigest()[:32]


@dataclass(slots=True)
class AccountShelf:
    """The accounts that were told, each by its version.

    Args:
        folder: where they lie, None where nothing is kept.
    """

    folder: Path | None
    _kept: set[str] = field(default_factory=set)
    _size: tuple[int, int] | None = None
    _guard: Lock = field(default_factory=Lock)

    def keep(self, text: str) -> str | None:
        """Keep an account and return its version; None where it cannot be kept, which no reader must feel."""
        version = version_of(text)
        with self._guard:
            if self.folder is None or version in self._kept:
                return None if self.folder is None else version
            try:
                kept = self._write(self.folder, version, text.encode())
            except (OSError, DarkhoursError) as error:
                log.warning("an account could not be kept: %s", error)
                return None
            if kept:
                self._kept.add(version)
            return version if kept else None

    def _write(self, folder: Path, version: str, data: bytes) -> bool:
        target = folder / f"{version}.json"
        if target.is_file():
            return True
        folder.mkdir(exist_ok=True)
        if self._size is None:
            sizes = [path.stat().st_size for path in folder.glob("*.json")]
            self._size = len(sizes), sum(sizes)
        n_files, n_bytes = self._size
        if n_files >= MOST_FILES or n_bytes + len(data) > MOST_BYTES:
            log.warning("%s: %d accounts are kept, no further one is", folder, n_files)
            return False
        write_whole(target, data)
        self._size = n_files + 1, n_bytes + len(data)
        return True

    def read(self, version: str) -> str:
        """Return the account of a version, as it was told.

        Raises:
            InputError: none is kept of that version; a file that was changed since is none.
        """
        if self.folder is None:
            message = (
                "this site has no archive and keeps no versions; ask for the account with as_of, "
                "and hold the sha256 of the case in it against yours"
            )
            raise InputError("account", [Problem("version", message)])
        if _ID.fullmatch(version):
            path = self.folder / f"{version}.json"
            if path.is_file() and version_of(text := path.read_text(encoding="utf-8")) == version:
                return text
        message = f"expected the version of an account that this site has told, got {version[:80]!r}"
        raise InputError("account", [Problem("version", message)])
