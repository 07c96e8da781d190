"""The list of the page *now* under a finger: chosen and ordered in place, with an address and a way back."""

from __future__ import annotations

from walks import PHONE, wait_until

ROWS = "document.querySelectorAll('section.list tbody tr:not(.group)').length"


def _until_rows(page, test):
    wait_until(page, f"({ROWS}) {test}")


def test_a_choice_is_shown_in_place_and_can_be_taken_back(visit):
    with visit() as it:
        page = it.go("/")
        every = page.evaluate(ROWS)
        page.evaluate("window.same = true")
        page.locator('input[name="group"][value="degraded"]').check()
        _until_rows(page, f"< {every}")
        assert "group=degraded" in page.url
        assert "lang=en" in page.url
        assert page.evaluate("window.same")
        assert page.evaluate("document.activeElement.value") == "degraded"
        assert "place" in page.locator("#live").inner_text()
        assert "group=degraded" in page.locator('.langs a[lang="ru"]').get_attribute("href")
        page.locator("#by-people").click()
        wait_until(page, "document.querySelector('th[aria-sort=descending] #by-people')")
        assert "sort=-people" in page.url
        assert page.evaluate("document.activeElement.id") == "by-people"
        page.go_back()
        page.go_back()
        _until_rows(page, f"== {every}")
        assert page.evaluate("window.same")
        assert not page.locator('input[name="group"][value="degraded"]').is_checked()


def test_the_form_chooses_without_scripts(visit):
    with visit(PHONE, scripts=False) as it:
        page = it.go("/", "fa")
        page.locator('select[name="kind"]').select_option("region")
        page.locator('select[name="sort"]').select_option("name")
        page.locator("form.choose button").click()
        page.wait_for_url("**kind=region**")
        assert "lang=fa" in page.url
        links = page.locator('section.list tbody a[href^="/entity/"]')
        assert links.count() > 0
        assert all("/region:" in links.nth(at).get_attribute("href") for at in range(links.count()))


def test_a_table_fits_a_phone(visit):
    wide = """() => [...document.querySelectorAll('table.rows')].filter((each) =>
      each.scrollWidth > each.closest('.scroll').clientWidth + 1).length"""
    with visit(PHONE) as it:
        for path in ("/", "/entity/country:IQ", "/cases/almaty-2022", "/compare", "/status"):
            for lang in ("en", "ru", "fa"):
                page = it.go(path, lang)
                assert page.locator("table.rows").count() > 0
                assert page.evaluate(wide) == 0, (path, lang)
