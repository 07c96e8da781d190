"""The lanes as one SVG that stands on its own: style, patterns and words inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.render.dates import long_days
from darkhours.render.defs import DEFS, FONT, SERIF, drawing_style
from darkhours.render.figures import capital, count, hours, listing
from darkhours.render.lanes import Board, lane_accounts, make_board
from darkhours.render.markup import clean, short, tag
from darkhours.render.palette import colour_scheme
from darkhours.render.story import headline
from darkhours.render.wide import WIDTH, wide

_PAD = 16.0


def svg(accounts: Sequence[Account], case: Case | None) -> str:
    """Return the lanes of accounts as one self-contained SVG.

    For print desks and slides: the same drawing as on the page, with its headline, its
    colours for light and dark, and no reference to anything outside.

    Args:
        accounts: the flagship first, then the other lanes.
        case: the case they are made from; None where they rest on measured signals alone.

    Raises:
        ValueError: there is no account.
    """
    if not accounts:
        raise ValueError("svg: expected at least one account: got none; pass the flagship first")
    board = replace(make_board(lane_accounts(accounts, None), case), alone=True)
    drawing = wide(board)
    width, height = WIDTH + 2 * _PAD, drawing.height + 2 * _PAD + 34
    told = headline(board.flagship, board.clock)
    line = " ".join(part for part in (told.before, told.number, told.doubt, told.after) if part)
    head = tag("title", line, id="dh-title") + tag("desc", describe(board), id="dh-desc")
    style = Markup("<style>{}</style>").format(Markup(_style()))  # noqa: S704 — our own style
    back = tag("rect", width=width, height=height, class_="blank")
    title = tag("text", line, x=_PAD, y=_PAD + 16, class_="se", font_size=20, font_weight=600)
    body = tag("g", drawing.body, transform=f"translate({short(_PAD)} {short(_PAD + 34)})")
    return str(
        tag(
            "svg",
            head + style + DEFS + back + title + body,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {short(width)} {short(height)}",
            width=width,
            height=height,
            role="img",
            aria_labelledby="dh-title dh-desc",
            font_family=FONT,
        )
    )


def _style() -> str:
    return f"{colour_scheme(':root')}{drawing_style()}.se{{font-family:{SERIF}}}.u{{display:none}}"


def describe(board: Board) -> str:
    """Return the picture in words, for those who cannot see it."""
    first, last = (board.clock.local(at).date() for at in (board.scale.start, board.scale.until))
    names = listing([clean(lane.account.name) for lane in board.lanes[:6]])
    told = []
    for lane in board.lanes[:6]:
        dark = lane.account.totals.get("dark_h")
        windows = sum(window.state == "dark" for window in lane.account.windows)
        hours_told = f" {hours(dark.value)} hours in" if dark and windows else ""
        told.append(f"{clean(lane.account.name)}:{hours_told} {count(windows, 'dark window')}.")
    kinds = f"{capital(count(len(board.lanes), 'lane'))}, {names}, {long_days(first, last)}."
    return f"{kinds} {' '.join(told)}"
