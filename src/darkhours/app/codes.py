"""Exit codes: what a script can do about an error."""

from __future__ import annotations

from darkhours.model.errors import (
    ConfigError,
    DarkhoursError,
    SourceMalformed,
    SourceUnavailable,
    StoreBusy,
)

EXIT_BUG, EXIT_USAGE, EXIT_INPUT, EXIT_SOURCE, EXIT_INTERRUPTED = 1, 2, 3, 4, 130
OUR_BUG = "darkhours: this is our bug, not yours; please report it with:"
"""What stands above the traceback of an error that nobody named."""


def exit_code(error: DarkhoursError) -> int:
    """Return the exit code that tells a script what it can do about an error."""
    if isinstance(error, ConfigError):
        return EXIT_USAGE
    again = (SourceUnavailable, SourceMalformed, StoreBusy)
    return EXIT_SOURCE if isinstance(error, again) else EXIT_INPUT
