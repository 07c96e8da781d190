"""Footers of files that were read lately: a file never changes, so neither does its footer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

KEPT_BYTES = 64_000_000
"""Memory of all footers together: ours, those of a hundred files of a month at five minutes."""
UNPACKED = 10
"""How many times as much memory a footer takes as it takes in its file: measured, 654 kB of 63 kB."""


@dataclass(slots=True)
class Footers:
    """Footers by the name of their file, those that were asked for least lately forgotten first.

    Many threads may share one: nothing of a footer changes once it is read.

    Args:
        most: bytes of memory, about.
    """

    most: int = KEPT_BYTES
    _kept: OrderedDict[str, Any] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def find(self, name: str) -> Any:  # noqa: ANN401 — of an extra without types
        """Return the footer of a file, None where it is not kept."""
        with self._guard:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
            return found

    def keep(self, name: str, footer: Any) -> None:  # noqa: ANN401 — as above
        """Keep a footer; one that alone is too large is not kept."""
        with self._guard:
            if name in self._kept:
                return
            self._kept[name] = footer
            self._bytes += UNPACKED * footer.serialized_size
            while self._bytes > self.most:
                self._drop(next(iter(self._kept)))

    def forget(self, name: str) -> None:
        """Forget the footer of a file that is gone."""
        with self._guard:
            if name in self._kept:
                self._drop(name)

    def _drop(self, name: str) -> None:
        self._bytes -= UNPACKED * self._kept.pop(name).serialized_size
