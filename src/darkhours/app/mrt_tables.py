"""Writes what is visible bin by bin: lines of CSV, Parquet, or one JSON document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any

from darkhours.app.mrt_visibility import SIGNALS, Visibility
from darkhours.app.screen import put
from darkhours.model.json_text import to_json
from darkhours.sources.mrt.series import SeriesFile

_DECIMALS = 4


def tell(seen: Visibility, *, json: bool, csv: Path | None, parquet: Path | None) -> None:
    """Write what is visible in one form; without any, the table to stdout.

    Args:
        seen: what to tell; it is read once.
        json: one document to stdout.
        csv: a table to this file.
        parquet: the same as Parquet.
    """
    if json:
        put(to_json(as_json(seen)))
    elif csv is not None:
        write_csv(seen, csv)
        put(str(csv))
    elif parquet is not None:
        write_parquet(seen, parquet)
        put(str(parquet))
    else:
        for lines in csv_lines(seen):
            put(lines.rstrip("\n"))


def write_csv(seen: Visibility, target: Path) -> None:
    """Write the bins as a long table: time, entity, value; an empty cell is not measured."""
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(csv_lines(seen))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def csv_lines(seen: Visibility) -> Iterator[str]:
    """Yield the same table, some lines at a time."""
    yield f"time,entity,{SIGNALS[seen.asked.signal]}\n"
    for each in seen.bins():
        time = iso(each.start_s)
        for names, values in each.rows():
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(
                (time, name, "" if isnan(value) else _write(value))
                for name, value in zip(names, values, strict=True)
            )
            yield text.getvalue()


def write_parquet(seen: Visibility, target: Path) -> None:
    """Write the same table as Parquet; which files held for which bins stands in its metadata."""
    with SeriesFile(target, SIGNALS[seen.asked.signal]) as table:
        for each in seen.bins():
            table.write(each.start_s, each.rows())
        table.note({"darkhours": json.dumps(as_provenance(seen))})


def as_json(seen: Visibility) -> dict[str, Any]:
    """Return the bins as plain values, one list for each entity; None is not measured."""
    times: list[str] = []
    feeds: list[int] = []
    columns: dict[str, list[float | None]] = {}
    for each in seen.bins():
        for names, values in each.rows():
            for entity, value in zip(names, values, strict=True):
                told = columns.setdefault(entity, [])
                told += [None] * (len(times) - len(told))
                told.append(None if isnan(value) else round(value, _DECIMALS))
        times.append(iso(each.start_s))
        feeds.append(each.full)
    for told in columns.values():
        told.extend([None] * (len(times) - len(told)))
    rule = seen.asked.rule
    return {
        "signal": SIGNALS[seen.asked.signal],
        "step_s": rule.step_s,
        "full_feed_limits": {"ipv4": rule.full[0], "ipv6": rule.full[1]},
        "times": times,
        "full_feeds": feeds,
        "entities": [{"entity": entity, "values": columns[entity]} for entity in sorted(columns)],
        "provenance": as_provenance(seen),
    }


def as_provenance(seen: Visibility) -> dict[str, Any]:
    """Return what the networks are told by, and which file held for which bins, as plain values."""
    return {
        "networks_by": "file" if seen.asked.networks else "path",
        "held": [
            {
                "what": use.what,
                "file": use.file.path.name,
                "form": use.form,
                "since": use.file.since.isoformat() if use.file.since else None,
                "first_bin": iso(use.first_s),
                "last_bin": iso(use.last_s),
                "younger_than_first_bin": use.is_early(),
            }
            for use in seen.uses()
        ],
    }


def iso(start_s: int) -> str:
    """Return an instant as it is written.

    >>> iso(1641340800)
    '2022-01-05T00:00:00Z'
    """
    return datetime.fromtimestamp(start_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.{_DECIMALS}f}".rstrip("0")
