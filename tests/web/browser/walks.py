"""Which pages the browser walks, and how wide its window is."""

from __future__ import annotations

ALMATY = "/cases/almaty-2022/city:1526384/internet"
PAGES = {
    "now": "/",
    "cases": "/cases",
    "entity": "/entity/country:KZ",
    "account": ALMATY,
    "case": "/cases/almaty-2022",
    "compare": "/compare",
    "method": "/method",
    "interface": "/api",
    "status": "/status",
    "search": "/search?q=zzzz",
    "trouble": "/cases/nobody",
}
PHONE, DESK = (360, 740), (1200, 800)


def wait_until(page, expression, most_s=20):
    """Wait until an expression holds; asked from outside, for the policy of the site forbids ``eval``."""
    for _ in range(most_s * 50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    assert page.evaluate(expression), expression
