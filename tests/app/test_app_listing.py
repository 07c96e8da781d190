"""Pages of places: what fits by name or id, in the order of ids, from a cursor on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkhours.app.site_listing import list_places, make_register
from darkhours.model.entity import Entity

PLACES = [
    Entity("asn:9198", "KazTransCom", "UTC"),
    Entity("city:1526384", "Almaty", "Asia/Almaty"),
    Entity("country:KZ", "Kazakhstan", "Asia/Almaty"),
    Entity("local:a", "Straße", "UTC"),
    Entity("local:b", "ON", "UTC"),
    Entity("region:KZ-75", "Almaty", "Asia/Almaty"),
]


@pytest.mark.parametrize(
    ("asked", "ids", "more"),
    [
        pytest.param({"limit": 2}, ["asn:9198", "city:1526384"], True, id="all"),
        pytest.param(
            {"limit": 9, "cursor": "country:KZ"}, ["local:a", "local:b", "region:KZ-75"], False, id="on"
        ),
        pytest.param({"limit": 9, "query": "kaz"}, ["asn:9198", "country:KZ"], False, id="part-of-a-name"),
        pytest.param({"limit": 9, "query": "STRASSE"}, ["local:a"], False, id="folded"),
        pytest.param({"limit": 9, "query": "Алматы"}, ["city:1526384", "region:KZ-75"], False, id="script"),
        pytest.param({"limit": 1, "query": "almaty"}, ["city:1526384"], True, id="a-page"),
        pytest.param({"limit": 9, "query": "kz-7"}, ["region:KZ-75"], False, id="part-of-an-id"),
        pytest.param({"limit": 9, "prefix": "local:"}, ["local:a", "local:b"], False, id="prefix"),
        pytest.param({"limit": 9, "query": "xqzzyv"}, [], False, id="nothing"),
        pytest.param({"limit": 9, "query": "a\non"}, [], False, id="no-name-goes-on-in-the-next"),
    ],
)
def test_what_fits_is_told_by_id(asked, ids, more):
    found = list_places(make_register(PLACES), **asked)

    assert [each.id for each in found.places] == ids
    assert (found.cursor is not None) is more


def test_nothing_is_told_of_nobody():
    assert list_places(make_register([]), query="almaty", limit=5).places == ()


@given(st.text("aкß\n:", min_size=1, max_size=3), st.lists(st.text("aAкß\n:", max_size=5), max_size=8))
def test_a_register_holds_what_looking_at_every_name_finds(part, names):
    register = make_register(Entity(f"local:{n}", name, "UTC") for n, name in enumerate(names))
    part = part.casefold()

    expected = [
        n
        for n, place in enumerate(register.places)
        if part in place.name.casefold() or part in place.id.casefold()
    ]

    assert list(register.holding(part, 0)) == expected
    if names:
        assert list(register.holding(part, 1)) == [n for n in expected if n >= 1]
