"""Synthetic truth: panels as a detector gets them, and apart from them what truly happened."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal
from darkhours.model.state import State
from darkhours.model.timeline import Floats
from darkhours.score.events import TrueWindow, Truth
from darkhours.score.plans import Plan, Rng, Spell, draw_plans, draw_span
from darkhours.score.recipes import SENSORS, Recipe, Sensor

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
"""A Monday, so that the weekend is where the calendar has it."""
_DAY_H, _WEEK_H = 24.0, 168.0


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One draw of a recipe.

    Args:
        recipe: what was drawn.
        seed: of its dice.
        panels: what a detector gets, one for each sensor.
        truths: what it never sees, one for each entity, in the order of the panels' rows.
    """

    recipe: Recipe
    seed: int
    panels: tuple[Panel, ...]
    truths: tuple[Truth, ...]


def make_scenario(recipe: Recipe, seed: int) -> Scenario:
    """Return panels and truth of a recipe; the same seed gives the same values.

    Every recipe has dice of its own: adding one to the table moves no other.

    Args:
        recipe: what to draw (`RECIPES`).
        seed: any whole number from 0.
    """
    rng = np.random.default_rng([seed, zlib.crc32(recipe.name.encode())])
    step = timedelta(minutes=recipe.step_min)
    grid = Grid(BEGIN, step, round(recipe.days * 24 * 60 / recipe.step_min))
    entities = tuple(
        Entity(f"local:{recipe.name}/{number + 1}", f"{recipe.name} {number + 1}", "UTC")
        for number in range(recipe.n_entities)
    )
    plans = draw_plans(recipe, rng)
    panels = tuple(_make_panel(recipe, name, grid, entities, plans, rng=rng) for name in recipe.sensors)
    truths = tuple(
        _tell_truth(entity, plan, grid, recipe) for entity, plan in zip(entities, plans, strict=True)
    )
    return Scenario(recipe, seed, panels, truths)


def _tell_truth(entity: Entity, plan: Plan, grid: Grid, recipe: Recipe) -> Truth:
    told = [(spell.state, spell.start_h, spell.end_h) for spell in plan.spells]
    if np.isnan(recipe.fault_share):
        told += [(State.UNKNOWN, start, end) for start, end in plan.faults]
    windows = tuple(
        TrueWindow(state, _at(grid, start), None if end is None else _at(grid, end))
        for state, start, end in sorted(told, key=lambda item: item[1])
    )
    return Truth(entity.id, grid.start, grid.until, windows)


def _at(grid: Grid, hours: float) -> datetime:
    return grid.start + timedelta(seconds=round(hours * 3600))


def _make_panel(
    recipe: Recipe, name: str, grid: Grid, entities: tuple[Entity, ...], plans: list[Plan], *, rng: Rng
) -> Panel:
    sensor = SENSORS[name]
    values = _smooth(np.stack([_measure(recipe, name, plan, grid, rng) for plan in plans]), recipe, rng)
    signal = describe_signal(sensor.signal)
    return Panel(signal, sensor.family, sensor.datasource, entities, grid, values, counted=recipe.poisson)


def _smooth(values: Floats, recipe: Recipe, rng: Rng) -> Floats:
    """Return values as a publisher gives them that takes means over hours; of fewer at begin and end."""
    if not recipe.smoothed_h[1]:
        return values
    width = max(1, round(round(draw_span(recipe.smoothed_h, rng)) * 60 / recipe.step_min))
    ahead = width // 2 if recipe.centred else 0
    total = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    until = np.minimum(np.arange(values.shape[1]) + 1 + ahead, values.shape[1])
    first = np.maximum(np.arange(values.shape[1]) + 1 + ahead - width, 0)
    smooth: Floats = (total[:, until] - total[:, first]) / (until - first)
    return smooth


def _measure(recipe: Recipe, name: str, plan: Plan, grid: Grid, rng: Rng) -> Floats:
    """Return what one sensor shows of one entity; shape (n_bins,)."""
    sensor = SENSORS[name]
    edges = np.arange(grid.n_bins + 1, dtype=np.float64) * grid.step_h
    ordinary = (recipe.mean if sensor.mean is None else sensor.mean) * _draw_shape(recipe, sensor, edges, rng)
    access = _mean_access(_list_levels(recipe, name, plan.spells, rng), edges)
    values = ordinary * access * np.exp(_draw_noise(recipe, sensor, grid.n_bins, rng))
    for start, end in plan.faults:
        touched = (edges[1:] > start) & (edges[:-1] < end)
        values[touched] *= recipe.fault_share
    values[list(plan.zeros)] = 0.0
    return _count(recipe, sensor, values, rng)


def _count(recipe: Recipe, sensor: Sensor, values: Floats, rng: Rng) -> Floats:
    """Return the values as they are published: drawn as counts, rounded to whole ones, or as they are."""
    if describe_signal(sensor.signal).kind != "count":
        return values
    if not recipe.poisson:
        return np.round(values)
    return np.where(np.isnan(values), np.nan, rng.poisson(np.nan_to_num(values)))


def _draw_shape(recipe: Recipe, sensor: Sensor, edges: Floats, rng: Rng) -> Floats:
    """Return day, weekend and decline, 1 by day at the begin; shape (n_bins,)."""
    middle = (edges[1:] + edges[:-1]) / 2
    swing = draw_span(recipe.swing if sensor.swing is None else sensor.swing, rng)
    night = (1 + np.cos(2 * np.pi * (middle - rng.uniform(0, _DAY_H)) / _DAY_H)) / 2
    weekend = draw_span(recipe.weekend, rng) * (middle % _WEEK_H >= 5 * _DAY_H)
    begin = recipe.quiet_days * _DAY_H
    declined = recipe.decline * np.clip((middle - begin) / (recipe.decline_days * _DAY_H), 0, 1)
    shape: Floats = (1 - swing * night) * (1 - weekend) * (1 - declined)
    return shape


def _draw_noise(recipe: Recipe, sensor: Sensor, n_bins: int, rng: Rng) -> Floats:
    """Return log noise that remembers itself: AR(1), stationary from the first bin; shape (n_bins,)."""
    scale = draw_span(recipe.noise if sensor.noise is None else sensor.noise, rng)
    memory = recipe.noise_ar
    fresh = rng.normal(size=n_bins) * scale * np.sqrt(1 - memory**2)
    noise = np.empty(n_bins)
    last = rng.normal() * scale
    for place, shock in enumerate(fresh.tolist()):
        last = memory * last + shock
        noise[place] = last
    return noise


def _list_levels(
    recipe: Recipe, name: str, spells: tuple[Spell, ...], rng: Rng
) -> list[tuple[float, float, float]]:
    """Return every change of level: when, to what share of ordinary, over how many hours."""
    changes: list[tuple[float, float, float]] = []
    for spell in spells:
        ramp = draw_span(recipe.ramp_bins, rng) * recipe.step_min / 60
        if changes and changes[-1][0] == spell.start_h:
            changes.pop()
        changes.append((spell.start_h, _show(recipe, name, spell, rng), ramp))
        if spell.end_h is not None:
            changes.append((spell.end_h, 1.0, draw_span(recipe.ramp_bins, rng) * recipe.step_min / 60))
    return changes


def _show(recipe: Recipe, name: str, spell: Spell, rng: Rng) -> float:
    """Return what a sensor shows of a spell: its own, the spell's, or its dark level."""
    told = dict(spell.shares).get(name, spell.share)
    if told is not None:
        return told
    dark = SENSORS[name].dark
    return draw_span(recipe.share if dark is None else dark, rng)


def _mean_access(changes: list[tuple[float, float, float]], edges: Floats) -> Floats:
    """Return the mean level of each bin, so that a mixed bin holds just its fraction; shape (n_bins,).

    A ramp is centred on its instant: it takes as much from the bins as a step there would.
    """
    times, levels = [edges[0] - 1.0], [1.0]
    for at, level, ramp in changes:
        times += [at - ramp / 2, at + ramp / 2]
        levels += [levels[-1], level]
    times.append(edges[-1] + 1.0)
    levels.append(levels[-1])
    t, y = np.asarray(times), np.asarray(levels)
    piece = np.concatenate([[0.0], np.cumsum(np.diff(t) * (y[1:] + y[:-1]) / 2)])
    place = np.clip(np.searchsorted(t, edges, side="right") - 1, 0, len(t) - 2)
    width = np.maximum(t[place + 1] - t[place], 1e-12)
    into = edges - t[place]
    total = piece[place] + into * y[place] + into**2 * (y[place + 1] - y[place]) / (2 * width)
    access: Floats = np.diff(total) / np.diff(edges)
    return access
