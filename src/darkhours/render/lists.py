"""The lists of the page: contested topics, stages, context, windows, other accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.model.account import Account, Contested, Edge, Num, Stage, Window
from darkhours.model.claim import Claim, SaysEvent, SaysState, SaysTopic, SaysTotal
from darkhours.render.clock import Clock
from darkhours.render.lanes import Board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import bdi, clean, our_bdi, settled
from darkhours.render.register import Register
from darkhours.render.share import SURE
from darkhours.render.spans import window_span
from darkhours.render.when import when_markup
from darkhours.render.words import (
    detail_words,
    extent_word,
    rule_amount,
    rule_name,
    service_word,
    status_word,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contested topic: who says what, and the claim."""

    claim: str
    who: str
    what: Markup
    note: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A contested topic and its sides."""

    name: str
    sides: tuple[Side, ...]


def topics(account: Account, register: Register, clock: Clock) -> list[Topic]:
    """Return the contested topics, each with both sides."""
    merged: dict[str, list[str]] = {}
    for item in account.contested:
        merged.setdefault(item.topic, []).extend(item.claims)
    whole = [Contested(topic, tuple(dict.fromkeys(claims))) for topic, claims in merged.items()]
    return [_topic(item, register, clock) for item in whole]


def contested_windows(account: Account, register: Register, clock: Clock) -> list[Topic]:
    """Return the contested windows that are settled all the same: those unsettled have a picture."""
    return [
        _topic(Contested(_window_topic(account, window, clock), window.contested), register, clock)
        for window in account.windows
        if window.contested and window.p >= SURE
    ]


def _window_topic(account: Account, window: Window, clock: Clock) -> str:
    begin, end = (clock.text(at) for at in window_span(account, window))
    language = clock.language
    return language.say(
        "{place} {state}, {begin} to {end}: {share}",
        place=account.name,
        state=language.state(window.state),
        begin=begin,
        end=end,
        share=language.share(window.p),
    )


def _topic(item: Contested, register: Register, clock: Clock) -> Topic:
    known = [register.claims[ident] for ident in item.claims if ident in register.claims]
    sides = [
        Side(claim.id, register.speaker(claim), _value(claim, clock), clean(claim.note)) for claim in known
    ]
    sides += [Side(ident, "", bdi(ident), "") for ident in item.claims if ident not in register.claims]
    return Topic(settled(item.topic), tuple(sides))


def _value(claim: Claim, clock: Clock) -> Markup:
    """Return what one side says; of a topic the value alone, for the topic stands beside it."""
    says = claim.says
    return bdi(_topic_value(says, clock.language)) if isinstance(says, SaysTopic) else said(claim, clock)


def _topic_value(says: SaysTopic, language: Language) -> str:
    if not isinstance(says.value, (int, float)):
        return says.value
    return f"{says.value:,g}" if language is ENGLISH else language.number(says.value)


def said(claim: Claim, clock: Clock) -> Markup:
    """Return what a claim says, in a few words."""
    says, language = claim.says, clock.language
    if isinstance(says, SaysState):
        told = (
            Markup("{}{}{}").format(
                _state_words(claim, language), language.comma, when_markup(claim.when, clock)
            )
            if claim.when
            else bdi(language.state(says.state))
        )
    elif isinstance(says, SaysTotal):
        amount = rule_amount(says.rule, says.value, language)
        told = Markup("{}: {}").format(amount, rule_name(says.rule, language))
    elif isinstance(says, SaysTopic):
        told = Markup("{}: {}").format(bdi(says.topic), bdi(_topic_value(says, language)))
    else:
        told = bdi(says.event)
    return told


def _state_words(claim: Claim, language: Language) -> Markup:
    state = language.state(claim.says.state) if isinstance(claim.says, SaysState) else ""
    parts = [detail_words(claim.detail, language), extent_word(claim.extent, language)]
    if claim.level is not None:
        parts.append(language.say("at {share} of ordinary", share=language.share(claim.level)))
    told = language.comma.join(part for part in parts if part)
    return Markup("{} ({})").format(state, our_bdi(told)) if told else Markup("{}").format(state)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as a row of the list."""

    claim: Claim
    label: str
    anchor: str
    who: str
    beside: str
    where: str
    service: str
    state: str
    what: Markup
    when: Markup
    standing: str
    note: str


def statements(register: Register, clock: Clock) -> list[Said]:
    """Return every claim of the case as a row, in the order of the case."""
    return [_said(claim, register, clock) for claim in register.claims.values()]


def _said(claim: Claim, register: Register, clock: Clock) -> Said:
    state = claim.says.state if isinstance(claim.says, SaysState) else ""
    what = _state_words(claim, clock.language) if state else said(claim, clock)
    when = when_markup(claim.when, clock) if claim.when else Markup()
    if isinstance(claim.says, SaysEvent) and claim.says.at:
        when = clock.time(claim.says.at, brief=True)
    return Said(
        claim,
        register.labels[claim.id],
        register.anchors[claim.id],
        register.publisher(claim),
        _beside(claim, register, clock.language),
        register.place(claim.entity),
        service_word(claim.service, clock.language),
        state,
        what,
        when,
        register.standing(claim.id),
        clean(claim.note),
    )


def _beside(claim: Claim, register: Register, language: Language) -> str:
    """Return who else stands behind a statement: speaker, origin, what it copies or denies."""
    parts = [clean(claim.speaker)] if claim.speaker else []
    if claim.origin != claim.source:
        parts.append(language.say("from {origin}", origin=clean(claim.origin)))
    if claim.copy_of:
        label = register.labels.get(claim.copy_of, clean(claim.copy_of))
        parts.append(language.say("copy of {claim}", claim=label))
    if claim.denies:
        label = register.labels.get(claim.denies, clean(claim.denies))
        parts.append(language.say("denies {claim}", claim=label))
    if claim.excepted:
        places = language.comma.join(register.place(entity) for entity in claim.excepted)
        parts.append(language.say("except {places}", places=places))
    return language.comma.join(parts + ([language.say("our inference")] if claim.implied else []))


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window as a row: state and its word, edge, hours, probability, evidence."""

    state: str
    word: str
    detail: str
    begins: Markup
    doubt: Markup
    length: str
    p: str
    evidence: Markup
    single: bool
    contested: bool
    open: bool


def window_rows(account: Account, register: Register, clock: Clock) -> list[WindowRow]:
    """Return every window of an account with its edges."""
    return [_window(account, window, register, clock) for window in account.windows]


def _window(account: Account, window: Window, register: Register, clock: Clock) -> WindowRow:
    begin, end = window_span(account, window)
    language = clock.language
    known = [ident for ident in window.evidence if ident in register.claims]
    other = [bdi(ident) for ident in window.evidence if ident not in register.claims]
    evidence = Markup(" ").join([register.links(known), *other]) if window.evidence else Markup()
    return WindowRow(
        str(window.state),
        language.state(window.state),
        detail_words(window.detail, language),
        clock.time(begin),
        edge_doubt(window.start, clock),
        language.number((end - begin).total_seconds() / 3600),
        language.share(window.p),
        evidence,
        window.single_source,
        bool(window.contested),
        window.end is None,
    )


def edge_doubt(edge: Edge, clock: Clock) -> Markup:
    """Return earliest and latest of an edge; empty where it has no doubt."""
    return Markup() if edge.earliest == edge.latest else clock.span(edge.earliest, edge.latest)


@dataclass(frozen=True, slots=True)
class StageRow:
    """When a service of a place came back for good."""

    place: str
    service: str
    returned: Markup
    doubt: Markup


def stage_rows(stages: Sequence[Stage], register: Register, clock: Clock) -> list[StageRow]:
    """Return the stages in their order: who came back first, and who has not."""
    found = []
    together: dict[tuple[str, Edge | None], list[str]] = {}
    for stage in stages:
        service = service_word(stage.service, clock.language)
        together.setdefault((stage.entity, stage.returned), []).append(service)
    for (entity, back), services in together.items():
        told = clock.time(back.at) if back else clock.language.markup("not within the span")
        doubt = edge_doubt(back, clock) if back else Markup()
        found.append(StageRow(register.place(entity), clock.language.listing(services), told, doubt))
    return found


@dataclass(frozen=True, slots=True)
class LaneRow:
    """The totals of an account beside the flagship's."""

    name: str
    service: str
    status: str
    totals: tuple[str, ...]


LANE_TOTALS = ("first_return_h", "gross_h", "dark_h", "degraded_h", "calendar_days")


def lane_rows(accounts: Sequence[Account], language: Language = ENGLISH) -> list[LaneRow]:
    """Return each account with its totals, for those who compare."""
    return [_lane(account, language) for account in accounts]


def _lane(account: Account, language: Language) -> LaneRow:
    totals = (account.totals.get(rule) for rule in LANE_TOTALS)
    told = tuple(_with_doubt(total, language) if total else "–" for total in totals)
    service, status = service_word(account.service, language), status_word(account.status, language)
    return LaneRow(clean(account.name), service, status, told)


def _with_doubt(total: Num, language: Language) -> str:
    value, doubt = language.number(total.value), language.interval(total)
    return language.say("{value} ({doubt})", value=value, doubt=doubt) if doubt != value else doubt


def context_rows(account: Account, board: Board) -> list[tuple[Markup, str, str]]:
    """Return the events of the context, dated ones first."""
    dated = sorted((item for item in account.context if item.at), key=lambda item: str(item.at))
    undated = [item for item in account.context if not item.at]
    return [
        (board.clock.time(item.at) if item.at else Markup(), clean(item.what), item.claim)
        for item in [*dated, *undated]
    ]


def event_rows(board: Board) -> list[tuple[str, str]]:
    """Return the dated events inside the picture, by day, for screens that have no room along the top."""
    dated = [(item.at, item.what) for item in board.flagship.context if item.at]
    shown = sorted(item for item in dated if board.scale.shows(item[0]))
    return [(board.clock.language.day(board.clock.local(at).date()), clean(what)) for at, what in shown]
