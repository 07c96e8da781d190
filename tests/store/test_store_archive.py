"""What goes into an archive comes out of it, as of any version."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from stores import IDS, LOST, START, STEP, declare, make_panel, record

from darkhours.model.errors import ConfigError, InputError, StoreBusy, StoreError
from darkhours.store import Event, open_archive

VALUES = st.one_of(
    st.just(np.nan),
    st.integers(0, 2**31 + 5).map(float),
    st.floats(0, allow_nan=False, allow_infinity=False),
    st.just(-0.0),
)
SHARES = st.one_of(
    st.just(np.nan), st.decimals(0, 10**8, places=2).map(float), st.decimals(0, 99, places=6).map(float)
)


def _same(left, right):
    return np.array_equal(np.isnan(left), np.isnan(right)) and np.array_equal(
        left[~np.isnan(left)].view(np.int64), right[~np.isnan(right)].view(np.int64)
    )


@pytest.fixture
def archive(tmp_path):
    with open_archive(tmp_path / "archive", create=True) as opened:
        yield opened


def test_a_bin_that_was_appended_is_read_by_another_reader(archive, tmp_path):
    series = declare(archive)
    assert archive.append(series, START, IDS, np.array([3.0, LOST, 0.0])) == 1
    with open_archive(tmp_path / "archive") as reader:
        panel = reader.read(series.signal.name)
        assert [entity.id for entity in panel.entities] == list(IDS)
        assert panel.entities[0].tz == "Asia/Almaty"
        assert panel.grid.start == START
        assert _same(panel.values, np.array([[3.0], [LOST], [0.0]]))


def test_the_latest_bin_is_that_of_its_own_entities(archive):
    series = declare(archive)
    archive.append(series, START, IDS, np.array([1.0, 2.0, 3.0]))
    archive.append(series, START + STEP, IDS[::-1][:2], np.array([7.0, 8.0]))
    panel = archive.latest(series)
    assert {e.id: v for e, v in zip(panel.entities, panel.values[:, 0], strict=True)} == {
        IDS[2]: 7.0,
        IDS[1]: 8.0,
    }


@settings(max_examples=25)
@given(arrays.arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 30)), elements=VALUES))
def test_what_is_added_comes_out_bit_for_bit(tmp_path_factory, values):
    with open_archive(tmp_path_factory.mktemp("a") / "archive", create=True) as archive:
        archive.add(record(make_panel(values)))
        assert _same(archive.read("probing.slash24_up_cnt", IDS[: len(values)]).values, values)


@settings(max_examples=25)
@given(arrays.arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 30)), elements=SHARES))
def test_shares_of_few_decimals_come_out_bit_for_bit(tmp_path_factory, values):
    with open_archive(tmp_path_factory.mktemp("a") / "archive", create=True) as archive:
        archive.add(record(make_panel(values)))
        assert _same(archive.read("probing.slash24_up_cnt", IDS[: len(values)]).values, values)


@pytest.mark.parametrize(
    ("values", "number"),
    [
        pytest.param([0.0, LOST, 2.0**31 - 1], "int32", id="counts"),
        pytest.param([2.0**31], "int64", id="large-counts"),
        pytest.param([2.0**62], "double", id="larger-than-any-count"),
        pytest.param([99.63, 4.0], "decimal2", id="percent"),
        pytest.param([0.000001], "decimal6", id="millionths"),
        pytest.param([0.0000001], "double", id="less-than-a-millionth"),
        pytest.param([2.0**27 + 0.5], "double", id="large-and-broken"),
        pytest.param([1 / 3], "double", id="a-third"),
        pytest.param([LOST], "int32", id="nobody-measured"),
    ],
)
def test_values_take_the_narrowest_type_that_gives_them_back(archive, values, number):
    archive.add(record(make_panel(values)))
    rows = archive._shelf.manifest.sql.execute("SELECT number FROM files").fetchall()
    assert rows == [(number,)]
    assert _same(archive.read("test.probing").values, np.array([values]))


@settings(max_examples=15)
@given(st.lists(arrays.arrays(float, 3, elements=VALUES), min_size=1, max_size=8))
def test_bins_appended_one_by_one_are_the_panel(tmp_path_factory, columns):
    with open_archive(tmp_path_factory.mktemp("a") / "archive", create=True) as archive:
        series = declare(archive)
        for at, column in enumerate(columns):
            archive.append(series, START + at * STEP, IDS, column)
        for version in range(1, len(columns) + 1):
            seen = archive.read(series, IDS, START, START + len(columns) * STEP, as_of_version=version)
            expected = np.array(columns).T.copy()
            expected[:, version:] = np.nan
            assert _same(seen.values, expected)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param([1.0, -1.0, 2.0], "got -1.0", id="negative"),
        pytest.param([1.0, np.inf, 2.0], "got inf", id="infinite"),
        pytest.param([1.0, 2.0], "expected shape", id="too-few"),
    ],
)
def test_what_is_no_value_is_refused(archive, values, message):
    with pytest.raises(ValueError, match=message):
        archive.append(declare(archive), START, IDS, np.array(values))
    assert archive.version == 0


def test_the_same_bin_again_changes_nothing(archive):
    series = declare(archive)
    values = np.array([1.0, LOST, 3.0])
    assert archive.append(series, START, IDS, values) == archive.append(series, START, IDS, values)


def test_another_value_for_a_cell_that_is_held_is_refused(archive):
    series = declare(archive)
    archive.append(series, START, IDS, np.array([1.0, LOST, 3.0]))
    with pytest.raises(StoreError, match=r"country:KZ at 2024-01-31T23:00:00Z: expected 1, got 2"):
        archive.append(series, START, IDS, np.array([2.0, LOST, 3.0]))


def test_a_correction_is_a_new_version_and_the_old_account_can_be_rebuilt(archive):
    series = declare(archive)
    before = archive.add(record(make_panel([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    after = archive.correct(series, make_panel([[9.0, LOST]], START + STEP), provenance={"why": "a typo"})
    ids = IDS[:2]
    assert _same(archive.read(series, ids).values, np.array([[1.0, 9.0, LOST], [4.0, 5.0, 6.0]]))
    old = archive.read(series, ids, as_of_version=before).values
    assert _same(old, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    assert [write.version for write in archive.writes()] == [before, after]
    assert archive.writes(before)[0].provenance == {"why": "a typo"}


def test_a_revision_lays_values_over_others_but_not_its_gaps(archive):
    archive.add(record(make_panel([1.0, 2.0, 3.0])))
    archive.add(record(make_panel([LOST, 8.0, 3.0, 4.0])), revise=True)
    assert _same(archive.read("probing.slash24_up_cnt").values, np.array([[1.0, 8.0, 3.0, 4.0]]))


def test_files_of_several_entities_and_overlapping_times_make_one_panel(archive):
    for at, id_ in enumerate(IDS):
        archive.add(record(make_panel([[at, at + 1.0, at + 2.0]], START + at * STEP, ids=(id_,))))
    values = archive.read("probing.slash24_up_cnt", IDS).values
    assert _same(values, np.array([[0, 1, 2, LOST, LOST], [LOST, 1, 2, 3, LOST], [LOST, LOST, 2, 3, 4.0]]))


def test_partial_bins_and_provenance_come_back(archive):
    panel = make_panel([1.0, 2.0, 3.0], partial=np.array([True, False, True]), counted=True)
    archive.add(record(panel, notes=("a note",), unrelated=True))
    found = archive.read("probing.slash24_up_cnt")
    assert found.partial.tolist() == [True, False, True]
    assert found.counted
    assert archive.writes()[0].provenance["notes"] == ["a note"]


def test_what_memory_cannot_hold_of_sets_of_entities_is_read_again(archive, monkeypatch):
    from darkhours.store import rosters

    monkeypatch.setattr(rosters, "KEPT_NUMBERS", 4)
    series = declare(archive)
    for at, ids in enumerate([IDS, IDS[:2], IDS[1:], IDS]):
        archive.append(series, START + at * STEP, ids, np.full(len(ids), float(at)))
    assert _same(
        archive.read(series, IDS).values, np.array([[0.0, 1, LOST, 3], [0, 1, 2, 3], [0, LOST, 2, 3]])
    )


def test_batches_hold_every_entity_once(archive):
    archive.add(record(make_panel([[1.0], [2.0], [3.0]])))
    batches = list(archive.batches("test.probing", size=2))
    assert [len(batch.entities) for batch in batches] == [2, 1]
    assert _same(np.vstack([b.values for b in batches]), archive.read("test.probing").values)


def test_a_second_writer_is_refused_until_the_first_is_done(archive, tmp_path):
    series = declare(archive)
    with open_archive(tmp_path / "archive") as second:
        with pytest.raises(StoreError, match=r"process .* does"):
            second.append(series, START, IDS, np.ones(3))
        archive.close()
        second.append(series, START, IDS, np.ones(3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda a: a.read("nothing"), "name of one series", id="signal"),
        pytest.param(lambda a: a.read("test.probing", ["country:IR"]), "archive holds", id="entity"),
        pytest.param(
            lambda a: a.append(declare(a), START, ("Almaty",), np.ones(1)), "expected an id", id="no-id"
        ),
    ],
)
def test_what_is_not_there_is_told(archive, call, message):
    declare(archive)
    with pytest.raises(InputError, match=message):
        call(archive)


def test_a_folder_without_an_archive_is_told(tmp_path):
    with pytest.raises(StoreError, match="darkhours store init"):
        open_archive(tmp_path)


def test_an_archive_of_a_newer_program_is_refused(archive, tmp_path):
    archive._shelf.manifest.claim()
    archive._shelf.manifest.sql.execute("UPDATE meta SET value = 99 WHERE key = 'format'")
    with pytest.raises(StoreError, match="take a newer darkhours"):
        open_archive(tmp_path / "archive")


def test_a_signal_of_another_kind_is_refused(archive):
    series = declare(archive)
    assert declare(archive) == series
    from dataclasses import replace

    with pytest.raises(StoreError, match="give it another family"):
        archive.declare(replace(series.signal, kind="gauge"), series.family, "test", STEP)


def test_without_the_extra_its_name_is_told(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"darkhours\[archive\]"):
        open_archive(tmp_path, create=True)


def test_bins_that_do_not_begin_on_the_hour_keep_their_phase(archive):
    off = START + timedelta(minutes=2)
    archive.add(record(make_panel([1.0, 2.0], off)))
    assert archive.read("test.probing").grid.start == off
    with pytest.raises(ValueError, match="start of a bin"):
        archive.append(archive.find_series("test.probing"), START, IDS, np.ones(3))


def test_a_manifest_that_stays_locked_is_to_be_tried_again(archive, tmp_path, monkeypatch):
    import sqlite3

    from darkhours.store import manifest

    monkeypatch.setattr(manifest, "PATIENCE_S", 0.05)
    other = sqlite3.connect(tmp_path / "archive" / manifest.NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_archive(tmp_path / "archive") as second, pytest.raises(StoreBusy, match="locked"):
        declare(second)
    other.close()


def test_a_disk_that_is_full_is_told_and_nothing_of_the_write_is_there(archive):
    archive.record_events("detect", [], {"all": b"old"})
    archive._shelf.manifest.sql.execute("PRAGMA max_page_count = 1")
    event = Event(IDS[0], "k", START)
    with pytest.raises(StoreError, match="full"):
        archive.record_events("detect", [event], {"all": bytes(1_000_000)})
    assert archive.load_state("detect", "all") == (1, b"old")
    assert archive.events() == ()


def test_the_last_record_of_an_event_counts_and_the_first_can_be_read_as_it_was(archive):
    later = START + timedelta(hours=1)
    first = archive.record_events("detect", [Event(IDS[0], "a", START), Event(IDS[1], "b", START)])
    archive.record_events(
        "detect", [Event(IDS[0], "a", START, later, {"p": 0.9}), Event(IDS[1], "b", START, withdrawn=True)]
    )
    (now,) = archive.events("detect")
    assert (now.end, now.body) == (later, {"p": 0.9})
    assert [event.end for event in archive.events("detect", as_of_version=first)] == [None, None]
    assert archive.events("detect", IDS[1]) == archive.events("other") == ()
    assert archive.events(span=(later, later + timedelta(hours=1))) == ()


@pytest.mark.slow
def test_help_needs_no_library_of_the_archive():
    import subprocess
    import sys

    asked = "import sys, darkhours.cli; sys.exit(bool({'pyarrow', 'duckdb', 'sqlite3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
