"""What can be told of each entity bin by bin, without looking ahead: the account's rules as a small machine.

The `live` account of the readable code is made of histories that keep their rank among the states, and
`account.outage` reads outages off them. This machine does the same for the middle rank, one bin after the
other, so that a new bin costs one step; `tests/infer/test_bulk_standing.py` holds the two together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from darkhours.infer.bulk.jit import kernel, part, spot
from darkhours.infer.bulk.values import BACK, COVERED, DEGRADED, SUSPECT, UP, Counts, Kinds, Pass
from darkhours.infer.signals.settle import LEAST_BINS
from darkhours.infer.signals.tails import LONE_TAIL, WHOLE_TAIL
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.timeline import Bins, Codes, Floats

NONE, ONGOING, PROBATION, ENDED = range(4)
"""Statuses of an entity's last outage."""

QUIET, IS_DEGRADED, IS_DARK, CAME_BACK, PASSED = range(5)
"""What a bin changes: nothing; it is degraded or dark from now on; it is up again; a probation is passed."""

SHALLOW = 6
"""Degraded takes about six bins or an hour, whichever is longer (the method, *Shared engine*)."""

NO_BIN = -1


class Standing(NamedTuple):
    """What is told of each entity now; shape of each array (n_entities,).

    Args:
        code: state that is told: up, degraded or dark.
        status: of its last outage.
        since: bin from which on the state holds.
        begun: bin at which the last outage begins, -1 before the first.
        longest: bins of the longest return inside the outage.
        up: bins of up that were measured since the last return.
        last: state of the newest bin.
        run: bins that it has lasted.
        down: bins that it has not been up for, in one stretch.
        dip: bins of the last such stretch that was not told while it lasted.
        sunk: how far it went: a point for each degraded bin of such a stretch, two for a dark one.
        silent: newest bins in which nobody could say something.
        blind: whether one of these was suspect: then the silence is not bridged.
    """

    code: Codes
    status: Codes
    since: Bins
    begun: Bins
    longest: Floats
    up: Floats
    last: Codes
    run: Counts
    down: Counts
    dip: Counts
    sunk: Counts
    silent: Counts
    blind: Codes


class Rules(NamedTuple):
    """Thresholds of the account and of the method, in bins of one width.

    Args:
        least: bins that a state lasts at least (`settle.LEAST_BINS`).
        tail: last bins that may fall before it is believed (`tails.WHOLE_TAIL`).
        lone: the same where another family sees nothing (`tails.LONE_TAIL`).
        shallow: bins that a stretch without a dark bin lasts at least (the method, *degraded*).
        bridge: bins of silence that are bridged (`Tuning.bridge_h`).
        probation: least bins of up after which a return has lasted (`account.outage`).
        times: or this many times the longest return in the outage.
        longest: but at most so many bins.
    """

    least: int
    tail: int
    lone: int
    shallow: int
    bridge: int
    probation: float
    times: float
    longest: float


def make_rules(tuning: Tuning, step_h: float, probation: tuple[float, float, float]) -> Rules:
    """Return the thresholds for bins of a width.

    Args:
        tuning: every default of the method.
        step_h: width of a bin, hours.
        probation: of a return: hours at least, times the longest return, hours at most (`account.outage`).
    """
    lag = max(1, round(tuning.admission_h / step_h))
    least_h, times, longest_h = probation
    return Rules(
        least=LEAST_BINS,
        tail=min(WHOLE_TAIL, lag),
        lone=LONE_TAIL,
        shallow=max(SHALLOW, round(1.0 / step_h)),
        bridge=int(tuning.bridge_h / step_h + 1e-9),
        probation=least_h / step_h,
        times=times,
        longest=longest_h / step_h,
    )


def begin_standing(n_entities: int, at: int) -> Standing:
    """Return entities of which nothing is told yet: up, for all that is known, from a bin on."""
    return Standing(
        code=np.zeros(n_entities, dtype=np.uint8),
        status=np.zeros(n_entities, dtype=np.uint8),
        since=np.full(n_entities, at, dtype=np.int64),
        begun=np.full(n_entities, NO_BIN, dtype=np.int64),
        longest=np.zeros(n_entities),
        up=np.zeros(n_entities),
        last=np.zeros(n_entities, dtype=np.uint8),
        run=np.zeros(n_entities, dtype=np.int32),
        down=np.zeros(n_entities, dtype=np.int32),
        dip=np.zeros(n_entities, dtype=np.int32),
        sunk=np.zeros(n_entities, dtype=np.int32),
        silent=np.zeros(n_entities, dtype=np.int32),
        blind=np.zeros(n_entities, dtype=np.uint8),
    )


@kernel
def move_standing(kinds: Kinds, rules: Rules, now: Standing, told: Pass, marks: Codes) -> None:
    """Take entities through the bins of a pass.

    Args:
        kinds: what never changes of their rows.
        rules: thresholds.
        now: what is told of them; written over.
        told: what the pass said of these bins, without look-ahead.
        marks: for what each bin changes, zeros, shape (n_entities, n_bins).
    """
    for entity in range(marks.shape[0]):
        e = spot(entity)
        for position in range(marks.shape[1]):
            t = spot(position)
            bin_ = told.zero + position
            _count(now, e, _middle(told.alpha[e, t]))
            covered, suspect, fine = _hear(kinds, told, entity, t)
            if not covered:
                now.silent[e] += 1
                now.blind[e] |= suspect
                continue
            if now.code[e] == UP:
                _add_up(rules, now, e)
                marks[e, t] = _while_up(rules, now, e, bin_, fine)
            else:
                marks[e, t] = _while_down(rules, now, e, bin_)
            now.silent[e] = now.blind[e] = 0


@part
def _middle(alpha: Floats) -> int:
    """Return the state of the middle rank as it is shown (`timelines.LIVE_ORDER`, `settle.AS_SHOWN`)."""
    up = alpha[UP] + alpha[BACK]
    if up >= 0.5:  # noqa: PLR2004 — the middle
        return 0
    return 1 if up + alpha[DEGRADED] >= 0.5 else 2  # noqa: PLR2004


@part
def _count(now: Standing, e: int, code: int) -> None:
    now.run[e] = now.run[e] + 1 if code == now.last[e] else 1
    now.last[e] = code
    if code == 0 and now.down[e]:
        now.dip[e] = now.down[e]
    if code == 0:
        now.down[e] = 0
        return
    now.sunk[e] = code if now.down[e] == 0 else now.sunk[e] + code
    now.down[e] += 1


@part
def _hear(kinds: Kinds, told: Pass, e: int, t: int) -> tuple[bool, bool, bool]:
    """Return whether somebody measured the bin, a sensor is suspect, one saw trouble and another none."""
    covered, suspect, fine, low = False, False, False, False
    for row in range(kinds.first_row[e], kinds.first_row[e + 1]):
        r = spot(row)
        suspect |= told.coverage[r, t] == SUSPECT
        if told.coverage[r, t] != COVERED:
            continue
        covered = True
        if not kinds.routing[r]:
            trouble = told.degraded[r, t] > 0.0 or told.dark[r, t] > 0.0
            low |= trouble
            fine |= not trouble
    return covered, suspect, fine and low and kinds.n_groups[e] > 1


@part
def _add_up(rules: Rules, now: Standing, e: int) -> None:
    """Count a bin of up that was measured, and the silence before it where it is bridged."""
    if now.last[e] == UP:
        now.up[e] += 1
        if now.silent[e] <= rules.bridge and not now.blind[e]:
            now.up[e] += now.silent[e]


@part
def _while_up(rules: Rules, now: Standing, e: int, bin_: int, fine: bool) -> int:  # noqa: FBT001 — a kernel
    """Tell a fall when it is no incomplete end, or when it is over, and a probation when it is passed."""
    need = rules.lone if fine else rules.tail
    if now.down[e] > need and now.run[e] >= rules.least:
        _begin_or_go_on(now, e, bin_ - now.down[e] + 1, now.up[e])
        now.code[e], now.status[e] = now.last[e], ONGOING
        now.since[e] = bin_ - now.run[e] + 1
        return int(now.code[e])
    if now.last[e] == UP and now.dip[e] and now.run[e] >= rules.least:
        dip, now.dip[e] = now.dip[e], 0
        # It was over before it could be told. A shallow dip is none: degraded takes some six bins.
        if now.sunk[e] >= 2 * rules.least and (now.sunk[e] > dip or dip >= rules.shallow):
            _begin_or_go_on(now, e, bin_ - now.run[e] - dip + 1, now.up[e] - now.run[e])
            now.status[e], now.up[e], now.since[e] = PROBATION, float(now.run[e]), bin_ - now.run[e] + 1
            return CAME_BACK
    lasting = min(max(rules.probation, rules.times * now.longest[e]), rules.longest)
    if now.status[e] == PROBATION and now.up[e] >= lasting - 1e-6:
        now.status[e] = ENDED
        return PASSED
    return QUIET


@part
def _begin_or_go_on(now: Standing, e: int, begun: int, up: float) -> None:
    """Begin an outage, or go on with the one whose return has not lasted."""
    if now.status[e] == PROBATION:
        now.longest[e] = max(now.longest[e], up)
    else:
        now.begun[e], now.longest[e] = begun, 0.0


@part
def _while_down(rules: Rules, now: Standing, e: int, bin_: int) -> int:
    """Tell a return, or another state of those that are not up, when it has lasted for two bins."""
    if now.last[e] == now.code[e] or now.run[e] < rules.least:
        return QUIET
    now.code[e], now.since[e] = now.last[e], bin_ - now.run[e] + 1
    if now.last[e] != UP:
        return int(now.code[e])
    now.status[e], now.up[e], now.dip[e] = PROBATION, float(now.run[e]), 0
    return CAME_BACK
