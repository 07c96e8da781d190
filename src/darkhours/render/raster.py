"""The nightly raster of a curfew: local days down, hours across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from markupsafe import Markup

from darkhours.model.account import Account, Pattern
from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.figures import NBSP
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import clean, short, tag
from darkhours.render.spans import window_span

MOST, MOST_DAYS = 3, 120
_WIDTH, _LEFT, _TOP = 560.0, 64.0, 20.0
_FILLS = {State.DEGRADED: "deg", State.DARK: "dark", State.UNKNOWN: "unk"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Raster:
    """A curfew of one entity: in words, as a picture, and night by night as a table."""

    name: str
    ident: str
    words: tuple[str, ...]
    picture: Markup
    rows: tuple[tuple[str, str, str], ...]
    left_out: int


def rasters(accounts: Sequence[Account], language: Language = ENGLISH) -> tuple[list[Raster], int]:
    """Return the rasters of the first three accounts with a pattern, and how many more have one."""
    patterned = [account for account in accounts if account.patterns]
    shown = [_raster(account, place, language) for place, account in enumerate(patterned[:MOST], 1)]
    return shown, max(len(patterned) - MOST, 0)


def say_pattern(pattern: Pattern, language: Language = ENGLISH) -> str:
    """Return a pattern in words."""
    return language.many(
        "{begin} to {end} local time on {count} night, {days}",
        "{begin} to {end} local time on {count} nights, {days}",
        pattern.nights,
        begin=language.digits(clean(pattern.from_local)),
        end=language.digits(clean(pattern.until_local)),
        days=language.days(pattern.first, pattern.last),
    )


def _raster(account: Account, place: int, language: Language) -> Raster:
    clock = Clock(account.tz, language=language)
    first = min(pattern.first for pattern in account.patterns) - _DAY
    last = min(
        max(pattern.last for pattern in account.patterns) + 2 * _DAY, clock.local(account.until).date()
    )
    every = [first + _DAY * at for at in range(max((last - first).days, 0) + 1)]
    days = every[:MOST_DAYS]
    pieces = _pieces(account, days, clock.zone)
    return Raster(
        clean(account.name),
        f"raster-{place}",
        tuple(say_pattern(pattern, language) for pattern in account.patterns),
        _draw(account, days, pieces, f"raster-{place}", language),
        tuple(_row(day, pieces.get(day, []), language) for day in days),
        len(every) - len(days),
    )


Piece = tuple[State, float, float]


def _pieces(account: Account, days: Sequence[date], zone: tzinfo) -> dict[date, list[Piece]]:
    """Return what was not up on each local day, as state and hours by the clock of that day."""
    found: dict[date, list[Piece]] = {}
    spans = [
        (window.state, *window_span(account, window))
        for window in account.windows
        if window.state is not State.UP
    ]
    for day in days:
        start, until = (_midnight(at, zone) for at in (day, day + _DAY))
        length = (until - start).total_seconds() / 3600
        for state, begin, end in spans:
            low, high = max(begin, start), min(end, until)
            if low < high:
                left, right = ((at - start).total_seconds() / 3600 / length * 24 for at in (low, high))
                found.setdefault(day, []).append((state, left, right))
    return found


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _draw(
    account: Account,
    days: Sequence[date],
    pieces: dict[date, list[Piece]],
    ident: str,
    language: Language,
) -> Markup:
    pitch = 14.0 if len(days) <= 20 else 9.0 if len(days) <= 60 else 6.0  # noqa: PLR2004 — a page's height
    wide, foot = _WIDTH - _LEFT - 1, _TOP + pitch * len(days)
    body = tag("rect", x=_LEFT, y=_TOP, width=wide, height=foot - _TOP, class_="up")
    for state, class_ in _FILLS.items():
        path = ""
        for place, day in enumerate(days):
            for what, begin, end in pieces.get(day, []):
                if what is state:
                    left, right = (_LEFT + at / 24 * wide for at in (begin, end))
                    top = _TOP + place * pitch
                    path += f"M{short(left)} {short(top)}H{short(right)}v{short(pitch - 1)}H{short(left)}Z"
        body += tag("path", d=path, class_=class_) if path else Markup()
    for hour in range(0, 25, 3):
        x = _LEFT + hour / 24 * wide
        body += tag("path", d=f"M{short(x)} {short(_TOP - 4)}V{short(foot)}", class_="gs")
        anchor = "end" if hour == 24 else "middle"  # noqa: PLR2004 — the end of the day
        body += tag(
            "text", language.digits(f"{hour:02}:00"), x=x, y=_TOP - 8, class_="ax", text_anchor=anchor
        )
    body += _dates(days, pitch, language)
    body += tag("rect", x=_LEFT, y=_TOP, width=wide, height=foot - _TOP, class_="frame")
    box = f"0 0 {short(_WIDTH)} {short(foot + 4)}"
    told = language.say("Nights of {place}: local days down, hours across", place=clean(account.name))
    return tag("svg", body, class_="raster", viewBox=box, role="img", aria_label=told, id=f"{ident}-p")


def _dates(days: Sequence[date], pitch: float, language: Language) -> Markup:
    """Return the dates at the left where there is room for them: each, or Mondays."""
    found, last = Markup(), float("-inf")
    for place, day in enumerate(days):
        y = _TOP + (place + 1) * pitch - 2
        if y - last < 12 or (pitch < 12 and day.weekday() and place):  # noqa: PLR2004 — a line of text
            continue
        name = language.day(day).replace(NBSP, " ")
        found += tag("text", name, x=_LEFT - 8, y=y, class_="ax", text_anchor="end")
        last = y
    return found


def _row(day: date, pieces: Sequence[Piece], language: Language) -> tuple[str, str, str]:
    """Return a day with the clock times of its dark stretches and their hours."""
    dark = [(begin, end) for state, begin, end in pieces if state is State.DARK]
    told = language.comma.join(
        language.say("{low}–{high}", low=language.digits(_clock(begin)), high=language.digits(_clock(end)))
        for begin, end in dark
    )
    length = language.number(round(sum(end - begin for begin, end in dark), 2))
    return language.named_day(day), told or language.term("of hours", "none"), length


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
