"""Names on a map: those of dark and degraded places, where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from darkhours.render.map_marks import cut, short_name
from darkhours.render.markup import tag, text_width

if TYPE_CHECKING:
    from darkhours.render.map_parts import Placed

LONGEST = 26
"""Letters of a name on a map; the rest is in the words of its link."""
BOLD = 1.1
"""How much wider bold letters are than the plain ones that are reckoned with."""

Box = tuple[float, float, float, float]
Choice = tuple[float, float, str, Box]


def place_names(
    placed: Sequence[Placed], size: float, most: int, frame: tuple[float, ...], kind: str
) -> Markup:
    """Return names beside or on their places, the worst first; one that fits nowhere is left out.

    Args:
        placed: places whose names are wanted, in their order.
        size: of the text, in units of the map.
        most: how many are shown at most.
        frame: left, top, width and height of the map.
        kind: class of the group.
    """
    taken: list[Box] = [_around(one, size) for one in placed if not _roomy(one, size)]
    found = Markup()
    count = 0
    for one in placed:
        name = cut(short_name(one.its), LONGEST)
        choice = _room(_choices(one, name, size), taken, frame) if count < most else None
        if choice is None:
            continue
        x, y, anchor, box = choice
        taken.append(box)
        found += tag("text", name, x=x, y=y, class_="m-name", text_anchor=anchor, direction=_flow(name))
        count += 1
    return tag("g", found, aria_hidden="true", class_=kind, font_size=size) if count else Markup()


def _flow(name: str) -> str:
    """Return the direction of a name, so that its anchor is the side we mean."""
    return (
        "rtl" if any("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc" for char in name) else "ltr"
    )


def _roomy(one: Placed, size: float) -> bool:
    """Tell whether a place is wide enough to carry a name inside."""
    return bool(one.shape.path) and one.shape.size > (4 * size) ** 2


def _around(one: Placed, size: float) -> Box:
    x, y, half = one.shape.x, one.shape.y, 0.6 * size
    return x - half, y - half, x + half, y + half


def _choices(one: Placed, name: str, size: float) -> list[Choice]:
    """Return where a name may stand, the best first: inside, else right, left, above, below."""
    x, y, wide = one.shape.x, one.shape.y, BOLD * text_width(name, size)
    gap, half = 0.85 * size, 0.5 * size
    start, end = ("end", "start") if _flow(name) == "rtl" else ("start", "end")
    found: list[Choice] = []
    if _roomy(one, size):
        found.append((x, y + 0.35 * size, "middle", (x - wide / 2, y - half, x + wide / 2, y + half)))
    return [
        *found,
        (x + gap, y + 0.35 * size, start, (x + gap, y - half, x + gap + wide, y + half)),
        (x - gap, y + 0.35 * size, end, (x - gap - wide, y - half, x - gap, y + half)),
        (x, y - gap, "middle", (x - wide / 2, y - gap - size, x + wide / 2, y - gap + 0.2 * size)),
        (x, y + gap + half, "middle", (x - wide / 2, y + half, x + wide / 2, y + gap + size)),
    ]


def _room(choices: Sequence[Choice], taken: Sequence[Box], frame: tuple[float, ...]) -> Choice | None:
    left, top, width, height = frame
    for choice in choices:
        box = choice[3]
        inside = left <= box[0] and box[2] <= left + width and top <= box[1] and box[3] <= top + height
        if inside and not any(_overlap(box, other) for other in taken):
            return choice
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
