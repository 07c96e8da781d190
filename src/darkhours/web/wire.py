"""The wire: a connection whose client does not send a whole request in time, or takes nothing, is cut."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LEAST_TAKEN = 4_096
"""Bytes that a client must take in each span of patience: ours, what the slowest telephone line carries."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to patience, which uvicorn has only between two requests."""

    patience_s: ClassVar[float] = 20.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and to look whether what is sent is taken."""
        super().connection_made(transport)
        self._waiting: asyncio.TimerHandle | None = None
        self._left: tuple[object, int] = (None, 0)
        self._watching = self.loop.call_later(self.patience_s, self._look)
        self._wait_or_not()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._watching.cancel()
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Handle what came, and wait for the rest of it where there is one."""
        super().handle_events()
        self._wait_or_not()

    def _wait_or_not(self) -> None:
        """Wait from the first byte of a request until its last, however many come between."""
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(self.patience_s, self._cut)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _cut(self) -> None:
        self.transport.abort()

    def _look(self) -> None:
        """Cut a connection of which less was taken since the last look than anybody who reads would take."""
        left = self.transport.get_write_buffer_size()
        answer, before = self._left
        if left and answer is self.cycle and left > before - LEAST_TAKEN:
            self.transport.abort()
            return
        self._left = (self.cycle if left else None, left)
        self._watching = self.loop.call_later(self.patience_s, self._look)


def patient(patience_s: float) -> type[PatientProtocol]:
    """Return the protocol with a patience of its own.

    Args:
        patience_s: seconds within which a whole request must have come, and in each of which something of
            the answer must be taken.
    """
    return type("PatientProtocol", (PatientProtocol,), {"patience_s": patience_s})
