"""Hours of each state per local day."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from darkhours.account.posterior import Posterior
from darkhours.account.spans import DARK, DEGRADED, UNKNOWN, UP
from darkhours.model.account import Day


def make_days(post: Posterior) -> tuple[Day, ...]:
    """Return the local days of the span; all four states add up to it."""
    start = post.timeline.grid.start
    first = start.astimezone(ZoneInfo(post.tz)).date()
    out = []
    for index, (begin, end) in enumerate(pairwise(post.midnights)):
        hours = [0.0, 0.0, 0.0, 0.0]
        for span in post.story.path:
            hours[span.code] += max(0.0, min(span.end, end) - max(span.start, begin))
        day = first + timedelta(days=index)
        out.append(Day(day, hours[UP], hours[DEGRADED], hours[DARK], hours[UNKNOWN]))
    return tuple(out)
