"""What holds for every test: no network, no clock-bound deadline, shared data only where it is.

- The network is off: only loopback and local sockets open, so that a test which needs the
  Internet fails at once and says so, here and in CI alike.
- `shared_data` tests are skipped where `DARKHOURS_SHARED_DATA` is unset.
- hypothesis gives no verdict on speed: a slow machine is no bug.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

LOOPBACK = {"localhost", "localhost.localdomain", "::1", "0.0.0.0", ""}  # noqa: S104 — nothing is bound here
REFUSAL = "the network is off in tests: {}; record the answer, or serve it from loopback"
SHARED_DATA = "DARKHOURS_SHARED_DATA"
ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("person", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("person"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "person")

_open = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
_look_up = socket.getaddrinfo


class NetworkUsedError(AssertionError):
    """A test spoke to another machine."""


def _is_local(address: object) -> bool:
    """Return whether an address stays on this machine: a path, or loopback."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    return host in LOOPBACK or host.startswith("127.")


def _guard(name: str):
    def guarded(self: socket.socket, *args):
        if args and not _is_local(args[-1]):
            raise NetworkUsedError(REFUSAL.format(f"{name} to {args[-1]!r}"))
        return _open[name](self, *args)

    return guarded


def _guarded_look_up(host, *args, **kwargs):
    if not _is_local((host or "",)):
        raise NetworkUsedError(REFUSAL.format(f"look-up of {host!r}"))
    return _look_up(host, *args, **kwargs)


def pytest_configure() -> None:
    for name in _open:
        setattr(socket.socket, name, _guard(name))
    socket.getaddrinfo = _guarded_look_up


def pytest_unconfigure() -> None:
    for name, original in _open.items():
        setattr(socket.socket, name, original)
    socket.getaddrinfo = _look_up


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(SHARED_DATA):
        return
    reason = f"needs the evidence that is not part of the project: set {SHARED_DATA} to its folder"
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of the evidence that is not part of the project."""
    folder = os.environ.get(SHARED_DATA)
    if not folder:
        pytest.skip(f"{SHARED_DATA} is unset")
    return Path(folder)
