"""Pure: account in; HTML, SVG, PDF, CSV, GeoJSON, Atom, CAP out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkhours.render.picture import svg
    from darkhours.render.sheet import page

__all__ = ["page", "svg"]


def __getattr__(name: str) -> object:
    """Return `page` or `svg` on first use, so that the terminal need not wait for the templates."""
    if name == "page":
        from darkhours.render.sheet import page  # noqa: PLC0415 — see above

        return page
    if name == "svg":
        from darkhours.render.picture import svg  # noqa: PLC0415 — see above

        return svg
    raise AttributeError(f"module 'darkhours.render' has no attribute {name!r}: it has page and svg")
