"""Kernels are compiled once, kept as machine code, and never trusted where a file is damaged."""

from __future__ import annotations

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
