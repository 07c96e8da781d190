"""Values of a span for the cursor: what is drawn of each signal, column by column, and every state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.render.envelope import envelope
from darkhours.render.span_picture import POINTS, Drawn, Stretch, measured


def span_values(
    span: tuple[datetime, datetime], stretches: Sequence[Stretch], signals: Sequence[Drawn]
) -> dict[str, Any]:
    """Return what a cursor reads: the buckets of the picture, so that it says what is drawn.

    A bucket has the lowest and the highest value in it and how many of its bins nobody measured;
    null is *not measured*, never zero. Times are seconds since 1970.

    Args:
        span: begin and end, UTC.
        stretches: what is not up.
        signals: as they are drawn.
    """
    return {
        "from": _second(span[0]),
        "until": _second(span[1]),
        "measured": [[_second(a), _second(b)] for a, b in sorted(measured(signals))],
        "states": [[s.state.value, _second(s.start), _second(s.until)] for s in stretches],
        "signals": [_signal(signal) for signal in signals],
    }


def _signal(signal: Drawn) -> dict[str, Any]:
    env = envelope(signal.values, POINTS)
    found: dict[str, Any] = {
        "name": signal.name,
        "family": signal.family,
        "start": _second(signal.grid.start),
        "step": signal.grid.step.total_seconds(),
        "edges": env.edges.tolist(),
        "low": _rounded(env.low),
        "high": _rounded(env.high),
        "missing": env.missing.tolist(),
    }
    if signal.baseline is not None:
        base = envelope(signal.baseline, POINTS)
        found["base"] = _rounded((base.low + base.high) / 2)
    return found


def _second(instant: datetime) -> int:
    return round(instant.timestamp())


def _rounded(values: Floats) -> list[float | None]:
    """Return values with five digits, which is more than anybody reads; null where nobody measured."""
    with np.errstate(divide="ignore"):
        size = np.where(values == 0, 0, np.floor(np.log10(np.abs(values))))
    return [
        None if math.isnan(value) else round(value, 4 - int(digits))
        for value, digits in zip(values.tolist(), np.nan_to_num(size).tolist(), strict=True)
    ]
