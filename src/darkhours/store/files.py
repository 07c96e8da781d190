"""Where the points lie: the few things an archive asks of a file system, so that a test can fail each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

Made = TypeVar("Made")
PART = ".part"
"""Ending of a file that is being written; nobody reads it, and `repair` removes it."""


class Files(Protocol):
    """A place for immutable files, named by paths with ``/`` below its root."""

    @property
    def atomic(self) -> bool:
        """Tell whether a file appears whole when it is closed, as in an object store."""

    def create(self, name: str) -> BinaryIO:
        """Open a new file for writing, with the folders above it."""

    def sync(self, name: str) -> None:
        """Make the bytes of a file durable."""

    def rename(self, old: str, new: str) -> None:
        """Give a file its name, at once or not at all."""

    def sync_folder(self, name: str) -> None:
        """Make the name of a file durable in its folder."""

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is no error."""

    def size(self, name: str) -> int | None:
        """Return the bytes of a file, None where there is none."""

    def names(self) -> Iterator[str]:
        """Yield every file below the root."""

    def source(self, name: str) -> Any:  # noqa: ANN401 — whatever pyarrow opens
        """Return an open file to read from.

        Raises:
            FileNotFoundError: there is none.
        """


class LocalFiles:
    """Files in a folder of this machine, or of a disk that several machines share.

    Args:
        root: the folder.
    """

    atomic = False

    def __init__(self, root: Path) -> None:
        """Remember the folder; it is made with the first file."""
        self._root = root
        self._known: set[Path] = set()

    def create(self, name: str) -> BinaryIO:
        """Open a new file for writing; folders that are made for it are durable before it is."""
        path = self._root / name
        self._make(path.parent)
        return path.open("wb")

    def _make(self, folder: Path) -> None:
        if folder in self._known:
            return
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            sync_path(folder.parent)
        self._known.add(folder)

    def sync(self, name: str) -> None:
        """Make the bytes of a file durable."""
        sync_path(self._root / name)

    def rename(self, old: str, new: str) -> None:
        """Give a file its name, at once or not at all."""
        (self._root / old).replace(self._root / new)

    def sync_folder(self, name: str) -> None:
        """Make the name of a file durable in its folder."""
        sync_path((self._root / name).parent)

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is no error."""
        (self._root / name).unlink(missing_ok=True)

    def size(self, name: str) -> int | None:
        """Return the bytes of a file, None where there is none."""
        try:
            return (self._root / name).stat().st_size
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        """Yield every file below the root."""
        for path in sorted(self._root.rglob("*")):
            if path.is_file():
                yield path.relative_to(self._root).as_posix()

    def source(self, name: str) -> BinaryIO:
        """Return an open file to read from."""
        return (self._root / name).open("rb", buffering=0)


def sync_path(path: Path) -> None:
    """Wait until what the system holds of a file or folder is on its disk."""
    if os.name == "nt" and path.is_dir():  # there a folder cannot be opened, and needs no such call
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Sink:
    """A file being written that counts and hashes what passes.

    Args:
        file: where it goes.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Begin with nothing."""
        self._file = file
        self._digest = hashlib.sha256()
        self.n_bytes = 0
        self.closed = False

    def write(self, data: Any) -> int:  # noqa: ANN401 — any buffer
        """Write a buffer whole."""
        view = memoryview(data).cast("B")
        self._digest.update(view)
        self._file.write(view)
        self.n_bytes += len(view)
        return len(view)

    def tell(self) -> int:
        """Return where the next byte goes."""
        return self.n_bytes

    def flush(self) -> None:
        """Do nothing: bytes are durable once the file is synced, and not before."""

    def sha256(self) -> str:
        """Return the digest of all that was written."""
        return self._digest.hexdigest()


def publish(files: Files, name: str, fill: Callable[[Sink], Made]) -> tuple[Made, Sink]:
    """Write a new file so that it is durable under its name, whole or not at all.

    A name is new for ever; so nobody reads the file before the manifest names it, and what is left
    over by a failure is only an orphan. The order is: bytes, name, both durable. For the same reason the name
    may come first, and the journal of the disk then waits once, not twice.

    Args:
        files: where.
        name: path below the root.
        fill: writes the content.

    Raises:
        OSError: it cannot be written; nothing of that name can be read then.
    """
    part = name if files.atomic else name + PART
    file = files.create(part)
    try:
        sink = Sink(file)
        made = fill(sink)
    except BaseException:
        _abandon(file)
        raise
    file.close()
    if not files.atomic:
        files.rename(part, name)
        files.sync(name)
        files.sync_folder(name)
    return made, sink


def _abandon(file: BinaryIO) -> None:
    """Close a file that failed; an object store is told to forget it where it can be."""
    abort = getattr(file, "abort", None)
    (abort or file.close)()
