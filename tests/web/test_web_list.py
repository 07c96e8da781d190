"""The list of the page *now*: choices and orders in the address, bounded, never mixed up, without scripts."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import httpx2
import numpy as np
import pytest
from starlette.datastructures import QueryParams

from darkhours.app.serve import make_site
from darkhours.app.site_choice import KINDS, ORDERS, Choice, choose, country_of, read_choice
from darkhours.app.site_now import GROUPS, Now, Present, group_of
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.model.state import State
from darkhours.store import open_archive
from darkhours.store.present import STATES, STATUSES, empty_present
from darkhours.web.kept_pages import KeptPages
from darkhours.web.now_list import MOST, Asked, read_asked

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
API = "/api/v1/now"


def _present(id_, name, state, status, *, ago_h, dark_h=None, people=None, within=()):
    at = f"{AT - timedelta(hours=ago_h):%Y-%m-%dT%H:%M:%SZ}"
    edge = {"at": at, "earliest": at, "latest": at}
    totals = {} if dark_h is None else {"dark_h": {"value": dark_h}}
    entity = Entity(id_, name, "UTC", within, people)
    return Present(entity, state, status, edge, edge, 0.9, ("own.probing",), totals)


NOW = Now(
    1,
    AT,
    (
        _present("country:TD", "Chad", State.DARK, "ongoing", ago_h=24, dark_h=24.0, people=15),
        _present(
            "region:KZ-75", "Almaty", State.DARK, "ongoing", ago_h=5, dark_h=5.0, within=("country:KZ",)
        ),
        _present("asn:9198@KZ", "Kazakhtelecom", State.DEGRADED, "ongoing", ago_h=30, within=("country:KZ",)),
        _present("country:KZ", "Kazakhstan", State.UP, "probation", ago_h=71, dark_h=9.0, people=18),
        _present("local:x", "a town", State.UP, "ended", ago_h=72.5, dark_h=1.0),
    ),
    (),
    9,
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({}, "TD KZ-75 9198@KZ KZ x", id="everything-the-worst-first"),
        pytest.param({"groups": ["back", "degraded"]}, "9198@KZ x", id="two-groups"),
        pytest.param({"groups": GROUPS}, "TD KZ-75 9198@KZ KZ x", id="all-groups"),
        pytest.param({"kind": "country"}, "TD KZ", id="countries"),
        pytest.param({"country": "KZ"}, "KZ-75 9198@KZ KZ", id="a-country-and-what-lies-in-it"),
        pytest.param({"country": "ZZ"}, "", id="nowhere"),
        pytest.param({"changed": "6h"}, "KZ-75", id="changed-lately"),
        pytest.param({"changed": "24h"}, "TD KZ-75", id="just-within-a-day"),
        pytest.param({"changed": "72h"}, "TD KZ-75 9198@KZ KZ", id="just-not-within-three"),
        pytest.param({"sort": "name"}, "x KZ-75 TD KZ 9198@KZ", id="by-name"),
        pytest.param({"sort": "-since"}, "KZ-75 TD 9198@KZ KZ x", id="newest"),
        pytest.param({"sort": "hours"}, "x KZ-75 KZ TD 9198@KZ", id="unknown-hours-last"),
        pytest.param({"sort": "-hours"}, "TD KZ KZ-75 x 9198@KZ", id="unknown-hours-last-here-too"),
        pytest.param({"sort": "-people"}, "KZ TD KZ-75 9198@KZ x", id="unknown-people-last"),
        pytest.param({"country": "KZ", "sort": "since"}, "KZ 9198@KZ KZ-75", id="both"),
    ],
)
def test_a_choice_tells_its_places_in_its_order(told, expected):
    found = choose(NOW, read_choice(**told))

    assert [place.entity.id.partition(":")[2] for place in found] == expected.split()


def test_no_order_loses_or_makes_a_place():
    for sort in ORDERS:
        assert sorted(p.entity.id for p in choose(NOW, Choice(sort=sort))) == sorted(
            p.entity.id for p in NOW.places
        )
    assert {group_of(place) for place in NOW.places} == set(GROUPS)
    assert {place.entity.kind for place in NOW.places} <= set(KINDS)
    assert country_of(NOW.places[-1].entity) == ""


@pytest.mark.parametrize(
    "query",
    [
        "group=gone", "kind=planet", "country=kz", "country=KAZ", "changed=1h", "sort=size", "sort=--name",
        "page=0", "page=-1", "page=2001", "page=%D9%A1", "page=1e3", f"page={'9' * 400}",
        "kind=<script>",
    ],
)  # fmt: skip
def test_a_wrong_value_is_a_problem_that_says_what_was_expected(get, query):
    with pytest.raises(InputError, match="expected"):
        read_asked(QueryParams(query))
    answer = get(f"/?{query}")
    assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store")
    assert "expected" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("query", ["group=gone", "kind=planet", "country=kz", "changed=1h", "sort=size"])
def test_it_is_one_to_a_program_too(get, query):
    answer = get(f"{API}?{query}")

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_program_is_told_the_same_choice(get):
    everything = get(API).json()
    dark = get(f"{API}?group=dark&group=probation&kind=country&sort=-people").json()

    assert {each["group"] for each in dark["places"]} == {"dark", "probation"}
    assert all(each["entity"].startswith("country:") for each in dark["places"])
    assert 0 < len(dark["places"]) < len(everything["places"])
    assert dark["sources"] == everything["sources"]


def test_an_address_that_says_the_same_is_understood_as_the_same():
    one = read_asked(QueryParams("group=degraded&group=dark&kind=&page=&sort=worst&utm=9&lang=fa"))
    other = read_asked(QueryParams("lang=fa&group=dark&group=degraded&group=dark&page=1"))

    assert one == other
    assert one.address == "/?group=dark&group=degraded&lang=fa"
    assert read_asked(QueryParams("lang=xx")) == Asked()


def _rows(text):
    return re.findall(r'<tr><th scope="row"><a href="/entity/([^"?]+)', text)


def test_the_list_is_narrowed_and_put_in_order_by_links_and_a_form(get):
    text = get("/?kind=country&sort=name").text
    names = re.findall(r'<tr><th scope="row"><a [^>]+><bdi>([^<]+)', text)

    assert names == sorted(names, key=str.casefold)
    assert all(id_.startswith("country:") for id_ in _rows(text))
    assert re.search(r'aria-sort="ascending"><a href="/\?kind=country&amp;sort=-name"', text)
    assert text.count("aria-sort") == 1
    assert '<option value="country" selected>' in text
    assert 'href="?kind=country&amp;sort=name&amp;lang=ru"' in text
    assert get("/").text.count("aria-sort") == 0


def test_what_fits_nothing_says_what_to_do(get):
    text = get("/?country=ZZ").text

    assert "No place fits" in text
    assert 'href="/" data-list' in text


def test_nothing_that_was_not_understood_is_in_a_page_that_others_get(get):
    first = get("/?sort=name&x=%22%3E%3Cb%3Eevil&utm_source=evil")
    again = get("/?sort=name")

    assert "evil" not in first.text
    assert first.headers["etag"] == again.headers["etag"]
    assert "evil" not in again.text


@pytest.fixture
def many(tmp_path, serve_site):
    """A site of 130 places that are all dark."""
    folder = tmp_path / "archive"
    ids = [f"local:town-{number:03}" for number in range(130)]
    entities = tuple(Entity(id_, id_.partition(":")[2], "UTC") for id_ in ids)
    grid = Grid(AT - timedelta(hours=48), timedelta(hours=1), 48)
    panel = Panel(
        describe_signal("probing.slash24_up_cnt"), "own.probing", "own", entities, grid, np.ones((130, 48))
    )
    rows = empty_present(tuple(ids))
    rows.state[:], rows.status[:], rows.p[:] = STATES.index("dark"), STATUSES.index("ongoing"), 0.97
    for column, hour in ((rows.since, 40), (rows.begun, 40), (rows.until, 48)):
        column[:] = round((grid.start + hour * grid.step).timestamp() * 1e6)
    with open_archive(folder, create=True) as archive:
        archive.add(Recording((panel,), Origin("own", "own", "", "")))
        archive.tell(rows, [])
    site = make_site(folder, None)
    site.clock = lambda: AT
    with serve_site(site) as base, httpx2.Client(base_url=base, timeout=60) as client:
        yield client.get


def test_a_long_list_has_pages_that_hold_every_place_once(many):
    address, seen = "/?sort=name", []
    for _ in range(10):
        text = many(address).text
        seen.append(_rows(text))
        more = re.search(r'<a href="([^"]+)" rel="next"', text)
        if more is None:
            break
        address = more[1].replace("&amp;", "&")

    assert [len(rows) for rows in seen] == [MOST, MOST, 130 - 2 * MOST]
    ids = [id_ for rows in seen for id_ in rows]
    assert ids == sorted(set(ids))
    assert _rows(many("/?sort=name&page=2000").text) == seen[-1]


def test_pages_are_few_and_each_is_filled_once_a_version():
    pages, filled = KeptPages(2), []

    def get(key, version):
        return pages.get(key, version, lambda: filled.append((key, version)) or f"{key}{version}")

    assert [get("a", 1), get("a", 1), get("a", 2), get("b", 1), get("c", 1), get("a", 2)] == [
        "a1", "a1", "a2", "b1", "c1", "a2",
    ]  # fmt: skip
    assert filled == [("a", 1), ("a", 2), ("b", 1), ("c", 1), ("a", 2)]


def test_nobody_waits_for_a_new_version_that_another_fills():
    pages, begun, go = KeptPages(2), threading.Event(), threading.Event()
    pages.get("a", 1, lambda: "old")

    def slow():
        begun.set()
        assert go.wait(20)
        return "new"

    other = threading.Thread(target=pages.get, args=("a", 2, slow))
    other.start()
    assert begun.wait(20)
    assert pages.get("a", 2, lambda: "mine") == "old"
    go.set()
    other.join(20)
    assert pages.get("a", 2, lambda: "mine") == "new"
