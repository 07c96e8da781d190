"""The use case `watch`: a form that stays up, takes each new bin in one step, and tells what changed."""

from __future__ import annotations

import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from darkhours.app.detect import choose_series
from darkhours.app.entity import describe_entity
from darkhours.app.instants import read_duration
from darkhours.app.kernels import say_if_compiling
from darkhours.app.measured import Question
from darkhours.app.watch_book import Watcher
from darkhours.app.watch_load import Source
from darkhours.infer.choose import has_kernels
from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import ConfigError, StoreError
from darkhours.store import Archive, Change, open_archive

ALL = "all"
LEAST_EVERY, MOST_EVERY = timedelta(seconds=1), timedelta(hours=6)
MOST_IDLE = timedelta(days=7)
Progress = Callable[[int, int], None]
Tell = Callable[[Change, Entity], None]


class Stop(Protocol):
    """Whoever says that it is enough, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Tell whether it is."""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds at most; return whether it is."""


@dataclass(frozen=True, slots=True)
class WatchWish:
    """What `watch` is asked for.

    Args:
        archive: its folder.
        entities: ids of places; none for all that there are.
        signals: names of those that count; none for every one.
        every: how often the archive is asked for new bins.
        once: whether it ends when what is there has been taken.
        idle: how long nothing new may come before it ends; None for ever.
    """

    archive: Path
    entities: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    every: timedelta = timedelta(minutes=1)
    once: bool = False
    idle: timedelta | None = None


def make_watch_wish(
    archive: Path,
    entities: Sequence[str],
    signals: Sequence[str],
    often: tuple[str, str | None],
    *,
    once: bool = False,
) -> WatchWish:
    """Return what the command line asks for.

    Raises:
        ConfigError: a duration is none.
        InputError: a place is unknown.
    """
    every = read_duration(often[0], "--every", LEAST_EVERY, MOST_EVERY)
    idle = None if often[1] is None else read_duration(often[1], "--until-idle", LEAST_EVERY, MOST_IDLE)
    named = () if list(entities) in ([], [ALL]) else tuple(dict.fromkeys(map(_find, entities)))
    return WatchWish(archive.expanduser(), named, tuple(signals), every, once, idle)


def _find(text: str) -> str:
    return text if is_entity_id(text) else describe_entity(text).entity.id


def watch(wish: WatchWish, tell: Tell, stop: Stop, progress: Progress | None = None) -> int:
    """Tell what changes in an archive as its bins come, until told to stop; return how many were told.

    A change is kept in the archive before it is told, so that a watch that is killed and started again goes
    on where it stopped and tells nothing twice. What fails is logged, and all that memory holds is begun anew
    from the archive when it is next asked.

    Args:
        wish: what is asked for.
        tell: called with each change, in the order in which it is kept.
        stop: says when it is enough.
        progress: called with how many places have been loaded, and of how many.

    Raises:
        ConfigError: kernels are not installed.
        StoreError: there is no archive, or another process watches.
        InputError: no such signal or place, or no points yet and ``once``.
    """
    if not has_kernels():
        raise ConfigError("watch: expected numba, found none; pip install 'darkhours[archive]'")
    with open_archive(wish.archive) as archive:
        archive.claim_watch()
        say_if_compiling()
        run = _Run(archive, wish, tell, progress)
        run.take(stop)  # what is wrong from the first is told to whoever started it
        quiet = timedelta(0)
        while not (wish.once or stop.is_set() or (wish.idle is not None and quiet >= wish.idle)):
            if stop.wait(wish.every.total_seconds()):
                break
            quiet = timedelta(0) if run.try_to_take(stop) else quiet + wish.every
        return run.told


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set, so that a watch ends between two steps."""
    stop = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


class _Run:
    """A watch over an open archive."""

    def __init__(self, archive: Archive, wish: WatchWish, tell: Tell, progress: Progress | None) -> None:
        self._archive, self._wish, self._tell, self._progress = archive, wish, tell, progress
        self._watcher: Watcher | None = None
        self._version = -1
        self.told = 0

    def take(self, stop: Stop) -> bool:
        """Take what is new, tell what changed, and return whether anything was new."""
        version = self._archive.version
        if version == self._version:
            return False
        if self._watcher is None:
            self._watcher = self._begin()
        for changes in self._watcher.take(stop):
            self._say(changes, self._watcher)
        self._version = version
        return True

    def try_to_take(self, stop: Stop) -> bool:
        """Do the same, and let go of what memory holds where it fails."""
        try:
            return self.take(stop)
        except Exception as error:
            self._watcher, self._version = None, -1
            log = logging.getLogger("darkhours")
            if isinstance(error, StoreError):
                log.warning("watch: %s; it is begun anew from the archive", error)
            else:
                log.exception("watch: this is our bug, not yours; it is begun anew from the archive")
            return True

    def _begin(self) -> Watcher:
        series = choose_series(self._archive, self._wish.archive, self._wish.signals)
        ends = [span[1] for one in series if (span := self._archive.span(one)) is not None]
        source = Source(self._archive, series, self._wish.entities, max(ends), Question(form="live"))
        return Watcher(source, self._progress)

    def _say(self, changes: Sequence[Change], watcher: Watcher) -> None:
        for change in changes:
            self.told += 1
            self._tell(
                change, watcher.names.get(change.entity) or Entity(change.entity, change.entity, "UTC")
            )


def change_as_json(change: Change, entity: Entity) -> str:
    """Return a change as one line of JSON."""
    named = {"id": entity.id, "name": entity.name, "tz": entity.tz}
    edge = {name: _z(getattr(change, name)) for name in ("at", "earliest", "latest")}
    document: dict[str, Any] = {
        "schema": "darkhours.change/1",
        "cursor": change.cursor,
        "kind": change.kind,
        "entity": named,
        "state": change.state,
        "status": change.status,
        "edge": edge,
        "begun": None if change.begun is None else _z(change.begun),
        "until": _z(change.until),
        "p": change.p,
        "families": list(change.families),
        "form": change.form,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _z(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def change_as_text(change: Change, entity: Entity) -> str:
    """Return a change as one line for a person, with the local time beside UTC."""
    word = {"back": "back, on probation", "ended": "back for good", "withdrawn": "no outage"}
    local = ""
    with suppress(KeyError, ValueError, OSError):
        there = change.at.astimezone(ZoneInfo(entity.tz))
        local = f" ({there:%a %H:%M} {there:%Z})" if entity.tz != "UTC" else ""
    name = "" if entity.name == entity.id else f"{entity.name}  "
    said = word.get(change.kind, change.kind)
    carried = ", ".join(change.families)
    return f"{change.at:%Y-%m-%d %H:%MZ}{local}  {said:<18}  {name}{entity.id}  p {change.p:.2f}  {carried}"
