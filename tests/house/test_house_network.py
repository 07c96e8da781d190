"""The network is off in every test; loopback is not."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "203.0.113.9", "2001:db8::1"])
def test_another_machine_cannot_be_reached(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_STREAM) as channel,
        pytest.raises(AssertionError, match="network is off"),
    ):
        channel.connect((address, 80))


def test_a_name_of_another_machine_cannot_be_looked_up():
    with pytest.raises(AssertionError, match="network is off"):
        socket.getaddrinfo("darkhours.invalid", 443)


def test_loopback_can_be_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as channel,
    ):
        answer, _ = server.accept()
        with answer:
            answer.sendall(b"here")
        assert channel.recv(4) == b"here"
