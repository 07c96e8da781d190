"""Unpacks a file in a thread of its own, some pieces ahead of who reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Self

from darkhours.sources.mrt.unpack import Unpacked

_MOST_AHEAD = 8
"""Pieces that lie ready at most, 8 MB: as much as is unpacked while arrays and machine code are loaded."""
_LOOK_UP_S = 0.1
"""Seconds after which a thread that has no room looks whether anybody still wants its pieces."""


class ReadAhead:
    """The unpacked bytes of a file; use it in a ``with``, which begins and ends the thread.

    Unpacking needs no lock of the interpreter, so it goes on while modules are loaded and records are
    parsed. Needs nothing but the standard library and what unpacks: it can begin before all else is loaded.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        """Note the file; nothing is read yet."""
        self.path = path
        self.broken = ""
        self._ready: Queue[bytes | Exception] = Queue(_MOST_AHEAD)
        self._unwanted = Event()
        self._thread = Thread(target=self._run, name="unpack", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the thread end, read or not."""
        self._unwanted.set()
        self._thread.join()

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes, once; after the last one `broken` says what is wrong with the packing.

        Raises:
            ConfigError: the extra that unpacks is not installed.
            OSError: the file cannot be read.
        """
        while piece := self._ready.get():
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def _run(self) -> None:
        try:
            with self.path.open("rb") as stream:
                unpacked = Unpacked(stream)
                for piece in unpacked.pieces():
                    if not self._offer(piece):
                        return
                self.broken = unpacked.broken
            self._offer(b"")
        except Exception as error:  # noqa: BLE001 — it is raised where the pieces are read
            self._offer(error)

    def _offer(self, piece: bytes | Exception) -> bool:
        """Put a piece behind the others as soon as there is room; tells whether it is wanted."""
        while not self._unwanted.is_set():
            try:
                self._ready.put(piece, timeout=_LOOK_UP_S)
            except Full:
                continue
            return True
        return False
