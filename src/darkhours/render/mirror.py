"""The style of a page in a language that is written from right to left: mirrored as a whole."""

from __future__ import annotations

import re

from darkhours.render.defs import TEMPLATES, drawing_rtl
from darkhours.render.language import ENGLISH, Language

_SIDE = re.compile(r"(?<![\w-])((?:margin|padding|border)-)?(left|right)(?=[\s:;}]|-(?:color|width|style))")
_FOUR = re.compile(r"((?:^|[;{])(?:margin|padding):)([^\s;}]+) ([^\s;}]+) ([^\s;}]+) ([^\s;}!]+)")


def style_for(style: str, language: Language) -> str:
    """Return a style as a language needs it: that of English untouched, mirrored from right to left.

    One sheet is written, from left to right, and the other is made of it, so that no rule can be
    forgotten in a second one; and the page of English stays as it is to the byte. Drawings of
    time are not mirrored: time runs to the right on every page, as its axis says.
    """
    if language is ENGLISH:
        return style
    other = (TEMPLATES / "other_scripts.css").read_text(encoding="utf-8")
    more = "".join(line.strip() for line in (drawing_rtl() + other).splitlines())
    if not language.rtl:
        return style + "".join(line.strip() for line in other.splitlines())
    return mirrored(style) + more


def mirrored(style: str) -> str:
    """Return a style sheet with left and right exchanged.

    >>> mirrored("a{margin-left:auto;padding:1px 2px 3px 4px;text-align:right}")
    'a{margin-right:auto;padding:1px 4px 3px 2px;text-align:left}'
    """
    sides = _SIDE.sub(lambda found: f"{found[1] or ''}{'right' if found[2] == 'left' else 'left'}", style)
    return _FOUR.sub(lambda found: f"{found[1]}{found[2]} {found[5]} {found[4]} {found[3]}", sides)
