"""Bytes to TOML tables: encodings, byte order marks, and lines that are no TOML."""

from __future__ import annotations

import codecs
import re
import tomllib

from darkhours.claims.findings import Findings
from darkhours.claims.lines import KEY_LINE
from darkhours.claims.table import SPOILED
from darkhours.model.errors import InputError, Problem

LINE_MOST = 30_000
"""Characters in one line; ours: a note of 4,000 written in escapes. Longer ones make tomllib slow."""
DOTS_MOST = 50
"""Dots in a row of words that may be one dotted key; ours: a case needs three."""
_RECOVERIES_MOST = 25
_WHERE_MOST = 60
_RECOVERY_CHARS_MOST = 1_000_000
_KEY_PART = re.compile(r"[ \t\w\"'{\[,=-]*")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_HINTS = {
    "Cannot overwrite a value": "a key stands twice in one table: drop one",
    "Invalid value": "text stands in quotes, a time is 2022-01-05T17:15:00, true and false are small",
    "Invalid date or datetime": "there is no such date or time: mend it",
    "Expected '=' after a key": "a line is written key = value",
    "Expected newline": "a line holds one value; text without quotes, or a date that does not exist?",
    "Unclosed array": "a ']' is missing, or a value in the list is none, such as a date that does not exist",
    "Unclosed inline table": "a '}' is missing, or a value is none, such as a date that does not exist",
    "Unterminated string": "a closing quote is missing",
    "Illegal character": "a closing quote is missing, or a control character stands in the text",
    "Cannot declare": "a [table] stands twice, or [name] and [[name]] are mixed: claims are [[claim]]",
}


def decode(data: bytes, file: str) -> tuple[str, set[str]]:
    """Return the text of a file and the reservations about its bytes.

    Raises:
        InputError: the bytes are not UTF-8.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]:
        raise InputError(
            file, [Problem("", "expected UTF-8, got what looks like UTF-16 or UTF-32; save it as UTF-8")]
        )
    warnings = set()
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        warnings.add("the file begins with a byte order mark: it is skipped; save as UTF-8 without it")
    try:
        return data.decode("utf-8"), warnings
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"expected UTF-8, got the byte 0x{data[error.start]:02X}; save it as UTF-8"
        raise InputError(file, [Problem("", message, line)]) from error


def parse(text: str, findings: Findings, file: str) -> dict[str, object]:
    """Return the tables of ``text``.

    A line ``key = value`` that is no TOML, such as the 30th of February, is told of and set
    aside, so that what else is wrong with the file can be told at once.

    Raises:
        InputError: the text is no TOML at all.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    _check_widths(lines, file)
    told: list[Problem] = []
    while True:
        try:
            raw = tomllib.loads("\n".join(lines))
        except (ValueError, RecursionError) as error:
            told.append(_problem(error, lines))
            if not _set_aside(lines, told, small=len(text) <= _RECOVERY_CHARS_MOST):
                raise InputError(file, told[: 1 if len(told) > _RECOVERIES_MOST else None]) from error
        else:
            findings.problems.extend(told)
            findings.recovered = bool(told)
            return raw


def _check_widths(lines: list[str], file: str) -> None:
    """Refuse what costs tomllib hours or all memory: no case needs it.

    Raises:
        InputError: a line is too long, or holds a dotted key of very many parts.
    """
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_MOST:
            message = f"expected lines of at most {LINE_MOST:,} characters, got {len(line):,}; break it up"
            raise InputError(file, [Problem("", message, number)])
        if line.count(".") >= DOTS_MOST and _dots(line) >= DOTS_MOST:
            message = (
                f"expected keys of a few parts, got {DOTS_MOST} or more with dots between; is it a case?"
            )
            raise InputError(file, [Problem("", message, number)])


def _dots(line: str) -> int:
    """Return the most dots in a row that could stand in one dotted key."""
    most = run = 0
    for part in line.split("."):
        run = run + 1 if _KEY_PART.fullmatch(part) else 0
        most = max(most, run)
    return most


def _problem(error: Exception, lines: list[str]) -> Problem:
    if isinstance(error, RecursionError):
        return Problem("", "expected tables and lists of a few levels, got very many; is it a case file?")
    message = str(error)
    place = _PLACE.search(message)
    what = message[: place.start()] if place else message
    line = int(place[1]) if place and place[1] else len(lines)
    key = KEY_LINE.match(lines[line - 1])
    hint = next((f": {hint}" for begin, hint in _HINTS.items() if what.startswith(begin)), "; mend the line")
    where = key[1] if key and key[1].isprintable() and len(key[1]) <= _WHERE_MOST else ""
    return Problem(where, f"expected TOML, got: {what}{hint}", line)


def _set_aside(lines: list[str], told: list[Problem], *, small: bool) -> bool:
    """Replace the line of the last problem by one that can be read; False where it cannot be."""
    line, earlier = told[-1].line, {problem.line for problem in told[:-1]}
    if line is None or line in earlier or len(told) > _RECOVERIES_MOST or not small:
        return False
    old = lines[line - 1]
    key = KEY_LINE.match(old)
    if key is None or any(fence in old for fence in ('"""', "'''")) or old.count("[") != old.count("]"):
        return False
    again = "Cannot overwrite" in told[-1].message
    lines[line - 1] = "" if again else f'{key[1]} = "{SPOILED}"'
    return True
