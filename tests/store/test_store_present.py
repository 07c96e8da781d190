"""What is known now is read whole, merged by entity, and every change keeps its place in the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import IDS, START, declare

from darkhours.model.errors import StoreBusy, StoreError
from darkhours.store import Change, create_archive, empty_present, open_archive
from darkhours.store.ledger import to_us
from darkhours.store.present import COLUMNS, NAME, NEVER, merge

HOUR = timedelta(hours=1)


@pytest.fixture
def archive(tmp_path):
    create_archive(tmp_path / "a")
    with open_archive(tmp_path / "a", clock=lambda: START) as opened:
        yield opened


def rows(ids=IDS, state=0, groups=(("a.probing",),), **columns):
    made = replace(empty_present(ids), groups=groups)
    made.state[:] = state
    for name, value in columns.items():
        getattr(made, name)[:] = value
    return made


def change(entity=IDS[0], kind="dark", **other):
    told = {"state": "dark", "status": "ongoing", "begun": START, "p": 0.75, "families": ("a", "b")}
    edge = (START, START - HOUR, START + HOUR)
    return Change(
        entity, kind, at=edge[0], earliest=edge[1], latest=edge[2], until=START + HOUR, **told | other
    )


def same(one, other):
    return one.entities == other.entities and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS
    )


def test_before_anything_was_told_nothing_is_known(archive):
    assert (len(archive.current()), archive.changes(), archive.last_cursor) == (0, (), 0)


def test_what_is_told_is_read_as_it_was(archive):
    told = rows(state=2, since=to_us(START), p=0.5)
    cursor = archive.tell(told, [change()])
    found = archive.current()
    assert same(found, told)
    assert (found.cursor, found.row(0)["state"], found.row(0)["since"]) == (cursor, "dark", START)
    assert (found.row(0)["begun"], found.row(0)["families"]) == (None, ["a.probing"])
    (read,) = archive.changes()
    assert read == replace(change(), told=START, cursor=cursor)


def test_rows_are_laid_over_those_that_are_there(archive):
    archive.tell(rows(state=1, groups=(("x",), ("y",)), families=1))
    archive.tell(rows((IDS[1], "local:new"), state=2, groups=(("y",), ("z",)), families=1))
    found = archive.current()
    assert found.entities == (*IDS, "local:new")
    assert [found.row(at)["state"] for at in range(4)] == ["degraded", "dark", "degraded", "dark"]
    assert [found.row(at)["families"] for at in range(4)] == [["y"], ["z"], ["y"], ["z"]]


def test_changes_are_told_in_order_after_a_cursor_and_by_entity(archive):
    first = archive.tell(rows(), [change(IDS[0]), change(IDS[1])])
    last = archive.tell(rows(), [change(IDS[0], "back", status="probation", begun=None)])
    assert archive.last_cursor == last > first
    assert [each.kind for each in archive.changes(first)] == ["back"]
    assert [each.entity for each in archive.changes(limit=2)] == list(IDS[:2])
    assert [each.kind for each in archive.changes(entity=IDS[0])] == ["dark", "back"]
    assert archive.changes(last) == ()


def test_what_fails_leaves_nothing_behind(archive):
    archive.tell(rows(state=1), [change()])
    with pytest.raises(AttributeError):
        archive.tell(rows(("local:other",), state=2), [change("local:other"), None])
    assert archive.current().entities == IDS
    assert len(archive.changes()) == 1
    assert archive.tell(rows(state=2), [change()]) == 2


def test_it_is_told_while_another_writes_and_seen_by_one_that_reads(archive, tmp_path):
    with open_archive(tmp_path / "a") as writer, open_archive(tmp_path / "a") as reader:
        writer.append(declare(writer), START, IDS, [1.0, 2.0, 3.0])
        assert len(reader.current()) == 0
        archive.tell(rows(state=2), [change()])
        assert reader.current().entities == IDS
        archive.tell(rows(("local:b",), state=1))
        assert reader.current().entities == (*IDS, "local:b")


def test_one_watches_and_another_is_told_so(archive, tmp_path):
    archive.claim_watch()
    archive.claim_watch()
    with open_archive(tmp_path / "a") as other, pytest.raises(StoreBusy, match="watches"):
        other.claim_watch()


def test_a_file_that_is_none_is_told(archive, tmp_path):
    (tmp_path / "a" / NAME).write_bytes(b"<html>" * 100)
    with pytest.raises(StoreError, match=NAME):
        archive.current()


ids = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8).map(tuple)


@given(ids, ids)
def test_merging_keeps_what_is_not_told_anew(held, new):
    merged = merge(rows(held, state=1), rows(new, state=2))
    told = dict(zip(merged.entities, merged.state.tolist(), strict=True))
    assert told == dict.fromkeys(held, 1) | dict.fromkeys(new, 2)
    assert (merged.since == NEVER).all()
