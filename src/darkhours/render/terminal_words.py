"""Words and numbers of an account for the terminal: rules, intervals, times, verdicts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from darkhours.model.claim import Claim, SaysTotal
from darkhours.model.plain import plain
from darkhours.render.clock import zone_of
from darkhours.render.dates import MONTHS, WEEKDAYS
from darkhours.render.words import RULES, RULES_SOFAR, rule_name, rule_phrase

if TYPE_CHECKING:
    from darkhours.model.account import Account, Num, Verdict
    from darkhours.model.case import Case

NET_OF = {"first_return_dark_h": ("first_return_h", "return_h"), "dark_h": ("gross_h",)}
"""Rules that leave restorations out, with those of the same span that count them in."""

OTHER_RULES = {
    "return_h": "every hour from the first blackout to one of the returns",
    "return_dark_h": "only the dark hours up to one of the returns",
}
"""Rules that only a verdict names, as part of a sentence."""


def say_hours(value: float) -> str:
    """Return a number as people write it: quarters as they are, others to one decimal.

    >>> say_hours(135.25), say_hours(127.0), say_hours(107.58333)
    ('135.25', '127', '107.6')
    """
    quarter = abs(value * 4 - round(value * 4)) < 1e-6  # noqa: PLR2004 — below any rounding of ours
    return f"{value:.{2 if quarter else 1}f}".rstrip("0").rstrip(".")


def say_interval(num: Num) -> str:
    """Return the 90 % interval of a number; one number where it has no width."""
    low, high = say_hours(num.low), say_hours(num.high)
    return low if low == high else f"{low}–{high}"


def unit_of(rule: str) -> str:
    """Return the unit of a total: ``days`` or ``h``."""
    return "days" if rule == "calendar_days" else "h"


def say_time(instant: datetime, tz: str) -> str:
    """Return an instant as local time, such as ``Wed 5 Jan 17:00``."""
    local = instant.astimezone(zone_of(tz))
    return f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def say_offset(instant: datetime, tz: str) -> str:
    """Return the offset of a zone at an instant, such as ``UTC+06`` or ``UTC+05:30``."""
    offset = instant.astimezone(zone_of(tz)).utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds() // 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours:02}" + (f":{rest:02}" if rest else "")


def say_claimed(verdict: Verdict, case: Case | None) -> str:
    """Return what was claimed and by whom, such as ``"111 h, not counting 4 h back" (Kursiv)``."""
    claim = find_claim(verdict.claim, case)
    told = f"{say_hours(verdict.claimed.value)} {unit_of(verdict.rule)}"
    if claim is None or case is None:
        return f"{told} ({plain(verdict.claim)})"
    beside = _say_besides(claim)
    where = case.places[claim.entity].name if claim.entity in case.places else claim.entity
    publisher = case.sources[claim.source].publisher if claim.source in case.sources else claim.source
    return f"{told}{beside} in {plain(where)} ({plain(claim.speaker or publisher)}, {plain(claim.id)})"


def find_claim(claim_id: str, case: Case | None) -> Claim | None:
    """Return the claim of that id, None where the case does not hold it."""
    claims = () if case is None else case.claims
    return next((claim for claim in claims if claim.id == claim_id), None)


def _say_besides(claim: Claim) -> str:
    says = claim.says
    if not isinstance(says, SaysTotal) or not says.besides:
        return ""
    parts = [
        f"{say_hours(value)} {unit_of(rule)} {rule_name(rule).lower()}" for rule, value, _ in says.besides
    ]
    joined = ", ".join(parts)
    return f", not counting {joined}" if says.rule in NET_OF else f", with {joined}"


def say_verdict(verdict: Verdict, account: Account, case: Case | None) -> str:
    """Return a verdict as a sentence: what its own rule gives, and what it fits instead."""
    unit = unit_of(verdict.rule)
    num = verdict.computed
    given = "nothing that can be told" if num is None else _say_num(num, unit)
    own = f"counting {say_phrase(verdict.rule)} gives {given}"
    if verdict.verdict == "supported":
        return f"holds: {own}."
    if verdict.verdict == "undecided":
        return f"open: {own}; that neither carries nor excludes it."
    claimed = say_hours(verdict.claimed.value)
    if verdict.verdict == "contradicted" or verdict.fits is None:
        return f"does not hold: {own}, and no other rule gives {claimed}."
    return f"does not hold: {own}. {_say_fit(verdict, account, case)}"


def _say_num(num: Num, unit: str) -> str:
    return f"{say_hours(num.value)} {unit} [{say_interval(num)}]"


def _say_fit(verdict: Verdict, account: Account, case: Case | None) -> str:
    """Return which other rule the claimed number fits, and what that means."""
    fits = verdict.fits or ""
    claim = find_claim(verdict.claim, case)
    num = account.totals.get(fits) if claim is None or claim.entity == account.entity else None
    value = "" if num is None else f" ({_say_num(num, unit_of(fits))})"
    claimed = say_hours(verdict.claimed.value)
    sentence = f"{claimed} is what counting {say_phrase(fits)} gives{value}"
    if fits in NET_OF.get(verdict.rule, ()):
        return f"{sentence}: the restorations are still in it, not taken off."
    return f"{sentence}."


def say_phrase(rule: str) -> str:
    """Return what a rule counts as part of a sentence."""
    return OTHER_RULES.get(rule) or rule_phrase(rule)


def say_rule(rule: str, *, over: bool) -> str:
    """Return what a total counts, for an outage that is over or for one that is not."""
    return (RULES if over else RULES | RULES_SOFAR)[rule][1]
