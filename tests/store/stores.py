"""Small archives for the tests of the store, and a file system that fails on purpose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal

START = datetime(2024, 1, 31, 23, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)
SIGNAL = describe_signal("probing.slash24_up_cnt")
IDS = ("country:KZ", "asn:9198@KZ", "local:Kerman/Bam")
LOST = np.nan


def declare(archive, step=STEP, family="test.probing"):
    return archive.declare(SIGNAL, family, "test", step)


def make_panel(values, start=START, ids=None, step=STEP, **options):
    values = np.atleast_2d(np.asarray(values, float))
    ids = ids or IDS[: len(values)]
    entities = tuple(Entity(id_, id_, "UTC") for id_ in ids)
    grid = Grid(start, step, values.shape[1])
    return Panel(SIGNAL, "test.probing", "test", entities, grid, values, **options)


def record(*panels, **options):
    return Recording(panels, Origin("table", "a.csv", "0" * 64, "table 1"), **options)
