"""Real recordings go into an archive and come out of it as they were read."""

from __future__ import annotations

import numpy as np
import pytest

from darkhours.sources import TableOptions, read_recording
from darkhours.store import open_archive

MONASH = "monash-ip-observatory"
RECORDINGS = [f"{MONASH}/irn-2019-11-11_gif.csv", "iran-2026-ioda/ioda-iran-2025-12-01_2026-01-29.csv"]


@pytest.mark.shared_data
@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_comes_back_as_it_was(shared_data, tmp_path, name):
    recording = read_recording(shared_data / name, TableOptions())
    with open_archive(tmp_path / "archive", create=True) as archive:
        archive.add(recording)
        assert archive.add(recording) == archive.version == len(recording.panels)
        archive.compact(recording.panels[0].grid.until)
        assert archive.check(deep=True) == ()
        for panel in recording.panels:
            (series,) = [each for each in archive.series() if each.signal.name == panel.signal.name]
            ids = [entity.id for entity in panel.entities]
            found = archive.read(series, ids, panel.grid.start, panel.grid.until)
            assert np.array_equal(found.values, panel.values, equal_nan=True)
            assert found.entities == panel.entities
            assert (found.family, found.counted, found.smoothed) == (
                panel.family,
                panel.counted,
                panel.smoothed,
            )
            assert archive.span(series) == (panel.grid.start, panel.grid.until)
