"""What `detect` found, as what is known of every place now, and as changes where something else was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from darkhours.store import Archive, Change, Event, Present, empty_present
from darkhours.store.present import STATES, STATUSES

OPEN = ("ongoing", "probation")
APART = timedelta(hours=1)
"""How far the begin of an outage must have moved to be told as revised, where its edge is sharper: ours."""


def tell_found(archive: Archive, ids: Sequence[str], events: Iterable[Event], until: datetime) -> int:
    """Keep what is known of places with hindsight, and tell what differs from what was told; return how much.

    A place of which a watch has told later bins is left to it.

    Args:
        archive: open.
        ids: every place that was weighed.
        events: all outages of theirs.
        until: end of what counted.
    """
    held = archive.current()
    place = {id_: row for row, id_ in enumerate(held.entities)}
    last: dict[str, Event] = {}
    for event in events:  # by begin
        last[event.entity] = event
    mine = [id_ for id_ in ids if (row := place.get(id_)) is None or held.until[row] <= _us(until)]
    rows = _rows(mine, last, held, place, until)
    changes = [
        change
        for id_ in mine
        if (change := _differs(id_, last.get(id_), held, place.get(id_), until)) is not None
    ]
    archive.tell(rows, changes)
    return len(changes)


def _rows(
    ids: Sequence[str], last: dict[str, Event], held: Present, place: dict[str, int], until: datetime
) -> Present:
    out = empty_present(ids)
    groups: dict[tuple[str, ...], int] = {group: at for at, group in enumerate(held.groups or ((),))}
    for at, id_ in enumerate(ids):
        event, row = last.get(id_), place.get(id_)
        out.p[at] = np.nan if row is None else held.p[row]
        out.families[at] = 0 if row is None else held.families[row]
        out.state[at] = STATES.index("up" if event is None else _state(event))
        if row is not None and held.state[row] == STATES.index("unknown"):
            out.state[at] = held.state[row]
        out.status[at] = STATUSES.index("none" if event is None else event.body["status"])
        if event is not None:
            group = _families(event)
            out.families[at] = groups.setdefault(group, len(groups))
            out.since[at], out.begun[at] = _us(_since(event)), _us(event.start)
            out.longest_h[at] = max((b.get("lasted_h", 0.0) for b in event.body["returns"][:-1]), default=0.0)
            out.up_h[at] = 0.0 if event.end is None else (until - event.end) / timedelta(hours=1)
            if event.body["status"] == "ongoing":
                out.p[at] = event.body["windows"][-1]["p"]
    out.final[:], out.until[:] = 1, _us(until)
    return replace(out, groups=tuple(groups))


def _state(event: Event) -> str:
    """Return the state that a place is in after the windows that are told of its outage."""
    if event.body["status"] != "ongoing":
        return "up"
    told = [str(window["state"]) for window in event.body["windows"] if window["state"] != "unknown"]
    return told[-1] if told else "unknown"


def _since(event: Event) -> datetime:
    if event.end is not None:
        return event.end
    told = [window for window in event.body["windows"] if window["state"] != "unknown"]
    return datetime.fromisoformat(told[-1]["start"]["at"]) if told else event.start


def _families(event: Event) -> tuple[str, ...]:
    return tuple(sorted({name for window in event.body["windows"] for name in window["families"]}))


def _differs(id_: str, event: Event | None, held: Present, row: int | None, until: datetime) -> Change | None:
    """Return what has to be told of a place, None where what was told holds."""
    was: dict[str, Any] = {"status": "none", "state": "up", "begun": None}
    was |= {} if row is None else held.row(row)
    was_open = was["status"] in OPEN
    if event is None:
        return _withdrawn(id_, was["begun"] or until, until) if was_open else None
    status, state = event.body["status"], _state(event)
    if row is None and status not in OPEN:
        return None
    if was["status"] in ("none", "unmeasured", "ended") and was["begun"] != event.start and status == "ended":
        moved = was["begun"] is None or abs(was["begun"] - event.start) > max(
            APART, _width(event.body["start"])
        )
        return _told(id_, "ended", event, until) if moved else None
    if status != was["status"] or (state != was["state"] and was["state"] != "unknown"):
        lasting = "dark" if state == "dark" else "degraded"
        kind = {"ongoing": lasting, "probation": "back", "ended": "ended"}[status]
        return _told(id_, kind, event, until)
    if was["begun"] is not None and abs(was["begun"] - event.start) > max(APART, _width(event.body["start"])):
        return _told(id_, "revised", event, until)
    return None


def _width(edge: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(edge["latest"]) - datetime.fromisoformat(edge["earliest"])


def _told(id_: str, kind: str, event: Event, until: datetime) -> Change:
    body = event.body
    edge = body["start"] if event.end is None or kind == "revised" else body["end"]
    if event.end is None and kind != "revised":
        told = [window for window in body["windows"] if window["state"] != "unknown"]
        edge = told[-1]["start"] if told else edge
    at, earliest, latest = (datetime.fromisoformat(edge[name]) for name in ("at", "earliest", "latest"))
    return Change(
        entity=id_, kind=kind, state=_state(event), status=body["status"], at=at, earliest=earliest,
        latest=latest, begun=event.start, until=until, p=float(body["windows"][-1]["p"]),
        families=_families(event), form="final",
    )  # fmt: skip


def _withdrawn(id_: str, at: datetime, until: datetime) -> Change:
    return Change(
        entity=id_, kind="withdrawn", state="up", status="none", at=at, earliest=at, latest=at, begun=None,
        until=until, p=1.0, form="final",
    )  # fmt: skip


def _us(instant: datetime) -> int:
    return round(instant.timestamp() * 1e6)
