"""The page of a place: its states and signals over a span, its outages, what lies inside it, its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from darkhours.app.site import Site
from darkhours.app.site_baseline import Learned
from darkhours.app.site_days import describe_span, stages_inside
from darkhours.app.site_entity import PlaceView
from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.days import day_rows
from darkhours.render.language import ENGLISH, Language, mark
from darkhours.render.map_parts import MapDrawing
from darkhours.render.span_picture import Drawn, Stretch, span_picture
from darkhours.render.words import detail_words
from darkhours.render.world import draw_country
from darkhours.store import Event
from darkhours.web.names import called
from darkhours.web.page_now import map_mark
from darkhours.web.span_values import span_values

SPANS = ((mark("a day"), 1), (mark("a week"), 7), (mark("a month"), 31), (mark("a year"), 365))
MOST_DAYS = 31
"""Days that the page lists: ours, a month; earlier ones are a span away."""
Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One window that is not up, with its edges and what speaks for it.

    Args:
        stretch: what is drawn.
        start: edge at which it begins, as documents have edges.
        end: its last edge, None where it goes on or nobody knows.
        p: share of samples in which its state holds.
        detail: what is particular of its state.
        families: that carry it.
        evidence: signals that do, each with its family.
        single: whether one family alone carries it.
    """

    stretch: Stretch
    start: dict[str, str]
    end: dict[str, str] | None
    p: float
    detail: str | None
    families: tuple[str, ...]
    evidence: tuple[str, ...]
    single: bool

    @property
    def hours(self) -> float:
        """Return how long it lasted, or lasts so far."""
        return (self.stretch.until - self.stretch.start).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class OutageRow:
    """One outage as the page tells it."""

    start: datetime
    end: datetime | None
    totals: dict[str, Any]
    status: str
    families: tuple[str, ...]


def values(site: Site, entity: str, span: Span, language: Language) -> dict[str, Any]:
    """Return what the page shows."""
    view = site.place(entity, *span)
    clock = Clock(view.entity.tz, site.clock().year, language)
    outages = [_row(event) for event in view.outages]
    learned, learning = _learned(site, view)
    signals = drawn(view, learned)
    windows = window_rows(view, language, newest(site, view))
    label = language.say(
        "{name}: states and signals from {start} to {until}",
        name=called(view.entity, language),
        start=f"{view.start:%Y-%m-%d %H:%M}Z",
        until=f"{view.until:%Y-%m-%d %H:%M}Z",
    )
    stretches = [row.stretch for row in windows]
    told = describe_span(view)
    return {
        "view": view,
        "clock": clock,
        "called": called(view.entity, language),
        "headline": _headline(view, outages, language),
        "outages": list(reversed(outages)),
        "windows": windows,
        "picture": span_picture((view.start, view.until), stretches, signals, clock, label),
        "learned": learned,
        "learning": learning,
        "instant": datetime.fromisoformat,
        "detail": lambda row: detail_words(row.detail, language),
        "days": day_rows(told, clock)[-MOST_DAYS:],
        "patterns": told.patterns,
        "stages": stages_inside(view.inside),
        "map": draw_inside(view, language),
        "spans": _spans(view, language),
        "accounts": [(name, title) for name, title in _accounts(site, entity)],
    }


def _learned(site: Site, view: PlaceView) -> tuple[Learned | None, bool]:
    """Return the baselines, and whether they are still being worked out; they may come in between."""
    learned = site.learned(view)
    learning = learned is None and site.is_learning(view)
    return (learned if learning else site.learned(view)), learning


def cursor_values(site: Site, entity: str, span: Span) -> dict[str, Any]:
    """Return what the cursor of the page reads."""
    view = site.place(entity, *span)
    stretches = [row.stretch for row in window_rows(view, ENGLISH, newest(site, view))]
    return span_values((view.start, view.until), stretches, drawn(view, site.learned(view)))


def draw_inside(view: PlaceView, language: Language) -> MapDrawing | None:
    """Return the map of a country with the places inside it that are worth telling, None without any."""
    if view.entity.kind != "country" or not view.inside:
        return None
    marks = [
        map_mark(p.entity, p.state, p.status, synthetic=p.synthetic, language=language) for p in view.inside
    ]
    found = draw_country(view.entity.id, marks, language)
    return None if found is None or len(found.unplaced) == len(marks) else found


def drawn(view: PlaceView, learned: Learned | None) -> list[Drawn]:
    """Return the signals of a view with what they would be held against."""
    return [
        Drawn(line.signal.name, line.family, line.grid, line.values, learned.of(line) if learned else None)
        for line in view.lines
    ]


def newest(site: Site, view: PlaceView) -> datetime:
    """Return the time that the archive is as of: what goes on is not known to go on beyond it."""
    now = site.now()
    return view.until if now is None or now.at is None else now.at


def window_rows(view: PlaceView, language: Language, latest: datetime) -> list[WindowRow]:
    """Return every window that is not up and touches the span, as the outages of a place have them.

    Args:
        view: the place over its span.
        language: of the words.
        latest: the time that the archive is as of, at which a window that goes on is cut.
    """
    told = [(event, window) for event in view.outages for window in event.body["windows"]]
    found = []
    for number, (event, window) in enumerate(told, start=1):
        end = window["end"]
        start = datetime.fromisoformat(window["start"]["at"])
        until = datetime.fromisoformat(end["at"]) if end else (event.end or latest)
        if State(window["state"]) is State.UP or not (start < view.until and until > view.start):
            continue
        state = State(window["state"])
        words = language.say(
            "{state} from {start}", state=language.state(state.value), start=f"{start:%Y-%m-%d %H:%M}Z"
        )
        found.append(
            WindowRow(
                Stretch(state, start, until, f"#w{number}", words), window["start"], end, window["p"],
                window["detail"], tuple(window["families"]), tuple(window["evidence"]),
                window["single_source"],
            )
        )  # fmt: skip
    return found


def _row(event: Event) -> OutageRow:
    families = sorted({name for window in event.body["windows"] for name in window["families"]})
    return OutageRow(event.start, event.end, event.body["totals"], event.body["status"], tuple(families))


def _headline(view: PlaceView, outages: Sequence[OutageRow], language: Language) -> str:
    name = called(view.entity, language)
    if not view.lines:
        return language.say("{name}: nobody measured it in this span", name=name)
    if not outages:
        return language.say("{name}: no outage was found in this span", name=name)
    dark = sum(float(row.totals["dark_h"]["value"]) for row in outages)
    hours = language.number(dark, 1)
    n = len(outages)
    return language.many(
        "{name}: {count} outage, {hours} hours dark", "{name}: {count} outages, {hours} hours dark", n,
        name=name, hours=hours,
    )  # fmt: skip


def _spans(view: PlaceView, language: Language) -> list[tuple[str, str, bool]]:
    path = f"/entity/{quote(view.entity.id, safe='@:')}"
    length = view.until - view.start
    found = []
    for word, days in SPANS:
        start = view.until - timedelta(days=days)
        asked = urlencode({"from": f"{start:%Y-%m-%dT%H:%MZ}", "until": f"{view.until:%Y-%m-%dT%H:%MZ}"})
        found.append((language.say(word), f"{path}?{asked}", length == timedelta(days=days)))
    before = (view.start - length, view.start)
    after = (view.until, view.until + length)
    for word, (start, until) in ((mark("earlier"), before), (mark("later"), after)):
        asked = urlencode({"from": f"{start:%Y-%m-%dT%H:%MZ}", "until": f"{until:%Y-%m-%dT%H:%MZ}"})
        found.append((language.say(word), f"{path}?{asked}", False))
    return found


def _accounts(site: Site, entity: str) -> list[tuple[str, str]]:
    return [(case, title) for case, title, entities in site.cases.about() if entity in entities]


def address(site: Site, entity: str) -> str | None:
    """Return where the site tells of a place, None where it tells nothing.

    The signals of a place come first, then an account of it, then a case that merely names it.
    """
    if site.folder is not None and any(each.id == entity for each in site.archive.entities(entity)):
        return f"/entity/{quote(entity, safe='@:')}"
    case = site.cases.telling(entity)
    if case is not None:
        return f"/cases/{quote(case)}/{quote(entity, safe='@:')}/internet"
    case = site.cases.naming(entity)
    return None if case is None else f"/cases/{quote(case)}"
