"""What kernels work on: named tuples of arrays, which compiled code takes as they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from darkhours.model.timeline import Bins, Codes, Floats, Mask

UP, DEGRADED, DARK, FALLING, RISING, BACK = range(6)
COVERED, SUSPECT, NONE = range(3)
"""States and coverage as `signals.likelihood` and `model.panel` number them; a test holds them together."""

NEVER = -1
"""Bin of what has not been yet."""

Singles = NDArray[np.float32]
Small = NDArray[np.uint8]
Counts = NDArray[np.int32]


class Knobs(NamedTuple):
    """Every default, as `Tuning` and the readable code have it, for bins of one width.

    Logs of shares begin with `log_`; shares of a step's learning end in `_share`; the rest is named as in
    `signals.tuning`, `signals.baseline`, `signals.likelihood` and `signals.fuse`.
    """

    log_dark: float
    log_degraded: float
    log_withdrawn: float
    withdrawn_nats: float
    degraded_width: float
    between: float
    below: float
    mixed: float
    nats_per_bin: float
    degraded_bound: float
    deep: float
    freedom: float
    own: float
    others: float
    slot_least: int
    reach: int
    week_reach: int
    week_most: float
    deepest_dip: float
    level_share: float
    level_most: float
    scale_share: float
    farthest: float
    clean_above: float
    bins_in_six_hours: float
    thin_least: float
    gated: bool
    gate_least: int
    gate_share: float
    low: float
    lag: int
    moves: Floats
    degraded_shares: Floats
    dark_shares: Floats
    mixed_shares: Floats


class Kinds(NamedTuple):
    """What never changes of the rows of a block, which are sorted by entity.

    `first_row` has where the rows of each entity begin, and their number at its end; `group` numbers the
    families of one entity, `family` those of all; `first` and `until` are the bins at which a row and its
    learning begin; `least_shape` is a log.
    """

    first_row: Bins
    n_groups: Bins
    group: Bins
    family: Bins
    n_families: int
    weight: Floats
    thin: Mask
    one_way: Mask
    routing: Mask
    reaches: Mask
    floor: Floats
    least_shape: Floats
    quantum: Floats
    first: Bins
    until: Bins


class Learned(NamedTuple):
    """What a pass has learned so far, and all that it needs to go on.

    By row, `state` and `unclean` by entity. `ordered` holds the samples of a slot from low to high, `known`
    how many, `born` the place of each in the ring of `Baseline`, `place` the one that the next takes; `grain`
    follows from the level; `unclean` is the last bin at which an entity was not up for certain.
    """

    level: Floats
    scale: Floats
    memory: Floats
    last: Floats
    grain: Floats
    ordered: Singles
    born: Small
    place: Small
    known: Small
    shape: Floats
    week: Floats
    week_count: Counts
    state: Floats
    unclean: Bins


class Pass(NamedTuple):
    """Bins that a block is taken through, and what comes of them.

    Position 0 is bin `zero`, negative where what the lag keeps back lies before the first bin. `said` and
    `alpha` are by entity, shape (n_entities, n_bins, …), the rest by row, shape (n_rows, n_bins); `said`,
    `degraded`, `dark` and `mixed` are nats against up, which of the two bins with an edge share.
    """

    zero: int
    slots: Bins
    hours: Bins
    values: Floats
    logs: Floats
    coverage: Codes
    ratio: Floats
    expected: Floats
    scatter: Floats
    degraded: Floats
    dark: Floats
    mixed: Floats
    said: Floats
    alpha: Floats
