"""A real process is killed at random instants, and what it had acknowledged is there.

Twenty-five times in every run; as often as ``DARKHOURS_KILLS`` says where that is set.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from mortal import CORRECTED, CROWD, EVERY, correction_of, value_of
from stores import START, STEP

from darkhours.model.errors import StoreError
from darkhours.store import open_archive

KILLS = int(os.environ.get("DARKHOURS_KILLS", "25"))
LONGEST_S = 0.25
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks writers, which this system cannot"),
]


@pytest.fixture
def mother(tmp_path):
    """Start the process that forks writers; end it with its pipe."""
    script = Path(__file__).with_name("mortal.py")
    command = [sys.executable, str(script), str(tmp_path / "archive"), str(tmp_path / "acks")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def _kill_one(mother, delay_s):
    mother.stdin.write("go\n")
    mother.stdin.flush()
    child = int(mother.stdout.readline())
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    assert mother.stdout.readline() == "gone\n"


def _read_acks(path):
    lines = path.read_text().splitlines() if path.exists() else []
    told = [line.split() for line in lines]
    return {word: {int(at) for kind, at in told if kind == word} for word in ("append", "correct", "event")}


def _expect(at, acks, found):
    """Return what a bin must hold; where a correction was under way, whichever of both it holds."""
    if at % EVERY != CORRECTED:
        return value_of(at)
    if at not in acks["correct"] and np.array_equal(found, value_of(at), equal_nan=True):
        return value_of(at)
    return correction_of(at)


def _verify(folder, acks):
    with open_archive(folder) as archive:
        assert [finding for finding in archive.check() if finding.lost] == []
        if not archive.series() or archive.span("test.probing") is None:
            assert acks["append"] == set()
            return
        last = max(acks["append"], default=0) + 2
        values = archive.read("test.probing", CROWD, START, START + last * STEP).values
        for at in acks["append"]:
            expected = _expect(at, acks, values[:, at])
            assert np.array_equal(values[:, at], expected, equal_nan=True), f"bin {at}"
        for at in set(range(last)) - acks["append"]:  # not acknowledged: there as a whole, or not at all
            found = values[:, at]
            assert np.isnan(found).all() or np.array_equal(found, value_of(at), equal_nan=True), f"bin {at}"
        known = {int(event.key) for event in archive.events("detect")}
        assert acks["event"] <= known
        state = archive.load_state("detect", "all")
        assert (int(state[1]) if state else None) == max(known, default=None)


def test_killed_at_random_instants_nothing_acknowledged_is_lost(mother, tmp_path):
    folder, dice = tmp_path / "archive", random.Random(os.environ.get("DARKHOURS_SEED", "1"))
    acks = {}
    for _ in range(KILLS):
        _kill_one(mother, dice.uniform(0, LONGEST_S))
        acks = _read_acks(tmp_path / "acks")
        if (folder / "darkhours-archive.sqlite").exists():
            _verify(folder, acks)
    assert len(acks["append"]) >= KILLS // 5, "expected writers that come to write; is the machine very slow?"
    with open_archive(folder) as archive:
        archive.repair()
        assert archive.check(deep=True) == ()


def test_the_lock_of_a_writer_that_was_killed_does_not_outlive_it(mother, tmp_path):
    mother.stdin.write("go\n")
    mother.stdin.flush()
    child = int(mother.stdout.readline())
    while not _read_acks(tmp_path / "acks")["append"]:
        time.sleep(0.01)
    with open_archive(tmp_path / "archive") as second:
        with pytest.raises(StoreError, match=f"process {child} "):
            second.repair()
        os.kill(child, signal.SIGKILL)
        assert mother.stdout.readline() == "gone\n"
        second.repair()
