"""The ``[[series]]`` tables: files of measured values that belong to a case."""

from __future__ import annotations

from pathlib import PurePosixPath

from darkhours.claims.findings import shorten
from darkhours.claims.table import Table
from darkhours.claims.times import read_length
from darkhours.model.case import SeriesRef

OPTIONS = (
    "time", "time_format", "tz", "value", "count", "kind", "worse", "step", "smoothed", "format", "unrelated",
)  # fmt: skip
"""Options of `darkhours outages` that a case may give, without their dashes."""
SERIES_KEYS = ("file", "signal", "entity", "family", *OPTIONS)
_CHOICES = {"kind": ("count", "gauge", "index"), "worse": ("lower", "higher")}
_PATH_MOST = 400


def read_series(table: Table) -> SeriesRef | None:
    """Return the reference to a file of values, or None after telling why not."""
    for key, expected in (
        ("file", "a path relative to the case"),
        ("signal", "what is measured, such as bgp.visible_slash24_cnt"),
        ("entity", "the id of the entity it is about"),
        ("family", "the sensing system, such as ioda.bgp"),
    ):
        table.missing(key, expected)
    file, signal, entity, family = (
        _file(table),
        table.text("signal"),
        table.entity("entity"),
        table.text("family"),
    )
    options = _options(table)
    if table.failed or file is None or signal is None or entity is None or family is None:
        return None
    return SeriesRef(file, signal, entity, family, options)


def _file(table: Table) -> str | None:
    text = table.text("file", most=_PATH_MOST)
    if text is None:
        return None
    path = PurePosixPath(text)
    inside = not path.is_absolute() and ".." not in path.parts and path.parts
    if inside and text.isprintable() and not text.startswith("~") and not set(text) & set("\\:"):
        return text
    expected = "expected a path inside the folder of the case, with '/' between its parts"
    table.error("file", f"{expected}, got {shorten(text)}; copy the file there")
    return None


def _options(table: Table) -> tuple[tuple[str, object], ...]:
    for key in OPTIONS:
        if key in {"count", "unrelated"}:
            table.flag(key)
        elif key in {"step", "smoothed"}:
            read_length(table, key)
        elif key in _CHOICES:
            table.choice(key, _CHOICES[key])
        else:
            table.text(key)
    if table.raw.get("count") is True and table.has("value"):
        table.error("count", "goes with rows as values, not with a value column; drop one of them")
    return tuple((key, table.raw[key]) for key in sorted(OPTIONS) if key in table.raw)
