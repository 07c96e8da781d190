"""Zoom, pan and the cursor of the page of a place, and the page *now* as it follows the archive."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from walks import PAGES, wait_until

PIECE = re.compile(r"part=picture")


def _span(page):
    picture = page.locator("svg.span-pic")
    return picture.get_attribute("data-from"), picture.get_attribute("data-until")


def _after(page, act):
    """Do something that draws anew, and wait until it is drawn."""
    with page.expect_response(PIECE):
        act()
    wait_until(page, "!document.querySelector('.span-box').hasAttribute('aria-busy')")
    return _span(page)


def test_buttons_and_keys_zoom_and_move_and_the_address_can_be_passed_on(visit):
    with visit() as it:
        page = it.go(PAGES["entity"])
        page.locator(".tools").wait_for()
        week = _span(page)
        near = _after(page, lambda: page.locator("[data-do=in]").click())
        assert week[0] < near[0] < near[1] < week[1]
        asked = parse_qs(urlsplit(page.url).query)
        assert asked["from"][0][:16] == near[0][:16]
        assert asked["until"][0][:16] == near[1][:16]
        earlier = _after(page, lambda: page.locator("[data-do=earlier]").click())
        assert earlier[0] < near[0]
        page.locator(".reader").focus()
        page.keyboard.press("End")
        page.keyboard.press("Home")
        nearer = _after(page, lambda: page.keyboard.press("+"))
        assert nearer[0] == earlier[0]
        assert nearer[1] < earlier[1]
        assert page.evaluate("document.activeElement.className") == "reader"
        moved = _after(page, lambda: page.keyboard.press("Shift+ArrowRight"))
        assert moved[0] > nearer[0]
        page.reload()
        assert _span(page) == moved
        assert it.said == []


def test_a_drag_over_the_picture_looks_closer(visit):
    with visit() as it:
        page = it.go(PAGES["entity"])
        page.locator(".tools").wait_for()
        box, before = page.locator("svg.span-pic").bounding_box(), _span(page)
        page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 150)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 150)
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 150)
        after = _after(page, page.mouse.up)
        assert before[0] < after[0] < after[1] < before[1]


def test_only_the_newest_of_many_questions_is_shown(visit):
    with visit() as it:
        page = it.go(PAGES["entity"])
        page.locator(".tools").wait_for()
        for _ in range(4):
            page.locator("[data-do=in]").click()
        page.wait_for_timeout(1200)
        wait_until(page, "!document.querySelector('.span-box').hasAttribute('aria-busy')")
        start, until = _span(page)
        assert start[:16] == parse_qs(urlsplit(page.url).query)["from"][0][:16]
        assert start < until
        assert it.said == []


def test_less_motion_is_honoured(visit):
    held = []  # never answered while what is shown meanwhile is looked at
    for motion, moves in (("reduce", False), ("no-preference", True)):
        with visit(reduced_motion=motion) as it:
            page = it.go(PAGES["entity"])
            page.locator(".tools").wait_for()
            page.route(PIECE, lambda route: held.append(route))  # noqa: PLW0108 — a method would be given the request too
            page.locator("[data-do=in]").click()
            page.wait_for_timeout(100)
            drawn = page.locator("svg.span-pic").evaluate("each => each.style.transform")
            held.pop().abort()
            assert bool(drawn) is moves


def test_the_cursor_says_what_was_measured_and_what_was_not(visit):
    with visit() as it:
        page = it.go("/entity/country:NZ?from=2026-11-12T12:00Z&until=2026-11-26T12:00Z")
        page.locator(".reader").wait_for()
        page.locator(".reader").focus()
        page.keyboard.press("End")
        read = page.locator(".read")
        wait_until(page, "document.querySelectorAll('.read > span').length > 1")
        said, at = set(), int(page.locator(".reader").input_value())
        for _ in range(20):
            page.keyboard.press("PageDown")
            page.wait_for_timeout(20)
            said.add(read.inner_text())
        assert int(page.locator(".reader").input_value()) < at
        assert any("not measured" in text for text in said)
        assert any("baseline" in text for text in said)
        assert read.get_attribute("aria-live") == "polite"
        assert "UTC" in page.locator(".reader").get_attribute("aria-valuetext")


def test_a_span_that_cannot_be_fetched_leaves_the_one_before_and_says_so(visit):
    with visit() as it:
        page = it.go(PAGES["entity"])
        page.locator(".tools").wait_for()
        before = _span(page)
        page.route(PIECE, lambda route: route.abort())
        page.locator("[data-do=in]").click()
        wait_until(page, "document.querySelector('.read').textContent.includes('could not be fetched')")
        assert _span(page) == before
        assert page.locator("svg.span-pic").evaluate("each => each.style.transform") == ""


def test_now_follows_the_archive_and_keeps_the_focus(visit):
    with visit() as it:
        body = 'event: version\ndata: {"version": 999999}\n\n'
        it.page.route(
            "**/events*", lambda route: route.fulfill(body=body, content_type="text/event-stream", status=200)
        )
        page = it.go("/")
        wait_until(page, "document.getElementById('live').textContent.includes('news')")
        link = page.locator("table.places a").first
        link.focus()
        with page.expect_response(lambda answer: urlsplit(answer.url).path == "/"):
            page.evaluate("document.querySelector('h1').textContent = 'old'")
        wait_until(page, "document.querySelector('h1').textContent !== 'old'")
        assert page.evaluate("document.activeElement.getAttribute('href')") == link.get_attribute("href")
