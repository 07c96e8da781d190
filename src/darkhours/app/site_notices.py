"""What a site tells of each change: outages of an archive, or of an account, as notices in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from darkhours.app.site_now import NEWLY, SYNTHETIC
from darkhours.model.account import Edge
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError, Problem
from darkhours.model.notice import Change, Notice, Told, stable_id
from darkhours.model.state import State
from darkhours.store import Archive, Event

_CURSOR = re.compile(r"(\d{1,18})\.(-?\d{1,12})\.(n-[0-9a-f]{20})")
_DEPTH = {State.UP: 0, State.DEGRADED: 1, State.DARK: 2}
"""States that a notice can tell of; of time that nobody measured nothing is told."""

Place = tuple[int, int, str]
"""Where a notice stands in the order of all: version of its record, second of its change, id."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A notice and its place in the order in which all were told.

    Args:
        notice: what is told.
        version: of the archive with which it was told; 0 outside of one.
    """

    notice: Notice
    version: int

    @property
    def place(self) -> Place:
        """Return where it stands in the order of all."""
        return self.version, int(self.notice.at.at.timestamp()), self.notice.id

    @property
    def cursor(self) -> str:
        """Return the same as text, for addresses."""
        return ".".join(map(str, self.place))


def read_cursor(text: str, name: str) -> Place:
    """Return the place that a cursor names.

    Raises:
        InputError: it is none of ours.

    >>> read_cursor("12.1641380400.n-b7989fe7bd97e7302212", "after")[:2]
    (12, 1641380400)
    """
    match = _CURSOR.fullmatch(text)
    if match is None:
        message = f"expected a cursor as an answer gave it, got {text[:80]!r}; leave it out to begin anew"
        raise InputError("cursor", [Problem(name, message)])
    return int(match[1]), int(match[2]), match[3]


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage as its documents tell it.

    Args:
        place: where it was.
        service: of which service.
        key: what tells it from other outages of the place and service.
        body: start, end, status, returns, totals and windows, as documents have them.
        told: when this was told.
        path: of the page that tells of it.
    """

    place: Entity
    service: str
    key: str
    body: Mapping[str, Any]
    told: datetime
    path: str


def notices_of(outage: Outage, made_up: frozenset[str] | None) -> tuple[Notice, ...]:
    """Return what is told of an outage, each with what was told of it before.

    Args:
        outage: what happened.
        made_up: families whose values are; None where all are.
    """
    found: list[Notice] = []
    for change, window in _changes(outage.body):
        parts = (outage.place.id, outage.service, outage.key, str(change), str(len(found)))
        families = tuple(window["families"])
        found.append(
            Notice(
                id=stable_id(*parts),
                outage=stable_id(*parts[:3]),
                entity=outage.place.id,
                name=outage.place.name,
                tz=outage.place.tz,
                service=outage.service,
                change=change,
                state=State(window["state"]),
                status={Change.RETURNED: "probation", Change.ENDED: "ended"}.get(change, "ongoing"),
                at=_edge(window["start"]),
                told=outage.told,
                p=float(window["p"]),
                families=families,
                single_source=bool(window["single_source"]),
                synthetic=made_up is None or bool(made_up & set(families)),
                path=outage.path,
                earlier=tuple(Told(one.id, one.told) for one in found),
            )
        )
    return tuple(found)


def _changes(body: Mapping[str, Any]) -> Iterator[tuple[Change, Mapping[str, Any]]]:
    held, begun, last = State.UP, False, None
    for window in body["windows"]:
        state = State(window["state"])
        if state not in _DEPTH or (state is held and begun):
            continue
        last = window if state is not State.UP else last
        if state is not State.UP or begun:
            yield _change(held, state, begun=begun), window
            held, begun = state, True
    back = _back(body)
    if back is None or last is None:
        return
    told = {**last, "state": "up", "start": back, "p": body["totals"]["disrupted_h"]["p"]}
    if held is not State.UP:
        yield Change.RETURNED, told
    if body["status"] == "ended":
        yield Change.ENDED, told


def _change(held: State, state: State, *, begun: bool) -> Change:
    if not begun:
        return Change.BEGAN
    if state is State.UP:
        return Change.RETURNED
    return Change.WORSENED if _DEPTH.get(state, 0) > _DEPTH.get(held, 0) else Change.EASED


def _back(body: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return the edge of the lasting return, or of the one whose probation runs."""
    if body["status"] not in {"ended", "probation"}:
        return None
    returns = body.get("returns") or ()
    told: Mapping[str, str] | None = body["end"] or (returns[-1]["at"] if returns else None)
    return told


def _edge(told: Mapping[str, str]) -> Edge:
    return Edge(
        *(datetime.fromisoformat(told[name]).astimezone(UTC) for name in ("at", "earliest", "latest"))
    )


def read_notices(archive: Archive) -> tuple[Noted, ...]:
    """Return everything that an archive tells of its places, in the order in which it was told.

    What `watch` and `detect all` told as it changed, where they did; else the outages of the last detection.
    """
    known = {entity.id: entity for entity in archive.entities()}
    made_up = _made_up(archive)
    if archive.last_cursor:
        return tuple(_told_changes(archive, known, made_up))
    events = archive.events()
    times = {version: archive.written_at(version) for version in {event.version for event in events}}
    found = (
        Noted(notice, event.version)
        for event in events
        for notice in notices_of(_outage(event, known, times[event.version]), made_up)
    )
    return tuple(sorted(found, key=lambda noted: noted.place))


KINDS = {
    "back": Change.RETURNED,
    "ended": Change.ENDED,
    "revised": Change.REVISED,
    "withdrawn": Change.REVISED,
}


def _told_changes(
    archive: Archive, known: Mapping[str, Entity], made_up: frozenset[str] | None
) -> Iterator[Noted]:
    """Yield the newest changes in their order; with the version and cursor at which each was told."""
    last = archive.last_cursor
    versions: dict[datetime, int] = {}
    earlier: dict[str, list[Told]] = {}
    held: dict[str, State] = {}
    for each in archive.changes(max(0, last - MOST_CHANGES), MOST_CHANGES):
        if each.told is None:
            continue
        place = known.get(each.entity, Entity(each.entity, each.entity, "UTC"))
        outage = stable_id(each.entity, "internet", f"{each.begun or each.at:%Y-%m-%dT%H:%M:%SZ}")
        before, state = earlier.setdefault(outage, []), State(each.state)
        change = KINDS.get(each.kind) or _change(held.get(outage, State.UP), state, begun=bool(before))
        notice = Notice(
            id=stable_id(outage, str(each.cursor)),
            outage=outage,
            entity=place.id,
            name=place.name,
            tz=place.tz,
            service="internet",
            change=change,
            state=state,
            status=each.status,
            at=Edge(each.at, each.earliest, each.latest),
            told=each.told,
            p=min(max(each.p, 0.0), 1.0),
            families=each.families,
            single_source=len(each.families) == 1,
            synthetic=made_up is None or bool(made_up & set(each.families)),
            path=f"/entity/{quote(place.id, safe='@:')}",
            earlier=tuple(before),
        )
        before.append(Told(notice.id, notice.told))
        held[outage] = state
        if each.told not in versions:
            versions[each.told] = archive.version_at(each.told)
        yield Noted(notice, versions[each.told] + each.cursor)


MOST_CHANGES = 20_000
"""Changes that are told, the newest: ours, a day of the whole Internet has fewer."""


def _made_up(archive: Archive) -> frozenset[str] | None:
    series = archive.series()
    made = {each.family for each in series if each.datasource == SYNTHETIC}
    real = {each.family for each in series if each.datasource != SYNTHETIC}
    return frozenset(made - real) if real else None


def _outage(event: Event, known: Mapping[str, Entity], told: datetime) -> Outage:
    place = known.get(event.entity, Entity(event.entity, event.entity, "UTC"))
    path = f"/entity/{quote(event.entity, safe='@:')}"
    return Outage(place, "internet", event.key, event.body, told, path)


def account_notices(document: Mapping[str, Any], path: str) -> tuple[Notice, ...]:
    """Return what an account tells of its outages, as of the account.

    Args:
        document: the account, as documents have it.
        path: of its page.
    """
    about = document["entity"]
    place = Entity(about["id"], about["name"], about["tz"])
    told = datetime.fromisoformat(document["as_of"])
    found: list[Notice] = []
    for outage in document["outages"]:
        key = outage["start"]["at"]
        last = (outage["end"] or {"at": document["span"]["until"]})["at"]
        windows = [w for w in document["windows"] if key <= w["start"]["at"] < last]
        body = {**outage, "windows": windows}
        found += notices_of(Outage(place, document["service"], key, body, told, path), frozenset())
    return tuple(found)


def one_entity(noted: Iterable[Noted], entity: str) -> tuple[Noted, ...]:
    """Return what is told of one place."""
    return tuple(each for each in noted if each.notice.entity == entity)


def current(noted: Sequence[Noted], at: datetime) -> tuple[Noted, ...]:
    """Return the last that was told of each outage; of one that is over, only while it is newly so.

    Args:
        noted: in the order in which they were told.
        at: the time that the archive is as of.
    """
    last = {each.notice.outage: each for each in noted}
    found = [
        each
        for each in last.values()
        if each.notice.status in {"ongoing", "probation"} or at - each.notice.at.at <= NEWLY
    ]
    return tuple(sorted(found, key=lambda each: each.place))


def after(noted: Sequence[Noted], cursor: str | None) -> tuple[Noted, ...]:
    """Return what was told after a cursor, all of it where there is none."""
    if not cursor:
        return tuple(noted)
    place = read_cursor(cursor, "after")
    return tuple(each for each in noted if each.place > place)


def before(noted: Sequence[Noted], cursor: str | None) -> tuple[Noted, ...]:
    """Return what was told before a cursor, all of it where there is none."""
    if not cursor:
        return tuple(noted)
    place = read_cursor(cursor, "before")
    return tuple(each for each in noted if each.place < place)
