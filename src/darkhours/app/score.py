"""Scores detectors on synthetic truth, and accounts against a table of what truly happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from darkhours.app.files import read_text
from darkhours.app.measured import Question, detect
from darkhours.app.saved import read_accounts
from darkhours.app.truth import read_truths
from darkhours.model.account import Account
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.panel import Panel
from darkhours.score.detector import Detector, Findings, from_accounts, make_rival, score_scenario
from darkhours.score.events import find_from_account
from darkhours.score.metrics import Score, Tally, summarise, tally
from darkhours.score.recipes import RECIPES, Recipe
from darkhours.score.rivals import RIVALS
from darkhours.score.synthetic import make_scenario

OURS = "darkhours"
DEFAULT_DETECTOR = OURS
"""What is scored unless told."""
COLUMNS = (
    ("precision", "precision", 2), ("recall", "recall", 2), ("edge_median_min", "edge min", 1),
    ("edge_p90_min", "p90 min", 1), ("coverage", "coverage", 2), ("width_median_min", "width min", 1),
    ("false_per_week", "false/week", 2), ("dark_error_h", "dark h", 1),
    ("disrupted_error_h", "disrupted h", 1),
)  # fmt: skip
"""What a line shows of a score: the name, the heading, decimals."""


@dataclass(frozen=True, slots=True)
class Line:
    """The score of one detector on one thing: a recipe, an entity, or all together."""

    what: str
    detector: str
    score: Score


@dataclass(frozen=True, slots=True)
class Scores:
    """What was scored, and how it came out.

    Args:
        head: what the lines are about, in a sentence.
        lines: in the order of the table of recipes, or of the document.
    """

    head: str
    lines: tuple[Line, ...]

    def as_text(self) -> str:
        """Return a table for a person; a dot where there is nothing to judge by."""
        heads = ["what", "detector", "true", "found", *(heading for _, heading, _ in COLUMNS)]
        rows = [heads, *(_row(line) for line in self.lines)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
        return "\n".join([self.head, "", *(_align(row, widths) for row in rows)])

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {"about": self.head, "scores": [_plain(line) for line in self.lines]}


def choose_scores(
    accounts: Path | None,
    truth: Path | None,
    *,
    synthetic: bool = False,
    recipes: Sequence[str] | None = None,
    detectors: Sequence[str] | None = None,
    seeds: int | None = None,
) -> Scores:
    """Return the scores that the words of the command line ask for.

    Raises:
        ConfigError: they ask for both kinds, for neither, or for what only the other has.
        InputError: a file cannot be read.
    """
    if synthetic:
        if accounts is not None or truth is not None:
            raise ConfigError("--synthetic makes its own truth: leave out the file of accounts and --truth")
        return score_synthetic(recipes or (), detectors or (), 1 if seeds is None else seeds)
    if recipes or detectors or seeds is not None:
        raise ConfigError("--recipe, --detector and --seeds belong to synthetic truth: add --synthetic")
    if accounts is None or truth is None:
        raise ConfigError(
            "score: expected ACCOUNTS.json and --truth TRUTH.csv, or --synthetic; see: darkhours score --help"
        )
    return score_accounts(accounts, truth)


def score_synthetic(recipes: Sequence[str], detectors: Sequence[str], seeds: int) -> Scores:
    """Return the scores of detectors on synthetic truth, recipe by recipe.

    Args:
        recipes: names of `RECIPES`; all of them where empty.
        detectors: names; `DEFAULT_DETECTOR` where empty.
        seeds: how many draws of each recipe, from seed 0 on.

    Raises:
        ConfigError: a name is not known, or there is no draw.
    """
    if seeds < 1:
        raise ConfigError(f"--seeds: expected 1 or more, got {seeds}")
    chosen = [_find_recipe(name) for name in recipes] or list(RECIPES)
    named = {name: find_detector(name) for name in detectors or (DEFAULT_DETECTOR,)}
    lines = []
    for recipe in chosen:
        scored = {name: score_recipe(detector, recipe, seeds) for name, detector in named.items()}
        lines += [Line(recipe.name, name, summarise(told)) for name, told in scored.items() if told]
    head = f"Scored: {', '.join(named)}; synthetic truth, seeds 0 to {seeds - 1}."
    return Scores(head, tuple(lines))


def score_recipe(detector: Detector, recipe: Recipe, seeds: int) -> Tally | None:
    """Return the tally of a detector over several draws; None where it can read none of them."""
    told = [score_scenario(detector, make_scenario(recipe, seed)) for seed in range(seeds)]
    known = [item for item in told if item is not None]
    return sum(known, Tally()) if known else None


def score_accounts(accounts: Path, truth: Path) -> Scores:
    """Return the scores of saved accounts of `internet` against a table of truth.

    An entity that the table does not name was up throughout.

    Args:
        accounts: a ``darkhours.account/1`` or ``darkhours.outages/1`` document.
        truth: CSV with the columns ``entity,start,end,state``.

    Raises:
        InputError: either cannot be read, or they have nothing to say of each other.
    """
    told = [a for a in read_accounts(str(accounts), read_text(accounts)) if a.service == "internet"]
    if not told:
        message = "expected accounts of the service internet, found none; make it with --service internet"
        raise InputError(str(accounts), [Problem("", message)])
    _refuse_twice(told, str(accounts))
    truths = read_truths(str(truth), read_text(truth), told)
    tallies = {account.entity: tally(truths[account.entity], find_from_account(account)) for account in told}
    lines = [Line(entity, "accounts", summarise(item)) for entity, item in tallies.items()]
    if len(lines) > 1:
        lines.append(Line("all", "accounts", summarise(sum(tallies.values(), Tally()))))
    return Scores(f"Scored: {accounts.name} against {truth.name}.", tuple(lines))


def find_detector(name: str) -> Detector:
    """Return the detector of that name: ours, or the rule of another system.

    Raises:
        ConfigError: there is none.
    """
    if name == OURS:
        return _detect_ours
    if name in RIVALS:
        return make_rival(name)
    raise ConfigError(f"--detector: expected one of {', '.join([OURS, *RIVALS])}; got {name!r}")


def _detect_ours(panels: Sequence[Panel], *, unrelated: bool) -> Findings:
    """Return what our own inference finds: the one place where it is wired to the scores."""
    return from_accounts(detect(panels, Question(unrelated=unrelated)))


def _find_recipe(name: str) -> Recipe:
    known = {recipe.name: recipe for recipe in RECIPES}
    if name not in known:
        raise ConfigError(f"--recipe: expected one of {', '.join(known)}; got {name!r}")
    return known[name]


def _refuse_twice(accounts: Sequence[Account], file: str) -> None:
    seen: set[str] = set()
    for account in accounts:
        if account.entity in seen:
            message = f"expected one account of {account.entity}, found two; keep one"
            raise InputError(file, [Problem("", message)])
        seen.add(account.entity)


def _row(line: Line) -> list[str]:
    told = line.score.tally
    shown = [_show(getattr(line.score, name), places) for name, _, places in COLUMNS]
    return [line.what, line.detector, str(told.true), str(told.found), *shown]


def _show(value: float | None, places: int) -> str:
    return "·" if value is None else f"{value:,.{places}f}"


def _align(row: Sequence[str], widths: Sequence[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join([*words, *numbers]).rstrip()


def _plain(line: Line) -> Mapping[str, Any]:
    told = line.score.tally
    counts = {"true": told.true, "found": told.found, "matched": told.matched, "false": told.false}
    names = ["f1", *(name for name, _, _ in COLUMNS)]
    values = {name: _round(getattr(line.score, name)) for name in names}
    return {"what": line.what, "detector": line.detector} | counts | {"weeks": _round(told.weeks)} | values


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
