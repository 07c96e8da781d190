"""The bytes between unpacking and parsing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from darkhours.sources.mrt.unpack import PIECE


class Window:
    """The bytes that are being read: what the parser has left of them, and the next piece behind it.

    Args:
        pieces: unpacked bytes in their order.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Begin before the first piece; nothing is read yet."""
        self.buf = np.empty(4 * PIECE, np.uint8)
        self.size = 0
        self.base = 0
        self.last = False
        self._pieces = pieces

    def move_on(self, at: int) -> None:
        """Forget the bytes before `at`, and add a piece; where there is none, say that it was the last.

        Args:
            at: the first byte that is still wanted.
        """
        piece = np.frombuffer(next(self._pieces, b""), np.uint8)
        rest = self.buf[at : self.size].copy()
        size = rest.size + piece.size
        if size > self.buf.size:
            self.buf = np.empty(2 * size, np.uint8)
        self.buf[: rest.size] = rest
        self.buf[rest.size : size] = piece
        self.base += at
        self.size = size
        self.last = piece.size == 0
