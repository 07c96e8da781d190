"""What places are called in the language of whoever reads."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from darkhours.places import lookup, spoken_name
from darkhours.places.spoken import LANGUAGES
from darkhours.places.table import load_table

SCRIPTS = {"ru": "CYRILLIC", "kk": "CYRILLIC", "fa": "ARABIC", "ar": "ARABIC", "my": "MYANMAR"}


@pytest.mark.parametrize(
    ("id_", "code", "name"),
    [
        ("country:KZ", "kk", "Қазақстан"),
        ("country:MM", "my", "မြန်မာ"),
        ("city:1526384", "ar", "ألماتي"),
        ("city:1298824", "my", "ရန်ကုန်"),
        ("region:KZ-43", "kk", "Қызылорда облысы"),
        ("region:KZ-43", "fa", None),
        ("region:DE-BY", "ru", "Бавария"),
        ("country:KZ", "en", None),
        ("country:KZ", "de", None),
        ("asn:9198", "ru", None),
        ("local:x", "ru", None),
    ],
)
def test_a_place_goes_by_the_name_that_a_source_has(id_, code, name):
    assert spoken_name(lookup(id_), code) == name


def test_who_names_a_place_otherwise_is_heard():
    assert spoken_name(replace(lookup("country:KZ"), name="KZ"), "ru") is None
    assert spoken_name(replace(lookup("country:KZ"), name="x\ny\tz"), "ru") is None
    assert spoken_name(lookup("city:1526273", at=date(2022, 1, 5)), "kk") == "Нұр-Сұлтан"


def test_every_name_is_in_the_script_of_its_language_and_of_a_place_that_is_known():
    wrong, places = [], load_table("places.bin")
    for id_, names in load_table("spoken.bin").scan():
        if places.get(id_.partition(" ")[0]) is None:
            wrong.append(id_)
        for code, name in zip(LANGUAGES, names, strict=True):
            letters = [unicodedata.name(char, "") for char in name if char.isalpha()]
            if any(not each.startswith(SCRIPTS[code]) for each in letters):
                wrong.append((id_, code, name))
    assert wrong == []


def test_every_country_has_a_name_in_every_language():
    rows = dict(load_table("spoken.bin").scan("country:"))
    countries = [id_ for id_, _ in load_table("places.bin").scan("country:")]

    assert [id_ for id_ in countries if not all(rows.get(id_, [""]))] == []
