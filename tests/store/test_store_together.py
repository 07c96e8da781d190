"""Many processes read while one appends and compacts, on a local disk and on one that is shared."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from mortal import CROWD, value_of
from stores import START, STEP, declare

from darkhours.store import create_archive, open_archive

N_BINS, READERS = 150, 2
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("shared", "grace"),
    [
        pytest.param(False, timedelta(hours=1), id="as-told"),
        pytest.param(False, timedelta(0), id="no-grace-so-readers-ask-again"),
        pytest.param(True, timedelta(0), id="on-a-shared-disk"),
    ],
)
def test_readers_see_whole_bins_while_a_writer_appends_and_compacts(tmp_path, shared, grace):
    folder, stop = tmp_path / "archive", tmp_path / "stop"
    create_archive(folder, shared=shared)
    with open_archive(folder) as archive:
        mode = archive._shelf.manifest.sql.execute("PRAGMA journal_mode").fetchone()[0]
        assert mode == ("delete" if shared else "wal")
        series = declare(archive)
        archive.append(series, START, CROWD, value_of(0))
        script = Path(__file__).with_name("watching.py")
        command = [sys.executable, str(script), str(folder), str(stop)]
        readers = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(READERS)
        ]
        assert [reader.stdout.readline() for reader in readers] == ["reading\n"] * READERS
        for at in range(1, N_BINS):
            archive.append(series, START + at * STEP, CROWD, value_of(at))
            if at % 6 == 0:
                archive.compact(START + at * STEP, grace=grace)
        stop.touch()
    for reader in readers:
        said, wrong = reader.communicate(timeout=120)
        assert (reader.returncode, wrong) == (0, "")
        assert int(said) > 1
