"""The narrow drawing of the lanes, for phones: time runs down, a strip a lane, marks beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta, tzinfo

from markupsafe import Markup

from darkhours.model.state import State
from darkhours.render.dimensions import contested_words
from darkhours.render.lanes import Board, Lane
from darkhours.render.language import Language
from darkhours.render.marks import Mark, glyph, line_path, make_marks, pack
from darkhours.render.markup import short, tag, text_width, wrap
from darkhours.render.scale import Scale, grid
from darkhours.render.share import SURE
from darkhours.render.strip import Band, contested_boxes, edge_bars, flat, label_choices, strip
from darkhours.render.wide import dark_words
from darkhours.render.words import kind_word

WIDTH, LEFT = 358.0, 44.0
PER_DAY, LOWEST, HIGHEST = 104.0, 420.0, 2600.0
COLUMN, STRIP = 12.0, 28.0
_LANES, _THIN_LANES = 3, 10
_DAY = timedelta(days=1)


def tall(board: Board) -> Markup:
    """Return the drawings for narrow screens: three lanes a block, thin ones ten."""
    full = [lane for lane in board.lanes if lane.full]
    thin = [lane for lane in board.lanes if not lane.full]
    blocks = [full[at : at + _LANES] for at in range(0, len(full), _LANES)]
    blocks += [thin[at : at + _THIN_LANES] for at in range(0, len(thin), _THIN_LANES)]
    return Markup().join(_block(board, block) for block in blocks)


def _block(board: Board, lanes: Sequence[Lane]) -> Markup:
    """Return one block of lanes side by side, with a grid behind."""
    width = (WIDTH - LEFT) / max(len(lanes), 2 if lanes[0].full else 6)
    days = (board.scale.until - board.scale.start) / _DAY
    length = min(max(days * PER_DAY, LOWEST), HIGHEST)
    heads = [_head(lane, LEFT + place * width, width, board.language) for place, lane in enumerate(lanes)]
    top = max(height for _, height in heads) + 8
    scale = board.scaled(top, top + length)
    body = _grids(board, scale)
    for place, (lane, head) in enumerate(zip(lanes, heads, strict=True)):
        body += head[0] + _lane(board, lane, scale, (LEFT + place * width, width))
    box = f"0 0 {short(WIDTH)} {short(top + length + 6)}"
    names = ", ".join(lane.account.name for lane in lanes)
    told = board.language.say("Lanes, time runs down: {names}", names=names)
    return tag("svg", body, class_="tall", viewBox=box, role="group", aria_label=told)


def _head(lane: Lane, x: float, width: float, language: Language) -> tuple[Markup, float]:
    """Return the words over a lane and the px that they need."""
    y, found = 14.0, Markup()
    if not lane.full:
        name = tag(
            "text",
            lane.account.name,
            x=x + 8,
            y=118,
            class_="ls",
            transform=f"rotate(-90 {short(x + 12)} 118)",
        )
        return name, 120.0
    for line in wrap(lane.account.name, width - 6, 13, 2):
        found += tag("text", language.isolate(line), x=x, y=y, class_="ln se", font_size=13)
        y += 14
    dark = lane.account.totals.get("dark_h")
    if dark:
        found += tag("text", dark_words(dark, language), x=x, y=y, class_="lm")
        y += 14
    return found, y


def _grids(board: Board, scale: Scale) -> Markup:
    local = _grid(scale, board.clock.zone, board.language)
    if board.clock.is_utc(scale.start, scale.until):
        return local
    return tag("g", local, class_="l") + tag("g", _grid(scale, UTC, board.language), class_="u")


def _grid(scale: Scale, zone: tzinfo, language: Language) -> Markup:
    ticks = [tick for tick in grid(scale, zone, language) if tick.strong or scale.width(_DAY) > 3 * PER_DAY]
    lines = "".join(f"M0 {short(scale.at(tick.at))}H{short(WIDTH)}" for tick in ticks)
    found, last = tag("path", d=lines, class_="gs"), -99.0
    for tick in ticks:
        y = scale.at(tick.at)
        if not tick.label or y - last < 28 or y > scale.high - 12:  # noqa: PLR2004 — two lines of text
            continue
        for place, word in enumerate(tick.label.split(" ", 1)):
            found += tag("text", word, x=0, y=y + 14 + place * 13, class_="ad")
        last = y
        if scale.width(tick.until - tick.at) > 80 and ":" not in tick.label:  # noqa: PLR2004 — room at noon
            noon = (y + scale.at(tick.until)) / 2
            found += tag("text", language.digits("12:00"), x=0, y=noon + 4, class_="ax")
    return found


def _lane(board: Board, lane: Lane, scale: Scale, column: tuple[float, float]) -> Markup:
    x, width = column
    band = Band(scale, x, STRIP if lane.full else 18, down=True)
    found = strip(lane.account, band)
    if not lane.full:
        return found
    found += edge_bars(lane.account, band) + _labels(lane, band, board.language)
    for begin, end, window in contested_boxes(lane.account, band):
        box = band.rect(begin, end, "cb", grow=3) + band.rect(begin, end, "cc", grow=3)
        if window.p >= SURE:
            continue
        words = tag("title", contested_words(window, board.language))
        found += tag("a", words + box, href=board.contest_link(lane, window))
    return found + _marks(board, lane, scale, (x + STRIP + 12, x + width))


def _labels(lane: Lane, band: Band, language: Language) -> Markup:
    """Return the hours of dark stretches: upright where they are short, along the strip where long."""
    found, middle = Markup(), band.foot + band.height / 2
    for place, window in enumerate(lane.account.windows):
        begin, end = flat(lane.account, place, band.scale)
        if window.state is not State.DARK or window.p < SURE:
            continue
        choices = label_choices(lane.account, window, language)
        y = (begin + end) / 2
        along = next((text for text in choices[:1] if text_width(text, 12) + 10 < end - begin), "")
        if along:
            turn = f"rotate(-90 {short(middle)} {short(y)})"
            found += tag(
                "text",
                along,
                x=middle,
                y=y + 4,
                class_="in-dark",
                text_anchor="middle",
                font_size=12,
                transform=turn,
            )
        elif end - begin > 15 and text_width(choices[-1], 10.5) < band.height:  # noqa: PLR2004 — a line of text
            found += tag(
                "text", choices[-1], x=middle, y=y + 4, class_="in-dark", text_anchor="middle", font_size=10.5
            )
    return found


def _marks(board: Board, lane: Lane, scale: Scale, room: tuple[float, float]) -> Markup:
    """Return marks in columns beside the strip; those without room are in the list."""
    marks = make_marks(lane.claims, board.register, scale)
    columns = pack([mark.box("") for mark in marks])
    most = max(int((room[1] - room[0] - 4) // COLUMN), 1)
    shown: list[tuple[Mark, float]] = [
        (mark, room[0] + column * COLUMN)
        for mark, column in zip(marks, columns, strict=True)
        if column < most
    ]
    body = Markup().join(line_path(mark, x, down=True) for mark, x in shown)
    body += Markup().join(tag("circle", cx=x, cy=mark.at, r=7, class_="halo") for mark, x in shown)
    body += Markup().join(_linked(board, mark, x) for mark, x in shown)
    hidden = len(marks) - len(shown)
    if hidden:
        told = board.language.many("+ {n} in the list", "+ {n} in the list", hidden)
        text = tag("text", told, x=room[0] - 6, y=scale.low - 4, class_="lm")
        body += tag("a", text, href="#statements")
    return body


def _linked(board: Board, mark: Mark, x: float) -> Markup:
    """Return a mark as a link; its words are brief, for the list is what it leads to."""
    ident = mark.claim.id
    kind = kind_word(mark.claim.kind, board.language)
    told = tag("title", f"{board.register.labels[ident]}, {kind}")
    return tag("a", told + glyph(mark, x, mark.at), href=f"#{board.register.anchors[ident]}")
