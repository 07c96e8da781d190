"""Stories: all that one origin says about one entity and service, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from darkhours.infer.claims.copies import extent_of
from darkhours.model.claim import Claim, SaysState, Turn, Within

LONGEST_VOUCH = timedelta(days=14)
"""An origin vouches at most this long between two of its statements: ours, the bound of probation."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One statement, with what its origin says before and after it.

    Args:
        claim: the statement.
        before: the statement of the same story before it, None for the first.
        after: the statement of the same story after it, None for the last.
    """

    claim: Claim
    before: Claim | None
    after: Claim | None

    @property
    def vouched(self) -> tuple[datetime, datetime] | None:
        """Return the span for which the origin vouches for the state, until it speaks again.

        None where nothing vouches: after the last statement, after a passing state, or where the
        next statement leaves no time between.
        """
        claim, after = self.claim, self.after
        if after is None or not leaves_state(claim):
            return None
        start, end = extent_of(claim)[1], extent_of(after)[0]
        if start >= end or end - start > LONGEST_VOUCH:
            return None
        return start, end


def leaves_state(claim: Claim) -> bool:
    """Tell whether the claim's state goes on after what it names, for all anybody says.

    >>> from darkhours.model.claim import SaysState
    >>> from datetime import UTC, datetime, timedelta
    >>> t = datetime(2022, 1, 5, tzinfo=UTC)
    >>> claim = Claim("a", "s", "s", "country:KZ", "internet", SaysState("dark"), Turn(t), "press")
    >>> leaves_state(claim)
    True
    """
    if isinstance(claim.when, Turn):
        return claim.when.lasting is None
    return not isinstance(claim.when, Within)


def tell_stories(claims: tuple[Claim, ...]) -> tuple[Chapter, ...]:
    """Return the claims of states as chapters of their stories, in the order of their ids."""
    stories: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        if isinstance(claim.says, SaysState) and claim.when is not None:
            stories.setdefault((claim.origin, claim.entity, claim.service), []).append(claim)
    chapters: list[Chapter] = []
    for story in stories.values():
        story.sort(key=lambda c: (extent_of(c), c.id))
        for index, claim in enumerate(story):
            before = story[index - 1] if index else None
            after = story[index + 1] if index + 1 < len(story) else None
            chapters.append(Chapter(claim, before, after))
    return tuple(sorted(chapters, key=lambda chapter: chapter.claim.id))
