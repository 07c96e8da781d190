"""Bytes of an MRT file, unpacked piece by piece: gzip of any number of members, bzip2, or plain."""

from __future__ import annotations

import bz2
import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import BinaryIO

from darkhours.model.errors import ConfigError

PIECE = 1 << 20
"""Most unpacked bytes at a time: the parser keeps up with pieces of this size, and a file that unpacks
to a thousand times its own size takes no more memory than any other. Measured by us."""
_PACKED = 1 << 18
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_BZIP2_THREADS = 2
"""More threads unpack more blocks ahead, and hold them in memory."""


@dataclass(slots=True)
class Unpacked:
    """An open file that gives its unpacked bytes, and says where its packing broke.

    Args:
        stream: the open file.
        broken: what is wrong with the packing, "" while nothing is.
    """

    stream: BinaryIO
    broken: str = field(default="", init=False)

    def pieces(self) -> Iterator[bytes]:
        """Yield the unpacked bytes in pieces of at most `PIECE`.

        A packing that breaks ends the bytes, and `broken` says so: what came before is good.

        Raises:
            ConfigError: the extra that unpacks is not installed.
        """
        head = self.stream.read(3)
        self.stream.seek(0)
        if head.startswith(_GZIP):
            return self._gunzip()
        return self._bunzip() if head.startswith(_BZIP2) else self._plain()

    def _plain(self) -> Iterator[bytes]:
        while piece := self.stream.read(PIECE):
            yield piece

    def _gunzip(self) -> Iterator[bytes]:
        igzip = _need("isal.igzip_lib")
        packed = self.stream.read(_PACKED)
        while packed:
            member = igzip.IgzipDecompressor(flag=igzip.DECOMP_GZIP)
            while not member.eof:
                try:
                    piece = member.decompress(packed, PIECE)
                except (igzip.IsalError, ValueError) as error:
                    self.broken = f"its packing is broken ({error})"
                    return
                if piece:
                    yield piece
                packed = self.stream.read(_PACKED) if member.needs_input else b""
                if member.needs_input and not packed:
                    self.broken = "it ends inside its packing"
                    return
            # Zeros after a member are padding of a tape.
            packed = (member.unused_data or self.stream.read(_PACKED)).lstrip(b"\0")

    def _bunzip(self) -> Iterator[bytes]:
        bzip2, given = _need("indexed_bzip2"), 0
        try:
            with bzip2.open(self.stream, parallelization=_BZIP2_THREADS) as unpacker:
                while piece := unpacker.read(PIECE):
                    given += len(piece)
                    yield piece
        except (ValueError, RuntimeError, OSError, IndexError) as error:
            self.broken = f"its packing is broken ({error})"
            yield from self._bunzip_slowly(given)

    def _bunzip_slowly(self, given: int) -> Iterator[bytes]:
        """Yield what is good behind the bytes that were given: threads lose it where one block breaks."""
        self.stream.seek(0)
        unpacker = bz2.BZ2Decompressor()
        try:
            while not unpacker.eof:
                packed = self.stream.read(_PACKED) if unpacker.needs_input else b""
                if unpacker.needs_input and not packed:
                    return
                piece = unpacker.decompress(packed, PIECE)
                if len(piece) > given:
                    yield piece[given:]
                given = max(0, given - len(piece))
        except (OSError, ValueError):
            return


def _need(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError("reading packed MRT needs an extra: pip install 'darkhours[mrt]'") from error
