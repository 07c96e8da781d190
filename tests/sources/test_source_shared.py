"""Recordings that are not part of the project are read as their readers promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.sources import read_recording

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def iran_2019(shared_data):
    return read_recording(shared_data / "monash-ip-observatory" / "irn-2019-11-11_gif.csv")


@pytest.fixture(scope="module")
def iran_2026(shared_data):
    return read_recording(shared_data / "iran-2026-ioda" / "ioda-iran-2025-12-01_2026-01-29.csv")


def test_iran_2019_is_hourly_by_county_and_its_epoch_counts_on_local_clocks(iran_2019):
    (panel,) = iran_2019.panels
    assert len(panel.entities) == 73
    assert panel.grid.start == datetime(2019, 11, 10, 20, 30, tzinfo=UTC)
    assert panel.grid.step == timedelta(hours=1)
    assert panel.signal.kind == "index"
    assert iran_2019.unreadable == ()


def test_a_county_knows_its_province_its_country_its_clocks_and_where_it_lies(iran_2019):
    (bam,) = [each for each in iran_2019.panels[0].entities if each.name == "Bam"]
    assert bam.id == "local:Kerman/Bam"
    assert bam.within == ("local:Kerman", "country:IR")
    assert bam.tz == "Asia/Tehran"
    assert bam.latitude == pytest.approx(29, abs=0.5)
    assert bam.longitude == pytest.approx(58.4, abs=0.5)


def test_venezuela_2019_has_thirteen_states_and_one_row_that_is_named(shared_data):
    read = read_recording(shared_data / "monash-ip-observatory" / "ven-2019-07-22_gif.csv")
    (panel,) = read.panels
    assert panel.values.shape == (13, 113)
    assert panel.grid.start == datetime(2019, 7, 20, 4, tzinfo=UTC)
    assert [(each.count, each.example) for each in read.unreadable] == [(1, "-1")]
    assert np.isnan(panel.values).sum() == 1


def test_iran_2026_has_five_families_and_its_country_by_the_name_of_the_file(iran_2026):
    families = ["google.traffic", "ioda.telescope", "ioda.bgp", "ioda.probing", "mozilla.telemetry"]
    assert [panel.family for panel in iran_2026.panels] == families
    assert {panel.entities[0].id for panel in iran_2026.panels} == {"country:IR"}
    assert {panel.entities[0].tz for panel in iran_2026.panels} == {"Asia/Tehran"}


def test_empty_cells_of_iran_2026_stay_unmeasured_and_mozilla_has_its_own_rhythm(iran_2026):
    steps = {panel.family: panel.grid.step for panel in iran_2026.panels}
    assert steps.pop("mozilla.telemetry") == timedelta(hours=1)
    assert set(steps.values()) == {timedelta(minutes=30)}
    unmeasured = {panel.family: int(np.isnan(panel.values).sum()) for panel in iran_2026.panels}
    assert unmeasured["ioda.telescope"] == 274
    assert unmeasured["mozilla.telemetry"] == 16
    assert {panel.grid.start for panel in iran_2026.panels} == {datetime(2025, 12, 1, tzinfo=UTC)}


def test_a_normalised_export_is_read_as_shares_of_ordinary(iran_2026):
    assert {panel.signal.kind for panel in iran_2026.panels} == {"index"}
    assert any("normalised" in note for note in iran_2026.notes)
