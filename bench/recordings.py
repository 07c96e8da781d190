"""Recorded shutdowns whose truth is known from elsewhere; read only where DARKHOURS_SHARED_DATA is set.

The readers here take no more than the bench needs, so that it measures detectors and not readers.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal

HOUR = timedelta(hours=1)
IODA_COLUMNS = {
    "Google (Search)": ("traffic.search_idx", "google.traffic"),
    "Telescope (# Unique Source IPs)": ("telescope.src_ip_cnt", "ioda.telescope"),
    "BGP (#Visible /24s)": ("bgp.visible_slash24_cnt", "ioda.bgp"),
    "Active Probing (#/24s Up)": ("probing.slash24_up_cnt", "ioda.probing"),
    "Mozilla (City Count)": ("telemetry.city_cnt", "mozilla.telemetry"),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded shutdown.

    Args:
        name: place and time.
        panels: what was measured.
        begins: when it went dark, by the id of each entity that did.
        holds: an instant inside it.
        never: ids of the entities that never went dark.
        quiet_until: nothing is known to have happened before.
        note: what a reader of the errors must know of the truth.
    """

    name: str
    panels: tuple[Panel, ...]
    begins: dict[str, datetime]
    holds: datetime
    never: tuple[str, ...]
    quiet_until: datetime
    note: str = ""


def load_recordings() -> list[Recorded]:
    """Return the recordings; none where the evidence is not here."""
    folder = os.environ.get("DARKHOURS_SHARED_DATA")
    if not folder:
        return []
    root = Path(folder)
    return [_load_iran_2019(root), _load_venezuela(root), _load_iran_2026(root)]


def _load_iran_2019(root: Path) -> Recorded:
    """Truth of a county: its first hour of 50 or less that lasts six; Bam never went dark."""
    file = root / "monash-ip-observatory" / "irn-2019-11-11_gif.csv"
    panel = _read_monash(file, timezone(timedelta(hours=3.5)), ("name_1", "name_2"))
    falls = datetime(2019, 11, 15, 6, tzinfo=UTC)
    begins = {}
    for entity, row in zip(panel.entities, panel.values, strict=True):
        low = np.lib.stride_tricks.sliding_window_view(row <= 50, 6).all(axis=1)  # noqa: PLR2004 — as above
        starts = [panel.grid.at(int(place)) for place in np.flatnonzero(low)]
        later = [start for start in starts if start >= falls]
        if later and not entity.id.endswith("/Bam"):
            begins[entity.id] = later[0]
    never = tuple(entity.id for entity in panel.entities if entity.id.endswith("/Bam"))
    holds = datetime(2019, 11, 17, 12, tzinfo=UTC)
    note = (
        "The truth is itself a border of bins, the first hour of 50 or less: a rule that tells borders has 0 "
        "by construction, one that tells where in the hour before it a county fell cannot."
    )
    return Recorded("Iran, November 2019, 73 counties", (panel,), begins, holds, never, falls, note)


def _load_venezuela(root: Path) -> Recorded:
    """Truth: the grid failed on 22 July at 20:41Z, except in Bolívar where it is fed."""
    file = root / "monash-ip-observatory" / "ven-2019-07-22_gif.csv"
    panel = _read_monash(file, timezone(timedelta(hours=-4)), ("name_1",))
    cut = datetime(2019, 7, 22, 20, 41, tzinfo=UTC)
    spared = tuple(entity.id for entity in panel.entities if entity.id.endswith("Bolívar"))
    begins = {entity.id: cut for entity in panel.entities if entity.id not in spared}
    quiet = datetime(2019, 7, 22, 15, tzinfo=UTC)
    holds = datetime(2019, 7, 23, 0, tzinfo=UTC)
    note = (
        "The cut, 20:41Z, lies 19 min before a border of hours: a rule that tells borders has 19, 41, 79 or "
        "101. Of a cut at any minute the nearest border is 15 min off on the average."
    )
    title = "Venezuela, July 2019, 13 states, smoothed"
    return Recorded(title, (panel,), begins, holds, spared, quiet, note)


def _load_iran_2026(root: Path) -> Recorded:
    """Truth: dark from 8 January, between 16:45Z and 18:45Z; nothing before the 7th."""
    path = root / "iran-2026-ioda" / "ioda-iran-2025-12-01_2026-01-29.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.fromisoformat(row["Time (UTC)"]).replace(tzinfo=UTC) for row in rows]
    step = timedelta(minutes=30)
    grid = Grid(min(times), step, int((max(times) - min(times)) / step) + 1)
    places = [int((time - grid.start) / step) for time in times]
    country = Entity("country:IR", "Iran", "Asia/Tehran")
    panels = []
    for column, (signal, family) in IODA_COLUMNS.items():
        values = np.full((1, grid.n_bins), np.nan)
        for place, row in zip(places, rows, strict=True):
            values[0, place] = float(row[column]) if row[column] else np.nan
        panels.append(Panel(describe_signal(signal), family, "ioda", (country,), grid, values))
    begins = {country.id: datetime(2026, 1, 8, 17, 45, tzinfo=UTC)}
    holds = datetime(2026, 1, 12, tzinfo=UTC)
    quiet = datetime(2026, 1, 7, tzinfo=UTC)
    note = (
        "The truth is the middle of the two hours in which it went dark, 16:45 to 18:45Z; first signs came "
        "between 16:00 and 17:30Z. A begin that is less than two hours early is not known to be wrong."
    )
    return Recorded("Iran, January 2026, five families", tuple(panels), begins, holds, (), quiet, note)


def _read_monash(path: Path, zone: timezone, names: tuple[str, ...]) -> Panel:
    """Return the index of a file whose times are local."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = [
        ("/".join(row[name] for name in names), _read_time(row["time_e_str"], zone), row["connectivity"])
        for row in rows
    ]
    ids = sorted({name for name, _, _ in read})
    start = min(time for _, time, _ in read)
    grid = Grid(start, HOUR, int((max(time for _, time, _ in read) - start) / HOUR) + 1)
    values = np.full((len(ids), grid.n_bins), np.nan)
    for name, time, value in read:
        values[ids.index(name), int((time - start) / HOUR)] = float(value)
    entities = tuple(Entity(f"local:{name.replace(' ', '_')}", name, "UTC") for name in ids)
    signal = describe_signal("probing.connectivity_idx")
    return Panel(signal, "monash.ipo", "monash", entities, grid, np.maximum(values, 0.0))


def _read_time(text: str, zone: timezone) -> datetime:
    return datetime.strptime(text, "%d-%b-%Y %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
