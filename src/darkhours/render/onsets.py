"""Onsets of a data set: when each entity went dark, where it lies, and whether they fell together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from darkhours.model.account import Account, Edge, Outage, Window
from darkhours.model.entity import Entity
from darkhours.model.state import State
from darkhours.render.markup import clean
from darkhours.render.spans import main_outage, outage_span

NOUNS = {
    "country": ("country", "countries"),
    "region": ("region", "regions"),
    "city": ("city", "cities"),
    "asn": ("network", "networks"),
    "local": ("place", "places"),
}
"""What entities of one kind are called; mixed kinds are entities."""
_TOGETHER, _LONGEST = 0.8, timedelta(hours=72)
"""Share of the onsets within three days that makes one wave of them; ours: Iran 2019 fell in a day."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One entity and how it fell.

    Args:
        account: of the entity.
        region: what it lies in, "" where nobody told.
        outage: the one with most dark hours; None where there was none.
        onset: when that outage first went dark; degraded, where it never was dark.
        dark: whether it went dark at all.
        place: latitude and longitude in degrees; None where unknown.
    """

    account: Account
    region: str
    outage: Outage | None
    onset: Edge | None
    dark: bool
    place: tuple[float, float] | None

    @property
    def name(self) -> str:
        """Return the name of the entity, harmless."""
        return clean(self.account.name)

    @property
    def dark_h(self) -> float:
        """Return the dark hours of the entity."""
        total = self.account.totals.get("dark_h")
        return total.value if total else 0.0

    @property
    def back(self) -> datetime | None:
        """Return when its outage ended; None while it has not."""
        if self.outage is None or self.account.status == "ongoing":
            return None
        return outage_span(self.account, self.outage)[1]


def find_falls(accounts: Sequence[Account], entities: Mapping[str, Entity]) -> list[Fall]:
    """Return the entities, those longest dark first, then the most disrupted, then by name."""
    return sorted((_fall(account, entities) for account in accounts), key=_rank)


def _rank(fall: Fall) -> tuple[float, float, str, str]:
    total = fall.account.totals.get("disrupted_h")
    return -fall.dark_h, -(total.value if total else 0.0), fall.name, fall.account.entity


def _fall(account: Account, entities: Mapping[str, Entity]) -> Fall:
    outage = main_outage(account)
    first = _first_window(account, outage) if outage else None
    entity = entities.get(account.entity)
    place = None
    if entity is not None and entity.latitude is not None and entity.longitude is not None:
        place = (entity.latitude, entity.longitude)
    onset = first.start if first else outage.start if outage else None
    return Fall(account, region_of(account.entity, entities), outage, onset, bool(first and outage), place)


def _first_window(account: Account, outage: Outage) -> Window | None:
    end = outage_span(account, outage)[1]
    inside = (window for window in account.windows if outage.start.at <= window.start.at < end)
    return next((window for window in inside if window.state is State.DARK), None)


def onset_at(fall: Fall) -> datetime:
    """Return the onset of an entity that has one."""
    if fall.onset is None:
        raise ValueError(f"{fall.account.entity}: expected an onset: got none")
    return fall.onset.at


def region_of(ident: str, entities: Mapping[str, Entity]) -> str:
    """Return the name of what an entity lies in: as told, else by the form of its id.

    >>> region_of("local:Kerman/Bam", {}), region_of("region:KZ-75", {}), region_of("local:Bam", {})
    ('Kerman', 'KZ', '')
    """
    entity = entities.get(ident)
    if entity is not None and entity.within:
        around = entity.within[0]
        return clean(entities[around].name if around in entities else _last_part(around))
    kind, _, rest = ident.partition(":")
    if kind == "local":
        return clean(unquote(rest.rpartition("/")[0].rpartition("/")[2]))
    if kind == "asn":
        return clean(rest.partition("@")[2])
    return clean(rest.partition("-")[0]) if kind == "region" else ""


def _last_part(ident: str) -> str:
    return unquote(ident.partition(":")[2].rpartition("/")[2])


def noun_of(accounts: Sequence[Account]) -> tuple[str, str]:
    """Return what the entities are called, one and many."""
    kinds = {account.entity.partition(":")[0] for account in accounts}
    return NOUNS.get(kinds.pop(), ("entity", "entities")) if len(kinds) == 1 else ("entity", "entities")


def count_statuses(falls: Sequence[Fall]) -> Counter[str]:
    """Return how many entities have each status."""
    return Counter(fall.account.status for fall in falls)


def fallen(falls: Sequence[Fall]) -> list[Fall]:
    """Return those that went dark; where none did, those that were degraded."""
    return [fall for fall in falls if fall.dark] or [fall for fall in falls if fall.onset]


def middle_onset(falls: Sequence[Fall]) -> datetime | None:
    """Return the median onset of `fallen`; of two in the middle, halfway."""
    at = sorted(onset_at(fall) for fall in fallen(falls))
    if not at:
        return None
    low, high = at[(len(at) - 1) // 2], at[len(at) // 2]
    return (low + (high - low) / 2).astimezone(UTC)


def wave_span(falls: Sequence[Fall]) -> tuple[datetime, datetime, bool]:
    """Return from when until when onsets are drawn, and whether they came together.

    Together: four of five within three days; then the narrowest span that holds four of five
    gives the scale, with a third of it before and two thirds after, so that the few that lie
    far off do not flatten the wave. Else the whole span of the onsets.
    """
    edges = sorted((fall.onset for fall in fallen(falls) if fall.onset), key=lambda edge: edge.at)
    inside = _densest([edge.at for edge in edges])
    together = inside[-1] - inside[0] <= _LONGEST
    kept = [edge for edge in edges if not together or inside[0] <= edge.at <= inside[-1]]
    first, last = min(edge.earliest for edge in kept), max(edge.latest for edge in kept)
    air = max((last - first) / 3, timedelta(hours=1)) if together else (last - first) / 24
    start = min(fall.account.start for fall in falls)
    until = max(fall.account.until for fall in falls)
    return max(first - air, start), min(last + 2 * air, until), together


def tightest(at: Sequence[datetime]) -> tuple[datetime, datetime]:
    """Return the narrowest span that holds four of five of the instants, which are in order."""
    inside = _densest(at)
    return inside[0], inside[-1]


def _densest(at: Sequence[datetime]) -> Sequence[datetime]:
    size = max(math.ceil(len(at) * _TOGETHER), 1)
    spans = [at[place : place + size] for place in range(len(at) - size + 1)]
    return min(spans, key=lambda span: span[-1] - span[0])


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its entities, those that fell first in front."""

    name: str
    falls: tuple[Fall, ...]
    middle: datetime | None

    @property
    def dark(self) -> int:
        """Return how many of its entities went dark."""
        return sum(fall.dark for fall in self.falls)


def group(falls: Sequence[Fall], *, each: bool = False, nameless: str = "without a region") -> list[Region]:
    """Return the regions by their median onset, those never dark after them, those without onset last.

    Args:
        falls: the entities.
        each: make every entity a row of its own.
        nameless: what those without a region stand under.
    """
    found: dict[str, list[Fall]] = {}
    for place, fall in enumerate(falls):
        found.setdefault(str(place) if each else fall.region, []).append(fall)
    regions = [
        Region(
            members[0].name if each else name or nameless,
            tuple(sorted(members, key=_by_onset)),
            middle_onset(members),
        )
        for name, members in found.items()
    ]
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(
        regions,
        key=lambda region: (not region.dark, region.middle or last, -len(region.falls), region.name),
    )


def _by_onset(fall: Fall) -> tuple[bool, datetime, str]:
    return not fall.dark, (fall.onset.at if fall.onset else datetime.max.replace(tzinfo=UTC)), fall.name
