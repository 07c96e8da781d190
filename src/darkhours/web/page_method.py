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
    return Markup("\n".join(_render(made, _read(name)) for name in NAMES))  # noqa: S704 — html is off


def _render(made: MarkdownIt, text: str) -> str:
    """Return a document as HTML; columns are aligned by class, for no style may stand in the text."""
    env: dict[str, object] = {}
    tokens = made.parse(text, env)
    for token in tokens:
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
