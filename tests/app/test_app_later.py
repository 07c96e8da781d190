"""What is worked out later: last asked, first done; kept; and a failure is no reason to try for ever."""

from __future__ import annotations

import threading
import time

import pytest

from darkhours.app.site_baseline_long import WAITING, Later
from darkhours.model.errors import StoreError


def wait_for(done):
    until = time.monotonic() + 20
    while not done() and time.monotonic() < until:
        time.sleep(0.005)
    assert done()


@pytest.fixture
def gate():
    """Lets work go on."""
    return threading.Event()


def test_who_asks_last_is_served_first_and_too_many_do_not_wait(gate):
    order, begun = [], threading.Event()

    def work(task):
        begun.set()
        assert gate.wait(20)
        order.append(task)
        return -task

    later = Later(work, rest=0)
    assert later.ask("first", 0) is None
    assert begun.wait(20)
    for number in range(1, WAITING + 3):
        assert later.ask(number, number) is None
    gate.set()
    wait_for(lambda: later.is_done(3))

    assert order[:2] == [0, WAITING + 2]
    assert later.ask(WAITING + 2, 0) == -(WAITING + 2)
    assert not later.is_done(1)


def test_what_fails_is_told_once_and_kept_as_nothing(caplog):
    left = threading.Event()

    def work(task):
        raise StoreError(f"no {task}")

    later = Later(work, left.set, rest=0)
    later.ask("a", "a")
    wait_for(lambda: later.is_done("a"))

    assert later.ask("a", "a") is None
    assert left.wait(20)
    assert "no a" in caplog.text


def test_one_that_has_nothing_to_do_begins_again():
    later = Later(lambda task: task + 1, rest=0)
    later.ask("a", 1)
    wait_for(lambda: later.is_done("a"))
    later.ask("b", 2)
    wait_for(lambda: later.is_done("b"))

    assert (later.ask("a", 0), later.ask("b", 0)) == (2, 3)
