"""What the account of Almaty must show, whichever case file of these reports it is made from.

The bounds are those that a careful reader of the reports would set; none is a figure of the program.
Times are UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from darkhours.model.account import Account, Window
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysState
from darkhours.model.state import State

ALMATY, NUR_SULTAN, KAZAKHSTAN = "city:1526384", "city:1526273", "country:KZ"
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-01-{text}").replace(tzinfo=ZoneInfo("Asia/Almaty"))


def hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def dark(account: Account) -> list[Window]:
    return [window for window in account.windows if window.state is State.DARK]


def holds(at: datetime, low: str, high: str, slack: timedelta = timedelta(0)) -> bool:
    return utc(low) - slack <= at <= utc(high) + slack


def check_almaty(account: Account, slack_h: float = 0.0) -> None:
    """Hold the account of Almaty's `internet` against every bar, widened by ``slack_h`` on each side."""
    slack = timedelta(hours=slack_h)
    first, second, third = dark(account)
    at = account.windows.index(first)
    before, night = account.windows[at - 1], account.windows[at + 1]
    assert holds(first.start.at, "2022-01-05T10:30", "2022-01-05T11:20", slack)
    assert before.state is State.DEGRADED
    assert holds(before.start.at, "2022-01-04T09:00", "2022-01-04T15:30", slack)
    assert 2 - slack_h <= hours(night.start.at, night.end.at) <= 6.5 + slack_h
    assert holds(night.start.at, "2022-01-05T15:00", "2022-01-06T00:30", slack)
    assert holds(night.end.at, "2022-01-05T15:00", "2022-01-06T00:30", slack)
    assert 0.4 <= night.p <= 0.8
    assert {"kz22-021", "kz22-017b"} <= set(night.contested)
    assert holds(second.end.at, "2022-01-10T01:45", "2022-01-10T03:30", slack)
    assert holds(third.start.at, "2022-01-10T06:30", "2022-01-10T10:30", slack)
    assert holds(third.end.at, "2022-01-11T01:45", "2022-01-11T02:45", slack)
    assert hours(third.end.earliest, third.end.latest) <= 3 + slack_h
    check_totals(account, slack_h)


TOTALS = {
    "first_return_h": (110.5, 112.5),
    "first_return_dark_h": (105.5, 109.0),
    "gross_h": (134.25, 136.25),
    "dark_h": (123.5, 129.5),
    "restored_h": (6.0, 12.5),
    "unknown_h": (0.0, 0.0),
    "calendar_days": (8.0, 8.0),
}


def check_totals(account: Account, slack_h: float) -> None:
    totals = account.totals
    for name, (low, high) in TOTALS.items():
        assert low - slack_h <= totals[name].value <= high + slack_h, name
    assert totals["first_return_h"].high - totals["first_return_h"].low <= 4
    assert totals["dark_h"].low >= 118 - slack_h
    assert totals["dark_h"].high <= 133 + slack_h
    parts = sum(totals[name].value for name in ("dark_h", "degraded_h", "restored_h", "unknown_h"))
    assert abs(totals["disrupted_h"].value - parts) <= 0.01


def check_verdicts(account: Account) -> None:
    verdicts = {verdict.claim: verdict for verdict in account.verdicts}
    assert (verdicts["kz22-052"].verdict, verdicts["kz22-052"].fits) == (
        "fits-another-rule",
        "first_return_h",
    )
    assert verdicts["kz22-050"].verdict == "supported"
    assert verdicts["kz22-051"].verdict != "supported"
    topics = {entry.topic: entry.claims for entry in account.contested}
    assert topics["deaths"] == ("kz22-056", "kz22-057")
    assert not {"kz22-056", "kz22-057"} & {i for window in account.windows for i in window.evidence}


NUR_SULTAN_STARTS = ["05T17:00", "06T04:00", "06T19:40", "07T12:00", "08T15:40", "09T12:00", "10T13:00"]
NUR_SULTAN_ENDS = {0: "05T23:00", 3: "08T09:00", 4: "09T09:30", 6: "11T08:15"}


def check_nur_sultan(account: Account, slack_h: float = 0.0) -> None:
    """Hold the account of Nur-Sultan's `fixed` against what the agency reported, hour by hour."""
    windows = dark(account)
    assert len(windows) == len(NUR_SULTAN_STARTS)
    for window, start in zip(windows, NUR_SULTAN_STARTS, strict=True):
        give = (75 if start.startswith("10") else 45) + 60 * slack_h
        assert abs(hours(window.start.at, local(start))) * 60 <= give, start
    for index, end in NUR_SULTAN_ENDS.items():
        assert abs(hours(windows[index].end.at, local(end))) * 60 <= 45 + 60 * slack_h, end
    slack = timedelta(hours=slack_h)
    assert local("10T05:30") - slack <= windows[5].end.at <= local("10T07:15") + slack
    for index in (1, 2):
        assert hours(windows[index].end.earliest, windows[index].end.latest) >= 4 - slack_h
    total = account.totals["dark_h"]
    assert 88 - slack_h <= total.value <= 108 + slack_h
    assert total.high - total.low >= 8 - slack_h


def check_fixed_only(account: Account) -> None:
    """Hold that Nur-Sultan's `internet` was never wholly back before the 10th."""
    begin, end = local("05T17:00"), local("10T06:00")
    back = [w for w in account.windows if begin <= w.start.at < end and w.state is not State.DARK]
    assert len(back) == 5
    assert {(window.state, window.detail) for window in back} == {(State.DEGRADED, "fixed-only")}


def with_claims(case: Case, claims: Iterator[Claim] | list[Claim]) -> Case:
    return replace(case, claims=tuple(sorted(claims, key=lambda claim: claim.id)))


def with_give(case: Case, factor: float) -> Case:
    """Return the case with the give of every claim multiplied."""
    out = []
    for claim in case.claims:
        give = getattr(claim.when, "give", None)
        when = claim.when if give is None else replace(claim.when, give=give * factor)
        out.append(replace(claim, when=when))
    return with_claims(case, out)


def turned_round(claim: Claim) -> Claim:
    """Return the claim saying the opposite."""
    other = {"up": "dark", "dark": "up", "degraded": "up"}[claim.says.state]
    return replace(claim, says=SaysState(other), detail=None)


def told_again(claim: Claim, number: int, shift: timedelta) -> Claim:
    """Return a copy under another source of the same origin, in other words and at another hour."""
    names = [n for n in ("start", "end", "at", "by", "since") if getattr(claim.when, n, None) is not None]
    moved = {name: getattr(claim.when, name) + shift for name in names}
    return replace(
        claim,
        id=f"{claim.id}-again-{number}",
        source=f"{claim.source}-again-{number}",
        relayed=True,
        when=replace(claim.when, **moved) if claim.when else None,
        note="other words",
    )


def with_sources_again(case: Case, copies: int) -> Case:
    again = {
        f"{name}-again-{number}": replace(source, id=f"{name}-again-{number}")
        for name, source in case.sources.items()
        for number in range(copies)
    }
    return replace(case, sources=case.sources | again)
