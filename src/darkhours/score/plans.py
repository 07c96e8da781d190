"""Plans: what happens to an entity, drawn for a recipe; hours from the begin of the series."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from darkhours.model.state import State
from darkhours.score.recipes import Recipe

APART_H = 24.0
"""Least time between two events that are drawn at random, so that each stands alone."""
RETURN_H = 2.0
"""How long a brief return lasts."""
PARTLY_H = 96.0
"""How long two families disagree about a return."""
PARTLY_SHARE = {"probing": 0.05, "bgp": 1.0, "traffic": 0.6}
"""What each sensor shows meanwhile; as recorded in Iran, 18 to 27 January 2026."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of the plan.

    Args:
        state: what is true.
        start_h: when it begins.
        end_h: when it ends; None where it does not within the series.
        share: what a signal shows of its ordinary level; None takes the sensor's own dark level.
        shares: the same, for each sensor by name, where they differ.
    """

    state: State
    start_h: float
    end_h: float | None
    share: float | None = None
    shares: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is true of one entity, and what its sensor makes of it.

    Args:
        spells: true stretches that are not up, in order.
        faults: (start_h, end_h) in which the sensor fails; the truth is up.
        zeros: bins that are shown as zero although the truth is up.
    """

    spells: tuple[Spell, ...] = ()
    faults: tuple[tuple[float, float], ...] = ()
    zeros: tuple[int, ...] = ()


Rng = np.random.Generator
Draw = Callable[[Recipe, int, Rng], Plan]


def draw_span(span: tuple[float, float], rng: Rng) -> float:
    """Return a number between least and most, uniformly."""
    return float(rng.uniform(*span))


def _draw_hours(recipe: Recipe, rng: Rng) -> float:
    """Return how long an event lasts: log-uniform, so that short and long ones are equally common."""
    least, most = recipe.lasts_h
    return math.exp(draw_span((math.log(least), math.log(most)), rng)) if least < most else least


def _draw_start(recipe: Recipe, hours: float, rng: Rng) -> float:
    """Return a start that leaves the event inside the series, and a day of quiet after it."""
    least = recipe.quiet_days * 24
    return draw_span((least, max(least + 1, recipe.days * 24 - hours - 96)), rng)


def _draw_starts(recipe: Recipe, lasts: list[float], rng: Rng) -> list[float]:
    """Return starts in order: the free time is cut at random, so that no two events touch."""
    least = recipe.quiet_days * 24
    free = recipe.days * 24 - least - APART_H - sum(lasts) - APART_H * len(lasts)
    if free < 0:
        raise ValueError(f"{recipe.name}: expected room for {len(lasts)} events, lacking {-free:.0f} h")
    cuts = np.sort(rng.uniform(0.0, free, len(lasts)))
    before = np.concatenate([[0.0], np.cumsum(lasts)[:-1]]) + APART_H * np.arange(len(lasts))
    return [float(start) for start in least + cuts + before]


def _quiet(_recipe: Recipe, _entity: int, _rng: Rng) -> Plan:
    return Plan()


def _once(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    hours = _draw_hours(recipe, rng)
    start = _draw_start(recipe, hours, rng)
    return Plan((Spell(State.DARK, start, start + hours),))


def _open(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    return Plan((Spell(State.DARK, recipe.days * 24 - _draw_hours(recipe, rng), None),))


def _nights(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    """Draw a phase of the day once; every night is the same, to the second."""
    first = recipe.quiet_days * 24 + draw_span((0.0, 24.0), rng)
    starts = [first + 24 * night for night in range(recipe.events[0])]
    return Plan(tuple(Spell(State.DARK, start, start + recipe.lasts_h[0]) for start in starts))


def _returns(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    hours = _draw_hours(recipe, rng)
    start = _draw_start(recipe, hours, rng)
    middle = start + hours / 2
    first = draw_span((start + APART_H, middle - APART_H), rng)
    second = draw_span((middle + APART_H, start + hours - APART_H), rng)
    marks = [start, first, first + RETURN_H, second, second + RETURN_H, start + hours]
    return Plan(
        tuple(Spell(State.DARK, begin, end) for begin, end in zip(marks[::2], marks[1::2], strict=True))
    )


def _scattered(recipe: Recipe, _entity: int, rng: Rng, state: State = State.DARK) -> Plan:
    count = int(rng.integers(recipe.events[0], recipe.events[1] + 1))
    lasts = [_draw_hours(recipe, rng) for _ in range(count)]
    starts = _draw_starts(recipe, lasts, rng)
    shares = [None if state is State.DARK else draw_span(recipe.share, rng) for _ in lasts]
    drawn = zip(starts, lasts, shares, strict=True)
    return Plan(tuple(Spell(state, start, start + hours, share) for start, hours, share in drawn))


def _throttled(recipe: Recipe, entity: int, rng: Rng) -> Plan:
    return _scattered(recipe, entity, rng, State.DEGRADED)


def _step(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    start = draw_span((recipe.days * 8, recipe.days * 16), rng)
    return Plan((Spell(State.DEGRADED, start, None, draw_span(recipe.share, rng)),))


def _partly(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    hours = _draw_hours(recipe, rng)
    start = _draw_start(recipe, hours + PARTLY_H, rng)
    turn = start + hours
    shares = tuple(PARTLY_SHARE.items())
    partly = Spell(State.DEGRADED, turn, turn + PARTLY_H, shares=shares)
    return Plan((Spell(State.DARK, start, turn), partly))


def _fault(recipe: Recipe, rng: Rng) -> tuple[float, float]:
    """Return when the sensor fails, the same for every entity: its dice are those of the scenario."""
    hours = draw_span(recipe.lasts_h, rng)
    start = _draw_start(recipe, hours, rng)
    return start, start + hours


def _nulls(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    return Plan(faults=(_fault(recipe, rng),))


def _prober(recipe: Recipe, entity: int, rng: Rng) -> Plan:
    return _once(recipe, entity, rng) if entity == 0 else Plan()


def _zeros(recipe: Recipe, _entity: int, rng: Rng) -> Plan:
    """Draw bins of which no two touch."""
    n_bins = round(recipe.days * 24 * 60 / recipe.step_min)
    least = round(recipe.quiet_days * 24 * 60 / recipe.step_min)
    places = rng.choice((n_bins - least) // 3 - 1, recipe.events[0], replace=False)
    return Plan(zeros=tuple(int(least + 3 * place) for place in np.sort(places)))


PLANS: dict[str, Draw] = {
    "quiet": _quiet, "once": _once, "open": _open, "nights": _nights, "returns": _returns,
    "scattered": _scattered, "throttled": _throttled, "step": _step, "partly": _partly, "nulls": _nulls,
    "prober": _prober, "zeros": _zeros,
}  # fmt: skip
"""How each plan of the table is drawn, by its name."""


def draw_plans(recipe: Recipe, rng: Rng) -> list[Plan]:
    """Return a plan for each entity; where sensors fail together, they do so at the same time."""
    plans = [PLANS[recipe.plan](recipe, entity, rng) for entity in range(recipe.n_entities)]
    if recipe.plan != "prober":
        return plans
    fault = (_fault(recipe, rng),)
    well = recipe.n_entities - recipe.faults
    return [
        plan if entity < well else Plan(plan.spells, fault, plan.zeros) for entity, plan in enumerate(plans)
    ]
