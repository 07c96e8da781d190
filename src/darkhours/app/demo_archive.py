"""The archive of the demonstration: a generated fortnight, said to be made up wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from darkhours.app.measured import Question, find_outages
from darkhours.app.site_now import SYNTHETIC
from darkhours.model.document import account_to_document
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.places import lookup
from darkhours.score.recipes import Recipe
from darkhours.score.synthetic import make_scenario
from darkhours.store import Event, open_archive

JOB = "demo"
STEP = timedelta(minutes=10)
DAYS, QUIET_DAYS = 15.0, 9.0
SEED = 2022
CALM, SWING = (0.03, 0.06), (0.1, 0.3)
PLANS: tuple[tuple[Recipe, tuple[str, ...]], ...] = (
    (
        Recipe("demo-open", "dark where the data end", "open", DAYS, 10, lasts_h=(6, 60), noise=CALM,
               swing=SWING, sensors=("probing", "bgp", "traffic")),
        ("country:KZ", "region:KZ-75", "country:TD", "country:TO"),
    ),
    (
        Recipe("demo-nights", "a curfew every night", "nights", DAYS, 10, events=(6, 6), lasts_h=(6, 6),
               noise=CALM, swing=SWING),
        ("country:IQ", "region:KZ-43"),
    ),
    (
        Recipe("demo-step", "degraded to a third, and it stays", "step", DAYS, 10, share=(0.3, 0.5),
               noise=CALM, swing=SWING),
        ("country:PK", "country:SN", "country:BD"),
    ),
    (
        Recipe("demo-once", "one outage that has ended", "scattered", DAYS, 10, events=(1, 2),
               lasts_h=(2, 30), noise=CALM, swing=SWING, sensors=("probing", "traffic")),
        ("country:CD", "country:VE", "country:MM", "country:CU", "country:TN", "region:KZ-63"),
    ),
    (
        Recipe("demo-nulls", "the sensor is silent", "nulls", DAYS, 10, events=(0, 0), lasts_h=(12, 40),
               fault_share=float("nan"), noise=CALM, swing=SWING),
        ("country:NZ",),
    ),
    (
        Recipe("demo-quiet", "no outage", "quiet", DAYS, 10, events=(0, 0), noise=CALM, swing=SWING),
        ("country:DE", "country:BR", "country:JP", "country:ZA", "country:US", "country:IN", "country:AU",
         "country:CA", "country:FR", "country:AR", "country:NG", "country:EG", "country:TR", "country:ID",
         "country:KE", "country:GB", "country:PL", "country:UA", "country:MX", "country:PE", "country:MN",
         "country:SE", "country:KG", "country:UZ"),
    ),
)  # fmt: skip
"""What is made up of whom; the places are chosen so that every form of the page has something to show."""


def make_demo_archive(folder: Path, now: datetime) -> Path:
    """Make the archive of the demonstration and return its folder.

    Args:
        folder: where it is to lie; nothing may be there.
        now: the last bin that is over by then ends the data.
    """
    end = _floor(now)
    with open_archive(folder, create=True) as archive:
        panels = list(generate(end))
        for panel in panels:
            archive.add(Recording((panel,), _origin(panel)))
        archive.record_events(JOB, _events(panels))
    return folder


def _floor(now: datetime) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return now - (now - epoch) % STEP


def generate(end: datetime) -> Iterator[Panel]:
    """Yield the panels of every plan, named after places, so that the last bin ends at ``end``."""
    for recipe, ids in PLANS:
        quiet = replace(recipe, n_entities=len(ids), quiet_days=QUIET_DAYS)
        for panel in make_scenario(quiet, SEED).panels:
            grid = Grid(end - STEP * panel.grid.n_bins, STEP, panel.grid.n_bins)
            entities = tuple(lookup(id_) for id_ in ids)
            family = f"made-up.{panel.family.partition('.')[2]}"
            values = np.round(panel.values, 3)
            yield Panel(panel.signal, family, SYNTHETIC, entities, grid, values)


def _origin(panel: Panel) -> Origin:
    thanks = "made up by the generator of Darkhours; nobody measured it"
    return Origin(SYNTHETIC, f"generated-{panel.signal.name}", "", "darkhours demo", thanks)


def _events(panels: Sequence[Panel]) -> Iterator[Event]:
    for found in find_outages(panels, Question(unrelated=False)):
        document = account_to_document(found.account)
        until = document["span"]["until"]
        for outage in document["outages"]:
            first, last = outage["start"]["at"], (outage["end"] or {"at": until})["at"]
            windows = [w for w in document["windows"] if first <= w["start"]["at"] < last]
            start = datetime.fromisoformat(first)
            end = None if outage["end"] is None else datetime.fromisoformat(last)
            yield Event(found.entity.id, first, start, end, {**outage, "windows": windows})
