"""What a browser with an empty cache takes for a first page over a slow line; prints one JSON document."""

from __future__ import annotations

import contextlib
import json
import shutil
import statistics
import subprocess
import sys
from typing import Any

from web_load import free_port, wait_for

ROUNDS = 3
PAGES = {
    "the account of Almaty": "/cases/almaty-2022/city:1526384/internet",
    "now": "/",
    "a place, a week": "/entity/region:KZ-75",
}
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""Lighthouse's slow 4G, as it tells Chromium to slow its connections."""
PAINT = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(-1), 5000);
})"""


def main() -> int:
    """Serve the demonstration, load its pages, and print what came."""
    why_not = missing()
    told: dict[str, Any] = {"why_not": why_not} if why_not else measure()
    print(json.dumps(told, indent=1))
    return 0


def missing() -> str:
    """Return what is missing, "" where nothing is."""
    try:
        import playwright  # noqa: F401, PLC0415 — a developer's tool
    except ImportError:
        return "playwright is not installed"
    return "" if browser() else "there is no Chromium"


def browser() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)


def measure() -> dict[str, Any]:
    """Return what each page takes, medians of a few loads."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — a developer's tool

    port = free_port()
    with contextlib.ExitStack() as stack:
        command = [sys.executable, "-m", "darkhours", "serve", "--demo", "--port", str(port)]
        site = stack.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        stack.callback(site.terminate)
        wait_for(port)
        driver = stack.enter_context(sync_playwright())
        chromium = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox", "--disable-gpu"])
        stack.callback(chromium.close)
        found = []
        for name, path in PAGES.items():
            rounds = [load(chromium, f"http://127.0.0.1:{port}", path) for _ in range(ROUNDS + 1)][1:]
            middle = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
            found.append({"name": name, **middle})
        return {"pages": found}


def load(chromium: Any, base: str, path: str) -> dict[str, float]:  # noqa: ANN401 — of a tool of developers
    """Load a page once with an empty cache; return bytes, requests and paint."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", SLOW_4G)
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    others: set[str] = set()

    def sent(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event.get("type", "")
        if not event["request"]["url"].startswith((base, "data:")):
            others.add(event["request"]["url"])

    client.on("Network.requestWillBeSent", sent)
    client.on(
        "Network.loadingFinished",
        lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    page.goto(base + path, wait_until="load")
    page.wait_for_timeout(1500)
    paint = page.evaluate(PAINT)
    context.close()
    scripts = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
    return {
        "bytes": sum(sizes.values()),
        "script_bytes": scripts,
        "requests": len(sizes),
        "other_origins": len(others),
        "largest_paint_ms": paint,
    }


if __name__ == "__main__":
    raise SystemExit(main())
