"""The documents of the program as pages of the site: the method, and the interface for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

PAGES: dict[str, tuple[str, ...]] = {
    "/method": ("explanation/method.md", "explanation/ontology.md", "explanation/sensitivity.md"),
    "/api": ("how-to/use-the-api.md", "how-to/read-the-feeds.md", "reference/api.md"),
}
"""The documents that a page shows, the first of them under its title; they go with the package.

`method.ru.md` is the Russian of `method.md`; where there is none the English stands, and says so to a reader
of the screen by its `lang`.
"""
EXAMPLE = "http://127.0.0.1:8000"
"""Where a site answers unless told otherwise; documents speak of it, a page of the site that shows it."""


@cache
def text(page: str, base: str = EXAMPLE, code: str = "en") -> Markup:
    """Return the documents of a page as HTML; markup inside them is shown as text.

    Links between documents lead to where the site shows the other one; where it shows it nowhere, the
    words stay and the link goes, so that no page has a link that leads nowhere.

    Args:
        page: path of the page, a key of `PAGES`.
        base: address of the site, which takes the place of the example's.
        code: of the language wanted.
    """
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    told = []
    for number, name in enumerate(PAGES[page]):
        own = in_language(name, code)
        tongue = "en" if own == name else code
        body = _render(made, own, page, deeper=number > 0)
        told.append(f'<div lang="{tongue}" dir="ltr">\n{body}</div>')
    kept = re.sub("<pre>.*?</pre>", _one_line, "\n".join(told), flags=re.DOTALL)
    return Markup(_reachable(kept).replace(EXAMPLE, base))  # noqa: S704 — html is off, base is ours


def _one_line(block: re.Match[str]) -> str:
    """Return a block of code on one line, so that the frame, which trims lines, leaves it as it is."""
    return block[0].replace("\n", "&#10;")


def _reachable(text: str) -> str:
    """Return documents whose wide parts scroll by themselves, and are reached by keys to be scrolled."""
    text = text.replace("<pre>", '<pre tabindex="0">')
    text = text.replace(
        "<table>", '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'
    )
    return text.replace("</table>", "</table></div>")


def in_language(name: str, code: str) -> str:
    """Return the name of a document in a language, the English one where there is no other."""
    other = f"{name.removesuffix('.md')}.{code}.md"
    return other if _find(other).is_file() else name


def _find(name: str) -> Traversable:
    """Return where a document of the package lies, or of the tree where that is what runs."""
    packed = files("darkhours.web") / "docs" / name
    return packed if packed.is_file() else Path(__file__).resolve().parents[3] / "docs" / name


@cache
def _read(name: str) -> str:
    return _find(name).read_text(encoding="utf-8")


def _render(made: MarkdownIt, name: str, page: str, *, deeper: bool) -> str:
    """Return a document as HTML; columns are aligned by class, for no style may stand in the text.

    The heads of a document that is not the first stand one deeper: a page has one title.
    """
    env: dict[str, object] = {}
    tokens = made.parse(_read(name), env)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(tokens[number + 1].content))
        if deeper and re.fullmatch("h[1-5]", token.tag):
            token.tag = f"h{int(token.tag[1]) + 1}"
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "num")
        token.children = list(_linked(token.children or (), name, page))
    return str(made.renderer.render(tokens, made.options, env))


def _linked(tokens: Sequence[Token], name: str, page: str) -> Iterator[Token]:
    """Give the parts of a line with links that lead somewhere."""
    kept = True
    for token in tokens:
        if token.type == "link_open":
            target = _target(str(token.attrs["href"]), name, page)
            kept = target is not None
            if target is not None:
                token.attrSet("href", target)
        if kept or token.type not in {"link_open", "link_close"}:
            yield token


def _target(href: str, name: str, page: str) -> str | None:
    """Return where the site shows what a document refers to; None where it shows it nowhere."""
    if href.startswith(("http://", "https://", "#")):
        return href
    path, _, part = href.partition("#")
    wanted = _joined(PurePosixPath(name).parent, path)
    for shown, names in PAGES.items():
        if wanted in names or re.sub(r"\.[a-z]{2}\.md$", ".md", wanted) in names:
            anchor = part or _slug(_read(wanted).partition("\n")[0].removeprefix("# "))
            return f"#{anchor}" if shown == page else f"{shown}#{anchor}"
    return None


def _joined(folder: PurePosixPath, path: str) -> str:
    """Return a path that is told from a folder, as told from the root of all documents."""
    parts = list(folder.parts)
    for part in PurePosixPath(path).parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


def _slug(title: str) -> str:
    """Return the name of a head, as the places where the documents are otherwise read make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
