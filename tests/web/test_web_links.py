"""Links: from the first page on, every link of the site leads somewhere, and every anchor is there."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from darkhours.web import documents

DOCS = Path(__file__).resolve().parents[2] / "docs" / "explanation"
PAGES = 60
"""Pages that are walked: every kind of page is among the first few dozen from the first one on."""


class _Links(HTMLParser):
    """The links and the names of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.names: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.names += [told["id"]] if "id" in told else []
        self.targets += [told["href"]] if tag == "a" and told.get("href") else []


def test_every_link_of_the_site_leads_somewhere(get, base):
    seen, waiting, dead = {"/"}, deque(["/"]), []
    for _ in range(PAGES):
        if not waiting:
            break
        path = waiting.popleft()
        page = _Links(get(path).text)
        for target in page.targets:
            whole, part = urldefrag(urljoin(base + path, target))
            if not whole.startswith(base + "/") or "lang=" in whole:
                continue
            inside = whole == urldefrag(base + path)[0]
            if inside and part and unquote(part) not in page.names:
                dead.append((path, target))
            split = urlsplit(whole)
            found = split.path + (f"?{split.query}" if split.query else "")
            if found in seen:
                continue
            seen.add(found)
            answer = get(found)
            if answer.status_code not in {200, 303}:
                dead.append((path, target))
            elif answer.headers["content-type"].startswith("text/html"):
                waiting.append(found)

    assert len(seen) > 40
    assert dead == []


@pytest.mark.parametrize("code", ["en", "ru", "my"])
@pytest.mark.parametrize("page", sorted(documents.PAGES))
def test_documents_refer_to_what_the_site_shows(page, code):
    shown = {path: _Links(documents.text(path, code=code)) for path in documents.PAGES}
    targets = [urldefrag(each) for each in shown[page].targets]

    inside = [(whole or page, unquote(part)) for whole, part in targets if not whole.startswith("http")]

    assert inside
    assert [(path, part) for path, part in inside if part not in shown[path].names] == []
    assert len(shown[page].names) == len(set(shown[page].names))


def test_code_stands_as_it_is_written(get):
    text = unescape(get("/api").text)

    assert (
        "def ask(path):\n    with urlopen(SITE + path) as answer:\n        return json.load(answer)\n" in text
    )


def test_documents_speak_of_the_site_that_shows_them():
    text = documents.text("/api", "https://dark.example")

    assert "https://dark.example" in text
    assert documents.EXAMPLE not in text


def test_the_method_is_read_in_russian_and_elsewhere_in_english_that_says_so():
    russian, burmese = documents.text("/method", code="ru"), documents.text("/method", code="my")

    assert russian.startswith('<div lang="ru" dir="ltr">')
    assert russian.count('lang="ru"') == 2
    assert burmese == documents.text("/method")
    assert burmese.count('<div lang="en"') == 3


@pytest.mark.parametrize("name", ["method", "ontology"])
def test_a_translated_document_says_the_same(name):
    """What can be held together: every number, every word of code, every head and row of a table."""
    english, russian = (_figures(DOCS / f"{name}{code}.md") for code in ("", ".ru"))
    for pattern in (r"`[^`]+`", r"\d[\d.]*\d|\d", r"(?m)^#+ ", r"(?m)^\|"):
        assert Counter(re.findall(pattern, russian)) == Counter(re.findall(pattern, english)), pattern


def _figures(path):
    """Return a document whose thousands are not set apart: each language has a sign of its own for it."""
    return re.sub(r"(?<=\d)[,\u00a0](?=\d{3}(?!\d))", "", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["/api/v1"])
def test_the_root_of_the_interface_leads_on(get, base, path):
    told = get(path).json()
    ways = [each for each in told.values() if each.startswith(base)]

    assert len(ways) == 7
    assert [get(each.removeprefix(base)).status_code for each in ways] == [200] * 7
