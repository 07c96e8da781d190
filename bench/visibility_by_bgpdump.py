"""Visible prefixes per place and bin from what `bgpdump -m` prints: what ours is held against.

As a program: ``python visibility_by_bgpdump.py FULL_IPV4 FULL_IPV6 SIGNAL PLACES|- KIND[,KIND] FILE…`` prints
the table that ``darkhours mrt visibility`` prints.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path

STEP_S = 300
SHORTEST, LONGEST = {4: 8, 6: 16}, 64
UNITS = {4: 256, 6: 65536 << 64}
FAMILIES = {"slash24": 4, "slash48": 6, "prefix4": 4, "prefix6": 6}
Peer = tuple[str, str]
Prefix = tuple[int, int, int]
Span = tuple[int, int]


@dataclass
class Places:
    """Intervals that do not overlap, by family: last addresses for the search, then all of each."""

    ends: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[int, list[tuple[int, int, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def split(self, family: int, first: int, last: int) -> list[tuple[str, Span]]:
        """Return the parts of a span with the place of each."""
        rows, parts = self.rows[family], []
        for at in range(bisect_left(self.ends[family], first), len(rows)):
            low, high, country, region = rows[at]
            if low > last:
                break
            span = (max(low, first), min(high, last))
            parts += [(place, span) for place in (country, region) if place]
        return parts


def read_places(path: str) -> Places:
    """Return the intervals of a file of first,last,CC[,REGION]; it must be in order."""
    places = Places()
    with Path(path).open(newline="") as file:
        for first, last, country, *more in csv.reader(file):
            low, high = ip_address(first), ip_address(last)
            region = f"region:{more[0]}" if more and more[0] else ""
            places.rows[low.version].append((int(low), int(high), f"country:{country}", region))
            places.ends[low.version].append(int(high))
    return places


@cache
def parse_prefix(text: str) -> Prefix:
    """Return family, address and length."""
    address, _, bits = text.partition("/")
    told = ip_address(address)
    return told.version, int(told), int(bits)


@cache
def find_origin(path: str) -> int:
    """Return the last network of a path, 0 where there is none or a set of several."""
    last = path.rpartition(" ")[2].strip("{}")
    return int(last) if last.isdigit() else 0


def read_lines(files: list[str]) -> Iterator[list[str]]:
    """Yield the fields of every line that bgpdump prints of the files, one after another."""
    for file in files:
        with subprocess.Popen(["bgpdump", "-m", file], stdout=subprocess.PIPE, text=True) as ran:  # noqa: S607
            for line in ran.stdout or ():
                yield line.split("|", 7)


class Table:
    """Which peer has which prefix from which network."""

    def __init__(self) -> None:
        """Begin empty."""
        self.seen: dict[Prefix, dict[Peer, int]] = defaultdict(dict)
        self.counts: dict[int, dict[Peer, int]] = {4: defaultdict(int), 6: defaultdict(int)}

    def take(self, fields: list[str]) -> None:
        """Take in one line."""
        kind, peer = fields[2], (fields[3], fields[4])
        if kind == "STATE":
            if fields[6].strip() != "6":
                self.drop(peer)
            return
        prefix = parse_prefix(fields[5].strip())
        family, _, bits = prefix
        if not SHORTEST[family] <= bits <= LONGEST:
            return
        peers = self.seen[prefix]
        if kind == "W":
            if peers.pop(peer, None) is not None:
                self.counts[family][peer] -= 1
            return
        if peer not in peers:
            self.counts[family][peer] += 1
        peers[peer] = find_origin(fields[6])

    def drop(self, peer: Peer) -> None:
        """Take everything from a peer."""
        for peers in self.seen.values():
            peers.pop(peer, None)
        for counts in self.counts.values():
            counts[peer] = 0


def find_visible(table: Table, family: int, full: set[Peer]) -> Iterator[tuple[Prefix, list[int]]]:
    """Yield the prefixes that more than half of the full feeds have, and from which networks."""
    for prefix, peers in table.seen.items():
        if prefix[0] != family:
            continue
        origins = [origin for peer, origin in peers.items() if peer in full]
        if 2 * len(origins) > len(full):
            told = {origin for origin in origins if origin and 2 * origins.count(origin) > len(full)}
            yield prefix, sorted(told)


def count_addresses(spans: list[Span]) -> int:
    """Return how many addresses are in any of the spans."""
    total, reached = 0, -1
    for first, last in sorted(spans):
        total += max(0, last - max(first, reached + 1) + 1)
        reached = max(reached, last)
    return total


def tell_parts(
    prefix: Prefix, origins: list[int], places: Places, networks: Places | None
) -> dict[str, list[Span]]:
    """Return the parts of a prefix that each entity has: networks by origin, or by their file."""
    family, address, bits = prefix
    whole = (address, address + (1 << ((32 if family == 4 else 128) - bits)) - 1)  # noqa: PLR2004
    owners = [(f"asn:{origin}", whole) for origin in origins]
    if networks is not None:
        owners = networks.split(family, *whole)
    told = defaultdict(list)
    for place, span in places.split(family, *whole):
        told[place].append(span)
    for owner, part in owners:
        told[owner].append(part)
        for place, span in places.split(family, *part):
            told[f"{owner}@{place.partition(':')[2]}"].append(span)
    return told


def view(
    table: Table, signal: str, limit: int, places: Places, kinds: set[str], *, networks: Places | None = None
) -> dict[str, float] | None:
    """Return the value of every entity, None where there is no full feed."""
    family = FAMILIES[signal]
    full = {peer for peer, count in table.counts[family].items() if count > limit}
    if not full:
        return None
    spans: dict[str, list[Span]] = defaultdict(list)
    prefixes: dict[str, int] = defaultdict(int)
    for prefix, origins in find_visible(table, family, full):
        told = tell_parts(prefix, origins, places, networks)
        for entity, found in told.items():
            if kind_of(entity) in kinds:
                spans[entity] += found
                prefixes[entity] += 1
    if signal.startswith("prefix"):
        return dict(prefixes)
    return {entity: count_addresses(found) / UNITS[family] for entity, found in spans.items()}


def kind_of(entity: str) -> str:
    """Return the kind of an entity, as the command line calls it."""
    kind, _, code = entity.partition(":")
    if "@" not in code:
        return kind
    return "asn-region" if "-" in code else "asn-country"


def follow(files: list[str], signal: str, limits: dict[int, int], places: Places, kinds: set[str]) -> None:
    """Print the table of every bin."""
    table, now, ever = Table(), -1, set[str]()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["time", "entity", f"bgp.visible_{signal}_cnt"])

    def tell(*, heard: bool = True) -> None:
        values = view(table, signal, limits[FAMILIES[signal]], places, kinds) if heard else None
        ever.update(values or ())
        time = datetime.fromtimestamp(now * STEP_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for entity in sorted(ever):
            value = "" if values is None else write(values.get(entity, 0))
            out.writerow([time, entity, value])

    for fields in read_lines(files):
        at = int(float(fields[1])) // STEP_S
        now, heard = (at, True) if now < 0 else (now, True)
        while now < at:
            tell(heard=heard)
            now, heard = now + 1, False
        table.take(fields)
    tell()


def write(value: float) -> str:
    """Return a value with at most four decimals."""
    return str(int(value)) if value == int(value) else f"{value:.4f}".rstrip("0")


if __name__ == "__main__":
    full4, full6, asked, where, per, *recordings = sys.argv[1:]
    follow(
        recordings, asked, {4: int(full4), 6: int(full6)}, Places() if where == "-" else read_places(where),
        set(per.split(",")),
    )  # fmt: skip
