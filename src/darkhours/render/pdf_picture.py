"""The picture of the pages to file, as shares of its width: windows, edges, days, and the same in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from darkhours.model.account import Account, Window
from darkhours.model.state import State
from darkhours.render.lanes import Board
from darkhours.render.language import Language
from darkhours.render.markup import settled
from darkhours.render.pdf_text import isolated
from darkhours.render.picture import describe
from darkhours.render.scale import Scale, Tick, grid
from darkhours.render.spans import window_span
from darkhours.render.strip import label_choices

Values = dict[str, Any]
_PX = 800.0
"""The width that days are named for: the column of the page in px of the drawing."""
_TOLD = 12
_DIGITS = 5
_MOST_EDGES = 40


def picture_of(board: Board) -> Values:
    """Return the picture of the flagship's lane: where everything stands, from 0 at the left to 1."""
    account, scale = board.flagship, board.scaled(0.0, _PX)
    days = grid(scale, board.clock.zone, board.language)
    return {
        "alt": _describe(board),
        "ticks": [_tick(tick, scale) for tick in days],
        "windows": [
            _window(board, window, scale) for window in account.windows if _shown(account, window, scale)
        ],
        "edges": _edges(account, scale),
        "contested": [
            _span(account, window, scale)
            for window in account.windows
            if window.contested and _shown(account, window, scale)
        ],
        "legend": _legend(account, board.language),
    }


def _at(instant: datetime, scale: Scale) -> float:
    return round(scale.at(instant) / _PX, _DIGITS)


def _shown(account: Account, window: Window, scale: Scale) -> bool:
    begin, end = window_span(account, window)
    return begin < scale.until and end > scale.start


def _span(account: Account, window: Window, scale: Scale) -> Values:
    begin, end = window_span(account, window)
    return {"from": _at(begin, scale), "to": _at(end, scale)}


def _window(board: Board, window: Window, scale: Scale) -> Values:
    account, language = board.flagship, board.language
    labels = [isolated(settled(text)) for text in label_choices(account, window, language) if text]
    return _span(account, window, scale) | {"state": str(window.state), "labels": labels}


def _edges(account: Account, scale: Scale) -> list[Values]:
    """Return earliest, best and latest instant of each edge; none where they would run into each other."""
    edges = [window.start for window in account.windows[1:] if scale.shows(window.start.at)]
    shown = edges if len(edges) <= _MOST_EDGES else []
    return [
        {"first": _at(edge.earliest, scale), "best": _at(edge.at, scale), "last": _at(edge.latest, scale)}
        for edge in shown
    ]


def _tick(tick: Tick, scale: Scale) -> Values:
    place = {"at": _at(tick.at, scale), "until": _at(tick.until, scale)}
    return place | {"labels": [text for text in (tick.label, tick.brief) if text], "strong": tick.strong}


def _legend(account: Account, language: Language) -> list[Values]:
    held = {window.state for window in account.windows}
    told = {State.UNKNOWN: language.say("nobody measured or told")}
    return [
        {"state": str(state), "words": told.get(state, language.state(state))}
        for state in State
        if state in held
    ]


def _describe(board: Board) -> str:
    """Return the picture in words: what it holds, then its windows in order."""
    account, language = board.flagship, board.language
    told = [
        language.say(
            "{state} from {start}",
            state=language.state(window.state),
            start=board.clock.text(window.start.at),
        )
        for window in account.windows[:_TOLD]
    ]
    rest = len(account.windows) - _TOLD
    if rest > 0:
        told.append(language.many("and {count} more window", "and {count} more windows", rest))
    windows = language.comma.join(told)
    local = language.say("In local time: {windows}.", windows=windows)
    return isolated(f"{describe(board)} {local}")
