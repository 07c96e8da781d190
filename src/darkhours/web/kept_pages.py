"""Pages that are kept as text: filled once for each version, and never twice at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


@dataclass
class KeptPages:
    """Pages by what was asked, as it was understood; what was not understood must not be in them.

    Args:
        most: how many are kept; the one that was not asked for longest goes first.
    """

    most: int
    _kept: OrderedDict[Hashable, tuple[int, str]] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _filling: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, version: int, fill: Callable[[], str]) -> str:
        """Return a page; while one thread fills a new version, the others give the one before it.

        Args:
            key: what was asked.
            version: of what it tells.
            fill: makes its text.
        """
        known, text = self._look(key)
        if known == version or not self._filling.acquire(blocking=not text):
            return text
        try:
            known, text = self._look(key)  # another may have filled it meanwhile
            if known == version:
                return text
            text = fill()
            with self._guard:
                self._kept[key] = (version, text)
                self._kept.move_to_end(key)
                while len(self._kept) > self.most:
                    self._kept.popitem(last=False)
            return text
        finally:
            self._filling.release()

    def _look(self, key: Hashable) -> tuple[int | None, str]:
        with self._guard:
            if key not in self._kept:
                return None, ""
            self._kept.move_to_end(key)
            return self._kept[key]
