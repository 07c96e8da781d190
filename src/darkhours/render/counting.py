"""The same days counted by every rule, and a claimed total held against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

from markupsafe import Markup

from darkhours.model.account import Account, Num, Verdict
from darkhours.render.clock import Clock
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import tag
from darkhours.render.ministrip import axis_days, counted_strip
from darkhours.render.register import Register
from darkhours.render.scale import Scale, grid
from darkhours.render.spans import Span, counted, outage_span
from darkhours.render.words import RULES, rule_name, rule_words

WAYS = ("first_return_h", "first_return_dark_h", "gross_h", "dark_h", "restored_h", "disrupted_h")
_PAD = timedelta(hours=20)
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6, 10**9)
_NUMBER, _NUMBERS, _MARGIN, _CLEAR = 16, 7, 0.04, 0.13
"""Px of a day number; how many numbers an axis bears, its bare margin and the room of the claim as shares."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of counting: its rule in words, which hours it takes, and what they come to."""

    rule: str
    name: str
    words: str
    strip: Markup
    value: str
    doubt: str
    also: tuple[str, ...] = ()


def ways(account: Account, language: Language = ENGLISH) -> list[Way]:
    """Return the rules that apply, each with the hours it counts; those that count the same share a row."""
    if not account.outages:
        return []
    start, until = counted_span(account)
    alike: dict[tuple[Span, ...], list[str]] = {}
    for rule in WAYS:
        spans = tuple(counted(account, rule))
        if spans and account.totals.get(rule) is not None:
            alike.setdefault(spans, []).append(rule)
    return [_way(account, rules, spans, (start, until), language) for spans, rules in alike.items()]


def _way(
    account: Account, rules: Sequence[str], spans: Sequence[Span], shown: Span, language: Language
) -> Way:
    (name, words), *also = (rule_words(rule, language, sofar=account.status == "ongoing") for rule in rules)
    total = account.totals[rules[0]]
    strip = counted_strip(account, spans, *shown)
    told = (language.number(total.value), language.interval(total)) if total else ("", "")
    return Way(rules[0], name, words, strip, *told, tuple(other for other, _ in also))


def counted_span(account: Account) -> tuple[datetime, datetime]:
    """Return what the small strips show: the outages with a little room on either side."""
    spans = [outage_span(account, outage) for outage in account.outages]
    start, until = min(span[0] for span in spans) - _PAD, max(span[1] for span in spans) + _PAD
    return max(start, account.start), min(max(until, start + _PAD), account.until)


def ways_axis(account: Account, clock: Clock) -> Markup:
    """Return the day numbers over the small strips."""
    start, until = counted_span(account)
    scale = Scale(start, until, 0, 400)
    ticks = [
        tick
        for tick in grid(scale, clock.zone, clock.language)
        if tick.label and scale.width(tick.until - tick.at) > _NUMBER
    ]
    return axis_days(start, until, [(tick.at, tick.until, tick.brief) for tick in ticks])


@dataclass(frozen=True, slots=True)
class Held:
    """A rule beside a claimed total: where its interval lies on the scale of hours."""

    name: str
    picture: Markup
    value: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Against:
    """A claimed total of hours against every rule: the claim is one line through all rows."""

    claim: str
    claimed: str
    rows: tuple[Held, ...]
    axis: Markup


def against(account: Account, register: Register, language: Language = ENGLISH) -> Against | None:
    """Return one claimed number of hours against every rule; None where nobody claimed one.

    Of several the one about the very entity, then the one that fits another rule.
    """
    for verdict in sorted(account.verdicts, key=lambda verdict: _interest(account, verdict, register)):
        rules = [(rule, total) for rule in RULES if (total := account.totals.get(rule)) and total.value > 0]
        rules = [item for item in rules if item[0] not in {"calendar_days", "unknown_h"}]
        if verdict.rule != "calendar_days" and rules:
            return _against(verdict, rules, language)
    return None


def _interest(account: Account, verdict: Verdict, register: Register) -> tuple[bool, int]:
    claim = register.claims.get(verdict.claim)
    order = ["fits-another-rule", "contradicted", "undecided", "supported"]
    return claim is None or claim.entity != account.entity, order.index(verdict.verdict)


def _against(verdict: Verdict, rules: list[tuple[str, Num]], language: Language) -> Against:
    near = [item for item in rules if item[1].high > verdict.claimed.value * 0.5]
    kept = sorted(near or rules, key=lambda item: item[1].value)
    low = min([verdict.claimed.low, *(num.low for _, num in kept)])
    high = max([verdict.claimed.high, *(num.high for _, num in kept)])
    room = max((high - low) * 0.06, 1.0)
    axis = (low - room, high + room)
    rows = tuple(
        Held(
            rule_name(rule, language),
            _held(num, verdict, axis, rule),
            language.number(num.value),
            rule == verdict.fits,
        )
        for rule, num in kept
    )
    claimed = verdict.claimed.value
    return Against(verdict.claim, language.number(claimed), rows, _axis(axis, claimed, language))


def _held(num: Num, verdict: Verdict, axis: tuple[float, float], rule: str) -> Markup:
    """Return a row: the claim's band and line over the whole height, then the rule's interval."""
    claim = verdict.claimed
    fits = rule == verdict.fits or (
        verdict.fits is None and rule == verdict.rule and verdict.verdict == "supported"
    )
    parts = [
        _box(claim.low, claim.high, axis, "cband", (0, 34)),
        _line(claim.value, axis, "cline", (0, 34)),
        _box(num.low, num.high, axis, "whisk", (15.5, 3)),
        tag("circle", cx=_at(num.value, axis), cy=17, r=6 if fits else 5, class_="fit" if fits else "dotp"),
    ]
    return tag("svg", *parts, class_="mini", width="100%", height=34, aria_hidden="true")


def _axis(axis: tuple[float, float], claimed: float, language: Language) -> Markup:
    """Return the claim and round numbers over the rows, none cut by an end or touching the claim."""
    room = axis[1] - axis[0]
    step = next(step for step in _STEPS if room / step <= _NUMBERS)
    first, last = axis[0] + _MARGIN * room, axis[1] - 1.5 * _MARGIN * room
    places = [place * step for place in range(ceil(first / step), floor(last / step) + 1)]
    shown = [place for place in places if abs(place - claimed) > _CLEAR * room]
    labels = [
        _hour_label(language.number(place), place, axis, "ax alt" if at % 2 else "ax")
        for at, place in enumerate(shown)
    ]
    labels.append(_hour_label(language.number(claimed), claimed, axis, "ax claimed"))
    return tag("svg", *labels, class_="mini", width="100%", height=16, aria_hidden="true")


def _hour_label(text: str, value: float, axis: tuple[float, float], class_: str) -> Markup:
    return tag("text", text, x=_at(value, axis), y=12, text_anchor="middle", class_=class_)


def _at(value: float, axis: tuple[float, float]) -> str:
    return f"{(value - axis[0]) / (axis[1] - axis[0]) * 100:.2f}%"


def _box(low: float, high: float, axis: tuple[float, float], class_: str, at: tuple[float, float]) -> Markup:
    width = f"{max((high - low) / (axis[1] - axis[0]) * 100, 0.4):.2f}%"
    return tag("rect", x=_at(low, axis), width=width, y=at[0], height=at[1], class_=class_)


def _line(value: float, axis: tuple[float, float], class_: str, at: tuple[float, float]) -> Markup:
    where = _at(value, axis)
    return tag("line", x1=where, x2=where, y1=at[0], y2=at[1], class_=class_)
