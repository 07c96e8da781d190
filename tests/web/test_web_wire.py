"""The wire: who takes nothing of a long answer is cut, who takes it slowly is not."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn

from darkhours.web.wire import patient

LENGTH = 30_000_000
"""Bytes of an answer: more than the buffers of two sockets hold."""


async def long_answer(scope, receive, send):
    """Answer with many zeros, however little is taken of them."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": bytes(LENGTH)})


@contextmanager
def asked(patience_s: float):
    """Ask for a long answer; give the line and the connections of the server."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        config = uvicorn.Config(
            long_answer, http=patient(patience_s), ws="none", lifespan="off", log_level="critical"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ear]}, daemon=True)
        thread.start()
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            line.settimeout(20)
            line.connect(ear.getsockname())
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            line.recv(100)
            yield line, server.server_state.connections
        server.should_exit = True
        thread.join(10)


def test_who_takes_nothing_is_cut():
    with asked(0.1) as (_, connections):
        assert connections
        until = time.monotonic() + 20
        while connections and time.monotonic() < until:
            time.sleep(0.05)

        assert not connections


def test_who_takes_it_slowly_gets_all_of_it():
    with asked(0.5) as (line, _):
        got = 100
        for _ in range(50):  # far longer than the patience, some of it each time
            got += len(line.recv(40_000))
            time.sleep(0.05)
        while got < LENGTH and (chunk := line.recv(1_000_000)):
            got += len(chunk)

    assert got >= LENGTH


@pytest.mark.parametrize("patience_s", [0.1, 5.0])
def test_each_site_has_a_patience_of_its_own(patience_s):
    assert patient(patience_s).patience_s == patience_s
    assert patient(1.0).patience_s == 1.0
