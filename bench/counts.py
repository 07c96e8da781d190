"""Measures how few counts a bin tell an outage of two bins, and what they tell that never was.

Run as ``.venv/bin/python bench/counts.py [DRAWS]``; ten minutes. Its table is in docs/explanation/scoring.md.
Quiet series of the recipe `thin-quiet` are scored as they are, and with an outage of two bins each day, cut
out of the same counts: a mixed bin keeps each of its counts with the share of it that was up.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta

import numpy as np

from darkhours.app.measured import Question, detect
from darkhours.model.panel import Panel
from darkhours.model.state import State
from darkhours.score.detector import from_accounts
from darkhours.score.events import TrueWindow, Truth
from darkhours.score.metrics import Tally, summarise, tally
from darkhours.score.recipes import find_recipe
from darkhours.score.synthetic import Scenario, make_scenario

MEANS = (4.0, 6.0, 7.0, 8.0, 12.0, 20.0)
DRAWS, BINS = 10, 2
QUIET_DAYS = 8


def draw(mean: float, seed: int) -> Scenario:
    """Return quiet series of a mean."""
    return make_scenario(replace(find_recipe("thin-quiet"), mean=mean), seed)


def cut(scenario: Scenario, *, whole: bool) -> tuple[Panel, list[Truth]]:
    """Return the panel with an outage of two bins on each day after the first eight, and what it then holds.

    Args:
        scenario: quiet series.
        whole: whether outages begin with a bin; else at any instant.
    """
    panel, rng = scenario.panels[0], np.random.default_rng([scenario.seed, int(whole)])
    grid, values, truths = panel.grid, panel.values.copy(), []
    day = round(timedelta(days=1) / grid.step)
    for row, entity in enumerate(panel.entities):
        windows = []
        for first in range(QUIET_DAYS * day, grid.n_bins - day, day):
            begin = first + float(rng.integers(0, day - 6)) + (0.0 if whole else float(rng.uniform()))
            bins = np.arange(first, first + day)
            dark = np.clip(np.minimum(bins + 1, begin + BINS) - np.maximum(bins, begin), 0, 1)
            values[row, bins] = rng.binomial(values[row, bins].astype(np.int64), 1 - dark)
            start, end = (grid.start + (begin + more) * grid.step for more in (0, BINS))
            windows.append(TrueWindow(State.DARK, start, end))
        truths.append(Truth(entity.id, grid.start, grid.until, tuple(windows)))
    return replace(panel, values=values), truths


def score(panel: Panel, truths: list[Truth]) -> Tally:
    """Return how ours does."""
    found = from_accounts(detect([panel], Question(unrelated=False)))
    return sum((tally(truth, found.get(truth.entity, ())) for truth in truths), Tally())


def main() -> None:
    """Print the table."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    print("| counts a bin | recall, whole bins | recall, any instant | false in 50 weeks | series-weeks |")
    print("|--:|--:|--:|--:|--:|")
    for mean in MEANS:
        whole, between, quiet = Tally(), Tally(), Tally()
        for seed in range(draws):
            scenario = draw(mean, seed)
            quiet += score(scenario.panels[0], list(scenario.truths))
            whole += score(*cut(scenario, whole=True))
            between += score(*cut(scenario, whole=False))
        recalls = " | ".join(f"{summarise(each).recall:.3f}" for each in (whole, between))
        print(
            f"| {mean:g} | {recalls} | {50 * quiet.false / quiet.weeks:.2f} | {quiet.weeks:.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
