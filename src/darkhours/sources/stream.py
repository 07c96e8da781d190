"""Bytes of a file as lines of text: hashed as they pass, unpacked where packed, and bounded."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from typing import BinaryIO, Protocol

from darkhours.model.errors import InputError, Problem

LONGEST_LINE = 1 << 20
"""Longest line in bytes: a table of a thousand columns fits; a file that is one line does not."""
_HEAD = 4096
_GZIP = b"\x1f\x8b"
_KINDS = (
    (b"PK\x03\x04", "a spreadsheet or a zip; save it as CSV, or unpack it"),
    (b"%PDF", "a PDF; ask its publisher for the table"),
    (b"PAR1", "Parquet under another name; name it .parquet"),
)


def refuse(file: str, message: str, line: int | None = None, where: str = "") -> InputError:
    """Return the error of a file with one problem."""
    return InputError(file, (Problem(where, message, line),))


class HashedFile(io.RawIOBase):
    """A binary stream that knows the SHA-256 of what was read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from ``stream``, which stays the caller's to close."""
        self._stream = stream
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer`` and count what came into the hash."""
        got = self._stream.read(len(buffer))
        buffer[: len(got)] = got
        self._hash.update(got)
        return len(got)

    def finish(self) -> str:
        """Return the hash of all, also of what nobody asked for."""
        while self.read(1 << 20):
            pass
        return self._hash.hexdigest()


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class GuardedLines(io.RawIOBase):
    """Bytes of text, unpacked; stops at a line that no table has, and at a broken packing."""

    def __init__(self, stream: _Readable, file: str) -> None:
        """Pass on ``stream``; ``file`` is named in errors."""
        self._stream, self._file, self._since = stream, file, 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer``, or say why the file cannot be a table."""
        try:
            got = self._stream.read(len(buffer))
        except EOFError as error:
            raise refuse(self._file, "expected a whole gzip file, it ends early; fetch it again") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise refuse(self._file, f"expected a sound gzip file: {error}; fetch it again") from error
        last = got.rfind(b"\n")
        self._since = self._since + len(got) if last < 0 else len(got) - last
        if self._since > LONGEST_LINE:
            raise refuse(self._file, f"expected lines of at most {LONGEST_LINE:,} bytes; is it a table?")
        buffer[: len(got)] = got
        return len(got)


def open_text(hashed: HashedFile, file: str) -> io.TextIOWrapper:
    """Return the text of a file that is a table, by what its first bytes say.

    Raises:
        InputError: it is empty, a page of HTML, JSON, a spreadsheet or another binary.
    """
    packed = io.BufferedReader(hashed, 1 << 20)
    guarded = GuardedLines(packed, file)
    if packed.peek(2)[:2] == _GZIP:
        guarded = GuardedLines(gzip.GzipFile(fileobj=packed), file)
    plain = io.BufferedReader(guarded, 1 << 20)
    encoding = check_head(plain.peek(_HEAD)[:_HEAD], file)
    return io.TextIOWrapper(plain, encoding=encoding, errors="strict", newline="")


def check_head(head: bytes, file: str) -> str:
    """Return the encoding of a text by its first bytes: UTF-8, or UTF-16 where its mark says so.

    Raises:
        InputError: they are not those of a table.
    """
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise refuse(file, "expected a table, the file is empty; fetch it again")
    if start[:1] == b"<":
        raise refuse(file, "expected a table, got HTML or XML; the address answered with a page: fetch again")
    if start[:1] in b"{[":
        raise refuse(file, "expected a table, got JSON that no reader here knows; name its --format")
    for mark, what in _KINDS:
        if head.startswith(mark):
            raise refuse(file, f"expected a table, got {what}")
    if b"\0" in head:
        raise refuse(file, "expected a table, got binary data; export it as CSV")
    return "utf-8-sig"
