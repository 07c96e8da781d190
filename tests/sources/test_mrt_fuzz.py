"""Broken files crash nothing, hang nothing, and never make a kernel read beyond an end.

Each mutation is read by the kernels, compiled to check every index, from bytes that end where the
file ends, and by a slow reader that cannot read past the end of a field: both must find the same.
``DARKHOURS_FUZZ`` says how many mutations; 100,000 take some minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MUTATIONS = int(os.environ.get("DARKHOURS_FUZZ", "2000"))


@pytest.mark.slow
def test_mutations_are_read_as_by_the_slow_reader(tmp_path):
    """In a process of its own: whether indices are checked is settled before anything compiles."""
    asked = [sys.executable, Path(__file__).with_name("mrt_fuzz.py"), str(MUTATIONS), "1"]
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    ran = subprocess.run(asked, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{MUTATIONS} mutations" in ran.stdout
