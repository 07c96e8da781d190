"""Why each window was called: what carried it, and how high every signal stood in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from darkhours.model.account import Account, Window
from darkhours.model.panel import Trace
from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.language import Language
from darkhours.render.level import Level, level_between, level_words, percent_words
from darkhours.render.markup import clean, our_bdi
from darkhours.render.register import Register
from darkhours.render.scale import Scale
from darkhours.render.spans import window_span
from darkhours.render.words import detail_words

MOST_WINDOWS, MOST_DAYS = 40, 60
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class SignalLevel:
    """A signal in a window: its family, level, what it leaned to, and whether it carried the window."""

    family: str
    signal: str
    level: str
    lean: str
    lean_word: str
    carried: bool
    note: str


@dataclass(frozen=True, slots=True)
class WhyRow:
    """A window with what speaks for it and against it."""

    state: str
    word: str
    detail: str
    span: Markup
    length: str
    p: str
    carried: Markup
    single: bool
    levels: tuple[SignalLevel, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The windows of one lane, and how many more there are than shown."""

    name: str
    rows: tuple[WhyRow, ...]
    left_out: int


def why(
    account: Account, traces: Sequence[Trace], register: Register, clock: Clock, *, most: int = MOST_WINDOWS
) -> Why:
    """Return why each window of an account was called; beyond ``most`` windows only those not up."""
    windows = list(account.windows)
    if len(windows) > most:
        windows = [window for window in windows if window.state is not State.UP][:most]
    rows = tuple(_row(account, window, traces, register, clock) for window in windows)
    return Why(clean(account.name), rows, len(account.windows) - len(rows))


def _row(
    account: Account, window: Window, traces: Sequence[Trace], register: Register, clock: Clock
) -> WhyRow:
    begin, end = window_span(account, window)
    language = clock.language
    return WhyRow(
        str(window.state),
        language.state(window.state),
        clean(detail_words(window.detail, language)),
        clock.span(begin, end),
        language.number((end - begin).total_seconds() / 3600),
        language.share(window.p),
        _carried(window, register, language),
        window.single_source,
        tuple(_level(trace, window, level_between(trace, begin, end), language) for trace in traces),
    )


def _carried(window: Window, register: Register, language: Language) -> Markup:
    """Return the families that carried a window, and the statements among its evidence."""
    families = [clean(family) for family in window.families]
    claims = [ident for ident in window.evidence if ident in register.claims]
    found = language.markup("nothing measured or told")
    if families:
        found = our_bdi(language.listing(families))
    return found + (Markup(" ") + register.links(claims) if claims else Markup())


def _level(trace: Trace, window: Window, level: Level, language: Language) -> SignalLevel:
    carried = trace.signal.name in window.evidence or trace.family in window.families
    note = ""
    if trace.signal.sense == "routing" and level.lean is State.UP and window.state is not State.UP:
        note = language.say("announced, which says nothing of who can be reached")
    elif 0 < level.measured < _NEARLY_ALL * level.bins:
        note = language.many(
            "{measured} of {n} bin measured",
            "{measured} of {n} bins measured",
            level.bins,
            measured=language.digits(str(level.measured)),
            n=language.digits(str(level.bins)),
        )
    lean = "" if level.lean is State.UNKNOWN else str(level.lean)
    return SignalLevel(
        clean(trace.family),
        clean(trace.signal.name),
        level_words(level, language),
        lean,
        language.state(lean) if lean else "",
        carried,
        note,
    )


@dataclass(frozen=True, slots=True)
class LevelTable:
    """The table behind the lines: the level of each signal on each local day."""

    name: str
    signals: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int


def level_table(
    account: Account, traces: Sequence[Trace], scale: Scale, clock: Clock, *, most: int = MOST_DAYS
) -> LevelTable:
    """Return how high each signal stood on each local day of the picture: median of its baseline."""
    days = _days(scale, clock)
    rows = []
    for day in days[:most]:
        start, until = (max(min(at, scale.until), scale.start) for at in _ends(day, clock))
        cells = tuple(_cell(level_between(trace, start, until), clock.language) for trace in traces)
        rows.append((clock.language.named_day(day.date()), cells))
    named = tuple((clean(trace.family), clean(trace.signal.name)) for trace in traces)
    return LevelTable(clean(account.name), named, tuple(rows), max(len(days) - most, 0))


def _cell(level: Level, language: Language) -> str:
    return level_words(level, language) if level.ratio is None else percent_words(level.ratio, language)


def _days(scale: Scale, clock: Clock) -> list[datetime]:
    """Return the local midnights that begin the days of a picture."""
    first, last = (clock.local(at) for at in (scale.start, scale.until - timedelta(microseconds=1)))
    count = (last.date() - first.date()).days + 1
    midnight = datetime(first.year, first.month, first.day, tzinfo=clock.zone)
    return [midnight + timedelta(days=place) for place in range(count)]


def _ends(day: datetime, clock: Clock) -> tuple[datetime, datetime]:
    following = (day + timedelta(days=1)).date()
    end = datetime(following.year, following.month, following.day, tzinfo=clock.zone)
    return day.astimezone(UTC), end.astimezone(UTC)
