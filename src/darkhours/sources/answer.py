"""Answers in JSON: read whole or refused, and their values taken by kind."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from darkhours import __version__
from darkhours.model.errors import SourceMalformed
from darkhours.model.panel import Origin
from darkhours.sources.instants import read_instant

T = TypeVar("T")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and when.

    Args:
        file: name of the file, or the address that was asked.
        fetched: when, UTC; None for a file.
        entity: id of the entity that was asked for, where the answer does not name it.
        signal: what the answer measures, where it does not say.
    """

    file: str = "answer.json"
    fetched: datetime | None = None
    entity: str | None = None
    signal: str | None = None


def load(data: bytes, source: str) -> object:
    """Return the JSON of an answer.

    OONI Explorer keeps answers in an envelope whose ``body`` is the text; it is opened.

    Raises:
        SourceMalformed: it is empty, HTML, cut off or no JSON.
    """
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise SourceMalformed(f"{source}: expected JSON, the answer is empty; ask again")
    if text[:1] == b"<":
        raise SourceMalformed(f"{source}: expected JSON, got HTML; is the address right, and the service up?")
    try:
        found: object = json.loads(text)
        if isinstance(found, dict) and set(found) == {"status", "contentType", "body"}:
            found = json.loads(take(found, "body", str, source))
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(f"{source}: expected whole JSON, got other: {error}; ask again") from error
    return found


def take(mapping: object, key: str, kind: type[T], source: str) -> T:
    """Return a value of an object by its key.

    Raises:
        SourceMalformed: it is no object, or has no such value.
    """
    if not isinstance(mapping, Mapping) or key not in mapping:
        raise SourceMalformed(f"{source}: expected {key!r} in an object, got {show(mapping)}")
    value = mapping[key]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise SourceMalformed(f"{source}: expected {key!r} to be {kind.__name__}, got {show(value)}")
    return value


def take_rows(mapping: object, key: str, source: str) -> Sequence[object]:
    """Return a list of an object by its key."""
    rows: Sequence[object] = take(mapping, key, list, source)
    return rows


def read_value(value: object, source: str) -> float:
    """Return a measured number, NaN for null.

    Raises:
        SourceMalformed: it is neither, or below 0.
    """
    if value is None:
        return math.nan
    try:
        number = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise SourceMalformed(f"{source}: expected a number of at least 0 or null, got {show(value)}")
    return number


def read_moment(value: object, source: str) -> datetime:
    """Return an instant, of ISO text (UTC unless it says) or an epoch in seconds."""
    if isinstance(value, str):
        stamp = read_instant(value)
        if stamp is not None:
            return datetime.fromtimestamp(stamp.micros / 1e6, UTC)
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 4_102_444_800:  # noqa: PLR2004 — the year 2100
        return datetime.fromtimestamp(value, UTC)
    raise SourceMalformed(f"{source}: expected a time, got {show(value)}")


def make_origin(data: bytes, asked: Asked, source: str, attribution: str) -> Origin:
    """Return where an answer came from."""
    return Origin(
        source=source,
        file=asked.file,
        sha256=hashlib.sha256(data).hexdigest(),
        parser=f"darkhours {__version__} {source}",
        attribution=attribution,
        fetched=asked.fetched,
    )


def show(value: object) -> str:
    """Return a value as a message shows it."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
