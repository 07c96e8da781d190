"""Networks by their number; a few that shutdowns are told of have a name and a country."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from darkhours.places.table import load_rows

_LAST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Network:
    """An autonomous system: its number, its name, the country it serves or ""."""

    number: int
    name: str
    country: str


@cache
def _read_networks() -> dict[int, Network]:
    rows = load_rows("networks.tsv")
    return {int(number): Network(int(number), name, country) for number, name, country in rows}


def find_network(number: int) -> Network | None:
    """Return the network of a number, known or not; None where no network can have it.

    >>> find_network(64500)
    Network(number=64500, name='AS64500', country='')
    """
    if not 0 < number <= _LAST:
        return None
    return _read_networks().get(number) or Network(number, f"AS{number}", "")
