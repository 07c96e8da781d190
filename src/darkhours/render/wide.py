"""The wide drawing of the lanes: time runs to the right, one lane under the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from markupsafe import Markup

from darkhours.model.account import Num
from darkhours.model.claim import Claim
from darkhours.render.clock import zone_of
from darkhours.render.dimensions import contest_marks, dimension_height, dimensions
from darkhours.render.events import draw_events, event_labels, events_height
from darkhours.render.lanes import Board, Lane, rug
from darkhours.render.language import Language
from darkhours.render.marks import HALF, Mark, glyph, line_path, linked, make_marks, pack
from darkhours.render.markup import short, tag, text_width, wrap
from darkhours.render.scale import Scale, Tick, grid
from darkhours.render.share import SURE
from darkhours.render.signals import columns_for, draw_signals
from darkhours.render.strip import Band, contested_boxes, edge_bars, inner_labels, strip

WIDTH, LEFT = 1168.0, 158.0
PITCH, ROWS = 13.5, 20
HERO, TALL, THIN = 52.0, 32.0, 14.0
_AXIS, _GAP, _FOOT, _ROOM = 24.0, 26.0, 20.0, 10.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing and the height it came to."""

    body: Markup
    height: float


def wide(board: Board) -> Drawing:
    """Return the inside of the wide drawing and its height."""
    scale = board.scaled(LEFT, WIDTH - 1)
    labels = event_labels(board.flagship.context, scale, board.language)
    top = events_height(labels)
    parts, y = [], top + _AXIS
    for place, lane in enumerate(board.lanes):
        drawn = _draw_lane(board, lane, scale, y, hero=place == 0)
        parts.append(drawn.body)
        y = drawn.height
    if board.elsewhere:
        drawn = _elsewhere(board, scale, y if board.lanes[-1].full else y + 18)
        parts.append(drawn.body)
        y = drawn.height
    rail = (
        tag("path", d=f"M{short(LEFT)} {short(top)}H{short(WIDTH - 1)}", class_="rail")
        if labels
        else Markup()
    )
    back = rail + draw_events(labels, 0) + _grids(board, scale, top, y)
    return Drawing(back + Markup().join(parts), y + _FOOT)


def _grids(board: Board, scale: Scale, top: float, foot: float) -> Markup:
    """Return the local grid and the one in UTC, of which the page shows one."""
    local = _grid(grid(scale, board.clock.zone, board.language), scale, top, foot)
    if board.clock.is_utc(scale.start, scale.until):
        return local
    utc = _grid(grid(scale, UTC, board.language), scale, top, foot)
    feet = _feet(board, scale, foot, utc=False), _feet(board, scale, foot, utc=True)
    return tag("g", local + feet[0], class_="l") + tag("g", utc + feet[1], class_="u")


def _grid(ticks: list[Tick], scale: Scale, top: float, foot: float) -> Markup:
    weak = "".join(
        f"M{short(scale.at(tick.at))} {short(top)}V{short(foot)}" for tick in ticks if not tick.strong
    )
    firm = "".join(f"M{short(scale.at(tick.at))} {short(top)}V{short(foot)}" for tick in ticks if tick.strong)
    found = tag("path", d=weak, class_="gr") if weak else Markup()
    found += tag("path", d=firm, class_="gs") if firm else Markup()
    for tick in ticks:
        if tick.label:
            class_ = "ad" if tick.strong else "ad weak"
            middle = (scale.at(tick.at) + scale.at(tick.until)) / 2
            found += tag("text", tick.label, x=middle, y=top + 16, class_=class_, text_anchor="middle")
    return found


def _feet(board: Board, scale: Scale, foot: float, *, utc: bool) -> Markup:
    """Return the other clock's reading under each line of the grid."""
    zone, language = UTC if utc else board.clock.zone, board.language
    ticks = [tick for tick in grid(scale, zone) if tick.strong]
    room = scale.width(ticks[-1].at - ticks[0].at) / max(len(ticks) - 1, 1) if ticks else 0
    width = text_width(language.say("{time}Z", time=language.digits("00:00")), 10.5) + 10
    step = 1 if room > width else max(int(width // max(room, 1)) + 1, 1)
    found = Markup()
    for place, tick in enumerate(ticks[::step]):
        if place == 1 and scale.at(ticks[0].at) < LEFT + 20 and room * step < 1.5 * width - 12:
            continue  # the first stands at the left of its line, and would run into this one
        at = tick.at.astimezone(zone_of(board.clock.name) if utc else UTC)
        time = language.time_of_day(at)
        text = language.say("{time} here", time=time) if utc else language.say("{time}Z", time=time)
        anchor = "start" if scale.at(tick.at) < LEFT + 20 else "middle"
        found += tag("text", text, x=scale.at(tick.at), y=foot + 13, class_="ax", text_anchor=anchor)
    return found


def _draw_lane(board: Board, lane: Lane, scale: Scale, top: float, *, hero: bool) -> Drawing:
    """Return a lane whose room begins at ``top``, and where it ends."""
    height = HERO if hero else TALL if lane.full else THIN
    account = lane.account
    boxes = contested_boxes(account, Band(scale, 0, height)) if lane.full else []
    above = (dimension_height(account) if hero else 0) + (18 if any(box[2].p < SURE for box in boxes) else 7)
    band = Band(scale, top + above + height, height)
    body = dimensions(account, band, top, scale, language=board.language) if hero else Markup()
    body += strip(account, band)
    if not lane.full:
        return Drawing(body + _thin_label(lane, band, board.language), band.foot + 8)
    body += inner_labels(account, band, 13 if hero else 12, board.language)
    body += contest_marks(boxes, band, board, lane) + edge_bars(account, band)
    around = sorted({board.register.place(claim.entity) for claim in lane.reaching})
    text = _lane_label(lane, band, around, board.language, hero=hero)
    y = band.foot + 9
    ticks = rug(lane, scale)
    for state, places in sorted(ticks.items()):
        path = "".join(f"M{short(x)} {short(y + 3)}v8" for x in sorted(places))
        body += tag("path", d=path, class_=f"rug r-{state}")
    rows = _rows(board, lane.claims, scale, y + (21 if ticks else 10))
    traces, foot = board.signals_of(lane), max(rows.height, text.height)
    signals = draw_signals(
        account,
        traces,
        scale,
        foot + (_ROOM if traces else 0),
        columns_for(len(board.traces)),
        language=board.language,
    )
    return Drawing(body + text.body + rows.body + signals.body, signals.height + _GAP)


def _counts(lane: Lane, around: Sequence[str], language: Language) -> list[str]:
    """Return how many statements are about a lane, and about what it lies in."""
    found = []
    if lane.claims:
        found.append(language.many("{n} statement of its own", "{n} statements of its own", len(lane.claims)))
    if lane.reaching:
        places = language.listing(list(around))
        found.append(language.many("{n} on {places}", "{n} on {places}", len(lane.reaching), places=places))
    return found


def _fitting(words: str) -> str:
    return wrap(words, LEFT - 6, 11.5, 1)[0]


def _lane_label(lane: Lane, band: Band, around: Sequence[str], language: Language, *, hero: bool) -> Drawing:
    """Return name, dark hours and counts at the left of a lane."""
    account, size = lane.account, 19 if hero else 16
    y = band.head + (18 if hero else 13)
    body = Markup()
    for line in wrap(account.name, LEFT - 14, size, 2):
        body += tag("text", language.isolate(line), x=0, y=y, class_="ln se", font_size=size)
        y += size + 1
    dark = account.totals.get("dark_h")
    if dark:
        body += tag("text", dark_words(dark, language), x=0, y=y, class_="ls")
        doubt = language.say("90 %: {interval}", interval=language.interval(dark))
        body += tag("text", doubt, x=0, y=y + 15, class_="lm")
        y += 30
    for words in _counts(lane, around, language):
        body += tag("text", _fitting(words), x=0, y=y, class_="lm")
        y += 14.5
    return Drawing(body, y - 8)


def dark_words(dark: Num, language: Language) -> str:
    """Return the dark hours of a lane."""
    return language.say("dark {hours} h", hours=language.number(dark.value))


def _thin_label(lane: Lane, band: Band, language: Language) -> Markup:
    dark = lane.account.totals.get("dark_h")
    name = language.isolate(wrap(lane.account.name, LEFT - 62, 12, 1)[0])
    found = tag("text", name, x=0, y=band.foot - 3, class_="ls")
    return found + (
        tag(
            "text",
            language.say("{hours} h", hours=language.number(dark.value)),
            x=LEFT - 10,
            y=band.foot - 3,
            class_="lm",
            text_anchor="end",
        )
        if dark
        else Markup()
    )


def _elsewhere(board: Board, scale: Scale, top: float) -> Drawing:
    """Return the row of claims about places without a lane."""
    line = tag("path", d=f"M0 {short(top - 8)}H{short(WIDTH - 1)}", class_="gs")
    language = board.language
    name = tag("text", language.say("Elsewhere"), x=0, y=top + 12, class_="ln se", font_size=16)
    words = language.many("{count} statement, no lane", "{count} statements, no lane", len(board.elsewhere))
    name += tag("text", words, x=0, y=top + 28, class_="lm")
    rows = _rows(board, board.elsewhere, scale, top + 8)
    return Drawing(line + name + rows.body, max(rows.height, top + 30) + 12)


def _rows(board: Board, claims: tuple[Claim, ...], scale: Scale, top: float) -> Drawing:
    """Return marks in rows: all lines, then paper halos, then marks, so that no ring is cut."""
    register = board.register
    marks = make_marks(claims, register, scale)
    rows = pack([mark.box(register.labels[mark.claim.id]) for mark in marks])
    shown = [(mark, top + row * PITCH) for mark, row in zip(marks, rows, strict=True) if row < ROWS]
    body = Markup().join(line_path(mark, y) for mark, y in shown)
    body += Markup().join(tag("circle", cx=mark.at, cy=y, r=HALF + 1.6, class_="halo") for mark, y in shown)
    body += Markup().join(_numbered(mark, y, board) for mark, y in shown)
    hidden = [mark for mark, row in zip(marks, rows, strict=True) if row >= ROWS]
    if hidden:
        told = board.language.many("+ {n} more in the list", "+ {n} more in the list", len(hidden))
        body += _folded(hidden, told, top + ROWS * PITCH, alone=board.alone)
    used = min(max(rows, default=-1) + 1, ROWS) + bool(hidden)
    return Drawing(body, top + used * PITCH)


def _numbered(mark: Mark, y: float, board: Board) -> Markup:
    class_ = "n hot" if mark.ring else "n pale" if mark.pale else "n"
    label = board.register.labels[mark.claim.id]
    number = tag("text", label, x=mark.at + HALF + (4 if mark.ring else 2), y=y + 3.8, class_=class_)
    return linked(mark, number + glyph(mark, mark.at, y), board.register, board.clock, alone=board.alone)


def _folded(hidden: list[Mark], told: str, y: float, *, alone: bool) -> Markup:
    """Return a count for the marks beyond the last row, leading to the list."""
    x = sum(mark.at for mark in hidden) / len(hidden)
    text = tag("text", told, x=x, y=y + 4, class_="n", text_anchor="middle")
    return text if alone else tag("a", text, href="#statements")
