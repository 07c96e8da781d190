"""Contested windows under a magnifier: our reading on top, each claim a bar below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from darkhours.model.account import Account, Window
from darkhours.model.claim import By, Claim, SaysState, Turn, Within
from darkhours.render.clock import Clock
from darkhours.render.lanes import Board
from darkhours.render.language import Language
from darkhours.render.marks import instants
from darkhours.render.markup import bdi, tag
from darkhours.render.ministrip import axis_days, bar, percent
from darkhours.render.scale import Scale, grid
from darkhours.render.spans import unsettled, window_span
from darkhours.render.strip import Band, strip
from darkhours.render.words import extent_word, service_word

_ROOM = timedelta(hours=7)
_MOST_CLAIMS = 24
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A claim as a row: who, what, and a bar where and how it holds."""

    claim: Claim
    who: str
    what: Markup
    picture: Markup
    party: bool


@dataclass(frozen=True, slots=True)
class Night:
    """A contested window: its heading, what it hangs on, the reading, and its claims."""

    anchor: str
    heading: str
    text: Markup
    reading: Markup
    axis: Markup
    bars: tuple[Bar, ...]


def nights(board: Board) -> list[Night]:
    """Return the contested windows of the flagship that are not settled."""
    account = board.flagship
    return [_night(board, place, account.windows[place]) for place in unsettled(account)]


def _night(board: Board, place: int, window: Window) -> Night:
    account, clock = board.flagship, board.clock
    start, until = _frame(account, window)
    claims = _claims(board, window, start, until)
    bars = tuple(_bar(board, claim, window, start, until) for claim in claims)
    return Night(
        f"contested-{place + 1}",
        _heading(account, window, clock),
        _text(board, window),
        _reading(account, start, until),
        _axis(clock, start, until),
        bars,
    )


def _frame(account: Account, window: Window) -> tuple[datetime, datetime]:
    begin, end = window_span(account, window)
    last = window.end.latest if window.end else end
    room = max(_ROOM, (end - begin) / 2)
    return max(account.start, min(window.start.earliest, begin) - room), min(
        account.until, max(last, end) + room
    )


def _heading(account: Account, window: Window, clock: Clock) -> str:
    begin, end = (clock.local(at) for at in window_span(account, window))
    language = clock.language
    days = language.days(begin.date(), end.date(), year=False)
    if begin.date() != end.date() and end - begin < _DAY:
        return language.say("The night of {days} is not settled", days=days)
    return language.say("{days}: not settled", days=days)


def _text(board: Board, window: Window) -> Markup:
    """Return what each side says and what would follow."""
    account, clock, register = board.flagship, board.clock, board.register
    begin, end = window_span(account, window)
    sides: dict[str, list[str]] = {}
    for ident in window.contested:
        claim = register.claims.get(ident)
        if claim and isinstance(claim.says, SaysState):
            sides.setdefault(claim.says.state, []).append(ident)
    language = clock.language
    told = [
        language.markup_many(
            "{count} statement says {state} ({statements})",
            "{count} statements say {state} ({statements})",
            len(ids),
            state=language.state(state),
            statements=register.links(ids),
        )
        for state, ids in sides.items()
    ]
    start = language.markup(
        "Our reading: {state} for {hours} from {start}, in {share} of the sampled histories.",
        state=language.state(window.state),
        hours=language.spell((end - begin).total_seconds() / 3600, "hour"),
        start=clock.time(begin),
        share=language.share(window.p),
    )
    if told:
        rest = language.markup(
            "About {place}, {sides}. Both are kept.", place=bdi(account.name), sides=_joined(told, language)
        )
    else:
        links = register.links(window.contested)
        rest = language.markup("Statements that exclude each other: {statements}.", statements=links)
    return start + Markup(" ") + rest


def _joined(parts: list[Markup], language: Language) -> Markup:
    """Return parts with semicolons between them."""
    return Markup(language.term("between parts", "; ")).join(parts)  # noqa: S704 — tests hold it free of markup


def _claims(board: Board, window: Window, start: datetime, until: datetime) -> list[Claim]:
    """Return the claims that bear on a window: its parties first, then others near it, by time."""
    register, entity = board.register, board.flagship.entity
    around = {entity, *register.containers(entity)}
    core = window_span(board.flagship, window)
    near = []
    for claim in register.of_states():
        begin, end = _reach(claim)
        touches = begin < min(core[1] + _ROOM / 2, until) and end > max(core[0] - _ROOM / 2, start)
        if claim.id in window.contested or (
            touches and claim.entity in around and register.standing(claim.id) != "unused"
        ):
            near.append(claim)
    parties = [claim for claim in near if claim.id in window.contested]
    others = [claim for claim in near if claim.id not in window.contested]
    kept = parties + sorted(others, key=lambda claim: claim.entity != entity)[: _MOST_CLAIMS - len(parties)]
    return sorted(kept, key=lambda claim: (_reach(claim), claim.id))


def _reach(claim: Claim) -> tuple[datetime, datetime]:
    """Return the first and last instant that a claim is drawn over."""
    if claim.when is None:
        raise ValueError(f"claim {claim.id}: expected a time: got none; only states are drawn")
    _, runs = instants(claim.when)
    return runs[0][0], runs[-1][1]


def _bar(board: Board, claim: Claim, window: Window, start: datetime, until: datetime) -> Bar:
    register = board.register
    says = claim.says.state if isinstance(claim.says, SaysState) else ""
    where = register.place(claim.entity)
    language = board.language
    service, extent = service_word(claim.service, language), extent_word(claim.extent, language)
    state = language.state(says) if says else ""
    beside = f"{language.comma}{extent}" if extent else ""
    what = Markup("{} {} {}{}").format(bdi(where), service, state, beside)
    picture = _bar_picture(claim, says, start, until)
    return Bar(claim, register.speaker(claim), what, picture, claim.id in window.contested)


def _bar_picture(claim: Claim, says: str, start: datetime, until: datetime) -> Markup:
    """Return a claim as a bar: solid throughout, dashed for somewhere within, a tick for an instant."""
    if claim.when is None:
        return Markup()
    at, runs = instants(claim.when)
    loose = isinstance(claim.when, (Within, By)) or (
        isinstance(claim.when, Turn) and claim.when.end is not None
    )
    parts = []
    for begin, end in runs:
        if end >= start and begin <= until:
            low, high = percent(begin, start, until), percent(end, start, until)
            class_ = f"{says}-f bx " + ("loose" if loose else "firm")
            parts.append(bar(low, max(high, low + 0.6), class_, 5, 10))
    if isinstance(claim.when, Turn) and claim.when.end is None and start <= at <= until:
        x = f"{percent(at, start, until):.2f}%"
        parts.append(tag("line", x1=x, x2=x, y1=1, y2=19, class_="inst"))
    return tag("svg", *(parts or [Markup()]), class_="mini", width="100%", height=20, aria_hidden="true")


def _reading(account: Account, start: datetime, until: datetime) -> Markup:
    """Return the strip between two instants, as it stands on the lane but larger."""
    scale = Scale(start, until, 0, 1000)
    clipped = strip(account, Band(scale, 48, 48))
    return tag(
        "svg", clipped, class_="mini zoom", viewBox="0 0 1000 48", preserveAspectRatio="none",
        width="100%", height=48, aria_hidden="true",
    )  # fmt: skip


def _axis(clock: Clock, start: datetime, until: datetime) -> Markup:
    """Return the hours under the bars, on either clock."""
    found = []
    for zone, class_ in ((clock.zone, "l"), (UTC, "u")):
        ticks = grid(Scale(start, until, 0, 100_000), zone, clock.language)
        step = max(len(ticks) // 6, 1)
        hours_of = [tick.at.astimezone(zone) for tick in ticks]
        whole = [tick for tick, at in zip(ticks, hours_of, strict=True) if at.hour % 6 == 0] or ticks[::step]
        named = [
            (tick.at, tick.at, clock.language.time_of_day(tick.at.astimezone(zone)))
            for tick in whole[:: max(len(whole) // 7, 1)]
        ]
        found.append(tag("span", axis_days(start, until, named), class_=class_))
    if clock.is_utc(start, until):
        return found[0]
    return found[0] + found[1]
