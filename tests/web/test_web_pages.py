"""Pages: every one answers, says what it must, and needs nothing from anywhere else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from darkhours.web.page_entity import address

ALMATY = "/cases/almaty-2022/city:1526384/internet"
PAGES = (
    "/", "/cases", "/cases/almaty-2022", ALMATY, "/compare", "/method", "/api", "/status",
    "/entity/country:KZ", "/entity/region:KZ-75?from=2026-11-13", "/search?q=zzzz",
)  # fmt: skip


class _Page(HTMLParser):
    """What a page refers to, and what must not be in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag in {"link", "script", "img", "iframe", "source"}:
            self.addresses += [told[name] for name in ("href", "src") if told.get(name)]
        self.inline += [name for name in told if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in told):
            self.inline.append(tag)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_whole_with_nothing_inline_and_nobody_else_asked(get, base, path):
    answer = get(path)

    page = _Page(answer.text)

    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert page.inline == []
    assert all(each.startswith(("/", base, "#", "data:")) for each in page.addresses)
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/", ["made up", "Kyzylorda", "Natural Earth", "Shutdowns on file"], id="now"),
        pytest.param("/entity/country:KZ", ["Kazakhstan", "synthetic", "made-up.probing"], id="entity"),
        pytest.param(ALMATY, ["Almaty", "/static/"], id="account"),
        pytest.param("/cases/almaty-2022", ["Contested", "kz22-"], id="case"),
        pytest.param("/method", ["posterior", "baseline"], id="method"),
        pytest.param("/api", ["import json", "Atom", "GET", "/api/v1/entities/{entity}/signals"], id="api"),
        pytest.param(
            "/status", ["probing.slash24_up_cnt", "synthetic", "Lag</th>", "2\u00a0min</td>"], id="status"
        ),
        pytest.param("/compare", ["Almaty 2022"], id="compare"),
    ],
)
def test_a_page_says_what_it_is_about(get, path, words):
    text = get(path).text

    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("name", ["Алматы", "阿拉木图", "ألماتي", "Almaty"])
def test_a_place_is_found_by_its_name_in_any_script(get, name):
    answer = get("/search", params={"q": name})

    assert "1526384" in (answer.headers.get("location", "") + answer.text)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param("zzzz", ["names are alike", "codes such as KZ"], id="alike"),
        pytest.param("...", ["No place of that name is known", "codes such as KZ"], id="none"),
        pytest.param("", ["Find a place", "codes such as KZ"], id="nothing-asked"),
    ],
)
def test_a_search_that_finds_nothing_says_what_it_can_find(get, query, told):
    text = get("/search", params={"q": query}).text

    assert [word for word in told if word not in text] == []
    assert "gazetteer" not in text


def test_places_go_by_the_names_that_their_reader_knows(get):
    text = get("/?lang=ru").text

    assert '<bdi title="Chad">Чад</bdi>' in text
    assert "Казахстан" in get(f"{ALMATY}?lang=ru").text
    assert "الماتی" in get(f"{ALMATY}?lang=fa").text.replace("آ", "ا")
    assert "Чад" not in get("/?lang=en").text
    drawing = "/api/v1/cases/almaty-2022/accounts/city:1526384/internet.svg"
    assert "Алматы" in get(f"{drawing}?lang=ru").text
    assert "Алматы" not in get(drawing).text


def test_no_place_that_can_be_found_leads_nowhere(get, site):
    """A case names places of which it has no account: they lead to the case."""
    found = {each.id: address(site, each.id) for each in (*site.cases.places(), *site.archive.entities())}

    assert [id_ for id_, path in found.items() if path is None] == []
    assert sum(path.count("/") == 2 and path.startswith("/cases/") for path in found.values()) > 1
    wrong = {path: status for path in sorted(set(found.values())) if (status := get(path).status_code) != 200}
    assert wrong == {}


def test_trouble_is_told_in_the_language_of_the_reader_and_in_detail_for_who_mends_it(get):
    missing, wrong = get("/cases/nobody?lang=ru"), get("/entity/country:KZ?from=yesterday&lang=ru")

    assert (missing.status_code, wrong.status_code) == (404, 422)
    assert "<h1>Здесь ничего нет</h1>" in missing.text
    assert "<h1>Это нельзя показать</h1>" in wrong.text
    assert 'lang="en" dir="ltr">404 Not Found: ' in missing.text
    assert "<h1>Nothing is here</h1>" in get("/cases/nobody").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/cases/nobody", 404, id="no-case"),
        pytest.param("/cases/..%2f..%2fetc%2fpasswd", 404, id="no-path"),
        pytest.param("/cases/almaty-2022/country:ZZ/internet", 404, id="no-account"),
        pytest.param("/entity/country:ZZ", 404, id="no-place"),
        pytest.param("/entity/country:KZ?from=yesterday", 422, id="no-time"),
        pytest.param("/entity/country:KZ?from=1970-01-01", 422, id="too-long"),
        pytest.param("/compare?with=a/b/c", 404, id="no-such-lane"),
        pytest.param("/static/x/../../settings.py", 404, id="no-file"),
    ],
)
def test_what_is_not_there_is_a_page_that_says_so_and_is_never_kept(get, path, status):
    answer = get(path)

    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert "/etc" not in answer.text


def test_what_a_client_has_is_not_sent_again(get):
    first = get("/cases")

    again = get("/cases", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_files_are_kept_for_ever_under_a_name_that_changes_with_them(get):
    address = re.search(r'href="(/static/[0-9a-f]+/site\.css)"', get("/cases").text)[1]

    assert "immutable" in get(address).headers["cache-control"]


@pytest.mark.parametrize(("code", "told"), [("ru", 'dir="ltr"'), ("fa", 'dir="rtl"'), ("xx", 'lang="en"')])
def test_a_language_is_chosen_by_the_address_and_told(get, code, told):
    text = get(f"/status?lang={code}").text

    assert told in text[:200]


def test_a_country_has_a_map_of_the_places_inside_it_whose_state_is_worth_telling(get):
    text = get("/entity/country:KZ").text

    assert "map-country" in text
    assert 'href="/entity/region:KZ-75"' in text
    assert "map-country" not in get("/entity/country:TD").text
