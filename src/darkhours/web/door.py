"""The door: which of several processes takes a new connection; one at work leaves it to the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from socket import socket

log = logging.getLogger(__name__)
YIELD_S = 0.02
"""Seconds for which a process at work leaves a connection to the others: ours, about what a dear page takes;
then it takes it all the same, so that one whose threads are busy for long still answers."""
LOOK_S = 0.002
"""Seconds between two looks, and between two connections, in which a request becomes work: ours."""


class Door:
    """Takes connections from sockets that several processes listen on.

    The system wakes all that listen and the quickest wins, at work or not, so that requests would queue in
    one process while another has nothing to do.

    Args:
        sockets: bound, shared by all processes.
        make_protocol: makes what speaks on a connection.
        is_busy: whether this process has something to do.
    """

    def __init__(
        self,
        sockets: Sequence[socket],
        make_protocol: Callable[[], asyncio.Protocol],
        is_busy: Callable[[], bool],
    ) -> None:
        """Take the sockets; nothing is listened on yet."""
        self._sockets, self._make, self._is_busy = sockets, make_protocol, is_busy
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, backlog: int) -> None:
        """Begin to take connections."""
        for each in self._sockets:
            each.setblocking(False)
            each.listen(backlog)
            self._tasks.add(asyncio.create_task(self._take(each)))

    def close(self) -> None:
        """Take no more."""
        for each in self._tasks:
            each.cancel()

    async def _take(self, listening: socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._leave_it()
            try:
                line, _ = await loop.sock_accept(listening)
            except OSError as error:  # no more files, or the client has gone
                log.warning("a connection could not be taken: %s", error)
                await asyncio.sleep(YIELD_S)
                continue
            with suppress(OSError):
                await loop.connect_accepted_socket(self._make, line)
            await asyncio.sleep(LOOK_S)

    async def _leave_it(self) -> None:
        """Wait until this process has nothing to do, but not for long."""
        for _ in range(round(YIELD_S / LOOK_S)):
            if not self._is_busy():
                return
            await asyncio.sleep(LOOK_S)
