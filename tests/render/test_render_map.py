"""Maps: links in the shape of places, told by colour and pattern, and nothing that a strict page forbids."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hostile_names import HOSTILE_NAMES

from darkhours.model.state import State
from darkhours.places.outlines import regions, world
from darkhours.render.language import ENGLISH, language
from darkhours.render.map_marks import MapMark
from darkhours.render.map_parts import map_style
from darkhours.render.palette import DARK, LIGHT, contrast
from darkhours.render.world import draw_country, draw_world

KZ = "country:KZ"


def mark(entity, state=State.UP, name="Place", **more):
    told = {"status": "none", "href": f"/entity/{entity}"} | more
    return MapMark(entity, name, state, **told)


def everywhere(state=State.UP):
    return [mark(shape.entity, state, name=f"Country {at}") for at, shape in enumerate(world())]


def parse(drawn):
    return ET.fromstring(drawn.svg)  # noqa: S314 — our own drawing


def links(drawn):
    """Return the links that the keyboard meets, in its order."""
    return [a for a in parse(drawn).iter("a") if a.get("tabindex") != "-1"]


MIXED = [
    mark("country:FR", State.UP, "France"),
    mark("country:MM", State.DEGRADED, "Myanmar", status="ongoing"),
    mark("country:BH", State.DARK, "Bahrain", status="ongoing"),
    mark("country:BR", State.UNKNOWN, "Brazil", status="unmeasured"),
    mark(KZ, State.DARK, "Kazakhstan", status="ongoing"),
    mark("country:MT", State.UP, "Malta"),
]


def test_the_keyboard_meets_dark_places_first_then_degraded_ones():
    labels = [a.get("aria-label") for a in links(draw_world(MIXED))]
    assert labels == [
        "Bahrain: dark and ongoing",
        "Kazakhstan: dark and ongoing",
        "Myanmar: degraded and ongoing",
        "Brazil: not measured",
        "France: up",
        "Malta: up",
    ]


def test_every_link_has_a_title_and_a_label_that_say_the_same():
    for a in links(draw_world(MIXED)):
        assert a.find("title").text == a.get("aria-label")
        assert a.get("href").startswith("/entity/country:")


@pytest.mark.parametrize(
    ("state", "kind", "fill"),
    [
        pytest.param(State.DARK, "m-dark", None, id="dark-is-solid"),
        pytest.param(State.DEGRADED, "m-degraded", "url(#m-deg)", id="degraded-is-hatched"),
        pytest.param(State.UNKNOWN, "m-unknown", "url(#m-unk)", id="not-measured-is-dotted"),
        pytest.param(State.UP, "m-up", None, id="up-is-plain"),
    ],
)
def test_a_state_is_told_by_colour_and_by_pattern(state, kind, fill):
    (a,) = links(draw_world([mark(KZ, state)]))
    assert a.find("path").get("class") == f"m-area {kind}"
    assert a.find("path").get("fill") == fill


def test_land_without_a_mark_is_neither_up_nor_a_link():
    drawn = draw_world([mark(KZ)])
    land = [path for path in parse(drawn).iter("path") if path.get("class") == "m-area m-land"]
    assert len(land) == sum(bool(shape.path) for shape in world()) - 1
    assert [words for _, words in drawn.legend] == ["up", "no account of this place"]


def test_every_country_is_drawn_once():
    drawn = parse(draw_world(everywhere()))
    paths = [path.get("d") for path in drawn.iter("path")]
    assert len(paths) == len(set(paths))
    assert len(links(draw_world(everywhere()))) == len(world())


def test_a_small_dark_country_is_a_point_that_a_finger_hits_and_that_lies_on_top():
    drawn = parse(
        draw_world([mark("country:BH", State.DARK, "Bahrain"), mark("country:SA", State.UP, "Saudi")])
    )
    circles = [circle for circle in drawn.iter("circle") if "m-bad" in circle.get("class", "")]
    hits = [circle for circle in drawn.iter("circle") if circle.get("class") == "m-hit"]
    assert len(circles) == 2
    assert len(hits) == 1
    assert float(hits[0].get("r")) * 2 * 1168 / 1940 >= 24, "the least of WCAG 2.2 on a page of full width"
    text = draw_world([mark("country:BH", State.DARK), mark("country:SA")]).svg
    assert text.rindex("m-bad") > text.rindex("m-area m-up")


def test_a_test_is_told_and_drawn_as_one():
    drawn = draw_world([mark(KZ, State.DARK, "Kazakhstan", synthetic=True)])
    (a,) = links(drawn)
    assert a.get("aria-label") == "Kazakhstan: dark and a test, not real"
    assert "m-test" in a.get("class")
    assert "a test, not real" in [words for _, words in drawn.legend]


def test_of_two_marks_of_one_place_the_worse_one_stands():
    assert [a.get("aria-label") for a in links(draw_world([mark(KZ), mark(KZ, State.DARK)]))] == [
        "Place: dark"
    ]


def test_cities_and_regions_are_points_and_what_has_no_place_is_handed_back():
    drawn = draw_world([mark("city:1526384"), mark("region:KZ-75"), mark("asn:9198"), mark("local:a/b")])
    assert len(links(drawn)) == 2
    assert [its.entity_id for its in drawn.unplaced] == ["local:a/b", "asn:9198"][::-1]


def test_a_country_shows_its_regions_and_says_whose_borders_are_old():
    marks = [mark(drawn.entity, State.UP, drawn.entity) for drawn in regions(KZ)]
    drawn = draw_country(
        KZ, [*marks, mark("region:KZ-10", State.DARK, "Abai"), mark(KZ), mark("city:2643743")]
    )
    assert len(links(drawn)) == 17
    assert links(drawn)[0].get("aria-label") == "Abai: dark"
    assert "region:KZ-63 is drawn in older borders, which also hold Abai Region." in drawn.notes
    assert [its.entity_id for its in drawn.unplaced] == ["city:2643743"]  # London
    assert [words for _, words in drawn.legend] == ["dark", "up"]


def test_a_country_without_an_outline_has_no_map():
    assert draw_country("country:AQ", []) is None
    assert draw_country("country:ZZ", []) is None


@pytest.mark.parametrize("drawn", [draw_world([*everywhere(State.DARK)]), draw_country(KZ, MIXED)])
def test_nothing_that_a_strict_page_forbids_is_in_a_map(drawn):
    for element in parse(drawn).iter():
        assert element.tag in {
            "svg", "g", "a", "path", "circle", "rect", "text", "title", "defs", "pattern",
        }  # fmt: skip
        assert not [key for key in element.attrib if key == "style" or key.startswith("on")]
    assert set(re.findall(r"url\(#([^)]+)\)", drawn.svg)) <= {"m-deg", "m-unk"}
    assert 'id="m-deg"' in drawn.svg
    assert "http" not in drawn.svg


def test_every_class_of_a_map_is_in_the_style_and_every_colour_in_the_palette():
    style = map_style()
    drawn = draw_world([*MIXED, mark("country:MV", State.DEGRADED, synthetic=True)])
    used = set(
        " ".join(re.findall(r'class="([^"]+)"', drawn.svg + "".join(s for s, _ in drawn.legend))).split()
    )
    plain = {"map", "m-names"}
    assert {name for name in used - plain if f".{name}" not in style} == set()
    assert set(re.findall(r"var\(--([a-z]+)\)", style)) <= set(LIGHT) & set(DARK)
    assert "http" not in style
    assert "url(" not in style


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_dark_stands_out_from_what_is_up_and_from_land(colours):
    assert contrast(colours["dark"], colours["up"]) > 7
    assert contrast(colours["frame"], colours["paper"]) >= 3  # the outline of a point, WCAG 1.4.11
    assert contrast(colours["up"], colours["degs"]) > 1.5


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_hostile_name_stays_a_name(name, code):
    drawn = draw_world([mark(KZ, State.DARK, name), mark("country:BH", State.DARK, name)], language(code))
    assert len(links(drawn)) == 2
    assert len(drawn.svg) < 90_000
    assert {element.tag for element in parse(drawn).iter()} <= {
        "svg", "g", "a", "path", "circle", "rect", "text", "title", "defs", "pattern",
    }  # fmt: skip
    assert not re.search(r"[\u202a-\u202e\u2066\u2067\x00-\x08]", drawn.svg)


def test_a_map_in_arabic_keeps_west_on_the_left_and_isolates_names():
    drawn = draw_world([mark(KZ, State.DARK, "Kazakhstan")], language("ar"))
    assert 'lang="ar" direction="ltr"' in drawn.svg
    assert "\u2068Kazakhstan\u2069" in links(drawn)[0].get("aria-label")


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "https://elsewhere.example/", "//elsewhere.example/", "data:text/html,x"]
)
def test_a_mark_leads_nowhere_else(href):
    with pytest.raises(ValueError, match="path on the same site"):
        mark(KZ, href=href)


def test_the_same_marks_give_the_same_map_in_any_order():
    assert draw_world(MIXED).svg == draw_world(MIXED[::-1]).svg


def test_the_map_says_how_many_are_dark_for_who_does_not_see_it():
    said = parse(draw_world(MIXED, ENGLISH)).get("aria-label")
    assert said == "Map of the world. Dark: 2. Degraded: 1. Not measured: 1. Up: 2."
