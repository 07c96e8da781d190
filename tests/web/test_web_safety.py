"""Safety, on a real server: what hostile requests get, and what slow clients are let do."""

from __future__ import annotations

import re
import socket
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from serving import serving

API = "/api/v1"
ALMATY = "/cases/almaty-2022/accounts/city:1526384/internet"


def say(base: str, data: bytes, *, wait_s: float = 20) -> bytes:
    """Send bytes as they are, and return all that comes until the other side ends."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname, parts.port), timeout=wait_s) as line:
        line.sendall(data)
        got = b""
        try:
            while chunk := line.recv(65_536):
                got += chunk
        except ConnectionResetError:
            pass
        return got


def request(target: str, *headers: str, method: str = "GET", host: str = "127.0.0.1") -> bytes:
    """Return a request whose target nobody has tidied."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]", "127.0.0.1@evil.example"]
)
def test_a_host_that_is_not_ours_is_refused_and_not_repeated(base, host):
    answer = say(base, request("/", host=host))

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer
    assert b"evil" not in answer


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:81", "LOCALHOST", "[::1]", "[::1]:8000"])
def test_a_name_of_ours_is_taken_with_any_port(base, host):
    assert say(base, request(f"{API}/cases", host=host)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: javascript", "X-Forwarded-Prefix: /evil",
        "Forwarded: host=evil.example", "X-Original-URL: /evil", "X-Rewrite-URL: /evil",
        "X-Host: evil.example", "Origin: https://evil.example", "Referer: https://evil.example/",
        "User-Agent: <script>evil</script>",
        "Accept-Language: evil", "X-HTTP-Method-Override: DELETE",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["/", f"{API}/cases", "/feed.atom", f"{API}{ALMATY}.cap.xml", f"{API}/nothing"]
)
def test_no_header_changes_what_others_are_sent(base, header, path):
    plain, odd = say(base, request(path)), say(base, request(path, header))

    assert b"evil" not in odd
    assert _without_date(odd) == _without_date(plain)


def _without_date(answer: bytes) -> bytes:
    return re.sub(rb"date: [^\r]*", b"", answer)


HOSTILE_PARTS = (
    "..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "%00", "a%00.toml",
    "..\\..\\etc\\passwd", "..%5c..%5cetc", "%2e%2e", ".", "/etc/passwd", "%2fetc%2fpasswd", "~root",
    "C:%5c", "%ff", "%c0%ae%c0%ae%c0%af", "a" * 3_000, "almaty-2022%0d%0aX-Evil:1", "%0aX-Evil:1",
    "%e2%80%ae", "{{7*7}}", "'%20OR%201=1--", "file:%2f%2f%2fetc%2fpasswd", "\u2025",
)  # fmt: skip
ADDRESSES = (
    "/cases/{}", "/cases/{}/city:1526384/internet", "/cases/almaty-2022/{}/internet",
    "/cases/almaty-2022/city:1526384/{}", "/entity/{}", "/entity/{}/feed.atom", "/static/x/{}",
    "/static/{}/site.css", API + "/cases/{}", API + "/cases/{}/claims",
    API + "/cases/{}/accounts/city:1526384/internet.json",
    API + "/cases/almaty-2022/accounts/{}/internet.json",
    API + "/cases/almaty-2022/accounts/city:1526384/{}.json",
    API + "/cases/almaty-2022/accounts/city:1526384/internet.{}", API + "/accounts/{}",
    API + "/entities/{}", API + "/entities/{}/signals", API + "/entities/{}/windows",
    API + "/alerts/{}.cap.xml", API + "/{}",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_path_leads_out_of_the_site(base, address):
    with httpx2.Client(base_url=base) as client:
        for part in HOSTILE_PARTS:
            target = address.format(part)
            raw = quote(target, safe="/%:@\\{}'=~")
            answer = say(base, request(raw))
            status = int(answer.split(b" ", 2)[1])

            assert status in {200, 400, 404, 405, 422}, (target, answer[:200])
            assert status != 200 or address.startswith("/static/{}"), target
            assert b"root:" not in answer
            assert b"x-evil" not in answer.lower().partition(b"\r\n\r\n")[0]
        assert client.get(f"{API}/cases").status_code == 200


QUERIES = (
    "/?lang={}", "/search?q={}", "/entity/country:KZ?from={}", "/entity/country:KZ?until={}",
    "/compare?with={}", "/feed.atom?before={}", "/feed.atom?lang={}", "/events?version={}",
    API + "/events?after={}", API + "/events?entity={}", API + "/entities?q={}",
    API + "/entities?prefix={}", API + "/entities?cursor={}", API + "/entities?limit={}",
    API + "/entities/country:KZ/signals?from={}", API + ALMATY + ".json?as_of={}",
    API + ALMATY + ".csv?table={}", API + "/cases/almaty-2022?as_of={}",
    "/cases/almaty-2022/city:1526384/internet?as_of={}",
)  # fmt: skip
HOSTILE_VALUES = (
    "a%0d%0aX-Evil:%201", "%0d%0a%0d%0a<script>alert(1)</script>", "%00", "%ff%fe",
    "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "NaN", "1e999", "-1", "9" * 500,
    "<svg/onload=alert(1)>", "%e2%80%ae", "%ed%a0%80", "2022-02-30", quote("٢٠٢٢-٠١-٠٦"),
)  # fmt: skip


@pytest.mark.parametrize("address", QUERIES)
def test_no_value_breaks_an_answer_or_writes_a_header(base, address):
    for value in HOSTILE_VALUES:
        answer = say(base, request(address.format(value), method="HEAD" if "/events?v" in address else "GET"))
        head, _, body = answer.partition(b"\r\n\r\n")

        assert int(answer.split(b" ", 2)[1]) in {200, 303, 400, 404, 422}, (address, value, answer[:200])
        assert b"\nx-evil" not in head.lower()
        if b"text/html" in head or b"xml" in head:
            assert b"<script>alert" not in body
            assert b"<svg/onload" not in body


@pytest.mark.parametrize(
    "query",
    [
        "Kazakhstan",
        "//evil.example",
        "https://evil.example",
        "\\\\evil.example",
        "country:KZ",
        "/\\evil.example",
    ],
)
def test_a_search_never_leads_to_another_site(get, query):
    location = get("/search", params={"q": query}).headers.get("location", "/")

    assert re.match(r"/[^/\\]", location + "x")


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/", "/\\evil.example", "/cases/", "/entity/"]
)
def test_no_address_leads_to_another_site(base, path):
    answer = say(base, request(path))

    assert b"\r\nlocation: //" not in answer
    assert b"location: http://evil" not in answer


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", f"{API}/now", "/feed.atom"])
def test_a_method_that_an_address_has_not_is_told_which_it_has(base, method, path):
    answer = say(base, request(path, "X-Secret: evil", "Content-Length: 0", method=method))

    assert answer.startswith(b"HTTP/1.1 405")
    assert b"\r\nallow: GET, HEAD, OPTIONS" in answer
    assert b"evil" not in answer


@pytest.mark.parametrize(
    "path", ["/", f"{API}/now", f"{API}{ALMATY}.pdf", "/feed.atom", "/events", f"{API}/nothing"]
)
def test_head_is_get_without_its_body(base, path):
    head, _, body = say(base, request(path, method="HEAD")).partition(b"\r\n\r\n")

    assert body == b""
    if path != "/events":
        whole = say(base, request(path)).partition(b"\r\n\r\n")[0]
        assert _without_date(head) == _without_date(whole)


@pytest.mark.parametrize(("path", "origins"), [("/", None), (f"{API}/now", b"*"), ("/feed.atom", b"*")])
def test_pages_of_others_may_read_the_interface_and_never_write(base, path, origins):
    answer = say(
        base,
        request(path, "Origin: https://a.example", "Access-Control-Request-Method: PUT", method="OPTIONS"),
    )

    assert answer.startswith(b"HTTP/1.1 204")
    found = re.search(rb"access-control-allow-origin: (\S+)", answer)
    assert (found[1] if found else None) == origins
    assert b"PUT" not in answer
    assert b"allow-credentials" not in answer


@pytest.mark.parametrize(
    "path", ["/nothing", f"{API}/nothing", "/entity/country:ZZ", f"{API}/entities?limit=0"]
)
def test_trouble_is_never_kept_by_a_cache(get, path):
    assert get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "varies"),
    [("/", {"accept-language", "accept-encoding"}), (f"{API}/now", {"accept-encoding"}),
     ("/feed.atom", {"accept-language", "accept-encoding"})],
)  # fmt: skip
def test_caches_are_told_what_an_answer_depends_on(get, path, varies):
    for encoding in ("gzip", "identity"):
        told = get(path, headers={"accept-encoding": encoding}).headers["vary"]
        assert {word.strip().lower() for word in told.split(",")} == varies


def test_too_long_an_address_or_header_is_refused(base):
    assert say(base, request("/cases?a=" + "a" * 9_000)).startswith(b"HTTP/1.1 414")
    assert say(base, request("/", "X-Long: " + "a" * 400_000)).startswith((b"HTTP/1.1 400", b""))
    assert b" 200 " not in say(base, request("/", "X-Long: " + "a" * 400_000))[:20]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(request(f"{API}/now", "Content-Length: 99999999"), id="told"),
        pytest.param(request(f"{API}/now", "Content-Length: -1"), id="negative"),
        pytest.param(request(f"{API}/now", "Content-Length: 1", "Content-Length: 2"), id="twice"),
        pytest.param(
            request(f"{API}/now", "Content-Length: 4", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
            id="smuggled",
        ),
    ],
)
def test_a_body_of_no_honest_length_is_refused(base, data):
    answer = say(base, data)

    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413"))
    assert answer.count(b"HTTP/1.1") == 1


def test_who_asks_too_much_waits(site):
    with serving(site, rate=1.0, burst=3) as base, httpx2.Client(base_url=base) as client:
        answers = [client.get("/static/x/site.css") for _ in range(6)]

    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) >= 2
    assert all(each.headers["retry-after"] == "1" for each in refused)
    assert all(each.headers["cache-control"] == "no-store" for each in refused)
    assert refused[0].headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HT", id="half-a-line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A:", id="half-a-header"),
        pytest.param(
            b"PUT /api/v1/cases/ab HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + b"x" * 32
            + b"\r\nContent-Type: application/toml\r\nContent-Length: 100\r\n\r\n[case]", id="half-a-body",
        ),
        pytest.param(
            request("/cases").replace(b"Connection: close\r\n", b"") + b"GET / HT", id="half-the-second",
        ),
    ],
)  # fmt: skip
def test_who_sends_no_whole_request_is_cut(site, tmp_path, begun):
    with serving(site, slow_s=0.3, cases=tmp_path) as base:
        answer = say(base, begun)  # ends, or the socket's own patience would raise

    assert answer.count(b"HTTP/1.1 200") == (1 if begun.startswith(b"GET /cases") else 0)


def test_who_trickles_is_cut_too(site):
    with serving(site, slow_s=0.5) as base:
        parts = urlsplit(base)
        with socket.create_connection((parts.hostname, parts.port), timeout=0.05) as line:
            assert any(_is_cut(line) for _ in range(400))


def _is_cut(line: socket.socket) -> bool:
    """Send a byte more, and return whether the other side has had enough."""
    try:
        line.sendall(b"G")
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
