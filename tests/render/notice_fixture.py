"""A notice as a watch would tell it, and who publishes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from darkhours.model.account import Edge
from darkhours.model.notice import Change, Notice, Told
from darkhours.model.state import State
from darkhours.render.publisher import Publisher

PUBLISHER = Publisher("The Darkhours contributors", "https://example.org/dark", "alerts@example.org")
AT = datetime(2022, 1, 5, 11, tzinfo=UTC)
FIRST = Told("n-1", AT + timedelta(minutes=40))


def notice(**changes):
    """Return the notice that Kazakhstan went dark, with whatever is to be other about it."""
    told = {
        "id": "n-1",
        "outage": "o-kz-2022-01-05",
        "entity": "country:KZ",
        "name": "Kazakhstan",
        "tz": "Asia/Almaty",
        "service": "internet",
        "change": Change.BEGAN,
        "state": State.DARK,
        "status": "ongoing",
        "at": Edge(AT, AT - timedelta(minutes=15), AT + timedelta(minutes=30)),
        "told": FIRST.told,
        "p": 0.97,
        "families": ("ioda.bgp", "ioda.probing"),
        "single_source": False,
        "synthetic": False,
        "path": "/entity/country:KZ",
    }
    return Notice(**(told | changes))


def later(change, state=State.UP, status="ended", **changes):
    """Return a later notice of the same outage."""
    told = AT + timedelta(days=5)
    return notice(
        id=f"n-{change}", change=change, state=state, status=status, told=told, earlier=(FIRST,), **changes
    )
