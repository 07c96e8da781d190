"""Starts the command line: what must be so before anything else is loaded."""

from __future__ import annotations

import gc
import os

_THRESHOLD = 50_000
"""New containers before the collector of garbage looks them through, 700 as Python has it. Loading makes a
hundred thousand that stay, and looking through them again and again was a tenth of the start. Measured
by us; a server that drops as many in rings holds some megabytes longer."""
_THREADS = "OPENBLAS_NUM_THREADS"
"""How many threads linear algebra of numpy starts as it is loaded; one for each processor unless told. We
multiply no large matrices, and each of them waited for work for 40 ms of a processor. Workers inherit it."""


def main() -> int:
    """Run the command that the arguments of the process name, and return the exit code."""
    gc.set_threshold(_THRESHOLD)
    os.environ.setdefault(_THREADS, "1")
    from darkhours.cli import main as run  # noqa: PLC0415 — loading it is what the settings are for

    return run()
