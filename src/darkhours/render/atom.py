"""The Atom feed of notices (RFC 4287): of one place, or of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from darkhours.model.notice import Notice
from darkhours.render import cap
from darkhours.render.language import ENGLISH, Language
from darkhours.render.notice_words import headline, sentences
from darkhours.render.publisher import Publisher, urn
from darkhours.render.xml import add, write_xml

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Which feed, and which page of it.

    Args:
        title: of the feed; untrusted where it holds the name of a place.
        feed: path of the feed, without its page: it makes the id, which must not change.
        page: path of this page of it, with its cursor; the path of the feed on the first one.
        alternate: path of the page that people read.
        updated: when the feed last changed, which an empty one must say too.
        following: path of the next, older page; None on the last.
        previous: path of the newer page; None on the first.
        alert: path of a notice as an alert, with ``{id}`` where its id belongs; None where there is none.
        index: the entries are alerts before all, for programs that gather such.
    """

    title: str
    feed: str
    page: str
    alternate: str
    updated: datetime
    following: str | None = None
    previous: str | None = None
    alert: str | None = None
    index: bool = False


def atom_feed(
    notices: Sequence[Notice], page: FeedPage, publisher: Publisher, language: Language = ENGLISH
) -> str:
    """Return one page of a feed, the newest notice first.

    The id of an entry is that of its notice: who has read it at one address knows it at another.

    Args:
        notices: of this page, in any order.
        page: which feed and which page of it.
        publisher: who publishes.
        language: of titles and summaries.

    Raises:
        ValueError: an instant has no zone.
    """
    spaces = {"xmlns": _ATOM} | ({"xmlns:cap": cap.CAP} if page.index else {})
    root = Element("feed", {**spaces, "xml:lang": language.code})
    told = sorted(notices, key=lambda notice: (notice.told, notice.id), reverse=True)
    add(root, "id", urn("feed", publisher.base, page.feed))
    add(root, "title", page.title[:500])
    add(root, "updated", instant(max([page.updated, *(notice.told for notice in told)])))
    add(add(root, "author"), "name", publisher.name)
    add(root, "generator", "Darkhours")
    for rel, path in (("self", page.page), ("next", page.following), ("previous", page.previous)):
        if path is not None:
            add(root, "link", rel=rel, type=MEDIA_TYPE, href=publisher.link(path))
    add(root, "link", rel="alternate", type="text/html", href=publisher.link(page.alternate))
    for notice in told:
        entry = _entry(root, notice, publisher, language)
        if page.alert is not None:
            href = publisher.link(page.alert.format(id=notice.id))
            rel = "alternate" if page.index else "related"
            add(entry, "link", rel=rel, type=cap.MEDIA_TYPE, href=href)
        if page.index:
            for name, value in cap.facts(notice):
                add(entry, f"cap:{name}", value)
    return write_xml(root)


def _entry(root: Element, notice: Notice, publisher: Publisher, language: Language) -> Element:
    entry = add(root, "entry")
    add(entry, "id", urn("notice", notice.id))
    add(entry, "title", headline(notice, language))
    add(entry, "published", instant(notice.told))
    add(entry, "updated", instant(notice.told))
    add(entry, "link", rel="alternate", type="text/html", href=publisher.link(notice.path))
    for term in (f"change:{notice.change}", f"state:{notice.state}", notice.entity):
        add(entry, "category", term=term)
    if notice.synthetic:
        add(entry, "category", term="test")
    add(entry, "summary", " ".join(sentences(notice, language)), type="text")
    return entry


def instant(moment: datetime) -> str:
    """Return an instant as RFC 3339 in UTC.

    Raises:
        ValueError: it has no zone.

    >>> instant(datetime(2022, 1, 5, 11, tzinfo=UTC))
    '2022-01-05T11:00:00Z'
    """
    if moment.utcoffset() is None:
        raise ValueError(f"expected an instant with its zone, got the naive {moment.isoformat()}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
