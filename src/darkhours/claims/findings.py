"""What is found wrong or doubtful while a case is read, gathered so that all of it is told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from darkhours.claims.lines import LineIndex
from darkhours.model.errors import InputError, Problem

PROBLEMS_MOST = 500
"""Problems told of one file; ours: more than anybody mends in one go, and a page still holds them."""
_SHOWN_MOST = 60
_SUGGESTIONS_MOST = 40
_OPTIONS_MOST = 5_000
_DIGITS_MOST = 10**18


def shorten(text: str) -> str:
    r"""Return ``text`` quoted, on one line, with every unprintable character escaped.

    Messages repeat what a file holds, and a file may be hostile.

    >>> shorten("a\nb\u202e")
    "'a\\nb\\u202e'"
    """
    return repr(text if len(text) <= _SHOWN_MOST else text[: _SHOWN_MOST - 1] + "…")


def tell(value: object) -> str:
    """Return what ``value`` is, in the words of a message.

    >>> tell("x"), tell(3), tell([1, 2]), tell(True)
    ("the text 'x'", 'the number 3', 'a list of 2', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {shorten(value)}"
    if isinstance(value, int) and abs(value) >= _DIGITS_MOST:
        return "a number of more than 18 digits"
    return _tell_plain(value)


def _tell_plain(value: object) -> str:
    match value:
        case int() | float():
            return f"the number {value}"
        case datetime():
            return f"the time {value.isoformat()}"
        case date():
            return f"the date {value.isoformat()}"
        case time():
            return f"the time {value.isoformat()} without a date"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "a table"


@dataclass(frozen=True, slots=True)
class Spot:
    """A table of the file.

    Args:
        table: ``case``, ``entity``, ``source``, ``claim`` or ``series``.
        index: its place among the tables of that name, from 0; None for ``[case]``.
        label: how a message names it, such as ``claim kz22-012``.
    """

    table: str
    index: int | None
    label: str

    def where(self, key: str) -> str:
        """Return the words that lead a person to ``key`` of this table."""
        return ": ".join(part for part in (self.label, key) if part)


@dataclass(slots=True)
class Findings:
    """The problems and warnings of one file, in the making.

    Args:
        text: the file, for the lines of problems.
        problems: what must be mended before anything is computed.
        warnings: what was read with a reservation, one sentence each, without lines.
        recovered: whether a line that is no TOML was set aside so that the rest could be read.
    """

    text: str
    problems: list[Problem] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    recovered: bool = False
    _lines: LineIndex | None = None
    _suggested: int = 0

    def error(self, spot: Spot, key: str, message: str) -> None:
        """Keep a problem of ``key`` in the table at ``spot``."""
        if self._lines is None:
            self._lines = LineIndex.of(self.text)
        line = self._lines.find(spot.table, spot.index, key)
        self.problems.append(Problem(spot.where(key), message, line))

    def warn(self, spot: Spot, key: str, message: str) -> None:
        """Keep a reservation about ``key`` in the table at ``spot``."""
        self.warnings.add(f"{spot.where(key)}: {message}")

    def suggestion(self, word: str, options: Iterable[str]) -> str:
        """Return ``; did you mean 'x'?`` for the nearest of ``options``, else "".

        Only the first forty of a file are looked for, among at most 5,000 options: the
        search is slow, and a hostile file must not make it the work of hours.
        """
        known = list(options)
        self._suggested += 1
        if self._suggested > _SUGGESTIONS_MOST or len(known) > _OPTIONS_MOST:
            return ""
        near = difflib.get_close_matches(word[:100], known, n=1, cutoff=0.6)
        return f"; did you mean '{near[0]}'?" if near else ""

    def raise_if_any(self, file: str) -> None:
        """Raise everything wrong as one error, in the order of the file.

        Raises:
            InputError: there was at least one problem.
        """
        if not self.problems:
            return
        ordered = sorted(self.problems, key=lambda one: one.line or 0)
        told, rest = ordered[:PROBLEMS_MOST], len(ordered) - PROBLEMS_MOST
        if rest > 0:
            told.append(Problem("", f"and {rest} more problems; mend these first"))
        raise InputError(file, told)
