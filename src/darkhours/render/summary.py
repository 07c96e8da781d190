"""What the account is made from, other readings of it, and what the picture leaves out."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.render.clock import Clock
from darkhours.render.figures import capital
from darkhours.render.lanes import Board
from darkhours.render.language import Language
from darkhours.render.markup import clean
from darkhours.render.spans import main_outage

_DAY = timedelta(days=1)


def made_from(board: Board) -> str:
    """Return what the account rests on: statements, publishers, measured series."""
    account, register, language = board.flagship, board.register, board.language
    publishers = {register.publisher(claim) for claim in register.claims.values()}
    series = [clean(family) for family in account.families if family != "reports"]
    values = {
        "statements": language.many(
            "{n} published statement", "{n} published statements", len(register.claims)
        ),
        "publishers": language.many("{count} publisher", "{count} publishers", len(publishers)),
        "series": language.listing(series),
    }
    if register.claims and series:
        told = language.say(
            "Made from {statements} by {publishers} and measured series of {series}.", **values
        )
    elif register.claims:
        told = language.say("Made from {statements} by {publishers}; no measured series was read.", **values)
    elif series:
        told = language.say("Made from measured series of {series}.", **values)
    else:
        told = language.say("Made from nothing: no statement, no series.")
    return told + _agreement(account, language)


def _agreement(account: Account, language: Language) -> str:
    total = next((total for rule in ("gross_h", "disrupted_h") if (total := account.totals.get(rule))), None)
    if total is None or total.p >= 0.995:  # noqa: PLR2004 — rounds to all of them
        return ""
    return " " + language.say(
        "{share} of the sampled histories share this beginning and end.", share=language.share(total.p)
    )


def readings(account: Account, clock: Clock) -> list[Markup]:
    """Return the other readings that the evidence leaves open, a sentence each."""
    outage, language = main_outage(account), clock.language
    found = []
    for item in outage.alternatives if outage else ():
        values: dict[str, object] = {
            "share": language.share(item.p),
            "start": clock.time(item.start, brief=True),
            "end": clock.time(item.end, brief=True) if item.end else language.say("an open end"),
            "dark": language.unit(item.dark_h, "hour"),
        }
        if item.gross_h is None:
            told = language.markup("{share}: from {start} to {end}, {dark} of it dark.", **values)
        else:
            gross = language.unit(item.gross_h, "hour")
            told = language.markup(
                "{share}: from {start} to {end}, {gross} in all, {dark} of it dark.", gross=gross, **values
            )
        found.append(told)
    return found


def lanes_heading(board: Board) -> str:
    """Return the heading of the picture: how many days, lanes and statements it holds."""
    days = round((board.scale.until - board.scale.start) / _DAY)
    drawn = sum(len(lane.claims) for lane in board.lanes if lane.full) + len(board.elsewhere)
    language = board.language
    parts = [
        language.many("{count} day", "{count} days", days) if days > 0 else language.say("Part of a day"),
        language.many("{count} lane", "{count} lanes", len(board.lanes)),
    ]
    parts += [language.many("{count} statement", "{count} statements", drawn)] if drawn else []
    return capital(language.comma.join(parts))


def outside_note(board: Board) -> Markup:
    """Return which statements of a state lie outside what is drawn."""
    missing = board.outside()
    if not missing:
        return Markup()
    links = board.register.links([claim.id for claim in missing])
    return board.language.markup("Outside the days drawn: {statements}.", statements=links)
