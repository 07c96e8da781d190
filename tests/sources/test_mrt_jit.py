"""Kernels are compiled once, kept as machine code, and never trusted where a file is damaged."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from darkhours.sources.mrt import compiling, jit, objects


class Pair(NamedTuple):
    small: np.ndarray
    table: np.ndarray


@jit.kernel
def twice(number: int) -> int:
    return 2 * number


def add_up(pair: Pair, more: int, on: bool) -> tuple[int, int]:  # noqa: FBT001 — kernels know no names
    total = 0
    for row in range(pair.table.shape[0]):
        for column in range(pair.table.shape[1]):
            total += pair.table[row, column] * (column + 1)
    return total + twice(more), pair.small.size if on else -1


def fill(column: np.ndarray) -> None:
    for at in range(column.size):
        column[at] = at


def has_room(column: np.ndarray) -> bool:
    return column.size > 2


def divide(one: int, other: int) -> int:
    return one // other


PAIR = Pair(np.zeros(3, np.uint8), np.arange(6, dtype=np.int32).reshape(2, 3))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return where kernels are kept: nothing is there yet."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    jit.cache_folder.cache_clear()
    yield Path(jit.cache_folder())
    monkeypatch.undo()
    jit.cache_folder.cache_clear()


def test_numbers_arrays_and_tuples_go_in_and_come_out(folder):
    column = np.full(5, 9, np.uint16)
    assert jit.entry(add_up)(PAIR, 50, True) == (0 + 2 + 6 + 3 + 8 + 15 + 100, 3)
    assert jit.entry(fill)(column) is None
    assert column.tolist() == [0, 1, 2, 3, 4]
    assert [jit.entry(has_room)(np.zeros(n)) for n in (2, 3)] == [False, True]
    assert len(list(folder.iterdir())) == 3


def test_what_was_kept_is_loaded_and_not_compiled_again(folder, monkeypatch):
    first = jit.entry(add_up)(PAIR, 1, False)
    monkeypatch.setattr(compiling, "compile_entry", None)
    assert jit.entry(add_up)(PAIR, 1, False) == first == (36, -1)


@pytest.mark.parametrize("harm", [
    pytest.param(lambda data: data[:-1], id="cut"),
    pytest.param(lambda data: data[:200] + b"\0" + data[201:], id="changed"),
    pytest.param(lambda data: data[5:], id="headless"),
    pytest.param(lambda _: b"", id="empty"),
])  # fmt: skip
def test_a_damaged_file_is_never_run_but_made_anew(folder, harm):
    jit.entry(fill)(np.zeros(2))
    (file,) = folder.iterdir()
    sound = file.read_bytes()
    file.write_bytes(harm(sound))
    column = np.ones(2)
    jit.entry(fill)(column)
    assert column.tolist() == [0, 1]
    assert objects.read_kept(folder, file.name.rpartition("-")[0]) is not None


def test_other_kinds_of_arrays_are_another_kernel(folder):
    run = jit.entry(fill)
    for kind in (np.uint8, np.float64):
        column = np.ones(3, kind)
        run(column)
        assert column.tolist() == [0, 1, 2]
    assert len(list(folder.iterdir())) == 2


def test_a_kernel_that_may_raise_is_left_to_the_compiler(folder):
    assert jit.entry(divide)(7, 2) == 3
    with pytest.raises(ZeroDivisionError):
        jit.entry(divide)(7, 0)
    assert not list(folder.glob("*.o"))


def _make_old(parent, name, files, days):
    other = parent / name
    other.mkdir()
    for file in files:
        (other / file).write_bytes(b"code")
    then = time.time() - days * 86_400
    os.utime(other, (then, then))
    return other


@pytest.mark.parametrize(("name", "files", "days", "left"), [
    pytest.param("0123456789abcdef", ("scan-1-2.o", "view-1-2.o"), 30.01, None, id="unused-for-a-month"),
    pytest.param("0123456789abcdef", ("scan-1-2.o",), 29.9, {"scan-1-2.o"}, id="used-this-month"),
    pytest.param("0123456789abcdef", ("scan-1-2.o", "x.txt"), 99, {"x.txt"}, id="what-is-not-ours-stays"),
    pytest.param("another-program", ("scan-1-2.o",), 99, {"scan-1-2.o"}, id="a-folder-of-others"),
])  # fmt: skip
def test_machine_code_of_other_versions_goes_when_new_is_kept(folder, name, files, days, left):
    folder.parent.mkdir(exist_ok=True)
    other = _make_old(folder.parent, name, files, days)
    jit.entry(fill)(np.zeros(2))
    assert (None if not other.exists() else {each.name for each in other.iterdir()}) == left
    assert len(list(folder.glob("*.o"))) == 1


def test_a_folder_behind_a_link_is_left_alone(folder, tmp_path_factory):
    far = _make_old(tmp_path_factory.mktemp("far"), "0123456789abcdef", ("scan-1-2.o",), 99)
    (folder.parent / "fedcba9876543210").symlink_to(far)
    objects.remove_unused(folder)
    assert (far / "scan-1-2.o").exists()


def test_what_is_loaded_counts_as_used(folder):
    jit.entry(fill)(np.zeros(2))
    then = time.time() - 40 * 86_400
    os.utime(folder, (then, then))
    jit.entry(fill)(np.zeros(2))
    assert time.time() - folder.stat().st_mtime < 86_400
    objects.remove_unused(folder.parent / "0123456789abcdef")  # as another version would
    assert len(list(folder.glob("*.o"))) == 1


def test_where_it_was_not_tried_the_compiler_keeps_its_own(folder, monkeypatch):
    monkeypatch.setattr(jit, "_TRIED", set())
    assert jit.entry(add_up)(PAIR, 50, True) == (134, 3)
    assert (list(folder.glob("*.o")), jit.is_compiled("add_up")) == ([], True)


def test_what_is_checked_is_not_kept(folder, monkeypatch):
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert jit.entry(has_room)(np.zeros(3)) is True
    assert not folder.exists()


def test_what_a_kernel_cannot_take_is_refused():
    with pytest.raises(ValueError, match="in one piece"):
        jit.entry(fill)(np.zeros(6)[::2])
    with pytest.raises(ValueError, match="by name"):
        jit.entry(fill)(column=np.zeros(6))


def test_parts_can_be_called_slowly():
    assert twice(4) == 8
