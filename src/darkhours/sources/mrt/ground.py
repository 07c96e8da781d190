"""What is known of addresses, and since when: each bin is read with the newest files that are not younger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Generic, TypeVar

from darkhours.model.errors import ConfigError
from darkhours.sources.mrt.locations import nowhere, read_head, read_locations
from darkhours.sources.mrt.networks import nobody, read_networks
from darkhours.sources.mrt.spans import Networks, Places

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DatedFile:
    """A file, and the day from which it holds.

    Args:
        path: the file.
        since: the day, UTC; None for always, or for the day that stands in its own head.
    """

    path: Path
    since: date | None = None


@dataclass(slots=True)
class Use:
    """For which bins a file held.

    Args:
        what: ``places`` or ``networks``.
        file: it, and its day.
        form: in which form it was read.
        first_s: beginning of the first bin, seconds since 1970.
        last_s: beginning of the last bin.
    """

    what: str
    file: DatedFile
    form: str
    first_s: int
    last_s: int

    def is_early(self) -> bool:
        """Tell whether it held for a bin that is older than it: there was no older file."""
        return self.file.since is not None and self.first_s < _begin_of(self.file.since)


@dataclass(frozen=True, slots=True)
class Held:
    """What holds at one instant.

    Args:
        places: where addresses lie.
        networks: whose they are.
    """

    places: Places
    networks: Networks


class Ground:
    """Where addresses lie and whose they are, instant by instant; a file is read when its time comes.

    Args:
        places: files of locations.
        networks: files of networks; none where the origin of an announcement tells.

    Files of one day hold together, such as one for IPv4 and one for IPv6, and so do files without a day;
    those of another registry follow their own days.
    """

    def __init__(self, places: Sequence[DatedFile] = (), networks: Sequence[DatedFile] = ()) -> None:
        """Put the files in order.

        Raises:
            ConfigError: some files have a day and others none.
            InputError: a file cannot be read.
        """
        self._numbers = {"": 0}
        self._places = _Shelf("places", places, self._read_places)
        self._networks = _Shelf("networks", networks, lambda paths, _: read_networks(paths))
        self._nowhere, self._nobody = nowhere(), nobody()
        self._held: Held | None = None
        self.by_file = bool(networks)

    def at(self, start_s: int) -> Held:
        """Return what holds in a bin; the same object while nothing changes.

        Args:
            start_s: beginning of the bin, seconds since 1970; never before that of an earlier call.

        Raises:
            InputError: a file cannot be read, or a line of it; names file and line.
        """
        places = self._places.at(start_s) or self._nowhere
        networks = self._networks.at(start_s) or self._nobody
        if self._held is None or self._held.places is not places or self._held.networks is not networks:
            self._held = Held(places, networks)
        return self._held

    def names(self) -> list[str]:
        """Return the entity of each number of a place; the first is none."""
        return list(self._numbers)

    def uses(self) -> list[Use]:
        """Return which file held for which bins so far."""
        return [*self._places.uses, *self._networks.uses]

    def _read_places(self, paths: Sequence[Path], on: date) -> tuple[Places, list[str]]:
        return read_locations(paths, on, self._numbers)


class _Shelf(Generic[_T]):
    """Files of one kind, of which those of one day hold at a time, for each registry."""

    def __init__(
        self,
        what: str,
        files: Sequence[DatedFile],
        read: Callable[[Sequence[Path], date], tuple[_T, list[str]]],
    ) -> None:
        self._what, self._read = what, read
        self._layers: dict[str, list[DatedFile]] = {}
        for file in files:
            registry, day = (read_head(file.path) if what == "places" else None) or ("", None)
            self._layers.setdefault(registry, []).append(DatedFile(file.path, file.since or day))
        for layer in self._layers.values():
            _refuse_undated(what, layer)
        self._table: _T | None = None
        self._now: list[Use] = []
        self.uses: list[Use] = []

    def at(self, start_s: int) -> _T | None:
        files = [file for layer in self._layers.values() for file in _newest(layer, start_s)]
        if files != [use.file for use in self._now]:
            on = datetime.fromtimestamp(start_s, UTC).date()
            self._table, forms = self._read([file.path for file in files], on)
            known = {use.file: use for use in self._now}
            self._now = [
                known.get(file) or Use(self._what, file, form, start_s, start_s)
                for file, form in zip(files, forms, strict=True)
            ]
            self.uses += [use for use in self._now if use.file not in known]
        for use in self._now:
            use.last_s = start_s
        return self._table


def _newest(files: Sequence[DatedFile], start_s: int) -> list[DatedFile]:
    """Return the files of the newest day that is not younger than an instant; of the oldest where all are."""
    days = sorted({file.since for file in files if file.since is not None})
    if not days:
        return list(files)
    older = [day for day in days if _begin_of(day) <= start_s]
    return [file for file in files if file.since == (older or days[:1])[-1]]


def _refuse_undated(what: str, files: Sequence[DatedFile]) -> None:
    """Raise where it is not certain which of several files holds when."""
    undated = [file.path.name for file in files if file.since is None]
    if undated and len(undated) < len(files):
        message = f"--{what}: others have a day and {undated[0]} has none: write 2022-01-31={undated[0]}"
        raise ConfigError(message)


def _begin_of(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
