"""Notices refuse what no form could carry, and their ids are the same on every machine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from darkhours.model.account import Edge
from darkhours.model.notice import Change, Notice, Told, stable_id
from darkhours.model.state import State

AT = datetime(2022, 1, 5, 11, tzinfo=UTC)
NAIVE = datetime(2022, 1, 5, 11)  # noqa: DTZ001 — what is refused
WHOLE = {
    "id": "n-1", "outage": "o-1", "entity": "country:KZ", "name": "Kazakhstan", "tz": "Asia/Almaty",
    "service": "internet", "change": Change.BEGAN, "state": State.DARK, "status": "ongoing",
    "at": Edge(AT, AT, AT), "told": AT, "p": 0.9, "families": (), "single_source": False, "synthetic": False,
    "path": "/entity/country:KZ",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        pytest.param({"id": "a b"}, "expected an id", id="id-with-a-space"),
        pytest.param({"id": ""}, "expected an id", id="no-id"),
        pytest.param({"id": "x" * 129}, "expected an id", id="id-too-long"),
        pytest.param({"outage": "a,b"}, "expected an id", id="comma-in-the-outage"),
        pytest.param({"earlier": (Told("<", AT),)}, "expected an id", id="markup-in-an-earlier-one"),
        pytest.param({"told": NAIVE}, "with their zone", id="naive"),
        pytest.param({"at": Edge(AT, NAIVE, AT)}, "with their zone", id="naive-edge"),
        pytest.param({"p": 1.01}, "probability", id="more-than-certain"),
        pytest.param({"p": float("nan")}, "probability", id="nan"),
        pytest.param({"path": "https://elsewhere.example/"}, "path", id="elsewhere"),
        pytest.param({"path": "//elsewhere.example/"}, "path", id="elsewhere-in-short"),
    ],
)
def test_a_notice_refuses(changed, complaint):
    with pytest.raises(ValueError, match=complaint):
        Notice(**(WHOLE | changed))


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_the_borders_of_probability_are_probabilities(p):
    assert Notice(**(WHOLE | {"p": p, "id": "x" * 128})).p == p


def test_ids_differ_where_parts_do_and_do_not_run_into_each_other():
    assert stable_id("a", "bc") == stable_id("a", "bc")
    assert len({stable_id("a", "bc"), stable_id("ab", "c"), stable_id("abc"), stable_id("a", "b", "c")}) == 4
