"""Work that other processes import: what tests of spreading have done."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def slow_digest(data: bytes) -> bytes:
    time.sleep(0.05)
    return digest(data)


def refuse_seven(data: bytes) -> bytes:
    if data == b"7":
        raise ValueError("expected anything but a seven")
    return digest(data)


def die_once(data: bytes) -> bytes:
    """Take the process along, the first time that a batch names a file which is not there."""
    path = Path(data.decode())
    if path.suffix == ".once" and not path.exists():
        path.write_text("", encoding="utf-8")
        os._exit(1)
    return digest(data)


def die_always(data: bytes) -> bytes:
    if data == b"3":
        os._exit(1)
    return digest(data)
