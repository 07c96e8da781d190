"""What a map is drawn with: patterns, links in the shape of places, points that a finger can hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from darkhours.model.state import State
from darkhours.places.outlines import Shape
from darkhours.render.defs import TEMPLATES
from darkhours.render.language import Language
from darkhours.render.map_marks import FILLS, Entry, MapMark, mark_words
from darkhours.render.map_names import place_names
from darkhours.render.markup import short, tag

BAD = (State.DARK, State.DEGRADED)
HIDDEN = ' aria-hidden="true"'


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large things are on a map, in its own units.

    Args:
        least: square units below which a place is drawn as a point.
        point: radius of a point that is up or not measured.
        bad_point: radius of one that is dark or degraded.
        touch: radius that a finger hits.
        text: size of names.
        names: how many names are shown at most.
        narrow_text: size of names on a phone, where the map is a third as wide.
        narrow_names: how many are shown there.
    """

    least: float
    point: float
    bad_point: float
    touch: float
    text: float
    names: int
    narrow_text: float
    narrow_names: int


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """A map, ready to stand in a page.

    Args:
        svg: the drawing; it needs `map_style` and the colours of the page.
        legend: a swatch and its words, for what is on the map.
        unplaced: marks that have no place in the picture; the page lists them beside it.
        notes: what a reader must know of the borders, in words.
    """

    svg: Markup
    legend: list[Entry]
    unplaced: tuple[MapMark, ...]
    notes: tuple[str, ...] = ()


@cache
def map_style() -> str:
    """Return the style sheet of maps, for a file of its own: pages allow no style inside them."""
    return (TEMPLATES / "map.css").read_text(encoding="utf-8")


def patterns(size: float) -> Markup:
    """Return the patterns of a map whose swatch is ``size`` units wide; ids begin with ``m-``."""
    degraded = tag("rect", width=size, height=size, class_="m-degb") + tag(
        "rect", width=0.4 * size, height=size, class_="m-degs"
    )
    dots = tag("rect", width=size, height=size, class_="m-blank") + Markup().join(
        tag("circle", cx=at * size, cy=at * size, r=0.15 * size, class_="m-dot") for at in (0.25, 0.75)
    )
    both = tag("pattern", degraded, id="m-deg", patternTransform="rotate(45)", **_tile(size))
    return tag("defs", both + tag("pattern", dots, id="m-unk", **_tile(size)))


def _tile(size: float) -> dict[str, object]:
    return {"width": size, "height": size, "patternUnits": "userSpaceOnUse"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark where it stands: its shape has a path, or is a point."""

    its: MapMark
    shape: Shape
    words: str


def place(its: MapMark, shape: Shape, language: Language) -> Placed:
    """Return a mark on a shape, with its words."""
    return Placed(its, shape, mark_words(its, language))


def draw(land: Sequence[Shape], placed: Sequence[Placed], sizes: Sizes, box: tuple[float, ...]) -> Markup:
    """Return the layers of a map: land, places in the order of the keyboard, bad points on top, names.

    Points that are not bad come after all areas, or an area could lie over them. Points that are dark
    or degraded come once more above all else, for the pointer alone, so that no neighbour lies over
    them; the keyboard meets them where the order wants it.
    """
    small = [one for one in placed if one.its.state in BAD and is_small(one.shape, sizes)]
    placed = sorted(placed, key=lambda one: one.its.state not in BAD and is_small(one.shape, sizes))
    layers = [
        "".join(_path(shape.path, "m-area m-land") for shape in land if shape.path),
        "".join(_link(one, sizes) for one in placed),
        "".join(_hit(one, sizes) for one in small) + "".join(_top(one, sizes) for one in reversed(small)),
    ]
    drawn = "".join(
        f"<g{flag}>{its}</g>" for flag, its in zip((HIDDEN, "", HIDDEN), layers, strict=True) if its
    )
    bad = [one for one in placed if one.its.state in BAD]
    names = place_names(bad, sizes.text, sizes.names, box, "m-names m-wide")
    names += place_names(bad, sizes.narrow_text, sizes.narrow_names, box, "m-names m-narrow")
    return Markup(drawn) + names  # noqa: S704 — escaped part by part


def is_small(shape: Shape, sizes: Sizes) -> bool:
    """Tell whether a place is drawn as a point."""
    return not shape.path or shape.size < sizes.least


def _link(one: Placed, sizes: Sizes) -> str:
    """Return a place as a link: its shape, or a point, with its words as name and tooltip."""
    words = escape(one.words)
    if is_small(one.shape, sizes):
        body = _point(one, sizes)
    else:
        body = _path(one.shape.path, f"m-area m-{one.its.state}", FILLS.get(one.its.state))
    test = " m-test" if one.its.synthetic else ""
    href = escape(one.its.href)
    return f'<a href="{href}" aria-label="{words}" class="m-place{test}"><title>{words}</title>{body}</a>'


def _point(one: Placed, sizes: Sizes) -> str:
    bad = one.its.state in BAD
    radius = sizes.bad_point if bad else sizes.point
    kind = f"m-area m-point{' m-bad' if bad else ''} m-{one.its.state}"
    return _circle(one.shape, radius, kind, FILLS.get(one.its.state))


def _top(one: Placed, sizes: Sizes) -> str:
    """Return a bad point once more, for the pointer alone: its words are told where the keyboard meets it."""
    test = ' class="m-test"' if one.its.synthetic else ""
    return f'<a href="{escape(one.its.href)}" tabindex="-1"{test}>{_point(one, sizes)}</a>'


def _hit(one: Placed, sizes: Sizes) -> str:
    around = _circle(one.shape, sizes.touch, "m-hit", "transparent")
    title = f"<title>{escape(one.words)}</title>"
    return f'<a href="{escape(one.its.href)}" tabindex="-1">{title}{around}</a>'


def _circle(shape: Shape, radius: float, kind: str, fill: str | None) -> str:
    paint = f' fill="{fill}"' if fill else ""
    return f'<circle cx="{short(shape.x)}" cy="{short(shape.y)}" r="{short(radius)}" class="{kind}"{paint}/>'


def _path(path: str, kind: str, fill: str | None = None) -> str:
    """Return a path of ours; its text is digits and letters, and too long to be looked through."""
    paint = f' fill="{fill}"' if fill else ""
    return f'<path d="{path}" class="{kind}"{paint}/>'


def frame(box: Iterable[float], kind: str, words: str, body: Markup, language: Language) -> Markup:
    """Return a map as one drawing that says what it is; west is on the left in every language."""
    view = " ".join(map(short, box))
    told = {"role": "group", "aria_label": words, "lang": language.code, "direction": "ltr"}
    return tag("svg", body, class_=f"map {kind}", viewBox=view, **told)
