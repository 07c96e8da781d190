"""A real browser, Debian's Chromium, that walks the site of `tests/web`; skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from walks import DESK, wait_until

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser():
    """Chromium, without a window and without anything downloaded."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("expected a Chromium on the path, found none; apt install chromium")
    with sync.sync_playwright() as made:
        found = made.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--hide-scrollbars"])
        yield found
        found.close()


class Visit:
    """A page with all that it said and asked for."""

    def __init__(self, page, base):
        self.page, self.base = page, base
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda told: told.type in {"error", "warning"} and self.said.append(told.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path, lang="en"):
        """Open a page of the site in a language, and wait until its scripts have run."""
        self.said.clear()
        self.asked.clear()
        mark = "&" if "?" in path else "?"
        self.page.goto(f"{self.base}{path}{mark}lang={lang}", wait_until="load")
        if self.scripts:
            wait_until(self.page, "document.documentElement.classList.contains('js')")
        return self.page

    scripts = True


@pytest.fixture
def visit(browser, base):
    """What opens a page: ``with visit(size=PHONE, scripts=False) as it``."""

    @contextmanager
    def visiting(size=DESK, *, scripts=True, **options) -> Iterator[Visit]:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, **options
        )
        context.set_default_timeout(20_000)
        made = Visit(context.new_page(), base)
        made.scripts = scripts
        try:
            yield made
        finally:
            context.close()

    return visiting
