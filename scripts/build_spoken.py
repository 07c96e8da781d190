"""Builds the table of what places are called in the languages of the pages.

Run in a scratch environment, outside the tree, after `build_gazetteer.py`::

    python -m venv /tmp/gaz
    /tmp/gaz/bin/pip install pycountry==26.2.16 babel==2.18.0
    PYTHONPATH=src /tmp/gaz/bin/python scripts/build_spoken.py

Only names whose language is told by their source: countries by CLDR, cities that a time zone is
named after by CLDR, regions in Russian by iso-codes, and a few by hand. The many names of GeoNames
are left out, for they come here without their languages, and Cyrillic letters do not tell Russian
from Kazakh. The same packages give the same bytes.
"""
# ruff: noqa: INP001, T201 — a script run by path, which says what it made

from __future__ import annotations

import gettext
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pycountry  # type: ignore[import-not-found]
from babel import Locale
from babel.core import get_global

from darkhours.places.fold import fold
from darkhours.places.spoken import LANGUAGES
from darkhours.places.table import load_table, pack_table

DATA = Path(__file__).parents[1] / "src" / "darkhours" / "places" / "data"
HAND = Path(__file__).with_name("spoken_by_hand.toml")
ABOUT = {
    "made_by": "scripts/build_spoken.py",
    "languages": LANGUAGES,
    "sources": [
        "Unicode CLDR, through babel 2.18.0: Unicode License v3",
        "ISO 3166-2 names of Debian's iso-codes in Russian, through pycountry 26.2.16: LGPL-2.1-or-later",
        "by hand, scripts/spoken_by_hand.toml: Apache-2.0",
    ],
}
Names = dict[str, dict[str, str]]
"""Name by language, by id of the place."""


def main() -> int:
    """Write the table and say how large it became."""
    found: Names = defaultdict(dict)
    for id_, tongue, name in (*countries(), *regions(), *cities(), *by_hand()):
        found[id_][tongue] = " ".join(name.split())
    known = {id_ for id_, _ in load_table("places.bin").scan()}
    rows = [
        (id_, *(names.get(code, "") for code in LANGUAGES))
        for id_, names in found.items()
        if id_.partition(" ")[0] in known
    ]
    data = pack_table(ABOUT, rows)
    (DATA / "spoken.bin").write_bytes(data)
    counts = {code: sum(bool(row[at + 1]) for row in rows) for at, code in enumerate(LANGUAGES)}
    print(f"spoken.bin: {len(data):,} bytes, {len(rows):,} places, {counts}")
    return 0


def countries() -> Iterator[tuple[str, str, str]]:
    """Yield every country in every language."""
    for tongue in LANGUAGES:
        for code, name in sorted(Locale.parse(tongue).territories.items()):
            if len(code) == len("KZ"):
                yield f"country:{code}", tongue, name


def regions() -> Iterator[tuple[str, str, str]]:
    """Yield the regions that iso-codes names in Russian, by the name that it translates."""
    words = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, ["ru"])
    for each in sorted(pycountry.subdivisions, key=lambda one: one.code):
        name = words.gettext(each.name)
        if name != each.name and any("\u0400" <= letter <= "\u04ff" for letter in name):
            yield f"region:{each.code}", "ru", name


def cities() -> Iterator[tuple[str, str, str]]:
    """Yield the cities that give a time zone its name: the largest of that name in the zone."""
    english = Locale.parse("en").time_zones
    former = {new: old for old, new in get_global("zone_aliases").items() if old in english}
    named: dict[tuple[str, str], str] = {}
    most: dict[str, int] = {}
    for id_, (name, zone, _, people, *_) in load_table("places.bin").scan("city:"):
        zone = former.get(zone, zone)  # noqa: PLW2901 — CLDR keeps the name that a zone had at first
        exemplar = str(english.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))
        if fold(name) == fold(exemplar) and int(people or 0) > most.get(zone, -1):
            named[zone, name], most[zone] = id_, int(people or 0)
    largest = {zone: id_ for (zone, _), id_ in named.items()}
    for tongue in LANGUAGES:
        told = Locale.parse(tongue).time_zones
        for zone, id_ in sorted(largest.items()):
            if name := told.get(zone, {}).get("city"):
                yield id_, tongue, str(name)


def by_hand() -> Iterator[tuple[str, str, str]]:
    """Yield the names that somebody wrote down."""
    for id_, names in tomllib.loads(HAND.read_text(encoding="utf-8")).items():
        for tongue, name in names.items():
            yield id_, tongue, name


if __name__ == "__main__":
    raise SystemExit(main())
