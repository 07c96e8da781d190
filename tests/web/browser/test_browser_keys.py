"""Keys alone: everything is reached in order with a focus that is seen, and every tip goes with Escape."""

from __future__ import annotations

import pytest
from walks import DESK, PAGES, PHONE

WANTED = """() => [...document.querySelectorAll(
  'a[href], button, input, select, [tabindex="0"]')].filter((each) => {
  const seen = each.getClientRects().length && getComputedStyle(each).visibility === 'visible';
  const radio = each.type === 'radio' && !each.checked;
  return seen && !radio && each.tabIndex >= 0 && !each.closest('[hidden]');
}).length"""
HERE = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  if (at === document.body) return null;
  window.walked = window.walked || new Map();
  const known = window.walked.has(at);
  if (!known) window.walked.set(at, window.walked.size);
  const rect = at.querySelector('rect, path, circle');
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const stroke = rect && at.closest('svg') && getComputedStyle(rect).stroke !== 'none';
  return {known, seen: ring || Boolean(stroke) || at.type === 'radio', what: at.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize("name", ["now", "entity", "compare", "status", "search"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_tab_reaches_everything_with_a_focus_that_is_seen(visit, name, size):
    with visit(size) as it:
        page = it.go(PAGES[name])
        page.wait_for_timeout(200)
        wanted, reached, unseen = page.evaluate(WANTED), 0, []
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
            here = page.evaluate(HERE)
            if here is None or here["known"]:
                break
            reached += 1
            if not here["seen"]:
                unseen.append(here["what"])
        assert unseen == []
        assert reached == wanted


def test_the_map_leads_by_keys_to_a_place(visit):
    with visit() as it:
        page = it.go("/")
        link = page.locator('svg.map a[href^="/entity/country:KZ"]').first
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/entity/country:KZ*")
        assert "Kazakhstan" in page.locator("h1").inner_text()


def test_a_window_of_an_account_shows_its_evidence_by_keys_until_escape(visit):
    with visit() as it:
        page = it.go(PAGES["account"])
        first = page.locator("svg.wide a.hit").first
        first.focus()
        page.keyboard.press("Tab")
        tip = page.locator("#tip")
        tip.wait_for()
        assert "Evidence" in tip.inner_text()
        assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"
        page.keyboard.press("Escape")
        assert tip.count() == 0
        page.keyboard.press("Enter")
        assert "#w1-2" in page.url


def test_a_touched_window_shows_its_evidence_wholly_inside_a_phone(visit):
    with visit(PHONE, has_touch=True) as it:
        page = it.go(PAGES["account"])
        links = page.locator("svg.tall a.hit")
        for number in range(min(links.count(), 6)):
            link = links.nth(number)
            link.scroll_into_view_if_needed()
            page.wait_for_timeout(60)
            box = link.bounding_box()
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 30))
            tip = page.locator("#tip")
            if tip.count() == 0:  # a mark of a contested window lies over it
                continue
            shown = tip.bounding_box()
            assert shown["x"] >= 0
            assert shown["x"] + shown["width"] <= PHONE[0]
            assert shown["y"] >= 0
            assert shown["y"] + shown["height"] <= PHONE[1]
            page.keyboard.press("Escape")
        assert "#" not in page.url


def test_the_clock_is_remembered_from_page_to_page(visit):
    with visit() as it:
        page = it.go(PAGES["entity"])
        page.locator('label[for="t-u"]').first.click()
        page = it.go(PAGES["account"])
        assert page.locator("#t-u").is_checked()
        assert page.locator(".page time .u").first.is_visible()
