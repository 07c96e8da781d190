"""Every page in light and dark, on a phone and a desk, with scripts and without, in three languages."""

from __future__ import annotations

from itertools import product
from urllib.parse import urlsplit

import pytest
from walks import DESK, PAGES, PHONE

from darkhours.web.frame import assets

LOOK = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  heads: document.querySelectorAll('h1').length,
  marks: ['nav', 'main', 'footer'].filter((name) => !document.querySelector(name)),
  dir: document.documentElement.dir,
  ground: getComputedStyle(document.body).backgroundColor,
})"""


@pytest.mark.parametrize(("size", "scripts"), list(product((PHONE, DESK), (True, False))))
@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_every_page_is_whole(visit, base, size, scripts, lang):
    wrong = {}
    with visit(size, scripts=scripts) as it:
        for name, path in PAGES.items():
            page = it.go(path, lang)
            grounds = set()
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                seen = page.evaluate(LOOK)
                grounds.add(seen["ground"])
                found = {
                    "wider than the window by": max(seen["wide"], 0),
                    "not one h1": seen["heads"] - 1,
                    "without": seen["marks"],
                    "direction": "" if seen["dir"] == ("rtl" if lang == "fa" else "ltr") else seen["dir"],
                }
                if any(found.values()):
                    wrong[name, scheme] = {what: value for what, value in found.items() if value}
            said = [text for text in it.said if not (name == "trouble" and "404" in text)]
            others = [url for url in it.asked if urlsplit(url).netloc != urlsplit(base).netloc]
            if said or len(grounds) != 2 or [url for url in others if not url.startswith("data:")]:
                wrong[name] = (said, grounds, others)
    assert wrong == {}


def test_a_page_read_from_the_right_is_mirrored_and_its_time_runs_left_to_right(visit):
    with visit() as it:
        page = it.go(PAGES["entity"], "fa")
        brand, search = (page.locator(f"nav.site {each}").bounding_box() for each in (".brand", "form"))
        assert brand["x"] > search["x"]
        days = page.locator("svg.span-pic g.l text.ad:not(.weak)")
        places = [days.nth(i).bounding_box()["x"] for i in range(days.count())]
        assert len(places) > 4
        assert places == sorted(places)
        reader = page.locator(".reader")
        reader.focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert reader.input_value() == "1"


def test_every_module_of_the_site_is_asked_for_somewhere_and_none_twice(visit):
    asked: set[str] = set()
    with visit() as it:
        for name in ("now", "entity", "account"):
            page = it.go(PAGES[name])
            page.wait_for_timeout(300)
            scripts = [url for url in it.asked if url.endswith(".js")]
            assert len(scripts) == len(set(scripts))
            asked |= {url.rsplit("/", 1)[1] for url in scripts}
            assert len({url.rsplit("/", 2)[1] for url in scripts}) == 1
    assert asked == {name for name in assets() if name.endswith(".js")}
