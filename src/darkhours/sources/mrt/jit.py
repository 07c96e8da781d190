"""Compiles kernels, and keeps what was compiled where the user may write."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import ParamSpec, TypeVar

from darkhours.model.errors import ConfigError

_P = ParamSpec("_P")
_R = TypeVar("_R")


@cache
def cache_folder() -> str:
    """Return where compiled kernels are kept, one folder for each version of their text.

    The compiler looks only at the file that a kernel stands in, not at those that it calls; and
    the folder of an installed package may be read-only. So: a folder of the user, named by the hash
    of all kernels. ``NUMBA_CACHE_DIR`` wins where it is set.
    """
    told = os.environ.get("NUMBA_CACHE_DIR")
    if told:
        return told
    text = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return str(Path(home) / "darkhours" / "kernels" / text.hexdigest()[:16])


def kernel(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function for other kernels to call; it becomes part of them.

    Without counting of references: kernels make no arrays, and counting them at every call took
    seven eighths of the time.

    Raises:
        ConfigError: the extra is not installed.
    """
    inner = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made: Callable[_P, _R] = _need_numba().njit(nogil=True, **inner)(function)
    return made


def entry(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function for Python to call, compiled on its first call, from the cache after that.

    Where nothing can be written, it is compiled by every process anew.

    Raises:
        ConfigError: the extra is not installed.
    """
    numba, folder = _need_numba(), cache_folder()
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = folder
    try:
        made: Callable[_P, _R] = numba.njit(cache=_can_write(folder), nogil=True, _nrt=False)(function)
    finally:
        numba.config.CACHE_DIR = before
    return made


def is_compiled(name: str) -> bool:
    """Tell whether a kernel was kept by an earlier run; the first run takes some seconds longer."""
    return any(Path(cache_folder()).glob(f"*/*.{name}-*.nbi"))


def _can_write(folder: str) -> bool:
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _need_numba() -> ModuleType:
    try:
        return importlib.import_module("numba")
    except ImportError as error:
        raise ConfigError("reading MRT needs an extra: pip install 'darkhours[mrt]'") from error
