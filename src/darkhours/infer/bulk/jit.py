"""How kernels are compiled: once, kept on disk, and never with arithmetic of their own."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib.resources import files
from typing import Any, TypeVar

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., object])

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "_nrt": False}
"""Division by zero as in numpy, sums in their order, and no counting of references: a kernel allocates
nothing, and counting those of its arrays would take three quarters of its time."""


def _stamp() -> str:
    """Return a word for all source of this package, which the name of what is kept on disk ends with.

    numba looks at the file of a kernel alone, and would go on with old code when a part of it changes
    that stands in another file. The defaults of the method are arguments of the kernels, never read by them.
    """
    package = files(__package__ or "")
    sources = sorted(
        (each.name, each.read_bytes()) for each in package.iterdir() if each.name.endswith(".py")
    )
    return f"{zlib.crc32(b''.join(text for _, text in sources)):08x}"


STAMP = _stamp()


def kernel(function: F) -> F:
    """Return a function that is compiled when it is first called, and kept on disk for every later process.

    What is compiled is kept beside the source; where that cannot be written, in the cache folder of the
    user; where neither can, in memory only.
    """
    function.__qualname__ = f"{function.__qualname__}-{STAMP}"
    try:
        compiled = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # no folder that can be written
        compiled = numba.njit(**OPTIONS)(function)
    return compiled  # type: ignore[no-any-return]


def part(function: F) -> F:
    """Return a function that becomes part of every kernel that calls it."""
    return numba.njit(forceinline=True, **OPTIONS)(function)  # type: ignore[no-any-return]


@part
def spot(number: int) -> int:
    """Return a number as a place in an array: numba then need not ask whether it counts from the end."""
    return np.uintp(number)  # type: ignore[return-value]


@part
def signed(place: int) -> int:
    """Return a place as a number that may be reckoned with."""
    return np.int64(place)  # type: ignore[return-value]


NEXT: int = np.uintp(1)  # type: ignore[assignment]
"""Added to a place it leaves a place."""
