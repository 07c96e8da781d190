"""What the extras of the installation lack: read from what the installation itself says it may need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata

PROGRAM = "darkhours"
WHAT = {
    "pdf": "account --pdf",
    "fetch": "asks live services",
    "parquet": "reads Parquet",
    "archive": "keeps an archive, detects in bulk",
    "mrt": "reads raw BGP archives",
    "web": "serves the site, speaks other languages",
    "cluster": "the same work on many machines",
}
"""What each extra is for (a test holds this to the extras that there are)."""
_NEEDED = re.compile(
    r"\s*(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<parts>[^\]]*)\])?\s*(?P<versions>[^;]*?)\s*"
    r"(?:;.*?extra\s*==\s*['\"](?P<extra>[^'\"]+)['\"].*)?"
)
_LEAST = re.compile(r">=\s*([0-9]+(?:\.[0-9]+)*)")


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra, with what it needs.

    Args:
        name: as in ``pip install 'darkhours[name]'``.
        there: the packages of it that are installed, with their versions.
        lacking: what is missing or too old, in words.
    """

    name: str
    there: tuple[str, ...]
    lacking: tuple[str, ...]


def version_of(package: str) -> str | None:
    """Return the version of an installed package, None where it is not there."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def look_at_extras(
    requires: Iterable[str], installed: Callable[[str], str | None] = version_of
) -> tuple[Extra, ...]:
    """Return every extra but the one that is all of them, in the order in which they are first named.

    Args:
        requires: what a package says it needs, a line each, as its metadata has them.
        installed: tells the version of a package, None where it is not there.

    >>> look_at_extras(["a>=2; extra == 'x'", "b; extra == 'x'"], {"a": "1.9"}.get)
    (Extra(name='x', there=(), lacking=('a 2 (1.9 is there)', 'b')),)
    """
    needs: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for line in requires:
        found = _NEEDED.fullmatch(line)
        if found and found["extra"]:
            parts = tuple(part.strip() for part in (found["parts"] or "").split(","))
            needs.setdefault(found["extra"], []).append((found["name"], found["versions"], parts))
    return tuple(_look(name, _all_of(name, needs), installed) for name in needs if name != "all")


def _all_of(extra: str, needs: dict[str, list[tuple[str, str, tuple[str, ...]]]]) -> dict[str, str]:
    """Return the packages of an extra with their versions, those of the extras inside it too."""
    found: dict[str, str] = {}
    for name, versions, parts in needs.get(extra, ()):
        if name != PROGRAM:
            found[name] = versions
            continue
        for part in parts:
            found |= _all_of(part, {key: value for key, value in needs.items() if key != extra})
    return found


def _look(extra: str, packages: dict[str, str], installed: Callable[[str], str | None]) -> Extra:
    there, lacking = [], []
    for name, versions in packages.items():
        version, least = installed(name), _LEAST.search(versions)
        if version is None:
            lacking.append(name)
        elif least and _numbers(version) < _numbers(least[1]):
            lacking.append(f"{name} {least[1]} ({version} is there)")
        else:
            there.append(f"{name} {version}")
    return Extra(extra, tuple(there), tuple(lacking))


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version without noughts at its end, for comparing."""
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(number) for number in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
