"""Where the keys of a TOML text stand, by line: tomllib does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
KEY_LINE = re.compile(rf"\s*({_DOTTED})\s*=")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PARTS = re.compile(_PART)
_FENCES = ('"""', "'''")


@dataclass(slots=True)
class LineIndex:
    """Lines by table, place among the tables of that name, and dotted key.

    A scan of lines, not a parser: good enough to lead a person to the spot, never used to
    read values. A key inside an inline table is found on the line of the table.
    """

    lines: dict[tuple[str, int | None, str], int] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _table: str = ""
    _prefix: tuple[str, ...] = ()
    _fence: str = ""

    @classmethod
    def of(cls, text: str) -> LineIndex:
        r"""Scan ``text`` once.

        >>> LineIndex.of('[case]\nid = "a"\n[[claim]]\nid = "b"').find("claim", 0, "id")
        4
        """
        index = cls()
        for number, line in enumerate(text.split("\n"), start=1):
            index._take(line, number)
        return index

    def find(self, table: str, index: int | None, key: str) -> int | None:
        """Return the line of ``key``, or of what holds it, or None."""
        if not table:
            table, key = key, ""
        parts = key.split(".")
        for size in range(len(parts), -1, -1):
            line = self.lines.get((table, index, ".".join(parts[:size])))
            if line is not None:
                return line
        return self.lines.get((table, None, ""))

    def _take(self, line: str, number: int) -> None:
        if self._fence:
            if self._fence in line:
                self._fence = ""
            return
        if (header := _HEADER.match(line)) is not None:
            self._open(header[1] == "[[", _parts(header[2]), number)
        elif (key := KEY_LINE.match(line)) is not None:
            self._note(_parts(key[1]), number)
            self._fence = next((fence for fence in _FENCES if line.count(fence) % 2), "")

    def _open(self, several: bool, parts: tuple[str, ...], number: int) -> None:  # noqa: FBT001 -- one caller
        if not parts[0][:1].isalpha():
            return
        self._table, self._prefix = parts[0], parts[1:]
        if several and not self._prefix:
            self._counts[self._table] = self._counts.get(self._table, -1) + 1
        self._note((), number)

    def _note(self, parts: tuple[str, ...], number: int) -> None:
        table, path = self._table, self._prefix + parts
        if not table and parts:
            table, path = parts[0], parts[1:]
        self.lines.setdefault((table, self._counts.get(table), ".".join(path)), number)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(dotted))
