"""The Atom feed: what RFC 4287 wants, as a reader of feeds sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hostile_names import HOSTILE_NAMES, TURNS
from notice_fixture import FIRST, PUBLISHER, later, notice

from darkhours.model.notice import Change
from darkhours.model.state import State
from darkhours.render.atom import FeedPage, atom_feed
from darkhours.render.language import language
from darkhours.render.publisher import Publisher

PAGE = FeedPage(
    title="Darkhours: everything",
    feed="/feed.atom",
    page="/feed.atom",
    alternate="/",
    updated=datetime(2022, 1, 1, tzinfo=UTC),
    following="/feed.atom?before=7",
)
ATOM = "{http://www.w3.org/2005/Atom}"


def read(text):
    """Return a feed as feedparser reads it; anything that is not well formed is an error."""
    found = feedparser.parse(text)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_a_reader_of_feeds_finds_every_part():
    found = read(atom_feed([notice(), later(Change.ENDED)], PAGE, PUBLISHER))
    assert found.version == "atom10"
    assert found.feed.title == "Darkhours: everything"
    assert found.feed.author == PUBLISHER.name
    assert {link.rel: link.href for link in found.feed.links} == {
        "self": "https://example.org/dark/feed.atom",
        "next": "https://example.org/dark/feed.atom?before=7",
        "alternate": "https://example.org/dark/",
    }
    newest, oldest = found.entries
    assert newest.title == "Kazakhstan: Internet is back to stay"
    assert oldest.title == "Kazakhstan: Internet dark"
    assert oldest.link == "https://example.org/dark/entity/country:KZ"
    assert "5\xa0Jan 2022\xa017:00 UTC+6 local time" in oldest.summary
    assert [tag.term for tag in oldest.tags] == ["change:began", "state:dark", "country:KZ"]
    assert found.feed.updated == newest.updated == "2022-01-10T11:00:00Z"


def test_every_element_that_the_standard_demands_is_there_once():
    root = ET.fromstring(atom_feed([notice()], PAGE, PUBLISHER))  # noqa: S314 — our own
    assert root.tag == f"{ATOM}feed"
    for holder in (root, root.find(f"{ATOM}entry")):
        assert all(len(holder.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
        assert holder.find(f"{ATOM}id").text.startswith("urn:uuid:")


def test_an_empty_feed_says_when_it_was_last_looked_at():
    found = read(atom_feed([], replace(PAGE, following=None), PUBLISHER))
    assert found.entries == []
    assert found.feed.updated == "2022-01-01T00:00:00Z"
    assert "next" not in {link.rel for link in found.feed.links}


def test_the_id_of_an_entry_outlives_the_address_of_the_site():
    moved = Publisher("Another", "https://elsewhere.example", "elsewhere.example")
    ids = {
        read(atom_feed([notice(name=name)], PAGE, who)).entries[0].id
        for who, name in ((PUBLISHER, "Kazakhstan"), (moved, "Казахстан"))
    }
    assert len(ids) == 1
    assert read(atom_feed([notice(id="n-2")], PAGE, PUBLISHER)).entries[0].id not in ids


def test_pages_of_one_feed_have_one_id_and_feeds_differ():
    second = replace(PAGE, page="/feed.atom?before=7", previous="/feed.atom")
    other = replace(PAGE, feed="/entity/country:KZ/feed.atom")
    first, again, third = (read(atom_feed([], page, PUBLISHER)).feed.id for page in (PAGE, second, other))
    assert first == again != third


def test_a_test_says_that_it_is_one():
    found = read(atom_feed([notice(synthetic=True)], PAGE, PUBLISHER)).entries[0]
    assert found.title == "TEST, not real: Kazakhstan: Internet dark"
    assert "Nothing of it is real." in found.summary
    assert "test" in [tag.term for tag in found.tags]


def test_one_source_alone_is_said():
    assert "One source alone" in atom_feed([notice(single_source=True)], PAGE, PUBLISHER)
    assert "One source alone" not in atom_feed([notice()], PAGE, PUBLISHER)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("code", ["en", "fa"])
def test_a_hostile_name_stays_a_name(name, code):
    hostile = notice(name=name, families=(name,), service=name[:50])
    text = atom_feed([hostile], replace(PAGE, title=name), PUBLISHER, language(code))
    found = read(text)
    assert len(found.entries) == 1
    assert len(text) < 6_000
    assert not any(char in text for char in TURNS)
    root = ET.fromstring(text)  # noqa: S314 — our own
    assert {element.tag.removeprefix(ATOM) for element in root.iter()} <= {
        "feed", "entry", "id", "title", "updated", "published", "link", "category", "summary", "author",
        "name", "generator",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "state", "title"),
    [
        (Change.WORSENED, State.DARK, "Kazakhstan: Internet worse, now dark"),
        (Change.EASED, State.DEGRADED, "Kazakhstan: Internet better, now degraded"),
        (Change.RETURNED, State.UP, "Kazakhstan: Internet is back, on probation"),
        (Change.REVISED, State.UP, "Kazakhstan: Internet, what was told is revised, now up"),
    ],
)
def test_every_change_has_its_words(change, state, title):
    assert read(atom_feed([later(change, state)], PAGE, PUBLISHER)).entries[0].title == title


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="with its zone"):
        atom_feed([], replace(PAGE, updated=datetime(2022, 1, 1)), PUBLISHER)  # noqa: DTZ001 — what is refused


def test_an_address_keeps_what_it_may_hold_and_escapes_the_rest():
    told = notice(entity="local:a", path="/entity/local:Ke rman/<b>\u202e\ud800")
    found = read(atom_feed([told], PAGE, PUBLISHER)).entries[0]
    assert found.link == "https://example.org/dark/entity/local:Ke%20rman/%3Cb%3E%E2%80%AE?"


@pytest.mark.parametrize(
    "base", ["example.org", "javascript:x", "https://example.org/", "https://e.org?x=1", ""]
)
def test_a_publisher_without_an_address_is_refused(base):
    with pytest.raises(ValueError, match="expected an address"):
        Publisher("Us", base, "example.org")


@pytest.mark.parametrize("sender", ["", "a b", "a,b", "a<b", "a&b", "a\nb"])
def test_a_sender_that_an_alert_may_not_have_is_refused(sender):
    with pytest.raises(ValueError, match="expected a sender"):
        Publisher("Us", "https://example.org", sender)


def test_the_newest_comes_first_whatever_the_order():
    ones = [notice(id=f"n-{at}", told=FIRST.told + timedelta(hours=at)) for at in range(4)]
    assert atom_feed(ones, PAGE, PUBLISHER) == atom_feed(ones[::-1], PAGE, PUBLISHER)
