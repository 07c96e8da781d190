"""The page of the method: how each number is made, from the documents of the program itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

NAMES = ("method.md", "ontology.md")


@cache
def text() -> Markup:
    """Return the method and the words as HTML; markup inside the documents is shown as text."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    told = [_render(made, _read(name), deeper=number > 0) for number, name in enumerate(NAMES)]
    return Markup("\n".join(told))  # noqa: S704 — html is off


def _render(made: MarkdownIt, text: str, *, deeper: bool) -> str:
    """Return a document as HTML; columns are aligned by class, for no style may stand in the text.

    The heads of a document that is not the first stand one deeper: a page has one title.
    """
    env: dict[str, object] = {}
    tokens = made.parse(text, env)
    for token in tokens:
        if deeper and token.tag in {"h1", "h2", "h3", "h4", "h5"}:
            token.tag = f"h{int(token.tag[1]) + 1}"
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "num")
    return str(made.renderer.render(tokens, made.options, env))


def _read(name: str) -> str:
    """Return a document of the package, or of the tree where that is what runs."""
    packed = files("darkhours.web") / "docs" / name
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    tree = Path(__file__).resolve().parents[3] / "docs" / "explanation" / name
    return tree.read_text(encoding="utf-8")
