"""Reads the measured files that a case refers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from darkhours.app.instants import read_duration
from darkhours.infer.signals.lend import lend_signals
from darkhours.model.account import Account
from darkhours.model.case import Case, SeriesRef
from darkhours.model.entity import Entity
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel, Recording, Trace
from darkhours.sources import TableOptions, read_recording

DURATIONS = ("step", "smoothed")
LONGEST = timedelta(days=2)


def read_series(case: Case, folder: Path) -> tuple[Case, tuple[Panel, ...]]:
    """Return the panels of every ``[[series]]`` of a case, behind the case with the hash of each file.

    The hash is of the bytes that the values came from: it travels with every account of the case.

    Args:
        case: what refers to the files.
        folder: where its ``case.toml`` lies; the files are named relative to it.

    Raises:
        InputError: a file cannot be read, or does not hold the signal; problems of all files together.
    """
    refs, panels, problems = [], [], []
    for number, ref in enumerate(case.series, start=1):
        try:
            read, panel = _read_one(ref, case, folder)
            refs.append(read)
            panels.append(panel)
        except InputError as error:
            where = f"series no. {number} ({ref.file})"
            problems += [
                replace(p, where=f"{where}: {p.where}" if p.where else where) for p in error.problems
            ]
        except ConfigError as error:
            problems.append(Problem(f"series no. {number} ({ref.file})", str(error)))
    if problems:
        raise InputError(case.id, problems)
    return replace(case, series=tuple(refs)), tuple(panels)


def _read_one(ref: SeriesRef, case: Case, folder: Path) -> tuple[SeriesRef, Panel]:
    given = dict(ref.options)
    form = given.pop("format", None)
    recording = read_recording(folder / ref.file, _options(ref, given), None if form is None else str(form))
    panel = _pick(recording, ref)
    place = case.places.get(ref.entity) or Entity(ref.entity, ref.entity, case.tz)
    kind = panel.signal if panel.signal.name == ref.signal else replace(panel.signal, name=ref.signal)
    read = replace(ref, sha256=recording.origin.sha256)
    return read, replace(panel, entities=(place,), family=ref.family, signal=kind)


def _options(ref: SeriesRef, given: Mapping[str, object]) -> TableOptions:
    told: dict[str, Any] = {name: value for name, value in given.items() if name not in DURATIONS}
    for name in DURATIONS:
        if name in given:
            told[name] = read_duration(str(given[name]), name, timedelta(seconds=1), LONGEST)
    return TableOptions(**told, signal=ref.signal, family=ref.family, as_entity=ref.entity)


def _pick(recording: Recording, ref: SeriesRef) -> Panel:
    """Return the one panel that a reference means: the only one, or that of its signal."""
    one_place: Sequence[Panel] = [panel for panel in recording.panels if len(panel.entities) == 1]
    named = [panel for panel in one_place if panel.signal.name == ref.signal]
    if len(named) == 1 or (not named and len(one_place) == len(recording.panels) == 1):
        return (named or one_place)[0]
    held = ", ".join(dict.fromkeys(panel.signal.name for panel in recording.panels)) or "none"
    expected = f"expected one row of values for {ref.signal}, found {len(named)} among: {held}"
    raise InputError(ref.file, [Problem("signal", f"{expected}; name one of these, or its column as value")])


def trace_series(panels: Sequence[Panel], accounts: Sequence[Account]) -> list[Trace]:
    """Return the signals of the entities of ``accounts`` beside the baselines they were held against."""
    out: list[Trace] = []
    for account in {account.entity: account for account in accounts}.values():
        grid = Grid(account.start, timedelta(hours=1), 1)
        lent = lend_signals(panels, account.entity, grid)
        out += lent.traces if lent is not None else ()
    return out
