"""Many entities on a terminal: counts first, then the longest dark as strips, the rest by number."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from darkhours.model.plain import plain
from darkhours.model.state import State
from darkhours.render.onsets import Fall, find_falls, middle_onset, noun_of
from darkhours.render.terminal import HEAD, MUTED, STATE_STYLES, Look
from darkhours.render.terminal_strip import draw_days, draw_states, make_scale
from darkhours.render.terminal_words import say_hours, say_time
from darkhours.render.words import STATUSES

if TYPE_CHECKING:
    from darkhours.model.account import Account
    from darkhours.render.terminal_strip import Scale

TOP = 20
"""Entities that are shown one by one; a screenful."""
_MAX_LABEL, _RIGHT = 22, 30
_ORDER = ("ongoing", "probation", "ended", "none", "unmeasured")
_FEWEST_CELLS = 20


def tell_many(accounts: Sequence[Account], look: Look, footer: Sequence[str] = ()) -> Text:
    """Return many accounts in a screenful: how many fell and when, then the twenty longest dark.

    Args:
        accounts: one for each entity, in any order.
        look: size and alphabet of the terminal.
        footer: lines that follow, such as where the page is.

    Raises:
        ValueError: there is no account.
    """
    if not accounts:
        raise ValueError("tell_many: expected at least one account: got none")
    falls = find_falls(accounts, {})
    sections = [
        list(_tell_counts(falls, look)),
        list(_tell_strips(falls, look)),
        [Text(plain(line)) for line in footer],
    ]
    return Text("\n\n").join(Text("\n").join(lines) for lines in sections if lines)


def _tell_counts(falls: Sequence[Fall], look: Look) -> Iterator[Text]:
    one, many = noun_of([fall.account for fall in falls])
    dark = [fall for fall in falls if fall.dark]
    tz = falls[0].account.tz
    head = f"{len(dark):,} of {len(falls):,} {one if len(falls) == 1 else many} went dark"
    middle = middle_onset(dark)
    if middle is not None:
        head += f"; the median onset was {say_time(middle, tz)} ({tz})"
    yield from (Text(line, style=HEAD) for line in textwrap.wrap(head, look.width))
    counts = Counter(fall.account.status for fall in falls)
    told = ", ".join(f"{counts[status]:,} {STATUSES[status]}" for status in _ORDER if counts[status])
    yield _cut(Text(told), look)
    at = sorted(fall.onset.at for fall in dark if fall.onset)
    if len(at) > 1:
        yield _cut(Text(f"onsets from {say_time(at[0], tz)} to {say_time(at[-1], tz)}"), look)
    nights = sum(bool(fall.account.patterns) for fall in falls)
    if nights:
        yield _cut(Text(f"{nights:,} with a nightly curfew"), look)


def _tell_strips(falls: Sequence[Fall], look: Look) -> Iterator[Text]:
    """Yield the days, the strips of the first twenty, the legend, and how many are not shown."""
    fallen = [fall for fall in falls if fall.outage]
    shown = (fallen or list(falls))[:TOP]
    pad = min(_MAX_LABEL, max(cell_len(plain(fall.account.name)) for fall in shown))
    room = max(_FEWEST_CELLS, look.width - pad - 2 - _RIGHT)
    scale = make_scale([fall.account for fall in shown], room)
    yield _cut(Text(" " * (pad + 1) + draw_days(scale), style=MUTED), look)
    for fall in shown:
        yield _cut(_line(fall, scale, look, pad), look)
    glyphs = look.glyphs
    legend = "   ".join(f"{glyphs[state] * 2} {state}" for state in State)
    told = f"{legend}   one character is {scale.cell_h:g} h"
    yield _cut(Text(told.rjust(min(pad + 1 + len(told), look.width)), style=MUTED), look)
    rest = len(fallen) - len(shown) if fallen else len(falls) - len(shown)
    if rest > 0:
        words = "more that fell" if fallen else "more"
        yield _cut(Text(f"{rest:,} {words}, not shown; --html and --json hold them", style=MUTED), look)


def _line(fall: Fall, scale: Scale, look: Look, pad: int) -> Text:
    """Return one entity: name, strip, dark hours, and since when it is dark or until when it was."""
    name = plain(fall.account.name)
    if cell_len(name) > pad:
        name = set_cell_size(name, pad - 1) + ("." if look.ascii_only else "…")
    line = Text(set_cell_size(name, pad) + " ")
    for state in draw_states(fall.account, scale):
        line.append(" " if state is None else look.glyphs[state], style=STATE_STYLES[state] if state else "")
    line.append(f" {say_hours(fall.dark_h):>7} h  ")
    return line.append(_until(fall, fall.account.tz), style=MUTED)


def _until(fall: Fall, tz: str) -> str:
    if fall.account.status == "ongoing":
        return "ongoing"
    return "" if fall.back is None else f"until {_brief(fall.back, tz)}"


def _brief(at: datetime, tz: str) -> str:
    return say_time(at, tz).partition(" ")[2]


def _cut(line: Text, look: Look) -> Text:
    """Return a line no wider than the terminal."""
    line.truncate(look.width, overflow="crop" if look.ascii_only else "ellipsis")
    return line
