"""Reads and writes the user's files: a file is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from darkhours.model.errors import InputError, Problem


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write text as UTF-8, or bytes as they are, to ``path``, whole or not at all; return the full path.

    Written beside the target and moved over it, so that nobody ever reads half a file
    and a full disk leaves the old one as it was.

    Raises:
        InputError: the target cannot be written.
    """
    target = path.expanduser()
    try:
        _refuse_folder(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(content.encode() if isinstance(content, str) else content)
            Path(name).chmod(_mode(target))
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _cannot_write(path, error) from error
    return target.resolve()


def refuse_unwritable(path: Path) -> None:
    """Refuse a target that cannot be written, before any long work is done for it.

    Raises:
        InputError: it is a folder, or would lie where nothing can be written.
    """
    target = path.expanduser()
    try:
        _refuse_folder(target)
        with tempfile.TemporaryFile(dir=target.parent):
            return
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> InputError:
    return InputError(str(path), [Problem("", f"cannot write here: {_reason(error)}; name another file")])


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises:
        InputError: the file cannot be read, or is no text.
    """
    try:
        return path.expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(str(path), [Problem("", f"cannot be read: {_reason(error)}")]) from error
    except UnicodeDecodeError as error:
        message = f"expected text in UTF-8, got another byte at {error.start}; save it as UTF-8"
        raise InputError(str(path), [Problem("", message)]) from error


def _refuse_folder(target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError(None, "it is a folder")


def _mode(target: Path) -> int:
    """Return the mode of the file that is replaced, or that of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
