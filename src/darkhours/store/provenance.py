"""What is kept of where points came from."""

from __future__ import annotations

from typing import Any

from darkhours.model.panel import Recording


def describe_recording(recording: Recording) -> dict[str, Any]:
    """Return where a recording came from and what its reader noticed, ready for JSON."""
    origin = recording.origin
    return {
        "source": origin.source,
        "file": origin.file,
        "sha256": origin.sha256,
        "parser": origin.parser,
        "attribution": origin.attribution,
        "fetched": None if origin.fetched is None else origin.fetched.isoformat(),
        "unrelated": recording.unrelated,
        "notes": list(recording.notes),
        "unreadable": [
            {"why": row.why, "count": row.count, "first_line": row.first_line, "example": row.example}
            for row in recording.unreadable
        ],
        "reported": [
            {
                "start": start.isoformat(),
                "end": None if end is None else end.isoformat(),
                "entity": entity,
                "words": words,
            }
            for start, end, entity, words in recording.reported
        ],
    }
