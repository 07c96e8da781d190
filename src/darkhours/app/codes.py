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


def exit_code(error: DarkhoursError) -> int:
    """Return the exit code that tells a script what it can do about an error."""
    if isinstance(error, ConfigError):
        return EXIT_USAGE
    again = (SourceUnavailable, SourceMalformed, StoreBusy)
    return EXIT_SOURCE if isinstance(error, again) else EXIT_INPUT
