"""The legend: only what is on this page."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.state import State
from darkhours.render.lanes import Board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import tag
from darkhours.render.signals import signal_legend
from darkhours.render.words import KINDS, kind_word

Entry = tuple[Markup, str]


def legend(board: Board) -> list[list[Entry]]:
    """Return the legend in three lines: the strips, the marks, the lines of signals."""
    drawn = [trace for lane in board.lanes for trace in board.signals_of(lane)]
    return [_strips(board), _marks(board), signal_legend(drawn, board.language)]


def state_legend(accounts: Sequence[Account], language: Language = ENGLISH) -> list[Entry]:
    """Return the colours and patterns of the states that these accounts hold."""
    states = {window.state for account in accounts for window in account.windows}
    shown = [state for state in State if state in states or state is not State.UNKNOWN]
    words = {State.UNKNOWN: language.say("nobody measured or told")}
    return [(_swatch(state), words.get(state, language.state(state))) for state in shown]


def _strips(board: Board) -> list[Entry]:
    language = board.language
    found = state_legend([lane.account for lane in board.lanes], language)
    slope = tag("path", d="M0 14 10 14 24 0H34V14Z", class_="dark")
    slope = (
        tag("rect", width=34, height=14, class_="up")
        + slope
        + tag("rect", x=0.5, y=0.5, width=33, height=13, class_="frame")
    )
    found.append(
        (
            tag("svg", slope, width=34, height=14, aria_hidden="true"),
            language.say("a slope: the edge lies somewhere here"),
        )
    )
    bar = tag("path", d="M2 7H32", class_="ebar") + tag("path", d="M20 3v8", class_="etick")
    found.append(
        (
            tag("svg", bar, width=34, height=14, aria_hidden="true"),
            language.say("earliest, best and latest instant (90 %)"),
        )
    )
    if any(window.contested for lane in board.lanes for window in lane.account.windows):
        box = tag("rect", x=1, y=1, width=24, height=12, class_="cc")
        found.append((tag("svg", box, width=26, height=14, aria_hidden="true"), language.say("contested")))
    return found


def _swatch(state: State) -> Markup:
    fill = {State.UP: "up", State.DEGRADED: "deg", State.DARK: "dark", State.UNKNOWN: "unk"}[state]
    body = tag("rect", width=24, height=14, class_=fill) + tag(
        "rect", x=0.5, y=0.5, width=23, height=13, class_="frame"
    )
    return tag("svg", body, width=24, height=14, aria_hidden="true")


def _marks(board: Board) -> list[Entry]:
    drawn = board.register.of_states()
    if not drawn:
        return []
    language = board.language
    kinds = {claim.kind for claim in drawn}
    found = [(_glyph(f"k-{kind}", "k"), kind_word(kind, language)) for kind in KINDS if kind in kinds]
    fills = Markup().join(
        tag("circle", cx=cx, cy=7, r=4.7, class_=f"k {state}-f")
        for cx, state in ((7, "dark"), (23, "degraded"), (39, "up"))
    )
    found.append(
        (
            tag("svg", fills, width=46, height=14, aria_hidden="true"),
            language.say("says dark, degraded, up"),
        )
    )
    standings = {board.register.standing(claim.id) for claim in drawn}
    if "contradicted" in standings:
        ring = tag("circle", cx=9, cy=9, r=8, class_="ring") + tag(
            "circle", cx=9, cy=9, r=4.4, class_="k up-f"
        )
        found.append(
            (
                tag("svg", ring, width=18, height=18, aria_hidden="true"),
                language.say("contradicted by the account"),
            )
        )
    if standings & {"copy", "unused"}:
        found.append((_glyph("k-press", "k pale"), language.say("a copy, or kept unused")))
    if any(lane.reaching for lane in board.lanes):
        rug = tag("path", d="M4 3v8M9 3v8", class_="rug r-dark") + tag("path", d="M16 3v8", class_="rug r-up")
        found.append(
            (
                tag("svg", rug, width=20, height=14, aria_hidden="true"),
                language.say("statement on the wider area"),
            )
        )
    return found


def _glyph(shape: str, class_: str) -> Markup:
    use = tag("use", href=f"#{shape}", x=8, y=8, class_=f"{class_} up-f")
    return tag("svg", use, width=16, height=16, aria_hidden="true")
