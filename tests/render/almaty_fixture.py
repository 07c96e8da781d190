"""The accounts of Almaty, the capital and the country by hand, from public facts in our own words."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from almaty_claims import (
    ALMATY,
    CAPITAL,
    COUNTRY,
    DARK,
    DEG,
    OFFSET,
    START,
    UNTIL,
    UP,
    WEST,
    case,
    claim,
    claims,
    local,
)

from darkhours.model.account import (
    TOTAL_NAMES,
    Account,
    Alternative,
    Contested,
    ContextItem,
    Day,
    Edge,
    Num,
    Outage,
    Provenance,
    Return,
    Stage,
    Standing,
    Totals,
    Verdict,
    Window,
)
from darkhours.model.claim import SaysState
from darkhours.model.state import State

__all__ = ["almaty", "capital", "case", "claim", "claims", "country", "local"]


def edge(day: int, at: str, earliest: str, latest: str) -> Edge:
    """Return an edge; ``earliest`` and ``latest`` are clock times, with ``+`` or ``-`` for a day off."""
    return Edge(local(day, at), _off(day, earliest), _off(day, latest))


def _off(day: int, clock: str) -> datetime:
    shift = {"+": 1, "-": -1}.get(clock[0], 0)
    return local(day + shift, clock.lstrip("+-"))


def num(value: float, low: float, high: float, p: float = 0.75) -> Num:
    """Return a number with its interval."""
    return Num(value, low, high, p, (low + high) / 2)


def totals(**known: Num) -> Totals:
    """Return totals with None for the unnamed ones, as the model wants every name."""
    return {name: known.get(name) for name in TOTAL_NAMES}


FIRST, LAST = Edge(START, START, START), Edge(UNTIL, UNTIL, UNTIL)


def tile(*parts: tuple[State, Edge, float, str | None]) -> tuple[Window, ...]:
    """Return windows that tile the span of the case, each from its edge to the next."""
    ends = [part[1] for part in parts[1:]] + [LAST]
    return tuple(
        Window(state, begin, end, p, detail, ("reports",), evidence=("kz-05", "kz-09"))
        for (state, begin, p, detail), end in zip(parts, ends, strict=True)
    )


def days_of(windows: tuple[Window, ...], until: datetime = UNTIL) -> tuple[Day, ...]:
    """Return the hours of each state on each local day, by overlap."""
    found = []
    for offset in range((until - START).days):
        begin, hours = START + timedelta(days=offset), dict.fromkeys(State, 0.0)
        for window in windows:
            stop = window.end.at if window.end else until
            shared = min(stop, begin + timedelta(days=1)) - max(window.start.at, begin)
            hours[window.state] += max(shared.total_seconds(), 0) / 3600
        found.append(
            Day(
                (begin + OFFSET).date(),
                hours[State.UP],
                hours[State.DEGRADED],
                hours[State.DARK],
                hours[State.UNKNOWN],
            )
        )
    return tuple(found)


FALL = edge(5, "17:00", "16:30", "17:15")
HOME = edge(11, "08:15", "07:45", "08:45")


@cache
def almaty() -> Account:
    """Return the flagship: three dark windows, a contested night, two returns."""
    windows = list(
        tile(
            (UP, FIRST, 0.98, None),
            (DEG, edge(4, "18:30", "12:00", "20:30"), 0.94, "fixed-only"),
            (DARK, FALL, 0.97, None),
            (UP, edge(5, "23:30", "22:00", "+01:30"), 0.56, None),
            (DARK, edge(6, "04:00", "02:00", "05:30"), 1.0, None),
            (UP, edge(10, "08:30", "07:45", "09:15"), 0.99, None),
            (DARK, edge(10, "13:00", "12:30", "16:00"), 0.98, None),
            (UP, HOME, 1.0, None),
        )
    )
    night = windows[3]
    windows[3] = Window(
        UP, night.start, night.end, 0.56, None, ("reports",), True, ("kz-15",), ("kz-15", "kz-12b")
    )
    found = totals(
        disrupted_h=num(157.75, 155, 165),
        gross_h=num(135.25, 134.5, 136.5),
        first_return_h=num(111.5, 110.5, 112.5),
        first_return_dark_h=num(107.0, 106, 111.5),
        dark_h=num(126.25, 124, 131.5),
        degraded_h=num(22.5, 20, 29),
        restored_h=num(9.0, 4, 12),
        unknown_h=num(0, 0, 0),
        calendar_days=num(8, 8, 8),
    )
    returns = (
        Return(windows[3].start, 4.5, 6.5, 6.5),
        Return(windows[5].start, 4.5, 111.5, 107.0),
        Return(HOME, 159.75, 135.25, 126.25),
    )
    other = Alternative(local(4, "20:00"), local(11, "08:15"), 0.08, 155.0, 146.0)
    outage = Outage(windows[1].start, HOME, "ended", found, returns, (other,))
    return Account(
        case="almaty-2022",
        as_of=local(28, month=2),
        status="ended",
        entity=ALMATY,
        name="Almaty",
        tz="Asia/Almaty",
        service="internet",
        start=START,
        until=UNTIL,
        families=("reports",),
        windows=tuple(windows),
        outages=(outage,),
        totals=found,
        days=days_of(tuple(windows)),
        patterns=(),
        stages=(
            Stage(ALMATY, "internet", HOME),
            Stage(CAPITAL, "internet", HOME),
            Stage(WEST, "internet", None),
        ),
        verdicts=(
            Verdict(
                "kz-24",
                "first_return_dark_h",
                num(111, 110, 112, 1),
                num(107.0, 106, 111.5),
                "fits-another-rule",
                "first_return_h",
                "",
            ),
            Verdict("kz-22", "calendar_days", num(8, 8, 8, 1), num(8, 7, 8), "supported", None, ""),
            Verdict(
                "kz-23", "disrupted_h", num(144, 143, 145, 1), num(155.5, 154, 156), "contradicted", None, ""
            ),
        ),
        contested=(
            Contested("night of 5 to 6 January", ("kz-15", "kz-12b")),
            Contested("deaths", ("kz-25", "kz-26")),
            Contested("complete shutdown", ("kz-07", "kz-21b")),
        ),
        context=(
            ContextItem(local(2, "12:00"), "fuel-price protests begin in the west", "kz-27"),
            ContextItem(local(5, "15:00"), "state of emergency declared", "kz-28"),
            ContextItem(local(5, "23:00"), "the alliance agrees to send forces", "kz-29"),
            ContextItem(local(8, "12:00"), "minister: return in stages", "kz-30"),
            ContextItem(local(10, "00:00"), "day of mourning", "kz-31"),
            ContextItem(None, "payments failed; people without cash", "kz-32"),
        ),
        provenance=Provenance(
            "darkhours 0.1.0",
            {"step_min": 15, "samples": 400},
            7,
            "9f2c" * 16,
            ("GeoNames, CC BY 4.0", "ISO 3166-2 names, pycountry (LGPL-2.1)"),
        ),
        standings=standings(),
    )


def standings() -> tuple[Standing, ...]:
    """Return how the claims fare: one of each standing at least."""
    odd = {
        "kz-06": ("contradicted", 0.06),
        "kz-12b": ("doubtful", 0.44),
        "kz-09": ("copy", None),
        "kz-16": ("unused", None),
        "kz-18": ("contradicted", 0.1),
    }
    told = (claim for claim in claims() if isinstance(claim.says, SaysState))
    return tuple(Standing(claim.id, *odd.get(claim.id, ("agrees", 0.9))) for claim in told)


@cache
def capital() -> Account:
    """Return the capital: wired lines on and off while mobile stayed shut."""
    windows = tile(
        (UP, FIRST, 0.98, None),
        (DEG, edge(4, "20:30", "18:00", "22:00"), 0.9, "fixed-only"),
        (DARK, FALL, 0.99, None),
        (DEG, edge(5, "23:00", "22:15", "23:45"), 0.97, "fixed-only"),
        (DARK, edge(6, "04:00", "03:00", "05:00"), 0.99, None),
        (DEG, edge(6, "14:00", "05:00", "19:00"), 0.72, "fixed-only"),
        (DARK, edge(6, "19:40", "19:30", "20:10"), 0.98, None),
        (DEG, edge(7, "05:40", "00:00", "11:30"), 0.74, "fixed-only"),
        (DARK, edge(7, "12:00", "11:30", "12:45"), 0.99, None),
        (DEG, edge(8, "09:00", "08:15", "09:30"), 0.97, "fixed-only"),
        (DARK, edge(8, "15:40", "15:30", "16:10"), 0.97, None),
        (DEG, edge(9, "09:30", "09:00", "09:45"), 0.97, "fixed-only"),
        (DARK, edge(9, "12:00", "11:30", "12:45"), 0.99, None),
        (UP, edge(10, "08:30", "06:15", "09:15"), 0.95, None),
        (DARK, edge(10, "13:00", "12:00", "14:45"), 0.98, None),
        (UP, HOME, 1.0, None),
    )
    found = totals(
        disrupted_h=num(155.75, 154, 158),
        gross_h=num(135.25, 134.5, 136.5),
        first_return_h=num(111.5, 109, 112.5),
        first_return_dark_h=num(77.75, 70, 90),
        dark_h=num(97, 90, 104),
        degraded_h=num(54.25, 47, 62),
        restored_h=num(4.5, 3, 7),
        unknown_h=num(0, 0, 0),
        calendar_days=num(8, 8, 8),
    )
    outage = Outage(windows[1].start, HOME, "ended", found, (Return(HOME, 159.75, 135.25, 97),))
    return _sibling(CAPITAL, "Nur-Sultan", windows, found, (outage,))


@cache
def country() -> Account:
    """Return the country: partial returns, one statement after another."""
    windows = tile(
        (UP, FIRST, 0.99, None),
        (DEG, edge(4, "20:30", "20:00", "22:00"), 0.97, "mobile-degraded"),
        (DARK, edge(5, "17:00", "16:40", "17:15"), 1.0, None),
        (DEG, edge(5, "23:15", "22:15", "+00:30"), 0.93, None),
        (DARK, edge(6, "04:00", "01:30", "05:00"), 0.9, None),
        (DEG, edge(7, "12:00", "06:00", "18:00"), 0.6, "whitelist"),
        (DARK, edge(9, "12:00", "00:00", "20:00"), 0.9, None),
        (UP, edge(10, "08:30", "08:00", "09:00"), 0.99, None),
        (DARK, edge(10, "13:15", "12:30", "16:00"), 0.98, None),
        (UP, HOME, 1.0, None),
    )
    found = totals(
        disrupted_h=num(155.75, 154, 156),
        gross_h=num(135.25, 134.5, 136.5),
        first_return_h=num(111.5, 110.5, 112.5),
        first_return_dark_h=num(58.75, 40, 90),
        dark_h=num(77.75, 50, 105),
        degraded_h=num(73.25, 45, 100),
        restored_h=num(4.75, 3, 7),
        unknown_h=num(0, 0, 0),
        calendar_days=num(8, 7, 8),
    )
    outage = Outage(windows[1].start, HOME, "ended", found, (Return(HOME, 159.75, 135.25, 77.75),))
    return _sibling(COUNTRY, "Kazakhstan", windows, found, (outage,))


def _sibling(
    entity: str, name: str, windows: tuple[Window, ...], found: Totals, outages: tuple[Outage, ...]
) -> Account:
    """Return an account of another entity of the case, as plain as it can be."""
    return Account(
        case="almaty-2022",
        as_of=local(28, month=2),
        status="ended",
        entity=entity,
        name=name,
        tz="Asia/Almaty",
        service="internet",
        start=START,
        until=UNTIL,
        families=("reports",),
        windows=windows,
        outages=outages,
        totals=found,
        days=days_of(windows),
        patterns=(),
        stages=(),
        verdicts=(),
        contested=(),
        context=(),
        provenance=Provenance("darkhours 0.1.0", {}, 7, None),
    )
