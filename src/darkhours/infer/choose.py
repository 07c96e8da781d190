"""Which code infers from signals: the readable one, or the kernels where they are installed and it pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from darkhours.infer.signals.rows import common_grid
from darkhours.infer.signals.timelines import Asked, Inferred, infer_signals
from darkhours.model.errors import ConfigError
from darkhours.model.panel import Panel

LARGE = 1_000_000
"""Values from which kernels are taken: ours. The readable code takes some seven seconds for as many, kernels
one, but for their very first use, which compiles them in some twenty. It moves no result."""


def has_kernels() -> bool:
    """Return whether the library that compiles kernels is installed."""
    return find_spec("numba") is not None


def infer_all(panels: Sequence[Panel], asked: Asked, *, bulk: bool | None = None) -> Iterator[Inferred]:
    """Yield the timeline of each entity, the same by either code.

    Args:
        panels: signals of one or many entities.
        asked: form, seed and defaults.
        bulk: whether kernels do it; None: where they are installed and the work is large. A signed
            re-baseline is always left to the readable code.

    Raises:
        ConfigError: kernels are asked for and not installed.
    """
    if bulk and not has_kernels():
        raise ConfigError("bulk detection: expected numba, found none; pip install 'darkhours[archive]'")
    if bulk is None:
        bulk = is_large(panels) and has_kernels()
    if not bulk or asked.signed is not None:
        return infer_signals(panels, asked)
    from darkhours.infer.bulk.infer import infer_bulk  # noqa: PLC0415 — an extra, and a second to import

    return infer_bulk(panels, asked)


def is_large(panels: Sequence[Panel]) -> bool:
    """Return whether kernels are taken for these panels, where they are installed."""
    return bool(panels) and sum(len(p.entities) for p in panels) * common_grid(panels).n_bins >= LARGE
