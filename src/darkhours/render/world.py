"""The maps of the site: the world by country, and a country by region, as drawings that are links."""

from __future__ import annotations

from collections.abc import Iterable

from darkhours.model.state import State
from darkhours.places.country_map import CountryMap, country_map
from darkhours.places.gazetteer import name_at
from darkhours.places.outlines import Shape, world, world_spot
from darkhours.render.language import ENGLISH, Language
from darkhours.render.map_marks import MapMark, in_order, map_legend, short_name
from darkhours.render.map_parts import MapDrawing, Placed, Sizes, draw, frame, is_small, patterns, place

WORLD_BOX = (40.0, 22.0, 1940.0, 882.0)
"""Left, top, width and height of what is shown of the world: from Greenland to Cape Horn."""
_WORLD = Sizes(
    least=300.0, point=5.0, bad_point=8.0, touch=21.0, text=19.0, names=24, narrow_text=52.0, narrow_names=7
)
"""At 1,168 px, the width of a page, 24 px for a finger and 12 px for a name; chosen by us."""
_COUNTRY = Sizes(
    least=260.0, point=6.0, bad_point=9.0, touch=16.0, text=15.0, names=40, narrow_text=28.0, narrow_names=9
)
"""A country is drawn some 760 px wide, in 1,000 units; chosen by us."""
_SWATCH, _COUNTRY_SWATCH = 12.0, 9.0


def draw_world(marks: Iterable[MapMark], language: Language = ENGLISH) -> MapDrawing:
    """Return the map of the world with a link for each place that has a state.

    Countries are areas; those too small to see, and every region, city or other place with a point,
    are points. Land without a mark is drawn as what it is: nobody keeps an account there, which is
    not the same as up.

    Args:
        marks: in any order.
        language: of all words.

    >>> from darkhours.model.state import State
    >>> drawn = draw_world([MapMark("country:KZ", "Kazakhstan", State.DARK, "ongoing", "/entity/country:KZ")])
    >>> 'aria-label="Kazakhstan: dark and ongoing"' in drawn.svg
    True
    """
    ordered = in_order(marks)
    shapes = {shape.entity: shape for shape in world()}
    placed, unplaced = [], []
    for its in ordered:
        shape = shapes.get(its.entity_id) or _point_of_world(its.entity_id)
        if shape is None:
            unplaced.append(its)
        else:
            placed.append(place(its, shape, language))
    marked = {one.its.entity_id for one in placed if not is_small(one.shape, _WORLD)}
    land = [shape for shape in world() if shape.entity not in marked]
    body = patterns(_SWATCH) + draw(land, placed, _WORLD, WORLD_BOX)
    words = language.say("Map of the world")
    svg = frame(WORLD_BOX, "map-world", f"{words}. {_sum_up(placed, language)}", body, language)
    return MapDrawing(svg, map_legend(ordered, language, land=_bare(land, placed)), tuple(unplaced))


def _point_of_world(entity: str) -> Shape | None:
    spot = world_spot(entity)
    return Shape(entity, "", *spot, 0.0) if spot is not None else None


def draw_country(country: str, marks: Iterable[MapMark], language: Language = ENGLISH) -> MapDrawing | None:
    """Return the map of a country with a link for each place in it that has a state.

    Regions are areas; cities, and regions younger than the borders that we have, are points. A
    region whose drawn borders hold a younger one is told of in the notes.

    Args:
        country: entity id, ``country:KZ``.
        marks: of regions, cities and whatever else has a place; those outside are `unplaced`.
        language: of all words.

    Returns:
        The map, or None where the country has no outline.
    """
    drawn = country_map(country)
    if drawn is None:
        return None
    ordered = [its for its in in_order(marks) if its.entity_id != country]
    shapes = {shape.entity: shape for shape in drawn.shapes}
    placed, unplaced = [], []
    for its in ordered:
        shape = shapes.get(its.entity_id) or _point_of(its.entity_id, drawn)
        if shape is None:
            unplaced.append(its)
        else:
            placed.append(place(its, shape, language))
    marked = {one.its.entity_id for one in placed if not is_small(one.shape, _COUNTRY)}
    land = [shape for shape in drawn.shapes if shape.entity not in marked]
    box = (0.0, 0.0, float(drawn.width), float(drawn.height))
    body = patterns(_COUNTRY_SWATCH) + draw(land, placed, _COUNTRY, box)
    words = language.say("Map of {place}", place=name_at(country, None))
    svg = frame(box, "map-country", f"{words}. {_sum_up(placed, language)}", body, language)
    legend = map_legend(ordered, language, land=_bare(land, placed))
    return MapDrawing(svg, legend, tuple(unplaced), _older_borders(drawn, placed, language))


def _point_of(entity: str, drawn: CountryMap) -> Shape | None:
    spot = drawn.spot(entity)
    return Shape(entity, "", *spot, 0.0) if spot is not None else None


def _bare(land: list[Shape], placed: list[Placed]) -> bool:
    """Tell whether there is land that no mark speaks for, not even by a point."""
    told = {one.its.entity_id for one in placed}
    return any(shape.path and shape.entity not in told for shape in land)


def _older_borders(drawn: CountryMap, placed: list[Placed], language: Language) -> tuple[str, ...]:
    """Return a sentence for each marked region whose borders hold younger regions."""
    found = []
    for one in placed:
        outline = drawn.outlines.get(one.its.entity_id)
        if outline is not None and outline.covers:
            others = language.listing([name_at(other, None) for other in outline.covers])
            found.append(
                language.say(
                    "{place} is drawn in older borders, which also hold {others}.",
                    place=short_name(one.its),
                    others=others,
                )
            )
    return tuple(found)


def _sum_up(placed: list[Placed], language: Language) -> str:
    """Return how many places are dark, degraded and not measured, for who does not see the map."""
    counts = {state: sum(one.its.state is state for one in placed) for state in State}
    return language.say(
        "Dark: {dark}. Degraded: {degraded}. Not measured: {unknown}. Up: {up}.",
        dark=language.number(counts[State.DARK]),
        degraded=language.number(counts[State.DEGRADED]),
        unknown=language.number(counts[State.UNKNOWN]),
        up=language.number(counts[State.UP]),
    )
