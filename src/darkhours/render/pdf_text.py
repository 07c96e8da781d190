"""Words for a document that is set: markup taken off, directions kept apart, rare characters by number."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup

SAFE = frozenset(
    chr(code)
    for first, last in ((0x20, 0x7E), (0xA0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F), (0x2010, 0x2027))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) != "Cn"
) | frozenset("ӘәҒғҚқҢңӨөҰұҮүҺһІі−≥≤≠≈×\u2068\u2069")
"""Characters that the fonts of typst have (a test holds them to that): Latin, Greek, Cyrillic with Kazakh."""

_ISOLATE, _END = "\u2068", "\u2069"
_PICTURES = range(0x2400, 0x2420)
"""What `clean` makes of control characters, which no font of ours has."""


class _Words(HTMLParser):
    """Collects the text of our own markup, without the other reading of its clocks."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens, and whether it is left out."""
        self._open.append(("class", "u") in attrs)
        self.parts += [_ISOLATE] if tag == "bdi" else []

    def handle_endtag(self, tag: str) -> None:
        """Note what closes."""
        self._open.pop()
        self.parts += [_END] if tag == "bdi" else []

    def handle_data(self, data: str) -> None:
        """Keep the text of what is not left out."""
        self.parts += [] if any(self._open) else [data]


def words(text: Markup, *, rtl: bool = False) -> str:
    """Return markup of ours as plain text, local time first; text of other directions stays isolated.

    Args:
        text: markup of ours.
        rtl: whether it stands in a document from right to left, where every value stays isolated.

    >>> words(Markup('<b>5 &lt; 6</b> <span class="l">16:55</span><span class="u">10:55Z</span>'))
    '5 < 6 16:55'
    """
    reader = _Words()
    reader.feed(str(text))
    reader.close()
    told = "".join(reader.parts)
    if rtl:
        return told
    return re.sub(f"{_ISOLATE}([^{_END}]*){_END}", lambda found: isolated(found.group(1)), told)


def isolated(text: str, *, rtl: bool = False) -> str:
    """Return text between marks that end its direction where it ends; the same where it runs as ours does.

    Args:
        text: words of others.
        rtl: whether the document runs from right to left, where nobody asks how they run.
    """
    turned = rtl or any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)
    return f"{_ISOLATE}{text}{_END}" if turned else text


def letters(tree: object) -> frozenset[str]:
    """Return the characters of a tree of values of which nobody knows yet whether they can be shown."""
    if isinstance(tree, dict):
        return frozenset().union(*(letters(value) for value in tree.values()))
    if isinstance(tree, (list, tuple)):
        return frozenset().union(*map(letters, tree))
    return frozenset(tree) - SAFE if isinstance(tree, str) else frozenset()


def relatives(named: str, among: frozenset[str]) -> frozenset[str]:
    """Return what is lacking with the characters that were named: all of their scripts, or all symbols."""
    scripts = {_script(char) for char in named if char in among}
    return frozenset(char for char in among if _script(char) in scripts)


def _script(char: str) -> str:
    """Return the script of a character by its name, such as CJK or ARABIC; "symbols" for pictures."""
    if unicodedata.category(char)[0] not in "LM":
        return "symbols"
    return unicodedata.name(char, "?").split()[0]


def spell_out(tree: Any, lacking: frozenset[str]) -> Any:  # noqa: ANN401 — a tree of JSON
    """Return a tree of values that can be set: characters that no font has are given by number.

    An address to follow is never shown, and stays what it is.

    >>> spell_out({"a": ["北京 1"]}, frozenset("北京"))
    {'a': ['[U+5317][U+4EAC] 1']}
    """
    if isinstance(tree, dict):
        return {key: value if key == "href" else spell_out(value, lacking) for key, value in tree.items()}
    if isinstance(tree, list):
        return [spell_out(value, lacking) for value in tree]
    return (
        "".join(_spell(char) if char in lacking else char for char in tree) if isinstance(tree, str) else tree
    )


def _spell(char: str) -> str:
    code = ord(char)
    return f"[U+{code - _PICTURES.start if code in _PICTURES else code:04X}]"
