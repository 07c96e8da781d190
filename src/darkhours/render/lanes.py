"""Lanes: which account stands where, and which claims are marks, ticks or neither on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from darkhours.model.account import Account, Window
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysState
from darkhours.model.panel import Trace
from darkhours.render.clock import Clock
from darkhours.render.language import ENGLISH, Language
from darkhours.render.marks import Mark, instants, make_marks
from darkhours.render.register import Register, make_register
from darkhours.render.scale import Scale, shown_span
from darkhours.render.spans import unsettled

FULL_LANES = 6
"""Up to here every lane has its marks; beyond, only the flagship and what it lies in."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its account, its own claims, and those about what it lies in.

    Args:
        account: whose.
        claims: claims about the entity, in the order of the case.
        reaching: claims about what contains it, drawn as ticks.
        full: whether claims are marks here; else a thin strip alone.
    """

    account: Account
    claims: tuple[Claim, ...] = field(default=())
    reaching: tuple[Claim, ...] = field(default=())
    full: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    """All that a picture of lanes is made from.

    Args:
        lanes: from the top down, the flagship first.
        elsewhere: claims about places without a lane.
        register: of claims.
        clock: of the flagship.
        scale: what is shown, of which a drawing takes its own px.
        alone: whether the picture stands without the list of statements that marks lead to.
        traces: signals, drawn as lines under the full lane of their entity.
    """

    lanes: tuple[Lane, ...]
    elsewhere: tuple[Claim, ...]
    register: Register
    clock: Clock
    scale: Scale
    alone: bool = False
    traces: tuple[Trace, ...] = ()

    @property
    def language(self) -> Language:
        """Return the language of the page."""
        return self.clock.language

    @property
    def flagship(self) -> Account:
        """Return the account that the page is about."""
        return self.lanes[0].account

    def scaled(self, low: float, high: float) -> Scale:
        """Return the scale of the board between two px."""
        return Scale(self.scale.start, self.scale.until, low, high)

    def signals_of(self, lane: Lane) -> tuple[Trace, ...]:
        """Return the signals of a lane; a thin lane has no room for any."""
        return tuple(trace for trace in self.traces if lane.full and trace.entity == lane.account.entity)

    def contest_link(self, lane: Lane, window: Window) -> str | None:
        """Return where a contested window is told in full; None for a picture on its own."""
        if self.alone:
            return None
        places = unsettled(lane.account) if lane is self.lanes[0] else []
        place = lane.account.windows.index(window)
        return f"#contested-{place + 1}" if place in places else "#windows"

    def outside(self) -> list[Claim]:
        """Return the claims whose time lies outside what is shown."""
        inside = {mark.claim.id for lane in self.lanes for mark in self._marks(lane.claims)}
        inside |= {mark.claim.id for mark in self._marks(self.elsewhere)}
        drawn = [claim for lane in self.lanes if lane.full for claim in lane.claims] + list(self.elsewhere)
        return [claim for claim in drawn if claim.id not in inside]

    def _marks(self, claims: Sequence[Claim]) -> list[Mark]:
        return make_marks(claims, self.register, self.scale)


def lane_accounts(accounts: Sequence[Account], lanes: Sequence[Account] | None) -> list[Account]:
    """Return the accounts that are drawn: the flagship, then one for each other entity."""
    others = accounts[1:] if lanes is None else lanes
    service, found = accounts[0].service, [accounts[0]]
    for account in others:
        if account.service == service and account.entity not in {item.entity for item in found}:
            found.append(account)
    return found


def make_board(
    accounts: Sequence[Account],
    case: Case | None,
    register: Register | None = None,
    *,
    language: Language = ENGLISH,
) -> Board:
    """Return the board of these lanes.

    Beyond `FULL_LANES` the flagship and what it lies in come first, the others follow by
    their lasting return.
    """
    register = register or make_register(accounts, case)
    flagship = accounts[0]
    clock = make_clock(flagship, language)
    start, until = shown_span(accounts, clock.zone)
    ordered = _ordered(accounts, register)
    entities = {account.entity for account in accounts}
    stated = register.of_states()
    lanes = [_lane(account, stated, register, full) for account, full in ordered]
    elsewhere = tuple(claim for claim in stated if claim.entity not in entities)
    return Board(tuple(lanes), elsewhere, register, clock, Scale(start, until, 0, 1000))


def make_clock(account: Account, language: Language = ENGLISH) -> Clock:
    """Return the clock of an account; where its span touches two years every date needs its own."""
    first, last = (Clock(account.tz).local(at).year for at in (account.start, account.until))
    return Clock(account.tz, first if first == last else None, language)


def _ordered(accounts: Sequence[Account], register: Register) -> list[tuple[Account, bool]]:
    if len(accounts) <= FULL_LANES:
        return [(account, True) for account in accounts]
    around = register.containers(accounts[0].entity)
    near = [account for account in accounts[1:] if account.entity in around]
    far = sorted((item for item in accounts[1:] if item not in near), key=_lasting_return)
    return [(account, True) for account in [accounts[0], *near]] + [(account, False) for account in far]


def _lasting_return(account: Account) -> tuple[float, str]:
    ends = [outage.end.at.timestamp() if outage.end else float("inf") for outage in account.outages]
    return max(ends, default=0.0), account.entity


def _lane(account: Account, claims: Sequence[Claim], register: Register, full: bool) -> Lane:  # noqa: FBT001 — private
    own = tuple(claim for claim in claims if claim.entity == account.entity)
    around = register.containers(account.entity)
    reaching = tuple(
        claim for claim in claims if claim.entity in around and account.entity not in claim.excepted
    )
    return Lane(account, own, reaching, full)


def rug(lane: Lane, scale: Scale) -> dict[str, list[float]]:
    """Return the px of the ticks of reaching claims, by what they say."""
    found: dict[str, list[float]] = {}
    for claim in lane.reaching:
        if claim.when is not None and isinstance(claim.says, SaysState):
            at = instants(claim.when)[0]
            if scale.shows(at):
                found.setdefault(claim.says.state, []).append(scale.at(at))
    return found
