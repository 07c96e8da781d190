"""The page of an account: one self-contained HTML file, no script, no request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.panel import Trace
from darkhours.render import figures, words
from darkhours.render.counting import against, ways, ways_axis
from darkhours.render.days import day_rows, day_sums, days_sentence
from darkhours.render.defs import DEFS, FONT, SERIF, TEMPLATES, drawing_style
from darkhours.render.lanes import Board, lane_accounts, make_board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.legend import legend
from darkhours.render.lists import (
    LANE_TOTALS,
    contested_windows,
    context_rows,
    event_rows,
    lane_rows,
    stage_rows,
    statements,
    topics,
    window_rows,
)
from darkhours.render.markup import bdi, clean, our_bdi, short, tag
from darkhours.render.method import method_rows, source_rows
from darkhours.render.mirror import style_for
from darkhours.render.nights import nights
from darkhours.render.palette import colour_scheme
from darkhours.render.picture import describe
from darkhours.render.register import make_register
from darkhours.render.signal_page import phone_signals, signal_tables
from darkhours.render.spoken import spoken_accounts, spoken_case
from darkhours.render.story import headline, key_numbers, sentences
from darkhours.render.summary import lanes_heading, made_from, outside_note, readings
from darkhours.render.tall import tall
from darkhours.render.verdicts import verdict_rows
from darkhours.render.wide import WIDTH, wide


@dataclass(frozen=True, slots=True)
class Frame:
    """What a site puts around the page of an account; its own style takes the place of that in the page.

    Args:
        head: elements of the head.
        top: before the page.
        foot: after it.
    """

    head: Markup
    top: Markup
    foot: Markup


def page(
    accounts: Sequence[Account],
    case: Case | None,
    *,
    lanes: Sequence[Account] | None = None,
    traces: Sequence[Trace] = (),
    frame: Frame | None = None,
    language: Language = ENGLISH,
) -> str:
    """Return the page of an account as one HTML file.

    Everything on it comes from the accounts and the case; it asks the network for nothing
    and runs no script, so it can be mailed, archived and printed as it is. The same input
    gives the same bytes.

    Args:
        accounts: the one that the page is about first; then others of the case, which appear
            in the tables, and as lanes where they are of the same service.
        case: the claims and sources behind the accounts; None where measured signals alone are.
        lanes: accounts of the other entities, drawn under the first; those of ``accounts``
            unless told.
        traces: signals beside their baselines, drawn under the lane of their entity.
        frame: what a site puts around it; None for a page that stands alone.
        language: of its words, and of names of places where a source has them; notes stay in those of
            the case.

    Raises:
        ValueError: there is no account.
    """
    if not accounts:
        raise ValueError("page: expected at least one account: got none; pass the flagship first")
    accounts, case = spoken_accounts(accounts, language), spoken_case(case, language)
    drawn = lane_accounts(accounts, None if lanes is None else spoken_accounts(lanes, language))
    everyone = [*drawn, *(account for account in accounts if account not in drawn)]
    register = make_register(everyone, case)
    board = replace(make_board(drawn, case, register, language=language), traces=tuple(traces))
    values = _values(board, everyone) | {"frame": frame}
    text = environment().get_template("page.html.j2").render(values)
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip())) + "\n"


@cache
def environment() -> Environment:
    """Return what fills the templates: everything escaped, an unknown name an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: (TEMPLATES / name).read_text(encoding="utf-8")),
    )
    made.filters |= {"bdi": bdi, "capital": figures.capital, "clean": clean, "our_bdi": our_bdi}
    made.globals |= {"words": words, "figures": figures}
    return made


def _values(board: Board, everyone: Sequence[Account]) -> dict[str, object]:
    """Return all that the template shows, by name."""
    account = board.flagship
    tables = _tables(board, everyone) | signal_tables(board)
    spoken = board.language.tools()
    return _frame(board) | _told(board) | tables | spoken | {"account": account, "board": board}


def _frame(board: Board) -> dict[str, object]:
    account, clock = board.flagship, board.clock
    told = headline(account, clock)
    return {
        "style": Markup(style(board.language)),  # noqa: S704 — our own style
        "defs": DEFS,
        "headline": told,
        "title": " ".join(part for part in (told.before, told.number, told.after) if part),
        "offset": clock.offset(board.scale.start),
        "shifts": clock.offset(board.scale.start) != clock.offset(board.scale.until),
        "two_clocks": not clock.is_utc(board.scale.start, board.scale.until),
    }


def _told(board: Board) -> dict[str, object]:
    account, clock, register = board.flagship, board.clock, board.register
    drawing, narrow = wide(board), tall(board)
    return {
        "sentences": sentences(account, clock),
        "key_numbers": key_numbers(account, board.language),
        "made_from": made_from(board),
        "readings": readings(account, clock),
        "lanes_heading": lanes_heading(board),
        "legend": legend(board),
        "description": describe(board),
        "events": event_rows(board),
        "wide": _drawing(drawing.body, WIDTH, drawing.height, "wide"),
        "tall": narrow + phone_signals(board),
        "outside": outside_note(board),
        "ways": ways(account, board.language),
        "ways_axis": ways_axis(account, clock) if account.outages else "",
        "days": day_rows(account, clock),
        "day_sums": day_sums(account, board.language),
        "zero": board.language.number(0),
        "days_sentence": days_sentence(account, board.language),
        "against": against(account, register, board.language),
        "nights": nights(board),
        "verdicts": verdict_rows(account, register, board.language),
    }


def _tables(board: Board, everyone: Sequence[Account]) -> dict[str, object]:
    account, clock, register = board.flagship, board.clock, board.register
    return {
        "topics": [*contested_windows(account, register, clock), *topics(account, register, clock)],
        "stages": stage_rows(account.stages, register, clock),
        "context": context_rows(account, board),
        "everyone": lane_rows(everyone, board.language) if len(everyone) > 1 else [],
        "lane_totals": LANE_TOTALS,
        "windows": [(lane.account, window_rows(lane.account, register, clock)) for lane in board.lanes],
        "statements": statements(register, clock),
        "sources": source_rows(register, clock),
        "method": method_rows(account, register, clock),
        "links": register.links,
        "link": register.link,
    }


def _drawing(body: Markup, width: float, height: float, class_: str) -> Markup:
    box = f"0 0 {short(width)} {short(height)}"
    return tag("svg", body, class_=class_, viewBox=box, role="group", aria_labelledby="lanes-h lanes-d")


@cache
def style(language: Language = ENGLISH) -> str:
    """Return the style of every page, mirrored where its language runs from right to left."""
    page_style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    signal_style = (TEMPLATES / "signals.css").read_text(encoding="utf-8")
    fonts = f":root{{--sans:{FONT};--serif:{SERIF}}}"
    text = colour_scheme(":root") + fonts + drawing_style() + page_style + signal_style
    return style_for("".join(line.strip() for line in text.splitlines()), language)
