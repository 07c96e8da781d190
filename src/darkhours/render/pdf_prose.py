"""The paragraphs of the pages to file: how the account was made, what it cannot tell, whose work it holds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from darkhours.model.account import Account
from darkhours.model.state import State
from darkhours.render.figures import capital
from darkhours.render.lanes import Board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import clean
from darkhours.render.pdf_text import isolated
from darkhours.render.spans import window_span
from darkhours.render.summary import made_from
from darkhours.render.words import STANDINGS, standing_word

_HOUR, _MINUTE = timedelta(hours=1), 60


def method(account: Account, language: Language = ENGLISH) -> list[str]:
    """Return how the account was made: the method in a paragraph, then what its numbers mean."""
    known = account.provenance.parameters
    step, samples = known.get("step_s"), known.get("n_samples")
    bins = language.say("bins")
    if isinstance(step, (int, float)):
        bins = language.say("bins of {n} minutes", n=language.number(float(step) / _MINUTE))
    histories = language.say("sampled histories")
    if isinstance(samples, int):
        histories = language.say("{n} sampled histories", n=language.number(samples))
    return [
        language.say(
            "Time is cut into {bins}. For each bin every piece of evidence, a published claim or a "
            "measured value, says how well it agrees with each state: up, degraded or dark. What one origin "
            "says counts once, however often it is copied; nobody vouches for time after publication; direct "
            "observation weighs more than relay, and no report can outvote everything else. A hidden Markov "
            "chain, which knows that states last, turns the sums into {histories}. The windows are what "
            "these agree on.",
            bins=bins,
            histories=histories,
        ),
        language.say(
            "Totals are counted by the same rules in the windows and in each history. The 90 % interval "
            "runs from the 5th to the 95th percentile of the histories that share this account’s first dark "
            "edge and lasting return within six hours. A verdict compares a published total with what its "
            "own rule and every other rule give in the same histories. The same case, program, seed and "
            "parameters give the same numbers."
        ),
    ]


def limits(board: Board) -> list[str]:
    """Return what the account does not rest on and cannot tell, a sentence or two each."""
    account, language = board.flagship, board.language
    found = [made_from(board), _unknown(account, language), *_standings(account, language), *_later(board)]
    found.append(
        language.say(
            "Who ordered an outage, and why, is not measured: states are inferred from evidence, intent is "
            "only ever claimed."
        )
    )
    return found + [isolated(clean(note), rtl=language.rtl) for note in account.notes]


def _unknown(account: Account, language: Language) -> str:
    spans = [window_span(account, window) for window in account.windows if window.state is State.UNKNOWN]
    length = sum(((end - begin) / _HOUR for begin, end in spans), 0.0)
    told = language.say(
        "Not measured is never taken for zero, nor for up: no hour of the span is left unknown."
    )
    if spans:
        told = language.say(
            "Not measured is never taken for zero, nor for up: {hours} of the span are unknown.",
            hours=language.spell(length, "hour"),
        )
    carried = language.say("Where nothing new is told, a state is carried on.")
    return f"{told} {carried}"


def _standings(account: Account, language: Language) -> list[str]:
    held = Counter(standing.standing for standing in account.standings)
    if not held:
        return []
    counts = language.semicolon.join(
        f"{standing_word(name, language)}: {language.number(held[name])}" for name in STANDINGS if held[name]
    )
    return [
        language.say(
            "Statements of a state about this very place, held against this account: {counts}.", counts=counts
        )
    ]


def _later(board: Board) -> list[str]:
    case = board.register.case
    left = len(case.claims) - len(board.register.claims) if case else 0
    if not left:
        return []
    told = board.language.many(
        "{count} statement published after this account’s date left out.",
        "{count} statements published after this account’s date left out.",
        left,
    )
    return [capital(told)]


def say_attribution(account: Account, language: Language = ENGLISH) -> str:
    """Return whose work the pages hold."""
    return language.say(
        "Statements are told in our own words; the sources remain the work of their publishers, named above. "
        "Places, zones and names: GeoNames (geonames.org), CC BY 4.0, unless the case names them itself. "
        "Made by {program}, free software under Apache-2.0; set by typst.",
        program=clean(account.provenance.program),
    )
