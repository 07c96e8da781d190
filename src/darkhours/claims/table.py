"""A table of the file, read key by key: each reader returns the value, or None after telling why not."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from darkhours.claims.findings import Findings, Spot, shorten, tell
from darkhours.model.entity import is_entity_id

NAME_MOST = 200
NOTE_MOST = 4_000
SPOILED = "\ue000unreadable\ue000"
"""Stands for a value whose line was no TOML; only where a problem says so already."""
_JOINERS = "\u200c\u200d\u00ad"
_LINE_ENDS = "\n\r\t"


class Table:
    """One table, its keys checked against those that are allowed.

    Args:
        raw: the table as tomllib gives it.
        spot: where it stands.
        findings: what is wrong is told there.
        allowed: keys it may hold; any other is an error with the nearest name.
        prefix: what leads to it inside its spot, such as ``when.``.
    """

    def __init__(
        self,
        raw: Mapping[str, object],
        spot: Spot,
        findings: Findings,
        *,
        allowed: Collection[str],
        prefix: str = "",
    ) -> None:
        """Keep the readable keys and tell of the unknown ones."""
        self.spot, self.findings, self.prefix = spot, findings, prefix
        spoiled = {key for key, value in raw.items() if findings.recovered and value == SPOILED}
        self.raw = {key: value for key, value in raw.items() if key not in spoiled}
        self.failed = bool(spoiled)
        self._spoiled = spoiled
        for key in [key for key in raw if key not in allowed]:
            self.error(key, f"is not a key here{findings.suggestion(key, allowed) or self._list(allowed)}")

    def error(self, key: str, message: str) -> None:
        """Tell of a problem; the table then yields no value."""
        self.failed = True
        named = key if not key or key.replace("_", "").replace("-", "").isalnum() else shorten(key)
        self.findings.error(self.spot, f"{self.prefix}{named}".rstrip("."), message)

    def warn(self, key: str, message: str) -> None:
        """Tell of a reservation."""
        self.findings.warn(self.spot, f"{self.prefix}{key}".rstrip("."), message)

    def has(self, key: str) -> bool:
        """Tell whether the key is written, readable or not."""
        return key in self.raw or key in self._spoiled

    def wrong(self, key: str, expected: str, advice: str = "") -> None:
        """Tell that the value of ``key`` is not what was expected."""
        tail = f"; {advice}" if advice else ""
        self.error(key, f"expected {expected}, got {tell(self.raw[key])}{tail}")

    def missing(self, key: str, expected: str) -> None:
        """Tell that ``key`` is missing, unless its line was told of already."""
        if not self.has(key):
            self.error(key, f"is missing: expected {expected}")

    def text(self, key: str, *, most: int = NAME_MOST, paragraph: bool = False) -> str | None:
        """Return a text of one line, or of several where it may be a ``paragraph``."""
        if key not in self.raw:
            return None
        value = self.raw[key]
        if not isinstance(value, str):
            self.wrong(key, "text in quotes")
            return None
        if not value.strip() and not paragraph:
            self.error(key, "expected text, got nothing; write it or drop the key")
            return None
        if len(value) > most:
            self.error(key, f"expected at most {most:,} characters, got {len(value):,}; shorten it")
            return None
        return value if self._is_clean(key, value, paragraph=paragraph) else None

    def choice(self, key: str, options: Collection[str]) -> str | None:
        """Return one of ``options``."""
        value = self.text(key)
        if value is None or value in options:
            return value
        near = self.findings.suggestion(value, options)
        self.error(key, f"expected one of {', '.join(options)}, got {shorten(value)}{near}")
        return None

    def number(self, key: str, low: float, high: float, *, whole: bool = False) -> float | None:
        """Return a number in [low, high], as it is written: 8 stays whole, 8.0 does not."""
        if key not in self.raw:
            return None
        value = self.raw[key]
        kind = "a whole number" if whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            self.wrong(key, kind, "numbers stand without quotes" if isinstance(value, str) else "")
            return None
        if not low <= value <= high:
            self.wrong(key, f"{kind} from {low:,g} to {high:,g}")
            return None
        return value

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, "true or false", "without quotes")
        return None

    def texts(self, key: str, expected: str) -> list[str]:
        """Return a list of texts."""
        value = self.raw.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return list(value)
        self.wrong(key, f"a list of {expected}", f'write {key} = ["…"]')
        return []

    def entity(self, key: str) -> str | None:
        """Return an entity id of the right form; whether it exists is told later."""
        value = self.text(key, most=300)
        return value if value is not None and self.is_entity(key, value) else None

    def entities(self, key: str) -> tuple[str, ...]:
        """Return a list of entity ids of the right form, each named once."""
        found = [item for item in self.texts(key, "entity ids") if self.is_entity(key, item)]
        for item in sorted(
            {item for item in found if found.count(item) > 1} if len(found) < NAME_MOST else ()
        ):
            self.error(key, f"names {item} twice; name it once")
        return tuple(found)

    def is_entity(self, key: str, value: str) -> bool:
        """Tell whether ``value`` has the form of an entity id, and say so if not."""
        if is_entity_id(value):
            return True
        forms = "country:KZ, region:KZ-75, city:1526384, asn:9198 or local:Name"
        advice = f"`darkhours entity {value}` finds it; " if value.isalnum() else ""
        self.error(key, f"expected an entity id such as {forms}, got {shorten(value)}; {advice}mend the id")
        return False

    def _is_clean(self, key: str, value: str, *, paragraph: bool) -> bool:
        if value.isprintable():
            return True
        marks = {mark for mark in value if unicodedata.category(mark) in {"Cc", "Cf", "Zl", "Zp"}}
        marks -= set(_JOINERS) | (set(_LINE_ENDS) if paragraph else set())
        shown = ", ".join(f"U+{ord(mark):04X}" for mark in sorted(marks)[:5])
        if any(mark < " " for mark in marks):
            self.error(key, f"expected text without control characters, got {shown}; drop them")
            return False
        if marks:
            self.warn(key, f"holds characters that nobody sees ({shown}); they are kept and shown escaped")
        return True

    @staticmethod
    def _list(allowed: Collection[str]) -> str:
        return f"; expected one of {', '.join(allowed)}"
