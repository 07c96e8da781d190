"""Small panels: values written out, a bin an hour unless told, from a Monday at midnight UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from darkhours.infer.signals.likelihood import N_STATES
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.timelines import Asked, infer_signals
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.watch import watch
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAY = 24
TUNING = Tuning()
PROBING = "probing.up_pct"


def entities(n: int) -> tuple[Entity, ...]:
    return tuple(Entity(f"local:{k}", f"Place {k}", "UTC") for k in range(n))


def panel(
    values, *, signal=PROBING, family=None, minutes=60, start=0, n=None, counted=False, **other
) -> Panel:
    """Return a panel of one row, or of as many as ``values`` has; ``start`` in minutes after the Monday."""
    rows = np.atleast_2d(np.asarray(values, dtype=float))
    kind = describe_signal(signal, worse=other.pop("worse", None))
    grid = Grid(BEGIN + timedelta(minutes=start), timedelta(minutes=minutes), rows.shape[1])
    names = entities(n or rows.shape[0])
    return Panel(kind, family or signal, "by hand", names, grid, rows, counted=counted, **other)


def noise(n_bins: int, scale: float = 0.02, seed: int = 0) -> np.ndarray:
    """Return factors near 1."""
    return np.exp(scale * np.random.default_rng(seed).normal(size=n_bins))


def steady(days: int, level: float = 100.0, *, scale: float = 0.02, seed: int = 0) -> np.ndarray:
    """Return days of hours at one level."""
    return level * noise(days * DAY, scale, seed)


def swinging(days: int, swing: float, level: float = 100.0, *, scale: float = 0.02, seed: int = 0):
    """Return days of hours of which the darkest lies ``swing`` below the brightest."""
    hours = np.arange(days * DAY)
    shape = 1 - swing * (1 + np.cos(2 * np.pi * hours / DAY)) / 2
    return level * shape * noise(hours.size, scale, seed)


def falls(line, *spans, share=0.03) -> np.ndarray:
    """Return a line with a share of it left in each span of bins."""
    line = line.copy()
    for first, until in spans:
        line[first:until] *= share
    return line


LINES = [falls(swinging(21, 0.3, 1000.0, seed=k), (250 + k, 262), (400, 420)) for k in range(4)]


def rows_of(*panels: Panel):
    return make_rows(panels, TUNING)


def watched(*panels: Panel, unrelated: bool = False, tuning: Tuning = TUNING):
    return watch(make_rows(panels, tuning), tuning, unrelated=unrelated)


def timelines(*panels: Panel, **asked):
    return [each.timeline for each in infer_signals(panels, Asked(**asked))]


def runs(codes) -> str:
    """Write one line of state codes as `3u 2D`: u up, g degraded, D dark, ? unknown."""
    codes = np.asarray(codes)
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), codes.size]
    return " ".join(f"{b - a}{'ugD?'[codes[a]]}" for a, b in pairwise(cuts))


def most(timeline) -> str:
    """Write what most samples say."""
    counts = np.stack([(timeline.codes == code).sum(axis=0) for code in range(4)])
    return runs(counts.argmax(axis=0))


def nats(up=0.0, degraded=0.0, dark=0.0) -> np.ndarray:
    out = np.zeros(N_STATES)
    out[:3] = up, degraded, dark
    return out
