"""`detect` through a real cluster: what it finds and keeps is, byte for byte, what one process finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from dask_parts import dask_of

from darkhours.app import detect_plan
from darkhours.app.detect import Wish, detect
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.spread import Place
from darkhours.store import create_archive, open_archive

pytestmark = pytest.mark.slow
N_PLACES, N_BINS = 40, 24 * 40


def fill(folder):
    rng = np.random.default_rng(0)
    values = rng.poisson(500, (N_PLACES, N_BINS)).astype(float)
    for place in range(0, N_PLACES, 2):
        values[place, 700 + place : 730 + 2 * place] = 3
    grid = Grid(datetime(2024, 1, 1, tzinfo=UTC), timedelta(hours=1), N_BINS)
    entities = tuple(Entity(f"asn:{k + 1}", f"AS{k + 1}", "UTC") for k in range(N_PLACES))
    panel = Panel(describe_signal("probing.slash24_up_cnt"), "us.probing", "made", entities, grid, values)
    create_archive(folder)
    with open_archive(folder) as archive:
        archive.add(Recording((panel,), Origin("made", "made.csv", "0" * 64, "test")))


def kept(folder, found):
    """Return every event and every state that a run left in an archive."""
    with open_archive(folder) as archive:
        rows = archive._shelf.manifest.sql.execute(
            "SELECT batch, state FROM states WHERE batch != 'index' ORDER BY batch"
        ).fetchall()
    return [(e.entity, e.key, e.body) for e in found.events], rows


def test_a_worker_that_is_killed_in_the_middle_changes_no_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(detect_plan, "AT_ONCE", 2 * N_BINS)
    for name in ("alone", "cluster"):
        fill(tmp_path / name)
    alone = kept(tmp_path / "alone", detect(Wish(tmp_path / "alone")))
    with dask_of(tmp_path) as (address, workers):

        def kill_one(done, _):
            if done >= 4 and workers[0].poll() is None:
                workers[0].kill()
                workers[0].wait()

        found = detect(Wish(tmp_path / "cluster", place=Place(scheduler=address)), kill_one)
        assert workers[0].poll() is not None
    assert kept(tmp_path / "cluster", found) == alone
    assert len(alone[0]) == N_PLACES // 2
