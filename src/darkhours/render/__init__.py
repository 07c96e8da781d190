"""Pure: account in; HTML, SVG, PDF, CSV, GeoJSON, Atom, CAP out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkhours.render.data_set import render_data_set
    from darkhours.render.picture import svg
    from darkhours.render.ranked import data_set_csv
    from darkhours.render.sheet import page

__all__ = ["data_set_csv", "page", "render_data_set", "svg"]

_ROOMS = {"data_set_csv": "ranked", "page": "sheet", "render_data_set": "data_set", "svg": "picture"}


def __getattr__(name: str) -> object:
    """Return a public function on first use, so that the terminal need not wait for the templates."""
    if name in _ROOMS:
        return getattr(import_module(f"darkhours.render.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'darkhours.render' has no attribute {name!r}: it has {', '.join(__all__)}")
