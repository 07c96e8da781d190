"""The paragraphs of the pages to file: how the account was made, what it cannot tell, whose work it holds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from darkhours.model.account import Account
from darkhours.model.state import State
from darkhours.render.figures import count, hours
from darkhours.render.lanes import Board
from darkhours.render.markup import clean
from darkhours.render.pdf_text import isolated
from darkhours.render.spans import window_span
from darkhours.render.summary import made_from
from darkhours.render.words import STANDINGS

_HOUR, _MINUTE = timedelta(hours=1), 60


def method(account: Account) -> list[str]:
    """Return how the account was made: the method in a paragraph, then what its numbers mean."""
    known = account.provenance.parameters
    step, samples = known.get("step_s"), known.get("n_samples")
    bins = f"bins of {float(step) / _MINUTE:g} minutes" if isinstance(step, (int, float)) else "bins"
    histories = f"{samples:,} sampled histories" if isinstance(samples, int) else "sampled histories"
    return [
        (
            f"Time is cut into {bins}. For each bin every piece of evidence, a published claim or a "
            "measured value, says how well it agrees with each state: up, degraded or dark. What one origin "
            "says counts once, however often it is copied; nobody vouches for time after publication; direct "
            "observation weighs more than relay, and no report can outvote everything else. A hidden Markov "
            f"chain, which knows that states last, turns the sums into {histories}. The windows are what "
            "these agree on."
        ),
        (
            "Totals are counted by the same rules in the windows and in each history. The 90 % interval "
            "runs from the 5th to the 95th percentile of the histories that share this account’s first dark "
            "edge and lasting return within six hours. A verdict compares a published total with what its "
            "own rule and every other rule give in the same histories. The same case, program, seed and "
            "parameters give the same numbers."
        ),
    ]


def limits(board: Board) -> list[str]:
    """Return what the account does not rest on and cannot tell, a sentence or two each."""
    account = board.flagship
    found = [made_from(board), _unknown(account), *_standings(account), *_later(board)]
    found.append(
        "Who ordered an outage, and why, is not measured: states are inferred from evidence, intent is only "
        "ever claimed."
    )
    return found + [isolated(clean(note)) for note in account.notes]


def _unknown(account: Account) -> str:
    spans = [window_span(account, window) for window in account.windows if window.state is State.UNKNOWN]
    length = sum(((end - begin) / _HOUR for begin, end in spans), 0.0)
    told = (
        f"{hours(length)} hours of the span are unknown" if spans else "no hour of the span is left unknown"
    )
    carried = "Where nothing new is told, a state is carried on."
    return f"Not measured is never taken for zero, nor for up: {told}. {carried}"


def _standings(account: Account) -> list[str]:
    held = Counter(standing.standing for standing in account.standings)
    if not held:
        return []
    told = "; ".join(f"{word}: {held[name]}" for name, word in STANDINGS.items() if held[name])
    return [f"Statements of a state about this very place, held against this account: {told}."]


def _later(board: Board) -> list[str]:
    case = board.register.case
    left = len(case.claims) - len(board.register.claims) if case else 0
    return (
        [f"{count(left, 'statement')} published after this account’s date left out.".capitalize()]
        if left
        else []
    )


def say_attribution(account: Account) -> str:
    """Return whose work the pages hold."""
    return (
        "Statements are told in our own words; the sources remain the work of their publishers, named above. "
        "Places, zones and names: GeoNames (geonames.org), CC BY 4.0, unless the case names them itself. "
        f"Made by {clean(account.provenance.program)}, free software under Apache-2.0; set by typst, "
        "in fonts of its own."
    )
