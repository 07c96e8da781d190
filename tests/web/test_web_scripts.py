"""Scripts of the site: few bytes, nothing of anybody else, and never two ages at once."""

from __future__ import annotations

import gzip
import re

import pytest

from darkhours.web.frame import asset, assets

MOST_GZ = 30_000
"""Bytes of all modules, each compressed by itself: the promise of the site."""
SCRIPTS = {name: data.decode() for name, (data, _, _) in assets().items() if name.endswith(".js")}


def test_all_modules_together_are_small():
    assert sum(len(gzip.compress(text.encode())) for text in SCRIPTS.values()) <= MOST_GZ


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_module_imports_ours_alone_and_names_no_other_host(name):
    text = SCRIPTS[name]
    imported = re.findall(r'^import .*?from "([^"]+)";|import\("([^"]+)"\)', text, re.MULTILINE)

    assert [a or b for a, b in imported if (a or b).removeprefix("./") not in SCRIPTS] == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[^\s\"]+", text) == []
    assert "eval(" not in text
    assert "innerHTML" not in text


def test_all_modules_lie_under_one_name():
    assert len({asset(name).rsplit("/", 1)[0] for name in SCRIPTS}) == 1


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_module_is_kept_for_ever(get, name):
    answer = get(asset(name))

    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


def test_the_values_of_a_span_are_those_of_the_picture_and_null_where_nobody_measured(get):
    found = get("/entity/country:NZ?from=2026-11-12T12:00Z&until=2026-11-26T12:00Z&part=values").json()

    for signal in found["signals"]:
        columns = [signal[name] for name in ("low", "high", "missing")]
        assert {len(column) for column in columns} == {len(signal["edges"]) - 1}
        wholly = [
            of == b - a
            for of, a, b in zip(signal["missing"], signal["edges"], signal["edges"][1:], strict=False)
        ]
        assert [low is None for low in signal["low"]] == wholly
    assert any(None in signal["low"] for signal in found["signals"])


def test_a_part_of_a_page_is_the_same_as_in_the_page(get):
    path = "/entity/country:KZ?from=2026-11-20T00:00Z&until=2026-11-25T00:00Z"
    drawn = re.compile(r"<svg class=\"span-pic\".*?</svg>", re.DOTALL)

    assert drawn.search(get(f"{path}&part=picture").text)[0] == drawn.search(get(path).text)[0]
    assert "<html" not in get(f"{path}&part=picture").text
