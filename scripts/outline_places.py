"""Finds which place of the gazetteer an area of Natural Earth is: by its code, names and cities.

Two of the three must agree, because none can be trusted alone: ISO gave Iran's codes to other provinces in
2020, names are spelled in many ways, and borders move. What stays doubtful is no outline.
"""
# ruff: noqa: INP001 — a part of the script beside it

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from darkhours.places.fold import fold
from darkhours.places.table import load_table

NAMES = """
    name name_alt name_local gn_name woe_name gns_name name_en name_de name_es name_fr name_pt name_ru name_ar
    name_fa name_tr name_uk name_id name_vi name_zh name_ja name_hi name_bn name_ur name_el name_pl name_it
    name_nl
    """.split()  # noqa: SIM905 — a list of words reads better as words
PRINCIPAL = ("name", "name_alt", "name_local", "name_en")
"""Names that are the area's own; the others are those of what some other list has nearest."""
MOSTLY = 0.6
"""Share of the cities of an area that must lie in a region for them to speak for it; chosen by us."""

Area = dict[str, Any]
Ring = list[list[float]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Cities:
    """The cities of the gazetteer that know their region: where they lie, and in which first-level region."""

    east: Floats
    north: Floats
    region: tuple[str, ...]


@lru_cache(maxsize=1)
def find_tops() -> dict[str, str]:
    """Return the first-level region of every region."""
    rows = {key: fields[2].split() for key, fields in load_table("places.bin").scan("region:")}
    return {key: [key, *(w for w in within if w.startswith("region:"))][-1] for key, within in rows.items()}


def read_cities() -> Cities:
    """Return every city whose region is known."""
    found = []
    for _, fields in load_table("places.bin").scan("city:"):
        inside = [outer for outer in fields[2].split() if outer.startswith("region:")]
        if inside:
            found.append((float(fields[5]), float(fields[4]), inside[-1]))
    east, north, region = zip(*found, strict=True)
    return Cities(np.array(east), np.array(north), region)


def polygons(geometry: dict[str, Any]) -> list[list[Ring]]:
    """Return the polygons of a geometry, each a list of rings."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry["type"] == "MultiPolygon" else []


def inside(rings: Iterable[Ring], east: Floats, north: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell for each point whether it lies in a polygon: an odd number of borders to one side of it."""
    odd = np.zeros(len(east), dtype=bool)
    for ring in rings:
        for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
            if y1 != y2:
                crosses = (y1 > north) != (y2 > north)
                odd ^= crosses & (east < (x2 - x1) * (north - y1) / (y2 - y1) + x1)
    return odd


def count_cities(area: Area, cities: Cities) -> Counter[str]:
    """Return how many cities of each region lie in an area."""
    found: Counter[str] = Counter()
    for rings in polygons(area["geometry"]):
        shell = np.array([point[:2] for point in rings[0]])
        (west, south), (east, north) = shell.min(axis=0), shell.max(axis=0)
        near = (
            (cities.east >= west) & (cities.east <= east) & (cities.north >= south) & (cities.north <= north)
        )
        at = np.flatnonzero(near)
        if len(at):
            hit = at[inside(rings, cities.east[at], cities.north[at])]
            found.update(cities.region[place] for place in hit)
    return found


def find_named(area: Area, country: str, keys: Sequence[str] = NAMES) -> Counter[str]:
    """Return how many names of an area each region of its country goes by."""
    table, tops = load_table("names.bin"), find_tops()
    told = area["properties"]
    names = {part for key in keys for part in (told.get(key) or "").split("|") if part}
    found: Counter[str] = Counter()
    for name in {fold(name) for name in names}:
        row = table.get(name) if name else None
        ids = {tops[i] for i in (word.lstrip("!") for word in (row or [""])[0].split()) if i in tops}
        found.update(i for i in ids if i.startswith(f"region:{country}-"))
    return found


def choose(area: Area, country: str, cities: Cities) -> tuple[str, str]:
    """Return the region that an area belongs to and why, or "" and what is known of it."""
    code = find_tops().get(f"region:{area['properties']['iso_3166_2']}", "")
    code = code if code.startswith(f"region:{country}-") else ""
    named, counted = find_named(area, country), count_cities(area, cities)
    held = {region: n for region, n in counted.items() if region.startswith(f"region:{country}-")}
    most = max(held, key=lambda region: held[region]) if held else ""
    voted = most if held and held[most] >= MOSTLY * sum(held.values()) else ""
    name = named.most_common(1)[0][0] if named else ""
    if voted and (voted == code or voted in named):
        return voted, "cities and " + ("code" if voted == code else "name")
    if code and code in named:
        return code, "code and name"
    if most and most in named:
        return most, "name, and more cities than of any other"
    told = f"code {code or '-'}, name {name or '-'}, cities {dict(Counter(held).most_common(3))}"
    own = find_named(area, country, PRINCIPAL)
    if not held and code and not name:
        return code, "alone: code"
    if not held and own and not code:
        return own.most_common(1)[0][0], "alone: name"
    return "", told


def assign(
    areas: list[Area], hand: dict[str, dict[str, str]]
) -> tuple[dict[int, tuple[str, str]], list[str]]:
    """Return country and region ids of every area by its place in the list, and what stayed doubtful.

    A code or a name alone is taken only in a country where no code that can be checked is wrong.
    """
    cities, found, doubts = read_cities(), {}, []
    wrong: dict[str, int] = defaultdict(int)
    alone = []
    for at, area in enumerate(areas):
        told = area["properties"]
        code = told["iso_3166_2"] or ""
        country = hand["country"].get(code, told["iso_a2"])
        if load_table("places.bin").get(f"country:{country}") is None:
            country = hand["country"].get(code, code[:2]) or ""
        said = hand["region"].get(told["adm1_code"], hand["region"].get(code))
        redrawn = country in hand["redrawn"]["countries"]
        region, why = (said or "", "by hand") if said is not None or redrawn else ("", "")
        if country and not why:
            region, why = choose(area, country, cities)
        if region and f"region:{code}" in find_tops() and find_tops()[f"region:{code}"] != region:
            wrong[country] += 1
        if why.startswith("alone"):
            alone.append((at, country, why))
        elif country and not region:
            doubts.append(f"{country} {code} {told['name']}: {why}")
        found[at] = (f"country:{country}" if country else "", region)
    for at, country, why in alone:
        if wrong[country]:
            doubts.append(f"{country} {areas[at]['properties']['name']}: {why} {found[at][1]}")
            found[at] = (found[at][0], "")
    return found, doubts
