"""What the account is made from, other readings of it, and what the picture leaves out."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.render.clock import Clock
from darkhours.render.figures import NBSP, capital, count, hours, listing, share
from darkhours.render.lanes import Board
from darkhours.render.markup import clean
from darkhours.render.spans import main_outage

_DAY = timedelta(days=1)


def made_from(board: Board) -> str:
    """Return what the account rests on: statements, publishers, measured series."""
    account, register = board.flagship, board.register
    publishers = {register.publisher(claim) for claim in register.claims.values()}
    series = [clean(family) for family in account.families if family != "reports"]
    parts = []
    if register.claims:
        parts.append(
            f"{len(register.claims)} published {'statement' if len(register.claims) == 1 else 'statements'} "
            f"by {count(len(publishers), 'publisher')}"
        )
    parts += [f"measured series of {listing(series)}"] if series else []
    told = f"Made from {' and '.join(parts)}" if parts else "Made from nothing: no statement, no series"
    told += "; no measured series was read." if parts and not series else "."
    return told + _agreement(account)


def _agreement(account: Account) -> str:
    total = next((total for rule in ("gross_h", "disrupted_h") if (total := account.totals.get(rule))), None)
    if total is None or total.p >= 0.995:  # noqa: PLR2004 — rounds to all of them
        return ""
    return f" {share(total.p)} of the sampled histories share this beginning and end."


def readings(account: Account, clock: Clock) -> list[Markup]:
    """Return the other readings that the evidence leaves open, a sentence each."""
    outage = main_outage(account)
    found = []
    for item in outage.alternatives if outage else ():
        end = clock.time(item.end, brief=True) if item.end else Markup("an open end")
        gross = f", {hours(item.gross_h)}{NBSP}h in all" if item.gross_h is not None else ""
        found.append(
            Markup("{}: from {} to {}{}, {}{}h of it dark.").format(
                share(item.p), clock.time(item.start, brief=True), end, gross, hours(item.dark_h), NBSP
            )
        )
    return found


def lanes_heading(board: Board) -> str:
    """Return the heading of the picture: how many days, lanes and statements it holds."""
    days = round((board.scale.until - board.scale.start) / _DAY)
    drawn = sum(len(lane.claims) for lane in board.lanes if lane.full) + len(board.elsewhere)
    parts = [count(days, "day") if days > 0 else "Part of a day", count(len(board.lanes), "lane")]
    parts += [count(drawn, "statement") if drawn > 1 else "one statement"] if drawn else []
    return capital(", ".join(parts))


def outside_note(board: Board) -> Markup:
    """Return which statements of a state lie outside what is drawn."""
    missing = board.outside()
    if not missing:
        return Markup()
    return Markup("Outside the days drawn: {}.").format(board.register.links([claim.id for claim in missing]))
