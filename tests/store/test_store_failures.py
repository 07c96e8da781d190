"""Killed at any point, nothing that was acknowledged is lost, and nothing half-written is read."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from failing import FailingFiles, Killed
from stores import IDS, LOST, START, STEP, declare, make_panel, record

from darkhours.store import Event, open_archive
from darkhours.store.manifest import Manifest

NO_TIME = timedelta(0)
AFTER = START + timedelta(days=90)
SPAN = (START, START + 20 * STEP)


class Story:
    """What a writer does, act by act, and what must then be there, whoever dies when.

    Each act is safe to repeat, as a writer does that was not told whether it had arrived.
    """

    def __init__(self):
        self.values = np.full((3, 20), np.nan)
        self.acts = [
            *(self._append(at) for at in range(3)),
            ("add", lambda a: a.add(record(make_panel([[7.0, LOST, 9.0]], START + 14 * STEP)))),
            ("events", self._tell),
            ("compact", lambda a: a.compact(AFTER)),
            ("correct", lambda a: a.correct(a.find_series("test.probing"), self._correction())),
            self._append(3),
            ("compact", lambda a: a.compact(AFTER, grace=NO_TIME)),
            ("retain", lambda a: a.retain(a._shelf.clock() + timedelta(days=1), history=NO_TIME)),
            ("sweep", lambda a: a.compact(AFTER, grace=NO_TIME)),
        ]

    def _append(self, at):
        values = np.array([at, LOST, 2.0 * at])
        return f"append {at}", lambda a: a.append(declare(a), START + at * STEP, IDS, values)

    def _correction(self):
        return make_panel([[LOST, 50.0]], START + STEP, ids=IDS[2:])

    @staticmethod
    def _tell(archive):
        if archive.load_state("detect", "all") is None:
            event = Event(IDS[0], "k", START, None, {"p": 0.5})
            archive.record_events("detect", [event], {"all": b"state"})

    def expected(self, done):
        """Return what is to be read after the first so many acts."""
        values = np.full((3, 20), np.nan)
        names = [name for name, _ in self.acts[:done]]
        for name in names:
            if name.startswith("append"):
                at = int(name.split()[1])
                values[0, at], values[2, at] = at, 2.0 * at
            elif name == "add":
                values[0, 14], values[0, 16] = 7.0, 9.0
            elif name == "correct":
                values[2, 1:3] = LOST, 50.0
        return values


def _read(archive):
    if not archive.series() or not archive.entities():
        return np.full((3, 20), np.nan)
    held = {entity.id for entity in archive.entities()}
    ids = [id_ for id_ in IDS if id_ in held]
    out = np.full((3, 20), np.nan)
    out[[IDS.index(id_) for id_ in ids]] = archive.read("test.probing", ids, *SPAN).values
    return out


def _same(left, right):
    return np.array_equal(left, right, equal_nan=True)


def _run(folder, files, monkeypatch):
    """Play the story until it fails; return how many acts were acknowledged, and whether it failed."""
    story, done = Story(), 0
    commit = Manifest.commit

    def failing_commit(self):
        files.step("commit")
        commit(self)
        files.step("answer")

    with monkeypatch.context() as patch, open_archive(folder, files=files, create=True) as archive:
        patch.setattr(Manifest, "commit", failing_commit)
        try:
            for _, act in story.acts:
                act(archive)
                done += 1
        except (Killed, OSError):
            return done, True
    return done, False


def _verify(folder, done):
    """Hold what another process finds against what was acknowledged; then go on from there."""
    story = Story()
    with open_archive(folder, files=FailingFiles(folder / "points")) as archive:
        found = _read(archive)
        assert any(_same(found, story.expected(after)) for after in (done, done + 1)), f"after act {done}"
        assert [finding for finding in archive.check(deep=True) if finding.lost] == []
        state, events = archive.load_state("detect", "all"), archive.events("detect")
        assert (state is None) == (events == ())
        assert done < 5 or state is not None
        archive.repair()
        assert archive.check(deep=True) == ()
        for _, act in story.acts[done:]:
            act(archive)
        assert _same(_read(archive), story.expected(len(story.acts)))
        assert archive.check(deep=True) == ()


@pytest.mark.slow
@pytest.mark.parametrize("dies", [False, True], ids=["an-error", "death-and-a-power-cut"])
def test_whichever_operation_fails_what_was_acknowledged_is_there(tmp_path, monkeypatch, dies):
    for at in range(1, 1000):
        folder = tmp_path / str(at)
        files = FailingFiles(folder / "points", at, dies=dies)
        done, failed = _run(folder, files, monkeypatch)
        if not failed:
            break
        if dies:
            files.cut_power()
        _verify(folder, done)
    assert at > 100, "expected more operations than that; does the story still write?"
    assert done == len(Story().acts)


def test_a_failed_write_leaves_the_same_writer_able_to_go_on(tmp_path):
    files = FailingFiles(tmp_path / "a" / "points", 3)
    with open_archive(tmp_path / "a", files=files, create=True) as archive:
        series = declare(archive)
        with pytest.raises(OSError, match="no space left"):
            archive.append(series, START, IDS, np.ones(3))
        assert archive.version == 0
        assert archive.entities() == ()
        archive.append(series, START, IDS, np.ones(3))
        assert archive.latest(series).values.tolist() == [[1.0], [1.0], [1.0]]


def test_a_file_that_vanished_is_told_and_the_rest_can_be_read_after_a_repair(tmp_path):
    with open_archive(tmp_path, create=True) as archive:
        series = declare(archive)
        for at in range(2):
            archive.append(series, START + at * STEP, IDS, np.full(3, float(at)))
        first = min((tmp_path / "points").rglob("*.parquet"))
        first.write_bytes(first.read_bytes()[:-9])
        (finding,) = archive.check()
        assert (finding.kind, finding.lost) == ("damaged", True)
        assert "2024-01-31T23:00Z to 2024-01-31T23:05Z" in finding.message
        archive.repair()
        assert archive.read(series, IDS).values.tolist() == [[1.0], [1.0], [1.0]]
        archive.append(series, START, IDS, np.zeros(3))
        assert archive.read(series, IDS).values.tolist() == [[0.0, 1.0]] * 3


def test_bytes_that_changed_in_place_are_found_by_the_deep_check_alone(tmp_path):
    with open_archive(tmp_path, create=True) as archive:
        archive.append(declare(archive), START, IDS, np.arange(3.0))
        (path,) = (tmp_path / "points").rglob("*.parquet")
        data = bytearray(path.read_bytes())
        data[10] ^= 1
        path.write_bytes(data)
        assert archive.check() == ()
        assert [finding.kind for finding in archive.check(deep=True)] == ["damaged"]
