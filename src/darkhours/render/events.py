"""Context events along the top of the picture: labels that never collide, ticks at their instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.model.account import ContextItem
from darkhours.render.figures import capital
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import clean, short, tag, wrap
from darkhours.render.scale import Scale

SIZE, LEADING, LINES, BETWEEN = 11.0, 12.5, 9, 3.5
_CLOSE, _WIDEST, _GAP, _LAST = 92.0, 190.0, 10.0, 104.0


@dataclass(frozen=True, slots=True)
class Label:
    """Events that share a label: where it begins, its lines with their px, where their ticks stand."""

    x: float
    lines: tuple[tuple[float, str], ...]
    height: float
    ticks: tuple[float, ...]


def event_labels(items: Sequence[ContextItem], scale: Scale, language: Language = ENGLISH) -> list[Label]:
    """Return the labels of events inside the picture.

    Events closer than a short word share a label; each label ends before the next begins.
    """
    shown = sorted((item.at, item.what) for item in items if item.at is not None and scale.shows(item.at))
    groups: list[list[tuple[float, str]]] = []
    for at, what in shown:
        x = scale.at(at)
        if groups and x - groups[-1][0][0] < _CLOSE:
            groups[-1].append((x, what))
        else:
            groups.append([(x, what)])
    begins = [min(group[0][0], scale.high - _LAST) for group in groups]
    rights = [*(begin - _GAP for begin in begins[1:]), scale.high - 2][: len(groups)]
    return [_label(*parts, language) for parts in zip(groups, begins, rights, strict=True)]


def _label(group: list[tuple[float, str]], begin: float, right: float, language: Language) -> Label:
    room = min(right - begin, _WIDEST)
    each = max(LINES // len(group), 2)
    lines: list[tuple[float, str]] = []
    y = 0.0
    for place, (_, what) in enumerate(group):
        left = LINES - len(lines)
        told = [language.many("+ {n} more", "+ {n} more", len(group) - place)]
        if left > 1 or place == len(group) - 1:
            lines_of = wrap(capital(clean(what)), room, SIZE, max(min(each, left), 1))
            told = [language.isolate(line) for line in lines_of]
        lines += [(y + row * LEADING, line) for row, line in enumerate(told)]
        y = lines[-1][0] + LEADING + BETWEEN
        if len(lines) >= LINES:
            break
    return Label(begin, tuple(lines), lines[-1][0] + LEADING, tuple(x for x, _ in group))


def events_height(labels: Sequence[Label]) -> float:
    """Return the px that the labels need."""
    return max((label.height for label in labels), default=0.0) + (10 if labels else 0)


def draw_events(labels: Sequence[Label], top: float) -> Markup:
    """Return the labels, bottom-aligned on a rail with a tick for each event."""
    height = events_height(labels)
    rail = top + height
    found = Markup()
    for label in labels:
        first = rail - 8 - label.lines[-1][0]
        for y, line in label.lines:
            found += tag("text", line, x=label.x, y=first + y, class_="ev", font_size=SIZE)
        ticks = "".join(f"M{short(x)} {short(rail - 4)}v7" for x in label.ticks)
        found += tag("path", d=ticks, class_="evt")
    return found
