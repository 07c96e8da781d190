"""Verdicts in sentences: what a published figure counts, what its own rule gives, what it fits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.model.account import Account, Verdict
from darkhours.model.claim import SaysTotal
from darkhours.render.figures import capital
from darkhours.render.language import ENGLISH, TO, Language
from darkhours.render.markup import bdi, our_bdi, tag
from darkhours.render.register import Register
from darkhours.render.words import RULES, rule_amount, rule_name, rule_phrase, rule_short, verdict_word

_SPAN_OF = {"first_return_dark_h": "first_return_h", "dark_h": "gross_h"}
"""The span that a net rule sits in: with the restored hours added it must come to this."""

_ENGINE_NOTE = re.compile(
    r"its own rule gives this in (?P<own>[<>]?\d+)% of (?P<n>\d+) sampled histories"
    r"(?:; by (?P<rule>\w+) in (?P<other>[<>]?\d+)%: our inference, no source says so)?"
)
"""The note that our own engine writes; any other is shown as it came."""
_HARDLY = 0.001
"""A share that is told as less than one per cent."""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict: what was claimed, by whom, the verdict's name, and its sentences."""

    claim: str
    heading: Markup
    who: str
    name: str
    kind: str
    text: Markup


def verdict_rows(account: Account, register: Register, language: Language = ENGLISH) -> list[VerdictRow]:
    """Return the verdicts, those about the very entity first, each with sentences of its own."""
    mine = {claim.id for claim in register.claims.values() if claim.entity == account.entity}
    ordered = sorted(account.verdicts, key=lambda verdict: verdict.claim not in mine)
    return [_row(account, verdict, register, language) for verdict in ordered]


def _row(account: Account, verdict: Verdict, register: Register, language: Language) -> VerdictRow:
    claim = register.claims.get(verdict.claim)
    where = register.place(claim.entity) if claim else account.name
    text = Markup(" ").join(part for part in _sentences(account, verdict, register, language) if part)
    who = register.speaker(claim) if claim else verdict.claim
    return VerdictRow(
        verdict.claim,
        _heading(verdict, where, register, language),
        who,
        verdict_word(verdict.verdict, language),
        verdict.verdict,
        text,
    )


def besides(verdict: Verdict, register: Register) -> tuple[tuple[str, float, float], ...]:
    """Return the totals that the claim gives beside its own."""
    claim = register.claims.get(verdict.claim)
    return claim.says.besides if claim and isinstance(claim.says, SaysTotal) else ()


def _heading(verdict: Verdict, where: str, register: Register, language: Language) -> Markup:
    values = {"amount": rule_amount(verdict.rule, verdict.claimed.value, language), "place": bdi(where)}
    told = [
        language.say("{hours} {rule}", hours=language.number(value), rule=rule_short(rule, language))
        for rule, value, _ in besides(verdict, register)
    ]
    if not told:
        return language.markup("{amount}, {place}", **values)
    parts = language.listing(told)
    if verdict.rule in _SPAN_OF:
        return language.markup("{amount}, not counting {parts}, {place}", parts=parts, **values)
    return language.markup("{amount}, with {parts}, {place}", parts=parts, **values)


def _sentences(account: Account, verdict: Verdict, register: Register, language: Language) -> list[Markup]:
    parts = [_own_rule(verdict, language), _needed_span(account, verdict, register, language)]
    parts += [_fit(account, verdict, language), _note(verdict, language)]
    return parts


def _own_rule(verdict: Verdict, language: Language) -> Markup:
    """Return what the claim's own rule gives."""
    rule = rule_phrase(verdict.rule, language)
    if verdict.computed is None:
        return language.markup(
            "By its wording it counts {rule}; the account has no such total to hold it against.", rule=rule
        )
    told = rule_amount(verdict.rule, verdict.computed.value, language)
    if language.doubtful(verdict.computed):
        doubt = language.interval(verdict.computed, TO)
        told = language.say("{amount} ({doubt})", amount=told, doubt=doubt)
    if verdict.verdict == "supported":
        return language.markup(
            "It counts {rule}, and those come to {amount}: the figure holds.", rule=rule, amount=told
        )
    if verdict.verdict == "undecided":
        return language.markup(
            "By its wording it counts {rule}; those come to {amount}, too wide to tell.",
            rule=rule,
            amount=told,
        )
    return language.markup(
        "By its wording it counts {rule}; those come to {amount}, not {claimed}.",
        rule=rule,
        amount=told,
        claimed=language.number(verdict.claimed.value),
    )


def _needed_span(account: Account, verdict: Verdict, register: Register, language: Language) -> Markup:
    """Return the span that a net figure needs once its restored hours are put back."""
    extra = sum(value for rule, value, _ in besides(verdict, register) if rule == "restored_h")
    span = account.totals.get(_SPAN_OF.get(verdict.rule, ""))
    if not extra or span is None or verdict.verdict == "supported":
        return Markup()
    return language.markup(
        "With the {extra} it leaves out, the whole span would have to be {needed}; it was {value} ({doubt}).",
        extra=language.spell(extra, "hour"),
        needed=language.spell(verdict.claimed.value + extra, "hour"),
        value=language.number(span.value),
        doubt=language.interval(span, TO),
    )


def _fit(account: Account, verdict: Verdict, language: Language) -> Markup:
    """Return which rule the figure does fit, or that none does."""
    if verdict.verdict == "contradicted":
        return language.markup(
            "No other rule of counting gives {claimed} either.",
            claimed=language.number(verdict.claimed.value),
        )
    if verdict.fits is None or verdict.verdict != "fits-another-rule":
        return Markup()
    total = account.totals.get(verdict.fits)
    rule = tag("b", rule_phrase(verdict.fits, language))
    found = [language.markup("The figure is right for another count: {rule}.", rule=rule)]
    if total:
        value, doubt = language.number(total.value), language.interval(total, TO)
        found = [
            language.markup(
                "The figure is right for another count: {rule}, {value} ({doubt}).",
                rule=rule,
                value=value,
                doubt=doubt,
            )
        ]
    if verdict.rule in _SPAN_OF and _SPAN_OF[verdict.rule] == verdict.fits:
        found.append(language.markup("The restored hours are inside that figure, not left out of it."))
    if "inference" not in verdict.note:
        found.append(
            language.markup("That this is what was counted is our inference; the source does not say so.")
        )
    return Markup(" ").join(found)


def _note(verdict: Verdict, language: Language) -> Markup:
    """Return the engine's own note, the rules that it names in words."""
    told = _ENGINE_NOTE.fullmatch(verdict.note)
    if told:
        return tag("small", our_bdi(_engine_note(told, language)))
    note = verdict.note
    for rule, (name, _) in RULES.items():
        note = re.sub(rf"\b{rule}\b", f"\u201c{name}\u201d", note)
    if not note:
        return Markup()
    return tag("small", bdi(capital(note).rstrip(".") + "."))


def _engine_note(told: re.Match[str], language: Language) -> str:
    values = {"own": _share(told["own"], language), "n": language.number(int(told["n"]))}
    if told["rule"] is None:
        return language.say("Its own rule gives this in {own} of {n} sampled histories.", **values)
    return language.say(
        "Its own rule gives this in {own} of {n} sampled histories; by “{rule}” in {other}: our inference, "
        "no source says so.",
        rule=rule_name(told["rule"], language),
        other=_share(told["other"], language),
        **values,
    )


def _share(told: str, language: Language) -> str:
    r"""Return a share of the engine's note as every other share is told.

    >>> _share("69", ENGLISH), _share("<1", ENGLISH), _share(">99", ENGLISH)
    ('69\xa0%', '<1\xa0%', '>99\xa0%')
    """
    nearly = {"<": _HARDLY, ">": 1 - _HARDLY}.get(told[0])
    return language.share(int(told) / 100 if nearly is None else nearly)
