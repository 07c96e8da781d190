"""Every known failure is one: the rivals that it names fail there, and a perfect detector would not."""

from __future__ import annotations

import pytest
from known_failures import KNOWN_FAILURES, find_failure

from darkhours.model.account import Edge
from darkhours.score.detector import make_rival
from darkhours.score.events import Found

CASES = [
    pytest.param(failure, rival, id=f"{rival}: {failure.name}")
    for failure in KNOWN_FAILURES
    for rival in failure.fails
]


@pytest.mark.parametrize(("failure", "rival"), CASES)
def test_the_rival_fails_there(failure, rival):
    assert [find_failure(make_rival(rival), failure, seed) for seed in (0, 1)].count(None) == 0


@pytest.mark.parametrize("failure", KNOWN_FAILURES, ids=lambda failure: failure.name)
@pytest.mark.parametrize("seed", [0, 5])
def test_whoever_knew_the_truth_would_not_fail(failure, seed):
    truths = failure.make(seed).truths

    def know(panels, *, unrelated):
        def edge(instant):
            return None if instant is None else Edge(instant, instant, instant)

        return {
            truth.entity: tuple(Found(w.state, edge(w.start), edge(w.end)) for w in truth.windows)
            for truth in truths
        }

    assert find_failure(know, failure, seed) is None
