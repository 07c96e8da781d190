"""Compaction and retention change files, and nothing that can be read."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import IDS, LOST, START, STEP, declare, make_panel, record

from darkhours.model.errors import StoreError
from darkhours.store import open_archive

LONG_AFTER = START + timedelta(days=90)
HOURS, NO_TIME = timedelta(hours=1), timedelta(0)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["append", "add", "revise", "correct", "compact", "fold"]),
        st.integers(0, 30),
        st.integers(1, 14),
        st.sampled_from([(0,), (1,), (0, 1), (0, 1, 2), (2,)]),
        st.lists(
            st.one_of(
                st.just(LOST), st.integers(0, 9).map(float), st.sampled_from([0.5, 0.25, 1 / 3, 2.0**40])
            ),
            min_size=42,
            max_size=42,
        ),
    ),
    max_size=12,
)


@pytest.fixture
def archive(tmp_path):
    with open_archive(tmp_path / "archive", create=True) as opened:
        yield opened


def _levels(archive):
    rows = archive._shelf.manifest.sql.execute("SELECT level FROM files WHERE dropped_us IS NULL").fetchall()
    return sorted(level for (level,) in rows)


def _fill(archive, n_bins, step=STEP):
    series = declare(archive, step)
    values = np.arange(3 * n_bins, dtype=float).reshape(3, n_bins) % 97
    for at in range(n_bins):
        archive.append(series, START + at * step, IDS, values[:, at])
    return series, values


@pytest.mark.parametrize(
    ("n_bins", "now", "levels"),
    [
        pytest.param(12, 1 * HOURS, [0, 1], id="the-newest-bin-stays"),
        pytest.param(13, 1 * HOURS, [0, 1], id="the-hour-that-has-ended"),
        pytest.param(13, 1 * HOURS - timedelta(seconds=1), [0] * 13, id="a-second-before-it-has"),
        pytest.param(30, 26 * HOURS, [0, 1, 2], id="a-day-and-the-last-hour-of-another"),
    ],
)
def test_what_has_ended_is_merged(archive, n_bins, now, levels):
    series, values = _fill(archive, n_bins)
    archive.compact(START + now)
    assert _levels(archive) == levels
    assert np.array_equal(archive.read(series, IDS).values, values)


def test_days_and_months_are_merged_across_the_turn_of_a_month(archive):
    step = timedelta(hours=1)
    series, values = _fill(archive, 60, step)
    done = archive.compact(LONG_AFTER)
    assert done.merged > 0
    assert _levels(archive) == [0, 0, 3]  # one bin of January, February, and the newest
    assert np.array_equal(archive.read(series, IDS).values, values)


def test_a_second_compaction_finds_nothing_to_do(archive):
    _fill(archive, 30)
    archive.compact(LONG_AFTER)
    assert archive.compact(LONG_AFTER).merged == 0


def test_a_bin_that_is_told_again_does_not_undo_its_correction(archive):
    series = declare(archive)
    archive.append(series, START, IDS, np.array([1.0, 2.0, 3.0]))
    archive.correct(series, make_panel([[9.0], [LOST]], ids=IDS[:2]))
    archive.append(series, START, IDS, np.array([1.0, 2.0, 3.0]))
    assert np.array_equal(archive.read(series, IDS).values, [[9.0], [LOST], [3.0]], equal_nan=True)
    archive.append(series, START, IDS[1:2], np.array([5.0]))
    assert archive.read(series, IDS[1:2]).values == 5


def test_late_bins_join_the_month_that_was_merged(archive):
    series, values = _fill(archive, 24)
    archive.compact(LONG_AFTER)
    archive.append(series, START + 30 * STEP, IDS, np.ones(3))
    archive.add(record(make_panel([[5.0]], START + 20 * STEP, ids=("asn:1",))))
    archive.compact(LONG_AFTER)
    assert np.array_equal(archive.read(series, IDS, START, START + 24 * STEP).values, values)
    assert archive.read(series, ["asn:1"], START + 20 * STEP, START + 21 * STEP).values == 5
    assert np.array_equal(archive.latest(series).values, np.ones((3, 1)))


def test_a_reader_that_knows_a_replaced_file_can_still_read_it(archive, tmp_path):
    series, values = _fill(archive, 13)
    from darkhours.store.ledger import find_files
    from darkhours.store.reading import assemble

    with open_archive(tmp_path / "archive") as reader:
        shelf = reader._shelf
        known = find_files(shelf.manifest.sql, series)
        numbers = shelf.book.numbers_of(IDS)
        archive.compact(LONG_AFTER)
        first = series.bin_at(START)
        assert np.array_equal(np.sort(numbers), numbers)
        assert np.array_equal(assemble(shelf, known, numbers, (first, first + 13)), values)


def test_replaced_files_go_when_their_grace_has_passed(archive):
    _fill(archive, 13)
    archive.compact(LONG_AFTER)
    before = len(list(archive._shelf.files.names()))
    assert archive.compact(LONG_AFTER, grace=NO_TIME).removed == 12
    assert len(list(archive._shelf.files.names())) == before - 12
    assert archive.check(deep=True) == ()


def test_points_that_are_too_old_go_and_the_rest_stays(archive):
    series, values = _fill(archive, 24)
    archive.compact(START + 1 * HOURS)
    kept = archive.retain(START + 3 * HOURS, points=2 * HOURS)
    assert kept.files == 1
    assert np.array_equal(archive.read(series, IDS).values, values[:, 12:])
    assert archive.read(series, IDS).grid.start == START + HOURS
    with pytest.raises(
        StoreError, match=r"points before 2024-02-01T00:00Z were let go, got 2024-01-31T23:55Z"
    ):
        archive.read(series, IDS, START + HOURS - STEP)


def test_history_that_was_let_go_is_refused_and_the_present_stays(archive):
    series, values = _fill(archive, 24)
    archive.compact(LONG_AFTER)
    before = archive.version
    after = archive.correct(series, make_panel([[LOST], [50.0]], START + 3 * STEP))
    values[0, 3], values[1, 3] = LOST, 50.0
    archive.retain(archive._shelf.clock() + timedelta(days=1), history=timedelta(hours=1))
    assert np.array_equal(archive.read(series, IDS).values, values, equal_nan=True)
    assert np.array_equal(archive.read(series, IDS, as_of_version=after).values, values, equal_nan=True)
    with pytest.raises(StoreError, match=r"history before version \d+ was let go"):
        archive.read(series, IDS, as_of_version=before)


class Model:
    """An archive as a plain array for each version: what any reading must equal."""

    def __init__(self, n_bins=60):
        self.now = np.full((3, n_bins), np.nan)
        self.versions = {0: self.now.copy()}
        self.floor, self.past = 0, []

    def apply(self, kind, rows, first, values):
        span = rows, slice(first, first + values.shape[1])
        old = self.now[span]
        if kind in {"append", "add"}:  # what a cell has ever held is no news to it
            for then in self.past:
                values = np.where(then[span] == values, np.nan, values)
            if np.any((old != values) & ~np.isnan(old) & ~np.isnan(values)):
                return False
        new = values if kind == "correct" else np.where(np.isnan(values), old, values)
        self.now[span] = new
        self.past.append(self.now.copy())
        return True


def _act(archive, model, series, act):
    kind, first, length, rows, cells = act
    if kind == "compact":
        archive.compact(LONG_AFTER, grace=NO_TIME)
        return
    if kind == "fold":
        archive.retain(archive._shelf.clock() + timedelta(days=1), history=NO_TIME)
        model.floor, model.past = archive.version, [model.now.copy()]
        return
    length = 1 if kind == "append" else length
    values = np.array(cells[: len(rows) * length]).reshape(len(rows), length)
    ids = tuple(IDS[row] for row in rows)
    panel = make_panel(values, START + first * STEP, ids=ids)
    fits = model.apply(kind, list(rows), first, values)
    try:
        if kind == "append":
            archive.append(series, START + first * STEP, ids, values[:, 0])
        elif kind == "correct":
            archive.correct(series, panel)
        else:
            archive.add(record(panel), revise=kind == "revise")
    except StoreError:
        assert not fits
    else:
        assert fits
    model.versions[archive.version] = model.now.copy()


@settings(max_examples=40)
@given(ACTS)
def test_every_version_reads_as_a_plain_array_would(tmp_path_factory, acts):
    model = Model()
    with open_archive(tmp_path_factory.mktemp("a") / "archive", create=True) as archive:
        series = declare(archive)
        archive.append(series, START + 59 * STEP, IDS, np.full(3, LOST))
        model.versions[1] = model.now.copy()
        for act in acts:
            _act(archive, model, series, act)
        span = (START, START + 60 * STEP)
        assert np.array_equal(archive.read(series, IDS, *span).values, model.now, equal_nan=True)
        for version, expected in model.versions.items():
            if version >= max(1, model.floor):
                seen = archive.read(series, IDS, *span, as_of_version=version).values
                assert np.array_equal(seen, expected, equal_nan=True), version
        assert archive.check(deep=True) == ()
