"""Detectors on the same inputs.

Ours beside the rules of other systems and KernelCPD of ruptures, on synthetic truth and, where the
evidence is here, on recorded shutdowns. What each word means: [scoring](explanation/scoring.md).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import recordings
import segmenters
from task import Task

from darkhours.app.score import OURS, find_detector, score_recipe
from darkhours.model.panel import Panel
from darkhours.score.detector import Detector, Findings, detect_by_rule
from darkhours.score.events import NOT_UP, Found
from darkhours.score.metrics import Score, Tally, summarise
from darkhours.score.recipes import find_recipe
from darkhours.score.rivals import RIVALS, Rule

TASKS = [Task("darkhours score --synthetic --recipe outages")]
SEEDS = 2
GROUPS: dict[str, tuple[str, ...]] = {
    "Dense data, outages of two bins and more": ("outages", "outages-hourly", "ramps", "families"),
    "Long and repeated": ("blackout-88d", "ongoing", "curfew-70", "brief-returns"),
    "Less than dark": ("throttling", "step", "disagreement"),
    "Thin counts": ("thin", "thin-short"),
    "Connected probes": ("probes",),
    "Smoothed by its publisher": ("smoothed", "smoothed-centred"),
    "A prober that fails, and one true outage": ("prober-loss",),
    "No outage at all": ("diurnal", "decline", "noisy", "thin-quiet", "prober-nulls", "isolated-zeros"),
}
HEADS = (
    "| detector | precision | recall | F1 | edge p90, min | coverage | width, min | false a week "
    "| dark, h off | s |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)
REACH_H = 24.0
"""A recorded outage is found where a window holds an instant that was surely dark, and begins within a day
of the true begin."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a detector made of a group of recipes."""

    name: str
    tally: Tally
    took_s: float


def list_detectors() -> dict[str, Detector]:
    """Return every detector by name; ours first."""
    found = {name: find_detector(name) for name in (OURS, *RIVALS)}
    return found | {"kernelcpd": _by_rule(segmenters.find_by_kernel)}


def describe() -> str:
    """Return the tables: by group of recipes, the ratios, and the recordings."""
    detectors = list_detectors()
    parts, whole = [], dict.fromkeys(detectors, Tally())
    for title, names in GROUPS.items():
        outcomes = [run(name, detector, names) for name, detector in detectors.items()]
        told = [outcome for outcome in outcomes if outcome is not None]
        whole |= {outcome.name: whole[outcome.name] + outcome.tally for outcome in told}
        recipes = ", ".join(f"`{name}`" for name in names)
        parts.append(f"### {title}\n\n{recipes}; {SEEDS} draws.\n\n{tabulate(told)}\n")
    general = {name: whole[name] for name in detectors if not (name in RIVALS and RIVALS[name].reads)}
    parts.append(take_ratios({name: summarise(tally) for name, tally in general.items()}))
    parts += [describe_recording(recorded, detectors) for recorded in recordings.load_recordings()]
    return "\n".join(parts)


def run(name: str, detector: Detector, recipes: Sequence[str]) -> Outcome | None:
    """Return what a detector makes of recipes; None where it cannot read all of them."""
    begun, total = time.perf_counter(), Tally()
    for recipe in recipes:
        told = score_recipe(detector, find_recipe(recipe), SEEDS)
        if told is None:
            return None
        total += told
    return Outcome(name, total, time.perf_counter() - begun)


def tabulate(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes as a table."""
    return "\n".join([HEADS, *(_row(outcome) for outcome in outcomes)])


def take_ratios(scores: dict[str, Score]) -> str:
    """Return the ratios over all recipes: to IODA's rule, and to KernelCPD."""
    ioda, kernel = scores["ioda"], scores["kernelcpd"]
    rows = [
        f"| `{name}` | {_percent(score.false_per_week, ioda.false_per_week)} "
        f"| {_percent(score.recall, ioda.recall)} | {_percent(score.f1, kernel.f1)} "
        f"| {_percent(score.edge_p90_min, kernel.edge_p90_min)} |"
        for name, score in scores.items()
    ]
    heads = (
        "| detector | false windows, of IODA's | recall, of IODA's | F1, of KernelCPD's "
        "| edge p90, of KernelCPD's |"
    )
    return "\n".join(["### Ratios over all recipes\n", heads, "|---|--:|--:|--:|--:|", *rows, ""])


def describe_recording(recorded: recordings.Recorded, detectors: dict[str, Detector]) -> str:
    """Return how each detector does on one recorded shutdown."""
    heads = (
        "| detector | found | begins, min off: median | p90 | late by, median | off where both found "
        "| windows before | never dark, yet called | s |"
    )
    rows, told = [heads, "|---|--:|--:|--:|--:|--:|--:|--:|--:|"], {}
    for name, detector in detectors.items():
        begun = time.perf_counter()
        findings = detector(recorded.panels, unrelated=False)
        told[name] = findings, time.perf_counter() - begun
    both = set(_late_min(recorded, told[OURS][0])) & set(_late_min(recorded, told["kernelcpd"][0]))
    for name, (findings, took) in told.items():
        if findings:
            rows.append(f"| `{name}` | {_judge(recorded, findings, both)} | {took:.2f} |")
    parts = [f"### {recorded.name}", *([recorded.note] if recorded.note else []), "\n".join(rows)]
    same = f"*Where both found*: the median distance, on what ours and KernelCPD both found: {len(both)}."
    return "\n\n".join([*parts, same]) + "\n"


def _judge(recorded: recordings.Recorded, findings: Findings, both: set[str]) -> str:
    events = {entity: _join(found) for entity, found in findings.items()}
    late = _late_min(recorded, findings)
    near = [abs(minutes) for minutes in late.values()]
    before = sum(event[0] < recorded.quiet_until for told in events.values() for event in told)
    called = sum(bool(events.get(entity)) for entity in recorded.never)
    spread = float(np.percentile(near, 90)) if near else None
    same = [abs(minutes) for entity, minutes in late.items() if entity in both]
    return (
        f"{len(near)} of {len(recorded.begins)} | {_show(_middle(near), 0)} | {_show(spread, 0)} "
        f"| {_show(_middle(list(late.values())), 0)} | {_show(_middle(same), 0)} "
        f"| {before} | {called} of {len(recorded.never)}"
    )


def _middle(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _late_min(recorded: recordings.Recorded, findings: Findings) -> dict[str, float]:
    """Return by how many minutes each begin that was found is late."""
    late = {}
    for entity, begins in recorded.begins.items():
        events = _join(findings.get(entity, ()))
        holding = [e for e in events if e[0] <= recorded.holds and not _over(e, recorded)]
        for event in holding[:1]:
            minutes = (event[0] - begins).total_seconds() / 60
            if abs(minutes) <= REACH_H * 60:
                late[entity] = minutes
    return late


def _over(event: tuple[datetime, datetime | None], recorded: recordings.Recorded) -> bool:
    return event[1] is not None and event[1] <= recorded.holds


def _join(found: Sequence[Found]) -> list[tuple[datetime, datetime | None]]:
    """Return the runs of windows that are not up."""
    runs: list[tuple[datetime, datetime | None]] = []
    for window in found:
        if window.state not in NOT_UP:
            continue
        end = None if window.end is None else window.end.at
        if runs and runs[-1][1] == window.start.at:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((window.start.at, end))
    return runs


def _row(outcome: Outcome) -> str:
    score = summarise(outcome.tally)
    cells = [
        _show(score.precision, 2), _show(score.recall, 2), _show(score.f1, 2), _show(score.edge_p90_min, 1),
        _show(score.coverage, 2), _show(score.width_median_min, 0), _show(score.false_per_week, 2),
        _show(score.dark_error_h, 1), f"{outcome.took_s:.1f}",
    ]  # fmt: skip
    return f"| `{outcome.name}` | {' | '.join(cells)} |"


def _show(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:,.{places}f}"


def _percent(value: float | None, of: float | None) -> str:
    return "" if value is None or not of else f"{100 * value / of:,.1f} %"


def _by_rule(rule: Rule) -> Detector:
    def detect(panels: Sequence[Panel], *, unrelated: bool) -> Findings:  # noqa: ARG001 — it has no gate
        return detect_by_rule(rule, panels)

    return detect
