"""What a site is told by whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site is told by whoever runs it.

    Args:
        base: absolute address of the site without a slash at its end, such as ``http://127.0.0.1:8000``.
        hosts: names under which it answers; any other Host is refused.
        token: that a writer must show; None: nobody may write.
        rate: requests a second that one address may make for long: ours, a reader makes about one.
        burst: requests that it may make at once: ours, some pages with all that belongs to them.
        most_body: bytes of a request, at most: ours, a case of 500 claims has 300 kB.
        slow_s: seconds within which a client must have sent a whole request, and in each of which it must
            take something of what it is sent.
        most_streams: streams of events at once, of all: ours, each holds a connection.
        most_streams_each: of one address: ours, some windows of one reader, and a household.
        cases: folder into which cases that are sent are written; None: none may be.
    """

    base: str
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    token: str | None = None
    rate: float = 100.0
    burst: int = 400
    most_body: int = 1_000_000
    slow_s: float = 20.0
    most_streams: int = 200
    most_streams_each: int = 10
    cases: Path | None = None
