"""Verdicts in sentences: what a published figure counts, what its own rule gives, what it fits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.model.account import Account, Verdict
from darkhours.model.claim import SaysTotal
from darkhours.render.figures import capital, hours, interval
from darkhours.render.markup import bdi
from darkhours.render.register import Register
from darkhours.render.words import RULES, VERDICTS, rule_phrase, spelled, unit_word

_SPAN_OF = {"first_return_dark_h": "first_return_h", "dark_h": "gross_h"}
"""The span that a net rule sits in: with the restored hours added it must come to this."""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict: what was claimed, by whom, the verdict's name, and its sentences."""

    claim: str
    heading: Markup
    who: str
    name: str
    kind: str
    text: Markup


def verdict_rows(account: Account, register: Register) -> list[VerdictRow]:
    """Return the verdicts, those about the very entity first, each with sentences of its own."""
    mine = {claim.id for claim in register.claims.values() if claim.entity == account.entity}
    ordered = sorted(account.verdicts, key=lambda verdict: verdict.claim not in mine)
    return [_row(account, verdict, register) for verdict in ordered]


def _row(account: Account, verdict: Verdict, register: Register) -> VerdictRow:
    claim = register.claims.get(verdict.claim)
    where = register.place(claim.entity) if claim else account.name
    said = f"{hours(verdict.claimed.value)} {unit_word(verdict.rule)}"
    heading = Markup("{}{}, {}").format(said, _beside(verdict, register), bdi(where))
    text = Markup(" ").join(part for part in _sentences(account, verdict, register) if part)
    who = register.speaker(claim) if claim else verdict.claim
    return VerdictRow(
        verdict.claim,
        heading,
        who,
        VERDICTS.get(verdict.verdict, spelled(verdict.verdict)),
        verdict.verdict,
        text,
    )


def besides(verdict: Verdict, register: Register) -> tuple[tuple[str, float, float], ...]:
    """Return the totals that the claim gives beside its own."""
    claim = register.claims.get(verdict.claim)
    return claim.says.besides if claim and isinstance(claim.says, SaysTotal) else ()


def _beside(verdict: Verdict, register: Register) -> str:
    told = [f"{hours(value)} {spelled(rule)}" for rule, value, _ in besides(verdict, register)]
    joiner = "not counting" if verdict.rule in _SPAN_OF else "with"
    return f", {joiner} {' and '.join(told)}" if told else ""


def _sentences(account: Account, verdict: Verdict, register: Register) -> list[Markup]:
    parts = [_own_rule(verdict), _needed_span(account, verdict, register)]
    parts += [_fit(account, verdict), _note(verdict)]
    return parts


def _own_rule(verdict: Verdict) -> Markup:
    """Return what the claim's own rule gives."""
    unit, rule = unit_word(verdict.rule), rule_phrase(verdict.rule)
    if verdict.computed is None:
        return Markup(
            "By its wording it counts {}; the account has no such total to hold it against."
        ).format(rule)
    value, doubt = hours(verdict.computed.value), interval(verdict.computed, " to ")
    told = f"{value} {unit}" + (f" ({doubt})" if " to " in doubt else "")
    if verdict.verdict == "supported":
        return Markup("It counts {}, and those come to {}: the figure holds.").format(rule, told)
    if verdict.verdict == "undecided":
        return Markup("By its wording it counts {}; those come to {}, too wide to tell.").format(rule, told)
    return Markup("By its wording it counts {}; those come to {}, not {}.").format(
        rule, told, hours(verdict.claimed.value)
    )


def _needed_span(account: Account, verdict: Verdict, register: Register) -> Markup:
    """Return the span that a net figure needs once its restored hours are put back."""
    extra = sum(value for rule, value, _ in besides(verdict, register) if rule == "restored_h")
    span = account.totals.get(_SPAN_OF.get(verdict.rule, ""))
    if not extra or span is None or verdict.verdict == "supported":
        return Markup()
    return Markup(
        "With the {} hours it leaves out, the whole span would have to be {} hours; it was {} ({})."
    ).format(hours(extra), hours(verdict.claimed.value + extra), hours(span.value), interval(span, " to "))


def _fit(account: Account, verdict: Verdict) -> Markup:
    """Return which rule the figure does fit, or that none does."""
    if verdict.verdict == "contradicted":
        return Markup("No other rule of counting gives {} either.").format(hours(verdict.claimed.value))
    if verdict.fits is None or verdict.verdict != "fits-another-rule":
        return Markup()
    total = account.totals.get(verdict.fits)
    told = f", {hours(total.value)} ({interval(total, ' to ')})" if total else ""
    found = Markup("The figure is right for another count: <b>{}</b>{}.").format(
        rule_phrase(verdict.fits), told
    )
    if verdict.rule in _SPAN_OF and _SPAN_OF[verdict.rule] == verdict.fits:
        found += Markup(" The restored hours are inside that figure, not left out of it.")
    if "inference" in verdict.note:
        return found
    return found + Markup(" That this is what was counted is our inference; the source does not say so.")


def _note(verdict: Verdict) -> Markup:
    """Return the engine's own note, the rules that it names in words."""
    note = verdict.note
    for rule, (name, _) in RULES.items():
        note = re.sub(rf"\b{rule}\b", f"\u201c{name}\u201d", note)
    if not note:
        return Markup()
    return Markup("<small>{}</small>").format(bdi(capital(note).rstrip(".") + "."))
