"""Unpacking ahead: the same bytes and the same faults, by a thread that ends with its reader."""

from __future__ import annotations

import gzip
import threading
from itertools import islice

import pytest
from mrt_writer import message as bgp
from mrt_writer import path, prefix, session, update_body

from darkhours.model.errors import InputError
from darkhours.sources.mrt.ahead import ReadAhead
from darkhours.sources.mrt.elements import Reader
from darkhours.sources.mrt.unpack import PIECE

LARGE = bytes(range(256)) * (20 * PIECE // 256)
"""More pieces than lie ready."""
PACKED = gzip.compress(LARGE, 1)


@pytest.mark.parametrize("taken", [0, 1, 3, None])
def test_pieces_are_those_of_the_file_however_many_are_taken_and_the_thread_ends(tmp_path, taken):
    file = tmp_path / "large.gz"
    file.write_bytes(PACKED)
    with ReadAhead(file) as ahead:
        pieces = list(islice(ahead.pieces(), taken))
    assert LARGE.startswith(b"".join(pieces))
    assert taken is not None or b"".join(pieces) == LARGE
    assert "unpack" not in {thread.name for thread in threading.enumerate()}
    assert ahead.broken == ""


def test_what_is_wrong_with_the_packing_is_known_after_the_last_piece(tmp_path):
    file = tmp_path / "cut.gz"
    file.write_bytes(PACKED[: len(PACKED) // 2])
    with ReadAhead(file) as ahead:
        assert LARGE.startswith(b"".join(ahead.pieces()))
        assert ahead.broken == "it ends inside its packing"


def test_elements_are_the_same_ahead_or_not(tmp_path):
    file = tmp_path / "updates.gz"
    told = [update_body([], path([64501, 65001]), [prefix(f"10.{number}.0.0/16")]) for number in range(200)]
    file.write_bytes(gzip.compress(b"".join(session(bgp(each)) for each in told)))
    with ReadAhead(file) as ahead:
        ours = [tuple(column.tolist() for column in rows) for rows in Reader().read(ahead)]
    assert ours == [tuple(column.tolist() for column in rows) for rows in Reader().read(file)]
    assert len(ours[0][0]) == 200


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with ReadAhead(tmp_path / "nothing.gz") as ahead, pytest.raises(InputError, match=r"nothing\.gz"):
        list(Reader().read(ahead))
