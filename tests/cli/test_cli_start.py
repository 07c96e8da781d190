"""The start of the program: what is set before anything is loaded, and what is not loaded for nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

_TELL = """
import json, gc, os, sys
sys.argv = ["darkhours", "--version"]
from darkhours.start import main
code = main()
print(json.dumps([code, gc.get_threshold()[0], os.environ["OPENBLAS_NUM_THREADS"], sorted(sys.modules)]))
"""
NOT_NEEDED = {"numpy", "logging", "darkhours.model.account", "darkhours.model.document", "darkhours.sources"}


def _start(**environ):
    wiped = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    ran = subprocess.run(
        [sys.executable, "-c", _TELL], env=wiped | environ, capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize(("told", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_settings_are_made_before_anything_is_loaded_and_yours_win(told, threads):
    code, threshold, ours, modules = _start(**told)
    assert (code, ours) == (0, threads)
    assert threshold > 700  # what Python has
    assert not NOT_NEEDED & set(modules)
