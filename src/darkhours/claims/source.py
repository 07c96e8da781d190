"""The ``[[source]]`` tables: who published, and where it can be read."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from darkhours.claims.findings import shorten
from darkhours.claims.table import Table
from darkhours.claims.times import Clock
from darkhours.model.claim import KINDS, Source

SOURCE_KEYS = ("id", "publisher", "kind", "url", "published")
_NAME = re.compile(r"\w[\w.-]{0,99}")
_ADDRESS_MOST = 2_000


def read_name(table: Table, key: str = "id") -> str | None:
    """Return the id of a table: letters of any script, digits, ``.``, ``_`` and ``-``."""
    table.missing(key, "a name of its own")
    name = table.text(key)
    if name is None or _NAME.fullmatch(name) is not None:
        return name
    table.error(
        key, f"expected letters, digits, '.', '_' and '-', at most 100, got {shorten(name)}; rename it"
    )
    return None


def read_published(table: Table, clock: Clock) -> datetime | None:
    """Return when it came out, UTC; a bare date is out by the end of that day."""
    return clock.instant(table, "published", end=True)


def read_source(table: Table, clock: Clock) -> Source | None:
    """Return a source, or None after telling why not."""
    name, published, url = read_name(table), read_published(table, clock), _address(table)
    table.missing("kind", f"one of {', '.join(KINDS)}")
    table.missing("publisher", "who answers for it")
    kind, publisher = table.choice("kind", KINDS), table.text("publisher")
    if table.failed or name is None or kind is None or publisher is None:
        return None
    return Source(name, publisher, kind, url, published)


def _address(table: Table) -> str | None:
    text = table.text("url", most=_ADDRESS_MOST)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.hostname and " " not in text and text.isprintable():
            return text
    except ValueError:
        pass
    table.error("url", f"expected an address that begins with https:// or http://, got {shorten(text)}")
    return None
