"""Machine code of kernels: kept in files, and loaded without the compiler that made it."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from darkhours.model.errors import ConfigError

_HEAD = b"darkhours kernel 1\n"
_HASH_SIZE = 64
_FOLDER = re.compile(r"[0-9a-f]{16}")
"""How the folder of a version of the kernels is named: by their hash."""
UNUSED_S, _DAY_S = 30 * 86_400, 86_400
"""Seconds after which the folder of another version is removed: a month, so that two versions that are used
in turn keep theirs. Use is noted once a day. Chosen by us."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A kernel as machine code of this processor.

    Args:
        symbol: the name of its function; it takes the address of its words and returns nothing.
        code: an object file that needs nothing but what every process has.
    """

    symbol: str
    code: bytes


def read_kept(folder: Path, name: str) -> Compiled | None:
    """Return a kernel that was kept, None where there is none or the file is damaged.

    Raises:
        ConfigError: the extra is not installed.
    """
    try:
        data = _file_of(folder, name).read_bytes()
    except OSError:
        return None
    _note_use(folder)
    begin = len(_HEAD) + _HASH_SIZE
    head, told, rest = data[: len(_HEAD)], data[len(_HEAD) : begin], data[begin:]
    if head != _HEAD or told != _hash(rest):
        return None
    symbol, _, code = rest.partition(b"\n")
    return Compiled(symbol.decode(), code)


def write_kept(folder: Path, name: str, kernel: Compiled) -> None:
    """Keep a kernel for later processes; where nothing can be written, nothing is."""
    target, rest = _file_of(folder, name), kernel.symbol.encode() + b"\n" + kernel.code
    part = target.with_name(f".{target.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_HEAD + _hash(rest) + rest)
        part.replace(target)
    remove_unused(folder)


def remove_unused(folder: Path) -> None:
    """Remove machine code of other versions that nobody has used for a month.

    Nothing but object files goes, from folders beside this one that are named as it is, and then the
    folder if it is empty; what cannot be removed stays.

    Args:
        folder: of this version.
    """
    now = time.time()
    with contextlib.suppress(OSError):
        for other in sorted(folder.parent.iterdir()):
            if other == folder or other.is_symlink() or not _FOLDER.fullmatch(other.name):
                continue
            with contextlib.suppress(OSError):
                if now - other.stat().st_mtime > UNUSED_S:
                    for file in other.glob("*.o"):
                        file.unlink()
                    other.rmdir()


def _note_use(folder: Path) -> None:
    """Let the time of a folder say when it was last used, to the day."""
    with contextlib.suppress(OSError):
        if time.time() - folder.stat().st_mtime > _DAY_S:
            os.utime(folder)


def load(kernel: Compiled) -> Callable[[int], None]:
    """Return a kernel to be called with the address of its words; it runs without the interpreter's lock.

    Raises:
        ConfigError: the extra is not installed.
    """
    llvm = loader()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(kernel.code))
    engine.finalize_object()
    _ENGINES.append(engine)
    return ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address(kernel.symbol))


@cache
def loader() -> ModuleType:
    """Return the library that loads machine code, ready for this processor.

    Raises:
        ConfigError: the extra is not installed.
    """
    try:
        llvm = importlib.import_module("llvmlite.binding")
    except ImportError as error:
        raise ConfigError("reading MRT needs an extra: pip install 'darkhours[mrt]'") from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


_ENGINES: list[Any] = []
"""What was loaded stays loaded: a function whose code is gone would end the process."""


def _file_of(folder: Path, name: str) -> Path:
    """Return the file of a kernel: what was made for another processor or version has another name."""
    llvm = loader()
    of = (llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    made_by = (*of, *(str(number) for number in llvm.llvm_version_info))
    return folder / f"{name}-{hashlib.sha256(' '.join(made_by).encode()).hexdigest()[:12]}.o"


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
