"""Gives memory that is not needed any more back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> bool:
    """Ask the allocator to return what lies free between what is in use; return whether it could be asked.

    Reading ten million rows leaves some 220 MB of holes, which the arrays that follow do not fit into. Only
    the C library of GNU keeps them and can be asked; elsewhere nothing happens.

    Source: malloc_trim(3).
    """
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return False
    trim(0)
    return True
