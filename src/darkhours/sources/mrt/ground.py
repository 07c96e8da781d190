"""What is known of addresses, and since when: each bin is read with the newest files that are not younger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Generic, TypeVar

from darkhours.model.errors import ConfigError
from darkhours.sources.mrt.locations import nowhere, read_date, read_locations
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
        places: files of locations; several must have different days.
        networks: files of networks; none where the origin of an announcement tells.
    """

    def __init__(self, places: Sequence[DatedFile] = (), networks: Sequence[DatedFile] = ()) -> None:
        """Put the files in order.

        Raises:
            ConfigError: of several files one has no day, or two have the same.
            InputError: a file cannot be read.
        """
        self._numbers = {"": 0}
        self._places = _Shelf("places", places, self._read_places)
        self._networks = _Shelf("networks", networks, lambda path, _: read_networks(path))
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

    def _read_places(self, path: Path, on: date) -> tuple[Places, str]:
        return read_locations(path, on, self._numbers)


class _Shelf(Generic[_T]):
    """Files of one kind, of which one holds at a time."""

    def __init__(
        self, what: str, files: Sequence[DatedFile], read: Callable[[Path, date], tuple[_T, str]]
    ) -> None:
        dated = [DatedFile(file.path, file.since or _date_of(file.path, what)) for file in files]
        _refuse_undated(what, dated)
        self._files = sorted(dated, key=lambda file: file.since or date.min)
        self._what, self._read = what, read
        self._table: _T | None = None
        self.uses: list[Use] = []

    def at(self, start_s: int) -> _T | None:
        if not self._files:
            return None
        older = [file for file in self._files if file.since is None or _begin_of(file.since) <= start_s]
        file = older[-1] if older else self._files[0]
        if not self.uses or self.uses[-1].file != file:
            self._table, form = self._read(file.path, datetime.fromtimestamp(start_s, UTC).date())
            self.uses.append(Use(self._what, file, form, start_s, start_s))
        self.uses[-1].last_s = start_s
        return self._table


def _date_of(path: Path, what: str) -> date | None:
    return read_date(path) if what == "places" else None


def _refuse_undated(what: str, files: Sequence[DatedFile]) -> None:
    """Raise where it is not certain which of several files holds when."""
    days = [file.since for file in files]
    if len(files) > 1 and None in days:
        name = files[days.index(None)].path.name
        raise ConfigError(
            f"--{what}: of several files each needs its day, {name} has none: write 2022-01-31={name}"
        )
    if len(set(days)) < len(days):
        raise ConfigError(
            f"--{what}: expected files of different days, got two of {max(days, key=days.count)}"
        )


def _begin_of(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
