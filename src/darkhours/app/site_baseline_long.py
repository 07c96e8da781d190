"""What a site works out when it has time, one after the other: baselines of long spans."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from darkhours.model.errors import DarkhoursError

log = logging.getLogger(__name__)
WAITING = 8
"""Spans that wait to be worked out: ours; who asks last waits least, and who is passed over asks again."""
KEPT = 2_000
"""Spans that are kept: ours, a year of two signals drawn at 480 points takes 8 kB."""
REST = 9.0
"""Rest after each, in times that it took: ours, a tenth of one processor for what nobody waits for."""
LONGEST_REST_S = 3.0
"""Rest at most: ours, so that nobody waits long after the first, for which kernels are compiled."""

Key = TypeVar("Key", bound=Hashable)
Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(slots=True, eq=False)
class Later(Generic[Key, Task, Done]):
    """What is worked out later, by one thread that rests most of the time; what is done is kept.

    Args:
        work: does a task.
        leave: called when there is nothing more to do, in the thread that did it.
        rest: as `REST`.
    """

    work: Callable[[Task], Done]
    leave: Callable[[], None] = lambda: None
    rest: float = REST
    _done: OrderedDict[Key, Done | None] = field(default_factory=OrderedDict)
    _asked: OrderedDict[Key, Task] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def ask(self, key: Key, task: Task) -> Done | None:
        """Return what is done, else None and have it done: it comes before all that was asked before."""
        with self._guard:
            if key in self._done:
                self._done.move_to_end(key)
                return self._done[key]
            self._asked[key] = task
            self._asked.move_to_end(key)
            while len(self._asked) > WAITING:
                self._asked.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="baselines", daemon=True)
                self._thread.start()
        return None

    def is_done(self, key: Key) -> bool:
        """Return whether it is."""
        with self._guard:
            return key in self._done

    def _run(self) -> None:
        """Do what was asked last until nothing is left; what fails is told, and not tried again."""
        try:
            while (picked := self._pick()) is not None:
                key, task = picked
                begun = time.monotonic()
                found: Done | None = None
                try:
                    found = self.work(task)
                except DarkhoursError as error:
                    log.warning("a baseline could not be worked out: %s", error)
                self._keep(key, found)
                time.sleep(min(self.rest * (time.monotonic() - begun), LONGEST_REST_S))
        finally:
            self.leave()

    def _pick(self) -> tuple[Key, Task] | None:
        with self._guard:
            if not self._asked:
                self._thread = None
                return None
            key = next(reversed(self._asked))
            return key, self._asked[key]

    def _keep(self, key: Key, found: Done | None) -> None:
        with self._guard:
            self._asked.pop(key, None)
            self._done[key] = found
            while len(self._done) > KEPT:
                self._done.popitem(last=False)
