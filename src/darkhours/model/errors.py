"""The errors of the program, named by what the caller can do.

DarkhoursError
├── SourceUnavailable   no answer, or a 5xx: try again later
├── SourceMalformed     an answer that does not parse: our bug or their change
├── InputError          a file, case or claim that a person must mend
├── StoreError          the archive is missing, locked or newer than this program
│   └── StoreBusy       another process writes to it: try again later
└── ConfigError         a setting is missing or out of range

A message says who, what was expected, what came, what to do. A programming
mistake is a plain ``ValueError`` and never one of these.
"""

from __future__ import annotations

from dataclasses import dataclass


class DarkhoursError(Exception):
    """Anything that goes wrong for a reason the caller can act on."""


class SourceUnavailable(DarkhoursError):
    """No answer, or a 5xx: try again later."""


class SourceMalformed(DarkhoursError):
    """An answer that does not parse: our bug or their change."""


class StoreError(DarkhoursError):
    """The archive is missing, locked or newer than this program."""


class StoreBusy(StoreError):
    """Another process writes to the archive: try again later."""


class ConfigError(DarkhoursError):
    """A setting is missing or out of range."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place of an input.

    Args:
        where: the part of the input, such as ``claim kz22-012: when.turn``.
        message: what was expected, what came, what to do.
        line: line in the file, from 1, where it is known.
        severity: ``error`` (nothing is computed) or ``warning`` (said, then worked around).
    """

    where: str
    message: str
    line: int | None = None
    severity: str = "error"

    def text(self, file: str) -> str:
        """Return the problem as one line, with its file.

        >>> Problem("claim a: when", "expected a table: got 3; mend it", 7).text("x.toml")
        'x.toml:7: claim a: when: expected a table: got 3; mend it'
        """
        place = file if self.line is None else f"{file}:{self.line}"
        return f"{place}: {self.where}: {self.message}" if self.where else f"{place}: {self.message}"


class InputError(DarkhoursError):
    """A file, case or claim that a person must mend; carries every problem found.

    Args:
        file: name of the file, or of the argument, that holds the problems.
        problems: all of them, in the order of the file.
    """

    def __init__(self, file: str, problems: tuple[Problem, ...] | list[Problem]) -> None:
        """Keep the file and its problems; the message is one line for each."""
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text(file) for problem in self.problems))
