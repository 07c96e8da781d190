"""Shows the JSON Schema of a document."""

from __future__ import annotations

from darkhours.model.document import schema, to_json


def show_schema(name: str) -> str:
    """Return the JSON Schema of the ``account`` or the ``outages`` document as text."""
    return to_json(schema(name))
