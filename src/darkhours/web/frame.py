"""The frame of every page: navigation, languages, style; and the templates that fill it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from darkhours.app.site import Site
from darkhours.render import words
from darkhours.render.clock import Clock
from darkhours.render.defs import DEFS, TEMPLATES
from darkhours.render.language import ENGLISH, LANGUAGES, Language, best_language, language
from darkhours.render.markup import bdi, clean, tag
from darkhours.render.mirror import mirrored
from darkhours.render.sheet import Frame, style
from darkhours.web.answers import FRESH_S, reply
from darkhours.web.names import named
from darkhours.web.problems import FOR_READERS, UNFIT, Trouble

ROOM = files("darkhours.web")
NO_ARCHIVE = "archive"
Link = tuple[str, str, str]
"""Title, media type and path of another form of a page."""


def site_style(tongue: Language) -> str:
    """Return the one style sheet of the site: of accounts, of maps, and its own; mirrored where need be."""
    own = (ROOM / "static" / "site.css").read_text(encoding="utf-8")
    extra = (TEMPLATES / "map.css").read_text(encoding="utf-8")
    text = "".join(line.strip() for line in (extra + own).splitlines())
    return style(tongue) + (mirrored(text) if tongue.rtl else text)


def style_name(tongue: Language) -> str:
    """Return the name of the style sheet of a language."""
    return "site.css" if tongue is ENGLISH else f"site-{tongue.code}.css"


@cache
def assets() -> Mapping[str, tuple[bytes, str, str]]:
    """Return the static files by name: bytes, media type, and the name that changes with them.

    Modules import each other by relative names, so that all of them lie under one name, which
    changes with any of them: never is one of them old and another new.
    """
    tongues = [ENGLISH, *(language(code) for code in LANGUAGES if code != ENGLISH.code)]
    files_by_name = {item.name: item.read_bytes() for item in (ROOM / "static").iterdir() if item.is_file()}
    scripts = {name: data for name, data in sorted(files_by_name.items()) if name.endswith(".js")}
    together = _tag(b"\0".join(scripts.values()))
    found = {name: (data, "text/javascript; charset=utf-8", together) for name, data in scripts.items()}
    for each in tongues:
        data = site_style(each).encode()
        found[style_name(each)] = (data, "text/css; charset=utf-8", _tag(data))
    icon = files_by_name["icon.svg"]
    return found | {"icon.svg": (icon, "image/svg+xml", _tag(icon))}


def _tag(data: bytes) -> str:
    return sha256(data).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file, new whenever its bytes are."""
    return f"/static/{assets()[name][2]}/{name}"


@cache
def environment() -> Environment:
    """Return what fills the templates: everything escaped, an unknown name an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: (ROOM / "templates" / name).read_text(encoding="utf-8")),
    )
    made.filters |= {
        "bdi": bdi,
        "clean": clean,
        "named": named,
        "segment": lambda text: quote(str(text), safe="@:"),
    }
    made.globals |= {"asset": asset, "defs": DEFS, "style_name": style_name, "words": words}
    return made


def language_of(request: Request) -> Language:
    """Return the language that an address asks for, or else the browser; English where neither is known."""
    told = request.query_params.get("lang")
    if told is not None:
        return language(told) if told in LANGUAGES else ENGLISH
    return best_language(request.headers.get("accept-language"))


def keep_of(request: Request) -> str:
    """Return the query that keeps the language which an address asks for; empty where it asks for none."""
    told = request.query_params.get("lang")
    return f"?lang={told}" if told in LANGUAGES else ""


def common(request: Request, site: Site) -> dict[str, Any]:
    """Return what every template may show."""
    tongue = language_of(request)
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    keep = keep_of(request)
    return {
        **tongue.tools(),
        "languages": other_languages(asked),
        "keep": keep,
        "and_keep": keep.replace("?", "&"),
        "path": request.url.path,
        "has_archive": site.folder is not None,
        "query": "",
        "links": Markup(),
        "forms": (),
        "clock": Clock("UTC", site.clock().year, tongue),
    }


def other_languages(asked: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return code, name and address of a page in each language; what else was asked of it stays."""
    return [(code, name, f"?{urlencode([*asked, ('lang', code)])}") for code, name in LANGUAGES.items()]


def show(
    request: Request,
    site: Site,
    template: str,
    values: Mapping[str, Any],
    *,
    cache_s: int = FRESH_S,
) -> Response:
    """Return a page.

    Args:
        request: what was asked.
        site: whose page it is.
        template: its name.
        values: what it shows.
        cache_s: seconds for which it may be kept.
    """
    return html(request, fill(request, site, template, values), f"public, max-age={cache_s}")


def fill(request: Request, site: Site, template: str, values: Mapping[str, Any]) -> str:
    """Return the text of a page."""
    text = environment().get_template(template).render(common(request, site) | dict(values))
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip())) + "\n"


def html(request: Request, text: str, cache: str = f"public, max-age={FRESH_S}") -> Response:
    """Return a page that is text already; what it depends on is told to caches."""
    headers = {"vary": "accept-language", "content-language": language_of(request).code}
    return reply(request, text, "text/html; charset=utf-8", cache=cache, headers=headers)


def frame_for(request: Request, site: Site, forms: Sequence[Link]) -> Frame:
    """Return what a site puts around the page of an account, with links to its other forms."""
    values = common(request, site) | other_forms(forms)
    made = environment()
    head, top, foot = (
        Markup(made.get_template(f"{name}.html.j2").render(values))  # noqa: S704 — a template of ours
        for name in ("frame_head", "frame_top", "frame_foot")
    )
    return Frame(head, top, foot)


def other_forms(forms: Sequence[Link]) -> dict[str, Any]:
    """Return what a page shows of the forms in which the same is to be had: in its head, and for people."""
    head = (tag("link", rel="alternate", type=media, title=title, href=href) for title, media, href in forms)
    return {"links": Markup().join(head), "forms": forms}


def show_trouble(request: Request, site: Site, trouble: Trouble) -> Response:
    """Return what went wrong as a page, never kept."""
    title, advice = map(language_of(request).say, FOR_READERS.get(trouble.status, UNFIT))
    values = common(request, site) | {"trouble": trouble, "title": title, "advice": advice, "links": Markup()}
    text = environment().get_template("trouble.html.j2").render(values)
    headers = {"cache-control": "no-store", "vary": "accept-language"}
    if trouble.retry_s is not None:
        headers["retry-after"] = str(trouble.retry_s)
    return Response(text, trouble.status, headers, "text/html; charset=utf-8")


def instant_text(instant: datetime) -> str:
    """Return an instant as documents have it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
