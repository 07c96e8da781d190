"""What a page says of signals beside the wide picture: on phones, and as tables."""

from __future__ import annotations

from markupsafe import Markup

from darkhours.render.lanes import Board, Lane
from darkhours.render.markup import clean, settled, short, tag, wrap
from darkhours.render.scale import Scale
from darkhours.render.signals import FEWEST, PLOT, columns_for, draw_trace, lean_of, level_told
from darkhours.render.why import MOST_DAYS, MOST_WINDOWS, level_table, why

WIDTH = 358.0
_HEAD, _PITCH = 15.0, PLOT + 24.0
_ROWS, _LEVELS, _CELLS = 60, 180, 900
"""Windows told on one page, levels of signals in them, and cells of the tables by day."""
_FEWEST_WINDOWS, _FEWEST_DAYS = 6, 14


def signal_tables(board: Board) -> dict[str, object]:
    """Return the tables on signals by the name that the template knows them by; empty without signals."""
    lanes = [(lane, board.signals_of(lane)) for lane in board.lanes]
    told = [(lane.account, traces) for lane, traces in lanes if traces]
    lines = max(sum(len(traces) for _, traces in told), 1)
    windows = max(min(MOST_WINDOWS, _ROWS // max(len(told), 1), _LEVELS // lines), _FEWEST_WINDOWS)
    days = max(min(MOST_DAYS, _CELLS // lines), _FEWEST_DAYS)
    register, clock = board.register, board.clock
    return {
        "why": [why(account, traces, register, clock, most=windows) for account, traces in told],
        "levels": [level_table(account, traces, board.scale, clock, most=days) for account, traces in told],
    }


def phone_signals(board: Board) -> Markup:
    """Return the signals for narrow screens: a drawing a lane, time to the right, labels above the lines."""
    return Markup().join(_block(board, lane) for lane in board.lanes if board.signals_of(lane))


def _block(board: Board, lane: Lane) -> Markup:
    scale = board.scaled(0, WIDTH - 1)
    language = board.language
    days = language.days(*(board.clock.local(at).date() for at in (scale.start, scale.until)))
    name = clean(lane.account.name)
    title = wrap(language.say("Signals of {place}", place=name), WIDTH, 13, 1)[0]
    body = tag("text", title, x=0, y=14, class_="ln se", font_size=13)
    body += tag("text", days, x=0, y=29, class_="lm")
    y = 38.0
    columns = max(FEWEST, columns_for(len(board.traces)) // 3)
    for trace in board.signals_of(lane):
        level = lean_of(lane.account, trace)
        words = f"{language.isolate(clean(trace.family))}: {level_told(level, language)}"
        body += _label(words, y)
        body += draw_trace(trace, level, scale, y + _HEAD, columns, language=language)
        y += _PITCH
    told = language.say("Signals of {place}, time runs to the right", place=name)
    return _svg(body, y, told, scale)


def _svg(body: Markup, height: float, told: str, scale: Scale) -> Markup:
    box = f"0 0 {short(scale.high + 1)} {short(height)}"
    return tag("svg", body, class_="sigs", viewBox=box, role="group", aria_label=told)


def _label(words: str, top: float) -> Markup:
    return tag("text", wrap(settled(words), WIDTH, 11.5, 1)[0], x=0, y=top + 11, class_="lm")
