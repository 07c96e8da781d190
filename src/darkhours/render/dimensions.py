"""Dimension lines over the flagship's strip: the headline numbers drawn as the lengths they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from darkhours.model.account import Account, Num, Window
from darkhours.render.figures import NBSP
from darkhours.render.lanes import Board, Lane
from darkhours.render.language import ENGLISH, Language, mark
from darkhours.render.markup import short, tag, text_width
from darkhours.render.scale import Scale
from darkhours.render.share import SURE
from darkhours.render.spans import counted, same
from darkhours.render.strip import Band

LEVEL = 21.0
"""Px from one dimension line to the next."""
Level = tuple[datetime, datetime, Num, str]
_UNTIL = {"ended": mark("to the lasting return"), "probation": mark("to the return")}
Box = tuple[float, float, Window]


@dataclass(frozen=True, slots=True)
class _Told:
    """A length in words: the hours, from where to where, the interval."""

    length: str
    words: str
    doubt: str


def levels(account: Account) -> list[Level]:
    """Return the lengths to draw, the longest first: to the lasting return, to the first."""
    totals, found = account.totals, []
    over = account.status == "ended"
    words = {
        "gross_h": _UNTIL.get(account.status, mark("since the first blackout")),
        "first_return_h": mark("to the first return"),
    }
    for rule, told in words.items():
        spans, total = counted(account, rule), totals.get(rule)
        if total and len(spans) == 1:
            found.append((*spans[0], total, told))
    if len(found) > 1 and same(totals.get("gross_h"), totals.get("first_return_h")):
        found = [(*found[0][:3], mark("from blackout to return") if over else found[0][3])]
    if not found and totals.get("disrupted_h"):
        spans, total = counted(account, "disrupted_h"), totals["disrupted_h"]
        found += [(*spans[0], total, mark("disrupted"))] if total and len(spans) == 1 else []
    return found


def dimension_height(account: Account) -> float:
    """Return the px that the dimension lines need."""
    return len(levels(account)) * LEVEL + (4 if levels(account) else 0)


def dimensions(
    account: Account, band: Band, top: float, scale: Scale, *, language: Language = ENGLISH
) -> Markup:
    """Return the dimension lines with their lengths, and thin lines down to the strip."""
    found = Markup()
    for place, (start, end, total, words) in enumerate(levels(account)):
        y = top + 12 + place * LEVEL
        begin, stop = scale.at(start), scale.at(end)
        drop = "".join(f"M{short(x)} {short(y)}V{short(band.head)}" for x in (begin, stop))
        found += tag("path", d=drop, class_="dim2")
        told = _Told(
            language.unit(total.value, "hour"),
            language.say(words),
            f"({language.interval(total)})",
        )
        found += _length((begin, stop), y, told, scale.high)
    return found


def _length(ends: tuple[float, float], y: float, told: _Told, high: float) -> Markup:
    """Return a dimension line and its length in words: in a gap of the line where it fits, else beside it."""
    begin, stop = ends
    first, rest, doubt = f"{told.length}{NBSP}", f"{told.words}{NBSP}", told.doubt
    width = text_width(first, 14) + text_width(rest + doubt, 12.5)
    middle, gap = (begin + stop) / 2, width / 2 + 4
    line = f"M{short(begin)} {short(y)}H{short(middle - gap)}M{short(middle + gap)} {short(y)}H{short(stop)}"
    x, anchor = middle, "middle"
    if width + 24 > stop - begin:
        line = f"M{short(begin)} {short(y)}H{short(stop)}"
        x, anchor = (stop + 8, "start") if stop + 8 + width < high else (begin - 8, "end")
    line += "".join(f"M{short(end)} {short(y - 5)}v10" for end in ends)
    parts = tag("tspan", first, class_="b") + escape(rest) + tag("tspan", doubt, class_="mu")
    text = tag("text", parts, x=x, y=y + 4.5, class_="dt", text_anchor=anchor)
    return tag("path", d=line, class_="dim") + text


def contested_words(window: Window, language: Language) -> str:
    """Return what stands at a contested window: its state and how sure that is."""
    return language.say(
        "contested: {state} {share}", state=language.state(window.state), share=language.share(window.p)
    )


def contest_marks(
    boxes: Sequence[tuple[float, float, Window]], band: Band, board: Board, lane: Lane
) -> Markup:
    """Return a dashed box round each contested window, on a casing of paper, with a label above.

    One that is settled all the same (p from `SURE` up) has a dashed line over it and no more.
    """
    found, last = Markup(), -1.0
    for begin, end, window in boxes:
        if window.p >= SURE:
            line = f"M{short(begin)} {short(band.head - 3)}H{short(end)}"
            told = board.language.say("contested, and settled all the same")
            found += tag("path", tag("title", told), d=line, class_="cc")
            continue
        found += band.rect(begin, end, "cb", grow=3) + band.rect(begin, end, "cc", grow=3)
        text = contested_words(window, board.language)
        width = text_width(text, 12)
        x = min(begin, band.scale.high - width)
        if x > last:
            label = tag("text", text, x=x, y=band.head - 9, class_="ct")
            link = board.contest_link(lane, window)
            found += tag("a", label, href=link) if link else label
            last = x + width
    return found
