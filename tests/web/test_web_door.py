"""The door: a process at work leaves connections to the others, and takes them where nobody else does."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from darkhours.web.door import Door


class Told(asyncio.Protocol):
    """Says who took a connection."""

    def __init__(self, name: str) -> None:
        self.name = name

    def connection_made(self, transport):
        transport.write(self.name.encode())
        transport.close()


@pytest.fixture
def listening():
    """A socket that several doors share, and its port."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        yield made


async def ask(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = await reader.read()
    writer.close()
    await writer.wait_closed()
    return told.decode()


def answers(listening: socket.socket, busy: dict[str, bool], times: int) -> list[str]:
    """Return who answers so many connections."""

    async def run() -> list[str]:
        doors = [Door([listening], lambda n=name: Told(n), lambda n=name: busy[n]) for name in busy]
        for door in doors:
            door.open(20)
        try:
            return [await asyncio.wait_for(ask(listening.getsockname()[1]), 20) for _ in range(times)]
        finally:
            for door in doors:
                door.close()

    # In a thread of its own: that of the tests may hold the loop of a browser.
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, run()).result()


def test_one_that_is_always_at_work_answers_all_the_same(listening):
    assert answers(listening, {"busy": True}, 3) == ["busy"] * 3


def test_each_connection_is_taken_once(listening):
    assert set(answers(listening, {"a": False, "b": False}, 12)) <= {"a", "b"}


def test_one_that_has_nothing_to_do_takes_what_another_leaves(listening):
    told = answers(listening, {"busy": True, "free": False}, 20)

    assert told.count("free") > told.count("busy")
