"""The lanes as one SVG that stands on its own: style, patterns and words inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.render.defs import DEFS, FONT, SERIF, drawing_rtl, drawing_style
from darkhours.render.figures import capital
from darkhours.render.lanes import Board, lane_accounts, make_board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import clean, short, tag
from darkhours.render.palette import colour_scheme
from darkhours.render.spoken import spoken_accounts, spoken_case
from darkhours.render.story import headline
from darkhours.render.wide import WIDTH, wide

_PAD = 16.0


def svg(accounts: Sequence[Account], case: Case | None, *, language: Language = ENGLISH) -> str:
    """Return the lanes of accounts as one self-contained SVG.

    For print desks and slides: the same drawing as on the page, with its headline, its
    colours for light and dark, and no reference to anything outside.

    Args:
        accounts: the flagship first, then the other lanes.
        case: the case they are made from; None where they rest on measured signals alone.
        language: of its words, and of names of places where a source has them.

    Raises:
        ValueError: there is no account.
    """
    if not accounts:
        raise ValueError("svg: expected at least one account: got none; pass the flagship first")
    accounts, case = spoken_accounts(accounts, language), spoken_case(case, language)
    board = replace(make_board(lane_accounts(accounts, None), case, language=language), alone=True)
    drawing = wide(board)
    width, height = WIDTH + 2 * _PAD, drawing.height + 2 * _PAD + 34
    told = headline(board.flagship, board.clock)
    line = " ".join(part for part in (told.before, told.number, told.doubt, told.after) if part)
    head = tag("title", line, id="dh-title") + tag("desc", describe(board), id="dh-desc")
    style = Markup("<style>{}</style>").format(Markup(_style(language)))  # noqa: S704 — our own style
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
            **_spoken(language),
            aria_labelledby="dh-title dh-desc",
            font_family=FONT,
        )
    )


def _spoken(language: Language) -> dict[str, str]:
    """Return what tells the language of a drawing that is not in English."""
    return {} if language is ENGLISH else {"xml:lang": language.code}


def _style(language: Language) -> str:
    own = drawing_style() + (drawing_rtl() if language.rtl else "")
    return f"{colour_scheme(':root')}{own}.se{{font-family:{SERIF}}}.u{{display:none}}"


def describe(board: Board) -> str:
    """Return the picture in words, for those who cannot see it."""
    first, last = (board.clock.local(at).date() for at in (board.scale.start, board.scale.until))
    language = board.language
    told = language.many(
        "{count} lane, {names}, {days}.",
        "{count} lanes, {names}, {days}.",
        len(board.lanes),
        names=language.listing([clean(lane.account.name) for lane in board.lanes[:6]]),
        days=language.days(first, last),
    )
    return " ".join([capital(told), *(_lane_told(lane.account, language) for lane in board.lanes[:6])])


def _lane_told(account: Account, language: Language) -> str:
    """Return a lane in words: how long it was dark, and how often."""
    dark = account.totals.get("dark_h")
    windows = sum(window.state == "dark" for window in account.windows)
    if not dark or not windows:
        return language.many(
            "{place}: {count} dark window.",
            "{place}: {count} dark windows.",
            windows,
            place=clean(account.name),
        )
    return language.many(
        "{place}: {hours} in {count} dark window.",
        "{place}: {hours} in {count} dark windows.",
        windows,
        place=clean(account.name),
        hours=language.spell(dark.value, "hour"),
    )
