"""A detector as scores see it: panels in, windows that are not up out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from darkhours.model.account import Account
from darkhours.model.panel import Panel
from darkhours.model.state import State
from darkhours.score.events import NOT_UP, Found, find_from_account, find_plain
from darkhours.score.metrics import Tally, tally
from darkhours.score.rivals import RIVALS, Alarm, Row, Rule
from darkhours.score.synthetic import Scenario

Findings = Mapping[str, tuple[Found, ...]]
"""What was found, by the id of the entity; one that is not there was not judged."""


class Detector(Protocol):
    """Whatever turns panels into findings; it never sees a truth."""

    def __call__(self, panels: Sequence[Panel], *, unrelated: bool) -> Findings:
        """Return what was found.

        Args:
            panels: one for each signal of one recording.
            unrelated: whether the entities share no fate, as a user may declare of a file.
        """


def from_accounts(accounts: Iterable[Account]) -> Findings:
    """Return the findings of accounts of `internet`, one for each entity."""
    return {
        account.entity: find_from_account(account) for account in accounts if account.service == "internet"
    }


def make_rival(name: str) -> Detector:
    """Return a rule of another system as a detector.

    Raises:
        KeyError: there is none of that name (`RIVALS`).
    """
    rival = RIVALS[name]

    def detect(panels: Sequence[Panel], *, unrelated: bool) -> Findings:  # noqa: ARG001 — it has no gate
        return detect_by_rule(rival.rule, panels, rival.reads)

    return detect


def score_scenario(detector: Detector, scenario: Scenario) -> Tally | None:
    """Return the tally of a detector on one scenario; None where it judged no entity of it.

    Args:
        detector: panels in, findings out.
        scenario: panels, and the truth that only this function holds them against.
    """
    found = detector(scenario.panels, unrelated=scenario.recipe.unrelated)
    if not found:
        return None
    return sum((tally(truth, found.get(truth.entity, ())) for truth in scenario.truths), Tally())


def detect_by_rule(rule: Rule, panels: Sequence[Panel], reads: Sequence[str] = ()) -> Findings:
    """Return what a rule finds in each row, all signals of an entity together.

    Such a rule knows one signal; of several the worst counts at each instant, as on a page that
    shows an entity's alerts of all sources.

    Args:
        rule: a row in, alarms out.
        panels: what was measured.
        reads: signals that the rule can read; any where empty.
    """
    alarms: dict[str, list[Found]] = {}
    for panel in panels:
        if reads and panel.signal.name not in reads:
            continue
        for entity, values in zip(panel.entities, panel.values, strict=True):
            row = Row(values, panel.grid.step_h, panel.signal.sense, panel.signal.name)
            alarms.setdefault(entity.id, []).extend(_place(alarm, panel) for alarm in rule(row))
    return {entity: unite(found) for entity, found in alarms.items()}


def unite(found: Sequence[Found]) -> tuple[Found, ...]:
    """Return windows without overlap: at each instant the worst of those given."""
    if not found:
        return ()
    marks = sorted(
        {window.start.at for window in found} | {window.end.at for window in found if window.end is not None}
    )
    pieces: list[Found] = []
    for start, end in zip(marks, [*marks[1:], None], strict=True):
        state = _worst(found, start)
        last = pieces[-1] if pieces else None
        if state is None:
            continue
        if last is not None and last.state is state and last.end is not None and last.end.at == start:
            start = last.start.at  # noqa: PLW2901 — the piece goes on
            pieces.pop()
        pieces.append(find_plain(state, start, end))
    return tuple(pieces)


def _worst(found: Sequence[Found], at: datetime) -> State | None:
    on = {
        window.state for window in found if window.start.at <= at and (not window.end or at < window.end.at)
    }
    return next((state for state in reversed(NOT_UP) if state in on), None)


def _place(alarm: Alarm, panel: Panel) -> Found:
    start = panel.grid.at(alarm.first)
    return find_plain(alarm.state, start, None if alarm.end is None else panel.grid.at(alarm.end))
