"""No serious violation of a rule of accessibility (axe-core, run inside each page)."""

from __future__ import annotations

from importlib.resources import files

import pytest
from walks import DESK, PAGES, PHONE

pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
RUN = """async () => (await axe.run({resultTypes: ['violations']})).violations
  .filter((each) => ['serious', 'critical'].includes(each.impact))
  .map((each) => each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 99)).join(' | '))"""


@pytest.mark.parametrize(
    ("size", "scheme", "lang"),
    [(DESK, "light", "en"), (PHONE, "dark", "en"), (PHONE, "light", "fa")],
    ids=["desk-light", "phone-dark", "phone-persian"],
)
def test_no_page_breaks_a_rule(visit, size, scheme, lang):
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    found = {}
    # The policy of the site forbids foreign scripts; only here is it set aside, to look into the page.
    with visit(size, color_scheme=scheme, bypass_csp=True) as it:
        for name, path in PAGES.items():
            page = it.go(path, lang)
            page.evaluate(axe)
            if told := page.evaluate(RUN):
                found[name] = told
    assert found == {}
