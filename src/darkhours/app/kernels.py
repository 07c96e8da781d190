"""Tells that kernels are about to be compiled, which takes half a minute and happens once."""

from __future__ import annotations

from pathlib import Path

from darkhours.app.screen import say
from darkhours.infer.choose import has_kernels

COMPILING = "compiling the kernels once; about half a minute, kept for later runs"
IN_MEMORY = "compiling the kernels; about half a minute each time: no folder to keep them in can be written"


def say_if_compiling() -> None:
    """Say on stderr that kernels will be compiled, where those of this very source are not kept yet.

    Only for a command that is about to use them: it loads their library, which takes a second.
    """
    if not has_kernels():
        return
    from darkhours.infer.bulk.forward import run_pass  # noqa: PLC0415 — an extra, and a second to import
    from darkhours.infer.bulk.jit import STAMP  # noqa: PLC0415

    folder = run_pass.stats.cache_path  # type: ignore[attr-defined]
    if folder is None:
        say(IN_MEMORY)
    elif next(Path(folder).glob(f"forward.run_pass-{STAMP}-*.nbi"), None) is None:
        say(COMPILING)
