"""A site of two processes: one socket, one command that starts and stops them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import httpx2
import pytest

pytestmark = pytest.mark.slow


def test_two_processes_share_a_port_and_end_together():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "darkhours", "serve", "--processes", "2", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as site:
        try:
            answer = _ask(f"http://127.0.0.1:{port}/status")
            site.send_signal(signal.SIGTERM)
            code = site.wait(40)
        finally:
            if site.poll() is None:
                os.killpg(site.pid, signal.SIGKILL)

    assert (answer, code) == (200, 0)
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0


def _ask(address):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            return httpx2.get(address, timeout=10).status_code
        except httpx2.TransportError:
            time.sleep(0.2)
    return None
