"""A small account made by hand, and a case that it may rest on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from darkhours.model.account import (
    TOTAL_NAMES,
    Account,
    Alternative,
    Contested,
    Day,
    Edge,
    Num,
    Outage,
    Provenance,
    Verdict,
    Window,
)
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysTotal, Source
from darkhours.model.entity import Entity
from darkhours.model.state import State

START = datetime(2022, 1, 3, 18, tzinfo=UTC)  # a midnight in Almaty
PLACE = "city:1526384"


def at(hours: float) -> datetime:
    """Return the instant so many hours after the start."""
    return START + timedelta(hours=hours)


def edge(hours: float) -> Edge:
    """Return an edge, half an hour of doubt on each side."""
    return Edge(at(hours), at(hours - 0.5), at(hours + 0.5))


def num(value: float, doubt: float = 1.0) -> Num:
    """Return a number with an interval around it."""
    return Num(value, max(0.0, value - doubt), value + doubt, 0.8, value)


def windows(text: str) -> tuple[Window, ...]:
    """Return windows from words such as ``up 24 dark 48 up 72``: a state, and the hour it ends."""
    words = text.split()
    found, begun = [], 0.0
    for state, end in zip(words[::2], words[1::2], strict=True):
        last = None if end == "open" else edge(float(end))
        found.append(Window(State(state), edge(begun), last, 0.9, evidence=("a-1",)))
        begun = 0.0 if last is None else float(end)
    return tuple(found)


def account(text: str = "up 24 dark 48 up 96", *, until: float = 96, **more: object) -> Account:
    """Return an account whose windows are those of ``text``."""
    told = windows(text)
    dark = num(24.0)
    fallen = [w for w in told if w.state is State.DARK]
    totals = dict.fromkeys(TOTAL_NAMES, num(0.0, 0.0)) | {"dark_h": dark, "gross_h": dark}
    ended = bool(fallen) and fallen[-1].end is not None
    status = ("ended" if ended else "ongoing") if fallen else "none"
    outage = Outage(fallen[0].start, fallen[-1].end, status, totals) if fallen else None
    values = {
        "case": "hand-2022",
        "as_of": at(until),
        "status": status,
        "entity": PLACE,
        "name": "Almaty",
        "tz": "Asia/Almaty",
        "service": "internet",
        "start": START,
        "until": at(until),
        "families": ("reports",),
        "windows": told,
        "outages": (outage,) if outage else (),
        "totals": totals,
        "days": (Day(START.date(), 0.0, 0.0, 24.0, 0.0),),
        "patterns": (),
        "stages": (),
        "verdicts": (),
        "contested": (),
        "context": (),
        "provenance": Provenance("darkhours 0", {}, 1, None),
    }
    return Account(**(values | more))


def verdict(**more: object) -> Verdict:
    """Return the verdict on a claim that takes gross hours for net ones."""
    values = {
        "claim": "a-1",
        "rule": "dark_h",
        "claimed": num(24.0, 1.0),
        "computed": num(20.0),
        "verdict": "fits-another-rule",
        "fits": "gross_h",
        "note": "",
    }
    return Verdict(**(values | more))


def contested(count: int) -> tuple[Contested, ...]:
    """Return so many contested topics."""
    return tuple(Contested(f"topic {index}", ("a-1", "a-2")) for index in range(count))


def alternative() -> Alternative:
    """Return another reading."""
    return Alternative(at(20), at(48), 0.08, 28.0, 28.0)


def case(publisher: str = "A paper") -> Case:
    """Return a case of one claim, a total with another beside it."""
    says = SaysTotal("dark_h", 24.0, 1.0, (("restored_h", 4.0, 1.0),))
    claim = Claim("a-1", "s", "s", PLACE, "internet", says, None, "press")
    return Case(
        id="hand-2022",
        tz="Asia/Almaty",
        start=START,
        until=at(96),
        entities=(PLACE,),
        places={PLACE: Entity(PLACE, "Almaty", "Asia/Almaty")},
        sources={"s": Source("s", publisher, "press")},
        claims=(claim,),
    )
