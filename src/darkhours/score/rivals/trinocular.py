"""Trinocular's rule: a Bayesian belief that a block is up, moved by each probe.

Rounds of 11 minutes (10 in IODA); up above a belief of 0.9, down below 0.1; 1 % of packets are
lost; blocks of at least 15 addresses that ever answered.
"""

from __future__ import annotations

import numpy as np

from darkhours.model.timeline import Floats
from darkhours.score.rivals.row import DARK, UP, Alarm, Levels, Row, list_alarms

UP_ABOVE, DOWN_BELOW = 0.9, 0.1
LOSS = 0.01
LEAST_ADDRESSES = 15
MOST_PROBES = 15
"""Probes in a round at most: it stops at the first answer that makes it sure of up. To stop as soon as it
is sure of down would miss half of the returns of a block of which half answers (ours, as its recovery
probes are not in the text)."""
SUREST_UP, SUREST_DOWN = 0.99, 0.08
"""Belief stays between these, so that the next round can turn it; one answer of a block of which half
the addresses answer is then enough to be up again (ours: the text does not say)."""


def move_belief(belief: float, answered: int, silent: int, availability: float) -> float:
    """Return the belief that a block is up after some probes of it.

    Args:
        belief: before them, in (0, 1).
        answered: probes that were answered.
        silent: probes that were not.
        availability: share of the addresses that answer while the block is up.

    >>> round(move_belief(0.5, 0, 1, 0.5), 3)
    0.336
    """
    stray = (1 - LOSS) / 256
    if_up = ((1 - LOSS) * availability) ** answered * (1 - (1 - LOSS) * availability) ** silent
    if_down = stray**answered * (1 - stray) ** silent
    moved = belief * if_up / (belief * if_up + (1 - belief) * if_down)
    return min(max(moved, SUREST_DOWN), SUREST_UP)


def judge_rounds(answers: Floats, availability: float) -> Levels:
    """Return the code of each round, each probed until it is sure of up; shape (n_rounds,).

    Args:
        answers: 1 answered, 0 silent, for each probe it may send, shape (n_rounds, `MOST_PROBES`).
        availability: share of the addresses that answer while the block is up.
    """
    levels = np.zeros(len(answers), dtype=np.int8)
    belief, state = SUREST_UP, UP
    for number, probes in enumerate(answers.tolist()):
        for answer in probes:
            belief = move_belief(belief, int(answer), 1 - int(answer), availability)
            if belief > UP_ABOVE and answer:
                break
        state = _decide(belief, state)
        levels[number] = state
    return levels


def find_alarms(row: Row) -> list[Alarm]:
    """Return what the belief makes of a row of replies per bin.

    How many probes were sent is not in such a row; ours: as many as the most replies of the
    first week, at least `LEAST_ADDRESSES`.
    """
    first = row.values[: row.bins(168)]
    first = first[~np.isnan(first)]
    if not len(first) or not first.max() > 0:
        return []
    sent = max(int(first.max()), LEAST_ADDRESSES)
    availability = float(np.median(first)) / sent
    levels = np.zeros(len(row.values), dtype=np.int8)
    belief, state = SUREST_UP, UP
    for place, value in enumerate(row.values.tolist()):
        if not np.isnan(value):
            answered = min(int(value), sent)
            belief = move_belief(belief, answered, sent - answered, availability)
            state = _decide(belief, state)
        levels[place] = state
    return list_alarms(levels)


def _decide(belief: float, state: int) -> int:
    if belief > UP_ABOVE:
        return UP
    return DARK if belief < DOWN_BELOW else state
