"""Kernels: compiled by the first process that calls one, and loaded as machine code by every other."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numpy as np

from darkhours.sources.mrt.objects import Compiled, load, read_kept, write_kept

_P = ParamSpec("_P")
_R = TypeVar("_R")
_WAYS = ("NUMBA_BOUNDSCHECK", "NUMBA_DISABLE_JIT")
"""Settings of the compiler under which kernels are its own functions, and nothing is kept."""
_TRIED = {"linux"}
"""Where loading object files was tried; elsewhere the compiler keeps and loads its own functions."""
RETURNS = {"None": 0, "int": 1, "bool": 1, "tuple[int, int]": 2}
"""What an entry may return, and how many numbers that is."""


class Part(Generic[_P, _R]):
    """A function that kernels call; the compiler is asked for only when a kernel is compiled.

    Args:
        function: in the part of Python that the compiler knows.
    """

    def __init__(self, function: Callable[_P, _R]) -> None:
        """Keep the function as it is."""
        self._function = function
        update_wrapper(self, function)

    @cached_property
    def _compiled(self) -> Any:  # noqa: ANN401 — of an extra without types
        return _compiling().part(self._function)

    @property
    def _numba_type_(self) -> Any:  # noqa: ANN401
        """The type by which the compiler knows it: that of the compiled function."""
        return self._compiled._numba_type_

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call the function as it is, slowly."""
        return self._function(*args, **kwargs)


class Entry(Generic[_P, _R]):
    """A kernel that Python calls: with numbers, arrays, and named tuples of arrays.

    Machine code is kept by kind of argument, text of all kernels, processor and version of the loader. Where
    it cannot be kept, every process compiles anew.

    Args:
        function: in the part of Python that the compiler knows; it raises nothing and allocates nothing.
    """

    def __init__(self, function: Callable[_P, _R]) -> None:
        """Keep the function as it is; nothing is loaded yet."""
        self._function = function
        self._returns = function.__annotations__["return"]
        self._loaded: dict[str, Callable[[int], None] | None] = {}
        update_wrapper(self, function)

    @cached_property
    def _plain(self) -> Callable[..., Any]:
        """The compiler's own function; one that checks more than others is not kept."""
        made: Callable[..., Any] = _compiling().plain(
            self._function, None if _is_checked() else cache_folder()
        )
        return made

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Run the kernel; its arguments stand by their places alone.

        Raises:
            ConfigError: the extra is not installed.
            ValueError: an array does not lie in one piece.
        """
        if kwargs:
            raise ValueError(f"{self._function.__name__}: expected no argument by name, got {list(kwargs)}")
        words: list[int] = []
        layout = ",".join(_lay_out(arg, words) for arg in args)
        if layout not in self._loaded:
            self._loaded[layout] = self._load(layout, args)
        run = self._loaded[layout]
        if run is None:
            return cast("_R", self._plain(*args))
        block = np.array([*words, 0, 0], np.int64)
        run(block.ctypes.data)
        return cast("_R", _take_out(block, self._returns))

    def _load(self, layout: str, args: tuple[object, ...]) -> Callable[[int], None] | None:
        """Return the machine code, None where the compiler's own function must do."""
        if sys.platform not in _TRIED or _is_checked():
            return None
        name = f"{self._function.__name__}-{hashlib.sha256(layout.encode()).hexdigest()[:12]}"
        folder = Path(cache_folder())
        kept = read_kept(folder, name)
        if kept is None:
            try:
                kept = Compiled(*_compiling().compile_entry(self._function, args, RETURNS[self._returns]))
            except RuntimeError:  # another version of the compiler leaves something that only it can provide
                return None
            write_kept(folder, name, kept)
        return load(kept)


def kernel(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function for other kernels to call; it becomes part of them."""
    return Part(function)


def entry(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function for Python to call, compiled on its first call, loaded by later processes."""
    return Entry(function)


@cache
def cache_folder() -> str:
    """Return where compiled kernels are kept, one folder for each version of their text.

    The folder of an installed package may be read-only. So: a folder of the user, named by the hash
    of all kernels. ``NUMBA_CACHE_DIR`` wins where it is set.
    """
    text = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    told = os.environ.get("NUMBA_CACHE_DIR") or Path(home) / "darkhours" / "kernels"
    return str(Path(told) / text.hexdigest()[:16])


def is_compiled(name: str) -> bool:
    """Tell whether a kernel was kept by an earlier run; the first run takes some seconds longer."""
    folder = Path(cache_folder())
    return any(folder.glob(f"{name}-*.o")) or any(folder.glob(f"*/*.{name}-*.nbi"))


def _compiling() -> ModuleType:
    """Return what asks the compiler; a process that finds all kernels kept never loads it."""
    return import_module("darkhours.sources.mrt.compiling")


def _is_checked() -> bool:
    return any(os.environ.get(way, "") not in {"", "0"} for way in _WAYS)


def _lay_out(value: object, words: list[int]) -> str:
    """Add an argument to the words that a kernel reads, and return what kind it is."""
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise ValueError(f"expected an array in one piece, got strides {value.strides} of {value.shape}")
        words.append(value.__array_interface__["data"][0])
        words.extend(value.shape)
        return f"{value.dtype.str}{value.ndim}"
    if isinstance(value, tuple):
        return f"{type(value).__name__}({','.join(_lay_out(each, words) for each in value)})"
    words.append(int(value))  # type: ignore[call-overload]  # numbers are all that is left
    return "i"


def _take_out(block: np.ndarray[Any, Any], returns: str) -> object:
    """Return what the kernel put down at the end of its words."""
    if returns == "None":
        return None
    if returns == "bool":
        return bool(block[-2])
    return int(block[-2]) if returns == "int" else (int(block[-2]), int(block[-1]))
