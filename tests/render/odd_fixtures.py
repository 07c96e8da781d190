"""Odd accounts to draw: everything that is not Almaty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from almaty_claims import ALMATY, CAPITAL, COUNTRY, DARK, DEG, UP, case, claim
from almaty_fixture import almaty, capital, country, num, totals

from darkhours.model.account import (
    Account,
    ContextItem,
    Day,
    Edge,
    Outage,
    Pattern,
    Provenance,
    Return,
    Window,
)
from darkhours.model.case import Case
from darkhours.model.claim import Turn
from darkhours.model.entity import Entity
from darkhours.model.state import State

HOSTILE = "</title><script>alert(1)</script>\u202egnp.exe\x07 <img src=x onerror=1> ${7*7} {{ 7*7 }} \ud800"


def plain(
    parts: list[tuple[State, float]],
    *,
    start: datetime = datetime(2011, 1, 25, tzinfo=UTC),
    tz: str = "Africa/Cairo",
    doubt_h: float = 0.25,
    p: float = 0.97,
) -> Account:
    """Return an account whose windows have these states and lengths in hours, with totals to match."""
    at, windows = start, []
    until = start + timedelta(hours=sum(length for _, length in parts))
    for place, (state, length) in enumerate(parts):
        give = timedelta(hours=doubt_h if place else 0)
        begin = Edge(at, max(at - give, start), min(at + give, until))
        at += timedelta(hours=length)
        stop = Edge(at, max(at - give, start), min(at + give, until)) if at < until else Edge(at, at, at)
        windows.append(Window(state, begin, stop, p, None, ("ioda.bgp",), True, ("bgp.visible_slash24_cnt",)))
    return Account(
        case=None,
        as_of=until,
        status="unmeasured" if all(state is State.UNKNOWN for state, _ in parts) else "none",
        entity="local:Kerman/Bam",
        name="Bam",
        tz=tz,
        service="internet",
        start=start,
        until=until,
        families=("ioda.bgp",),
        windows=tuple(windows),
        outages=(),
        totals=totals(),
        days=(),
        patterns=(),
        stages=(),
        verdicts=(),
        contested=(),
        context=(),
        provenance=Provenance("darkhours 0.1.0", {"step_min": 5}, 1, None, ("signals.csv",)),
    )


def outage(account: Account, first: int, last: int | None, status: str) -> Account:
    """Return an account with one outage over windows ``first`` to ``last``, and plain totals."""
    windows = account.windows[first : None if last is None else last + 1]
    start, end = windows[0].start, windows[-1].end if last is not None else None
    stop = end.at if end else account.until
    length = (stop - start.at).total_seconds() / 3600
    dark = sum(_hours(item, account) for item in windows if item.state is DARK)
    known = totals(
        disrupted_h=num(length, length - 0.5, length + 0.5, 0.9),
        dark_h=num(dark, max(dark - 1, 0), dark + 1),
        degraded_h=num(length - dark, 0, length),
        restored_h=num(0, 0, 0),
        unknown_h=num(0, 0, 0),
        calendar_days=num(2, 1, 2),
    )
    if dark:
        known["gross_h"] = num(length, length - 0.5, length + 0.5, 0.9)
    returns = ()
    if end is not None or status == "probation":
        back = end or account.windows[-1].start
        returns = (Return(back, 5.0, length if dark else None, dark),)
        known["first_return_h"] = known["gross_h"]
        known["first_return_dark_h"] = known["dark_h"] if dark else None
    one = Outage(start, end, status, known, returns)
    return replace(account, status=status, outages=(one,), totals=known)


def _hours(window: Window, account: Account) -> float:
    return ((window.end.at if window.end else account.until) - window.start.at).total_seconds() / 3600


def ongoing() -> Account:
    """Return an account that ends in the dark."""
    found = outage(plain([(UP, 30), (DEG, 4), (DARK, 40)]), 1, None, "ongoing")
    open_end = replace(found.windows[-1], end=None)
    return replace(found, windows=(*found.windows[:-1], open_end))


def probation() -> Account:
    """Return an account whose return is too recent."""
    return outage(plain([(UP, 30), (DARK, 40), (UP, 10)]), 1, 1, "probation")


def throttled() -> Account:
    """Return an account that was degraded, never dark."""
    return outage(plain([(UP, 30), (DEG, 40), (UP, 90)]), 1, 1, "ended")


def curfew() -> Account:
    """Return ninety days with a blackout each night, told as one pattern."""
    parts = [(UP, 18.5), *[(DARK, 6.5), (UP, 17.5)] * 88, (UP, 40.0)]
    found = outage(
        plain(parts, start=datetime(2021, 2, 1, tzinfo=UTC), tz="Asia/Yangon"), 1, len(parts) - 3, "ended"
    )
    known = found.totals | {"first_return_h": None, "first_return_dark_h": None}
    pattern = Pattern("curfew", 88, "01:00", "07:30", date(2021, 2, 2), date(2021, 4, 30))
    days = tuple(Day(date(2021, 2, 2) + timedelta(days=day), 17.5, 0, 6.5, 0) for day in range(88))
    one = replace(found.outages[0], totals=known)
    return replace(found, totals=known, outages=(one,), patterns=(pattern,), days=days)


def several() -> Account:
    """Return two outages far apart."""
    first = outage(plain([(UP, 30), (DARK, 10), (UP, 200), (DARK, 5), (UP, 60)]), 1, 1, "ended")
    second = outage(first, 3, 3, "ended")
    return replace(second, outages=(first.outages[0], second.outages[0]))


def one_day() -> Account:
    """Return a span of one day."""
    return outage(plain([(UP, 9), (DARK, 3.5), (UP, 11.5)]), 1, 1, "ended")


def summer_time() -> Account:
    """Return a span over the change to summer time, in a zone of half hours."""
    parts = [(UP, 30.0), (DARK, 20.0), (UP, 80.0)]
    return outage(plain(parts, start=datetime(2022, 3, 20, tzinfo=UTC), tz="Asia/Tehran"), 1, 1, "ended")


def new_year() -> Account:
    """Return a span over two years."""
    parts = [(UP, 30.0), (DARK, 50.0), (UP, 80.0)]
    return outage(plain(parts, start=datetime(2022, 12, 30, tzinfo=UTC), tz="Nowhere/Land"), 1, 1, "ended")


def quiet() -> Account:
    """Return an account without an outage."""
    return plain([(UP, 96)])


def unmeasured() -> Account:
    """Return an account that nobody measured."""
    return plain([(State.UNKNOWN, 96)])


def holes() -> Account:
    """Return an account with doubtful windows and a hole in the measurement."""
    parts = [(UP, 20.0), (DARK, 9.0), (State.UNKNOWN, 12.0), (DEG, 4.0), (DARK, 3.0), (UP, 40.0)]
    return outage(plain(parts, p=0.6, doubt_h=5), 1, 4, "ended")


ODD = {
    "ongoing": ongoing,
    "probation": probation,
    "throttled": throttled,
    "curfew": curfew,
    "several": several,
    "one-day": one_day,
    "summer-time": summer_time,
    "new-year": new_year,
    "quiet": quiet,
    "unmeasured": unmeasured,
    "holes": holes,
}


def many_lanes(number: int) -> tuple[list[Account], Case]:
    """Return Almaty with its country and many cities more."""
    cities = [f"city:{ident}" for ident in range(1, number + 1)]
    places = case().places | {
        ident: Entity(ident, f"City {ident}", "Asia/Almaty", (COUNTRY,)) for ident in cities
    }
    others = [replace(capital(), entity=ident, name=f"City number {ident[5:]}") for ident in cities]
    return [almaty(), country(), *others], replace(case(), places=places)


def many_claims(number: int) -> tuple[list[Account], Case]:
    """Return Almaty with a great many claims on one afternoon."""
    more = tuple(
        claim(
            f"x-{place:04}",
            ALMATY if place % 3 else CAPITAL,
            DARK,
            Turn(almaty().windows[2].start.at, give=timedelta(minutes=place)),
        )
        for place in range(number)
    )
    claims = (*case().claims, *more)
    return [almaty(), capital(), country()], replace(
        case(), claims=tuple(sorted(claims, key=lambda item: item.id))
    )


def hostile() -> tuple[list[Account], Case]:
    """Return Almaty with hostile words wherever words are."""
    claims = tuple(
        replace(item, note=HOSTILE, speaker=HOSTILE, detail=HOSTILE, origin=HOSTILE) for item in case().claims
    )
    sources = {
        ident: replace(source, publisher=HOSTILE, url="javascript:alert(1)")
        for ident, source in case().sources.items()
    }
    account = replace(
        almaty(),
        name=HOSTILE,
        notes=(HOSTILE,),
        context=(ContextItem(almaty().windows[2].start.at, HOSTILE, "kz-27"),),
        windows=tuple(replace(window, detail=HOSTILE) for window in almaty().windows),
        provenance=replace(almaty().provenance, program=HOSTILE, inputs=(HOSTILE,)),
    )
    return [account, capital(), country()], replace(case(), claims=claims, sources=sources, title=HOSTILE)
