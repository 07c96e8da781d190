"""Kernels are chosen where they pay, change no byte, and are kept on disk wherever that can be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_panels import LINES, TUNING, panel

from darkhours.app.kernels import COMPILING, say_if_compiling
from darkhours.app.measured import Question, detect
from darkhours.infer import choose
from darkhours.infer.bulk import jit, values
from darkhours.infer.chain.best import best_path
from darkhours.infer.signals import likelihood
from darkhours.infer.signals.timelines import Asked
from darkhours.infer.signals.watch import moves_per_bin
from darkhours.model.document import outages_document, to_json
from darkhours.model.errors import ConfigError
from darkhours.model.panel import Coverage

PANELS = [panel(LINES)]


def document():
    return to_json(outages_document(detect(PANELS, Question()), []))


def test_a_document_has_the_same_bytes_by_either_code(monkeypatch):
    readable = document()
    monkeypatch.setattr(choose, "LARGE", 1)
    assert document() == readable


@pytest.mark.parametrize(
    ("large", "there", "bulk", "name"),
    [
        pytest.param(1, True, None, "infer_bulk", id="large"),
        pytest.param(10**9, True, None, "infer_signals", id="small"),
        pytest.param(1, False, None, "infer_signals", id="not-installed"),
        pytest.param(10**9, True, True, "infer_bulk", id="asked-for"),
        pytest.param(1, True, False, "infer_signals", id="asked-not-to"),
    ],
)
def test_which_code_is_chosen(monkeypatch, large, there, bulk, name):
    monkeypatch.setattr(choose, "LARGE", large)
    monkeypatch.setattr(choose, "has_kernels", lambda: there)
    assert choose.infer_all(PANELS, Asked(), bulk=bulk).__name__ == name


def test_a_signed_rebaseline_is_left_to_the_readable_code():
    chosen = choose.infer_all(PANELS, Asked(signed=PANELS[0].grid.start), bulk=True)
    assert chosen.__name__ == "infer_signals"


def test_it_is_said_once_that_kernels_will_be_compiled(monkeypatch, capsys):
    list(choose.infer_all(PANELS, Asked(), bulk=True))  # from now on they are kept
    say_if_compiling()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(jit, "STAMP", "0ther")
    say_if_compiling()
    assert capsys.readouterr().err == f"{COMPILING}\n"


def test_kernels_that_are_asked_for_and_not_there_are_told(monkeypatch):
    monkeypatch.setattr(choose, "has_kernels", lambda: False)
    with pytest.raises(ConfigError, match=r"darkhours\[archive\]"):
        choose.infer_all(PANELS, Asked(), bulk=True)


def test_the_kernels_number_states_and_coverage_as_everybody_does():
    names = ("UP", "DEGRADED", "DARK", "FALLING", "RISING", "BACK")
    assert [getattr(values, n) for n in names] == [getattr(likelihood, n) for n in names]
    assert tuple(Coverage) == (values.COVERED, values.SUSPECT, values.NONE)


@pytest.mark.parametrize("seed", range(5))
def test_the_likeliest_path_is_that_of_the_readable_code(seed):
    from darkhours.infer.bulk.backward import find_path

    said = np.random.default_rng(seed).normal(0, 3, (400, 3))
    nats = np.stack([0 * said[:, 0], *said.T, said[:, 2], 0 * said[:, 0]], axis=1)
    moves = moves_per_bin(TUNING, 0.5)
    first = np.array([0.98, 0.01, 0.01, 0.0, 0.0, 0.0])
    with np.errstate(divide="ignore"):
        logs = np.log(moves), np.log(first @ moves)
    path = np.empty(400, dtype=np.uint8)
    find_path(said, *logs, np.empty((400, 6), dtype=np.uint8), np.empty((2, 6)), path)
    np.testing.assert_array_equal(path, best_path(nats, *logs))


@pytest.mark.slow
@pytest.mark.parametrize("home", ["writable", "read-only"])
def test_kernels_work_from_a_package_that_cannot_be_written(tmp_path, home):
    """They are kept in the cache of the user then, and in memory where that cannot be written either."""
    package = Path(jit.__file__).parents[2]
    copied = tmp_path / "site" / "darkhours"
    shutil.copytree(package, copied, ignore=shutil.ignore_patterns("__pycache__"))
    cache = tmp_path / "cache"
    cache.mkdir()
    # A file in the place of a folder cannot be written, whoever asks.
    (copied / "infer" / "bulk" / "__pycache__").write_text("", encoding="utf-8")
    if home == "read-only":
        cache.rmdir()
        cache.write_text("", encoding="utf-8")
    asked = (
        "import numpy; from darkhours.infer.bulk.draws import uniform; print(uniform(numpy.uint64(7), 1, 2))"
    )
    told = {"PYTHONPATH": str(copied.parent), "XDG_CACHE_HOME": str(cache), "HOME": str(cache)}
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        env=dict(os.environ) | told,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert 0 <= float(ran.stdout) < 1
    assert home == "read-only" or list(cache.rglob("*.nbi"))
