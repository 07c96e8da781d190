"""What every picture shares: patterns, the shapes of kinds, and the style of drawings."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from markupsafe import Markup

FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'
SERIF = 'Georgia,"Noto Serif","Times New Roman",serif'

DEFS = Markup(
    '<defs><pattern id="p-deg" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" class="degb"/>'
    '<rect width="2.4" height="6" class="degs"/></pattern>'
    '<pattern id="p-unk" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle cx="1.5" cy="1.5" r="1" class="dot"/><circle cx="4.5" cy="4.5" r="1" class="dot"/></pattern>'
    '<path id="k-measurement" d="M0-5.6 5.6 0 0 5.6-5.6 0Z"/>'
    '<path id="k-operator" d="M-4.4-4.4H4.4V4.4H-4.4Z"/>'
    '<path id="k-official" d="M-5.4-4.5H5.4L0 5.2Z"/>'
    '<path id="k-ngo" d="M0-5.4 5.4 4.4H-5.4Z"/>'
    '<circle id="k-press" r="4.7"/>'
    '<path id="k-witness" d="M-1.9-5.3H1.9V-1.9H5.3V1.9H1.9V5.3H-1.9V1.9H-5.3V-1.9H-1.9Z"/></defs>'
)

TEMPLATES = files("darkhours.render") / "templates"
"""Templates and styles, which are part of the package."""


@cache
def drawing_rtl() -> str:
    """Return what a drawing needs on a page that is read from right to left."""
    return (TEMPLATES / "drawing_rtl.css").read_text(encoding="utf-8")


@cache
def drawing_style() -> str:
    """Return the style of drawings, of which the page and the picture on its own make the same use."""
    return (TEMPLATES / "drawing.css").read_text(encoding="utf-8")
