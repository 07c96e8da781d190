"""Claims as marks: shape for the kind, fill for what is said, line for the form of its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from darkhours.model.claim import At, By, Claim, During, SaysState, Turn, When, Within
from darkhours.render.clock import Clock
from darkhours.render.figures import capital
from darkhours.render.markup import short, tag, text_width
from darkhours.render.register import Register
from darkhours.render.scale import Scale
from darkhours.render.when import when_text
from darkhours.render.words import kind_word, service_word, standing_word

ARROW = 26.0
"""The longest arrow of a `by`, px; how far back it really reaches stands in the list."""
NARROW = 9.0
"""A line shorter than this hides behind its mark, and is left out."""
HALF = 6.0
"""Half a mark with its outline, px."""
NUMBER = 10.5
"""Size of the numbers, px."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim on a picture, along the axis of time.

    Args:
        claim: what was said.
        at: px of the mark.
        lines: px of its lines, begin and end.
        form: ``turn``, ``during``, ``within``, ``by`` or ``at``.
        ring: whether the account contradicts it.
        pale: whether it is a copy or unused.
    """

    claim: Claim
    at: float
    lines: tuple[tuple[float, float], ...] = field(default=())
    form: str = "turn"
    ring: bool = False
    pale: bool = False

    def box(self, label: str) -> tuple[float, float]:
        """Return the room it takes along the axis, with its number."""
        begin = min([self.at - HALF - 2, *(line[0] for line in self.lines)])
        number = self.at + HALF + 3 + text_width(label, NUMBER) if label else self.at + HALF
        return begin, max([number, *(line[1] for line in self.lines)]) + 4


def instants(when: When) -> tuple[datetime, list[tuple[datetime, datetime]]]:
    """Return where the mark of a time form stands, and the stretches that it is drawn with."""
    if isinstance(when, During):
        return when.start + (when.end - when.start) / 2, [(when.start, when.end)]
    if isinstance(when, Within):
        every = when.every or timedelta(0)
        runs = [(when.start + step * every, when.end + step * every) for step in range(max(when.times, 1))]
        return when.start + (when.end - when.start) / 2, runs
    if isinstance(when, By):
        return when.by, [(when.since or when.by - timedelta(hours=12), when.by)]
    if isinstance(when, At):
        give = when.give or timedelta(0)
        return when.at, [(when.at - give, when.at + give)]
    return _turn(when)


def _turn(when: Turn) -> tuple[datetime, list[tuple[datetime, datetime]]]:
    if when.end is not None:
        return when.start + (when.end - when.start) / 2, [(when.start, when.end)]
    give = when.give or timedelta(0)
    return when.start, [(when.start - give, when.start + give)]


def make_mark(claim: Claim, register: Register, scale: Scale) -> Mark | None:
    """Return the mark of a claim; None where it cannot be drawn or lies outside the picture."""
    if claim.when is None or not isinstance(claim.says, SaysState):
        return None
    at, runs = instants(claim.when)
    inside = [
        (scale.at(start), scale.at(end)) for start, end in runs if end > scale.start and start < scale.until
    ]
    if not inside and not scale.shows(at):
        return None
    form = type(claim.when).__name__.lower()
    if not scale.shows(at) and form in {"by", "at"}:
        return None
    middle = scale.at(at) if scale.shows(at) else sum(inside[0]) / 2
    if form == "by":
        inside = [(max(begin, middle - ARROW), end) for begin, end in inside]
    kept = tuple(line for line in inside if line[1] - line[0] > NARROW or form in {"during", "by"})
    standing = register.standing(claim.id)
    return Mark(claim, middle, kept, form, standing == "contradicted", standing in {"copy", "unused"})


def make_marks(claims: Sequence[Claim], register: Register, scale: Scale) -> list[Mark]:
    """Return the marks of claims that lie in the picture."""
    made = [make_mark(claim, register, scale) for claim in claims]
    return [mark for mark in made if mark is not None]


def pack(boxes: Sequence[tuple[float, float]]) -> list[int]:
    """Return a row for each box: sorted by its left end, the first row where it fits.

    >>> pack([(0, 10), (5, 20), (11, 15)])
    [0, 1, 0]
    """
    ends: list[float] = []
    rows = [0] * len(boxes)
    for place in sorted(range(len(boxes)), key=lambda place: (boxes[place], place)):
        begin, end = boxes[place]
        row = next((row for row, last in enumerate(ends) if last <= begin), len(ends))
        if row == len(ends):
            ends.append(end)
        ends[row] = end
        rows[place] = row
    return rows


def title(claim: Claim, register: Register, clock: Clock) -> str:
    """Return what a mark tells when asked: number, kind, publisher, state, service, place, time."""
    language = clock.language
    says = language.state(claim.says.state) if isinstance(claim.says, SaysState) else ""
    standing = register.standing(claim.id)
    place = language.isolate(register.place(claim.entity))
    parts = [
        f"{register.labels[claim.id]} {kind_word(claim.kind, language)}",
        language.isolate(register.speaker(claim)),
        f"{place} {service_word(claim.service, language)} {says}",
        when_text(claim.when, clock) if claim.when else "",
        "" if standing in {"", "agrees"} else standing_word(standing, language),
    ]
    return language.comma.join(part for part in parts if part)


def glyph(mark: Mark, x: float, y: float) -> Markup:
    """Return the mark itself: ring, shape, fill."""
    says = mark.claim.says.state if isinstance(mark.claim.says, SaysState) else "up"
    ring = tag("circle", cx=x, cy=y, r=8.6, class_="ring") if mark.ring else Markup()
    class_ = f"k {says}-f" + (" pale" if mark.pale else "")
    return ring + tag("use", href=f"#k-{mark.claim.kind}", x=x, y=y, class_=class_)


def linked(mark: Mark, body: Markup, register: Register, clock: Clock, *, alone: bool = False) -> Markup:
    """Return a mark as a link to its row in the list; a picture on its own has no list."""
    told = tag("title", capital(title(mark.claim, register, clock)))
    if alone:
        return tag("g", told + body)
    return tag("a", told + body, href=f"#{register.anchors[mark.claim.id]}")


def line_path(mark: Mark, across: float, *, down: bool = False) -> Markup:
    """Return the lines of a mark in the form of its time."""
    if not mark.lines:
        return Markup()
    return tag(
        "path", class_=f"t-{mark.form}", d="".join(_line(mark, line, across, down) for line in mark.lines)
    )


def _line(mark: Mark, line: tuple[float, float], across: float, down: bool) -> str:  # noqa: FBT001 — private
    begin, end = line
    if mark.form == "by":
        return _arrow(begin, end, across, down)
    at, to = _place(begin, across, down), "V" if down else "H"
    path = f"M{at}{to}{short(end)}"
    if mark.form in {"turn", "at"}:
        for tick in line:
            path += f"M{_place(tick, across - 3, down)}" + ("h6" if down else "v6")
    return path


def _arrow(begin: float, end: float, across: float, down: bool) -> str:  # noqa: FBT001 — private
    """Return a line back in time with a head at its far end."""
    barbs = [_place(begin + 4, across + shift, down) for shift in (-3, 3)]
    tip = _place(begin, across, down)
    return f"M{_place(end, across, down)}L{tip}M{barbs[0]}L{tip}L{barbs[1]}"


def _place(along: float, across: float, down: bool) -> str:  # noqa: FBT001 — private
    return f"{short(across)} {short(along)}" if down else f"{short(along)} {short(across)}"
