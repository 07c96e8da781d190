"""The strip of a lane: state by colour and pattern, height by probability, edges as vague as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.model.account import Account, Edge, Window
from darkhours.model.state import State
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import short, tag, text_width
from darkhours.render.scale import Scale
from darkhours.render.share import SURE, Slice, clip, shares
from darkhours.render.spans import window_span
from darkhours.render.words import detail_words, short_detail

_NONE = 0.001
_BOLD = 1.1
"""How much wider semibold runs than the text that `text_width` knows."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where a strip lies: its scale along time, its foot and height across, and its direction.

    Args:
        scale: along time.
        foot: px of the foot, where dark stands.
        height: px from foot to head.
        down: whether time runs down the page, as on phones.
    """

    scale: Scale
    foot: float
    height: float
    down: bool = False

    @property
    def head(self) -> float:
        """Return the px of the head: above the foot, or to the right of it on a phone."""
        return self.foot + self.height if self.down else self.foot - self.height

    def point(self, along: float, share: float) -> str:
        """Return a point at ``share`` of the height."""
        across = self.foot + (self.head - self.foot) * share
        return f"{short(across)} {short(along)}" if self.down else f"{short(along)} {short(across)}"

    def rect(
        self, begin: float, end: float, class_: str, *, grow: float = 0, told: Mapping[str, str] | None = None
    ) -> Markup:
        """Return a rectangle over the whole height."""
        top, height = min(self.foot, self.head) - grow, self.height + 2 * grow
        x, y = (top, begin) if self.down else (begin, top)
        size = (height, end - begin) if self.down else (end - begin, height)
        return tag("rect", x=x, y=y, width=size[0], height=size[1], class_=class_, **(told or {}))


def strip(account: Account, band: Band) -> Markup:
    """Return the strip of an account: up behind, then degraded, dark and unknown over it."""
    low, high = band.scale.low, band.scale.high
    start, until = max(band.scale.start, account.start), min(band.scale.until, account.until)
    slices = clip(shares(account.windows, account.until), start, until)
    parts = [
        band.rect(low, high, "up"),
        _area(slices, band, lambda cut: (0.0, cut.trouble, cut.trouble - cut.dark), "deg"),
        _area(slices, band, lambda cut: (0.0, cut.dark, cut.dark), "dark"),
        _area(slices, band, lambda cut: (cut.known, 1.0, 1 - cut.known), "blank"),
        _area(slices, band, lambda cut: (cut.known, 1.0, 1 - cut.known), "unk"),
        _unmeasured_ends(account, band),
        band.rect(low, high, "frame", told=lane_of(account, band.scale)),
    ]
    return Markup().join(parts)


def lane_of(account: Account, scale: Scale) -> dict[str, str]:
    """Return what a script needs to find the windows of an account in its strip."""
    begin, end = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (scale.start, scale.until))
    return {"data_lane": account.entity, "data_from": begin, "data_until": end}


def _unmeasured_ends(account: Account, band: Band) -> Markup:
    """Return the parts of the picture that lie outside the account's own span."""
    scale, found = band.scale, Markup()
    for begin, end in ((scale.start, account.start), (account.until, scale.until)):
        if begin < end:
            found += band.rect(scale.at(begin), scale.at(end), "blank")
            found += band.rect(scale.at(begin), scale.at(end), "unk")
    return found


def _area(
    slices: Sequence[Slice], band: Band, cut: Callable[[Slice], tuple[float, float, float]], class_: str
) -> Markup:
    """Return the area between two heights, one closed path for each run where it holds anything.

    A cut is low, high and what is held: degraded reaches down behind dark, or the page would
    shine through the seam between them.
    """
    points = [(band.scale.at(item.at), *cut(item)) for item in slices]
    runs: list[list[tuple[float, ...]]] = [[]]
    for before, here in zip([None, *points[:-1]], points, strict=True):
        there = here[3] > _NONE
        if there and not runs[-1] and before is not None:
            runs[-1].append(before)
        if there or runs[-1]:
            runs[-1].append(here)
        if not there and runs[-1]:
            runs.append([])
    paths = [_path(run, band) for run in runs if len(run) > 1]
    return tag("path", class_=class_, d="".join(paths)) if paths else Markup()


def _path(run: list[tuple[float, ...]], band: Band) -> str:
    there = [band.point(point[0], point[2]) for point in run]
    back = [band.point(point[0], point[1]) for point in reversed(run)]
    if all(point[1] == run[0][1] for point in run):
        back = [back[0], back[-1]]
    return f"M{'L'.join(_thin(there) + _thin(back))}Z"


def _thin(points: list[str]) -> list[str]:
    """Return points without the repeated ones."""
    return [point for before, point in zip([None, *points], points, strict=False) if point != before]


def edge_bars(account: Account, band: Band) -> Markup:
    """Return a bar from earliest to latest under each edge, and a tick at its best instant."""
    scale, bars, ticks = band.scale, [], []
    line = band.foot - 4.5 if band.down else band.foot + 4.5
    for window in account.windows[1:]:
        edge = window.start
        if not scale.shows(edge.at):
            continue
        first, best, last = (scale.at(at) for at in (edge.earliest, edge.at, edge.latest))
        if band.down:
            bars.append(f"M{short(line)} {short(first)}V{short(last)}")
            ticks.append(f"M{short(line - 3)} {short(best)}h6")
        else:
            bars.append(f"M{short(first)} {short(line)}H{short(last)}")
            ticks.append(f"M{short(best)} {short(line - 3)}v6")
    if not bars:
        return Markup()
    return tag("path", class_="ebar", d="".join(bars)) + tag("path", class_="etick", d="".join(ticks))


def flat(account: Account, place: int, scale: Scale) -> tuple[float, float]:
    """Return the px between which a window is at its full height."""
    window = account.windows[place]
    begin, end = window_span(account, window)
    following = account.windows[place + 1].start if place + 1 < len(account.windows) else None
    first = window.start.latest if place else begin
    last = following.earliest if following else end
    return scale.at(max(first, begin)), scale.at(min(last, end))


def inner_labels(account: Account, band: Band, size: float, language: Language = ENGLISH) -> Markup:
    """Return the words inside a strip: hours in dark stretches, details in degraded ones, where they fit."""
    found = []
    for place, window in enumerate(account.windows):
        begin, end = flat(account, place, band.scale)
        choices = label_choices(account, window, language)
        text = next((text for text in choices if _fits(text, end - begin, size)), "")
        if text:
            middle = (begin + end) / 2
            class_ = "in-dark" if window.state is State.DARK else "in-deg"
            across = (band.foot + band.head) / 2 + size * 0.36
            found.append(
                tag("text", text, x=middle, y=across, class_=class_, text_anchor="middle", font_size=size)
            )
    return Markup().join(found)


def _fits(text: str, room: float, size: float) -> bool:
    return bool(text) and text_width(text, size) * _BOLD + 8 <= room


def label_choices(account: Account, window: Window, language: Language = ENGLISH) -> list[str]:
    """Return what could be written in a window, longest first."""
    begin, end = window_span(account, window)
    lasted = (end - begin).total_seconds() / 3600
    length = language.say("{hours} h", hours=language.number(lasted))
    if window.state is State.DARK:
        told = language.say("{length} dark", length=length)
        if window.p < SURE:
            sure = language.say("{percent}%", percent=language.number(round(window.p * 100)))
            return [language.comma.join((words, sure)) for words in (told, length)]
        return [told, length, language.number(lasted)]
    if window.state is State.DEGRADED:
        detail = detail_words(window.detail, language)
        brief = short_detail(window.detail, language)
        whole = detail or language.state(State.DEGRADED)
        return [f"{length} {whole}", f"{length} {brief}", brief, length]
    return [language.say("nobody measured")] if window.state is State.UNKNOWN else []


def contested_boxes(account: Account, band: Band) -> list[tuple[float, float, Window]]:
    """Return where contested windows stand, with a little room around their edges."""
    found = []
    for window in account.windows:
        if window.contested and band.scale.shows(window.start.at):
            end = window.end or Edge(account.until, account.until, account.until)
            box = (band.scale.at(window.start.earliest) - 2, band.scale.at(end.latest) + 2)
            found.append((*box, window))
    return found
