"""The baseline: a slow level times the shape of a day, causal, learned from clean bins only."""

from __future__ import annotations

import numpy as np

from darkhours.infer.signals.rows import Rows
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.warmup import LEAST_VALUE, Warm
from darkhours.model.timeline import Bins, Floats, Mask

SCALE_DAYS = 7.0
"""Memory of the scatter, in days: ours, a week has all its kinds of day."""

WEEKS = 4
"""Weeks that an hour of the week remembers (the method, *Signals* 2)."""

WEEK_REACH = 2
"""Hours to either side that lend an hour of the week their samples: ours, a weekend is a whole day."""

DEEPEST_DIP = float(np.log(0.7))
"""The lowest that an hour of the week can lie against its slot of the day: ours, a weekend, not a cut."""

FARTHEST = 4.0
"""A residual teaches as if it were at most this many scatters away: ours, Student's tail."""


class Baseline:
    """Level, shape and scatter of every row, as far as the pass over time has come.

    Args:
        rows: all values.
        warm: what the warm-up taught.
        tuning: every default.
    """

    def __init__(self, rows: Rows, warm: Warm, tuning: Tuning) -> None:
        """Begin with what the warm-up taught."""
        self._rows, self._warm, self._tuning = rows, warm, tuning
        n_rows = rows.values.shape[0]
        self.level = warm.level.copy()
        self.scale = warm.scale.copy()
        self.memory = warm.memory.copy()
        self._start_level = warm.level.copy()
        self._samples = np.full((n_rows, rows.slots, tuning.slot_samples), np.nan, dtype=np.float32)
        self._next = np.zeros((n_rows, rows.slots), dtype=np.int64)
        self._shape = np.zeros((n_rows, rows.slots))
        self._count = np.zeros((n_rows, rows.slots), dtype=np.int64)
        self._reach = min(max(1, round(tuning.smooth_h / rows.grid.step_h)), (rows.slots - 1) // 2)
        self._last = np.full(n_rows, np.nan)
        self._week = np.zeros((n_rows, 168))
        self._week_count = np.zeros((n_rows, 168), dtype=np.int64)
        self._all = np.arange(n_rows)
        self._learn_warm_up()

    def _learn_warm_up(self) -> None:
        rows, warm = self._rows, self._warm
        teaching = np.flatnonzero(warm.teaches.any(axis=0))
        slots, hours = rows.slot(teaching), rows.hour_of_week(teaching)
        overs = [self._over(t, np.flatnonzero(warm.teaches[:, t])) for t in teaching.tolist()]
        for t, slot, over in zip(teaching.tolist(), slots.tolist(), overs, strict=True):
            self._put(np.flatnonzero(warm.teaches[:, t]), slot, over)
        for t, slot, hour, over in zip(teaching.tolist(), slots.tolist(), hours.tolist(), overs, strict=True):
            row = np.flatnonzero(warm.teaches[:, t] & ~warm.thin)
            full = np.zeros(rows.values.shape[0])
            full[np.flatnonzero(warm.teaches[:, t])] = over
            self._put_week(row, hour, full[row] - self._shape[row, slot])

    def _over(self, t: int, row: Bins) -> Floats:
        """Return the value of bin ``t`` over the level: a log, or a share for thin rows."""
        values, thin = self._rows.values[row, t], self._warm.thin[row]
        share = values / np.maximum(np.where(thin, self.level[row], 1.0), 1e-9)
        return np.where(thin, share, self.logs(values, row) - self.level[row])

    def logs(self, values: Floats, row: Bins) -> Floats:
        """Return the log of values, with a floor far below every border in the place of zero."""
        floor = np.maximum(0.5 * self._warm.quantum[row], LEAST_VALUE * np.exp(self._warm.level[row]))
        return np.asarray(np.log(np.maximum(values, np.maximum(floor, 1e-12))))

    def _put(self, row: Bins, slot: int, over: Floats) -> None:
        """Add one sample of a slot to each of ``row``, over the oldest."""
        at = self._next[row, slot]
        self._samples[row, slot, at] = over
        self._next[row, slot] = (at + 1) % self._tuning.slot_samples
        self._count[row, slot] = np.minimum(self._count[row, slot] + 1, self._tuning.slot_samples)
        ordered = np.sort(self._samples[row, slot], axis=1)  # NaN last
        n = self._count[row, slot]
        pick = np.arange(row.size)
        median = 0.5 * (ordered[pick, (n - 1) // 2] + ordered[pick, n // 2])
        mean = np.nansum(ordered, axis=1) / n
        self._shape[row, slot] = np.where(self._warm.thin[row], mean, median)

    def _put_week(self, row: Bins, hour: int, rest: Floats) -> None:
        """Learn how far an hour of the week lies from what its slot of the day says."""
        self._week_count[row, hour] += 1
        most = WEEKS * max(1.0, 1.0 / self._rows.grid.step_h)
        share = 1.0 / np.minimum(self._week_count[row, hour], most)
        self._week[row, hour] += share * (rest - self._week[row, hour])

    def _dip(self, hour: int) -> Floats:
        """Return how far an hour of the week lies below its slot of the day, a log of at most 0."""
        near = np.arange(hour - WEEK_REACH, hour + WEEK_REACH + 1) % 168
        count = self._week_count[:, near]
        total = count.sum(axis=1)
        dip = (self._week[:, near] * count).sum(axis=1) / np.maximum(total, 1)
        return np.where(total >= self._tuning.slot_least, np.clip(dip, DEEPEST_DIP, 0.0), 0.0)

    def expected(self, slot: int, hour: int) -> Floats:
        """Return the level expected in a bin: a log, or a mean count for thin rows; shape (n_rows,).

        Args:
            slot: of the day.
            hour: of the week.
        """
        near = np.arange(slot - self._reach, slot + self._reach + 1) % self._rows.slots
        count = self._count[:, near]
        total = count.sum(axis=1)
        shape = (self._shape[:, near] * count).sum(axis=1) / np.maximum(total, 1)
        enough = total >= self._tuning.slot_least
        thin = self._warm.thin
        shape = np.where(enough, shape, np.where(thin, 1.0, 0.0))
        shape = np.where(thin, shape, np.maximum(shape, np.log(self._rows.least_shape)))
        return np.where(thin, np.maximum(self.level, 0.0) * shape, self.level + shape + self._dip(hour))

    def scatter(self) -> Floats:
        """Return the scatter of each row in log units, not below its floors."""
        with np.errstate(over="ignore", invalid="ignore"):
            grain = 0.6 * self._warm.quantum / np.exp(self.level)
        floor = np.maximum(self._rows.floor, np.where(np.isfinite(grain), grain, 0.0))
        return np.where(self._warm.thin, self.scale, np.maximum(self.scale, floor))

    def admit(self, t: int, clean: Mask) -> None:
        """Learn from bin ``t`` where it is clean, shape of ``clean`` (n_rows,)."""
        row = np.flatnonzero(clean & np.isfinite(self._rows.values[:, t]) & (t >= self._warm.until))
        if not row.size:
            return
        slot = int(self._rows.slot(np.array([t]))[0])
        thin, over = self._warm.thin[row], self._over(t, row)
        hour = int(self._rows.hour_of_week(np.array([t]))[0])
        expected = self.expected(slot, hour)[row]
        rest = np.where(thin, 0.0, self.level[row] + over - expected)
        self._learn_level(row, rest, np.where(thin, self._rows.values[row, t] - expected, 0.0))
        self._learn_scale(row, rest, thin)
        self._put_week(row, hour, np.where(thin, 0.0, over - self._shape[row, slot]))
        self._put(row, slot, over)

    def renew(self, t: int) -> Floats:
        """Take the level from bin ``t`` on as the new normal; return how far each row moved, in log units.

        Only a person who signs for it may ask this (the method, *Signals* 3; for what a second family
        supports, see `renew`): a baseline never learns a lasting loss by itself.
        """
        rows, width = self._rows, round(24 * self._tuning.warm_days / self._rows.grid.step_h)
        bins = np.arange(t, min(t + width, rows.grid.n_bins))
        slots, hours = rows.slot(bins), rows.hour_of_week(bins)
        expected = np.stack(
            [self.expected(int(s), int(h)) for s, h in zip(slots, hours, strict=True)], axis=1
        )
        moved = np.zeros(rows.values.shape[0])
        for row in range(moved.size):
            known = np.isfinite(rows.values[row, bins])
            if not known.any():
                continue
            values = rows.values[row, bins[known]]
            if self._warm.thin[row]:
                moved[row] = np.log(max(values.mean(), 1e-6) / max(expected[row, known].mean(), 1e-6))
                self.level[row] *= np.exp(moved[row])
            else:
                over = self.logs(values, np.full(values.size, row)) - expected[row, known]
                moved[row] = np.median(over)
                self.level[row] += moved[row]
        return moved

    def move(self, row: int, by: float) -> None:
        """Take the level of one row ``by`` log units higher; for rows that are no thin counts."""
        self.level[row] += by

    def _learn_level(self, row: Bins, rest: Floats, surplus: Floats) -> None:
        step_h, tuning = self._rows.grid.step_h, self._tuning
        share = -np.expm1(-step_h / tuning.level_h)
        far = FARTHEST * self.scatter()[row]
        most = tuning.drift_per_day * step_h / 24
        moved = np.clip(share * np.clip(rest, -far, far), -most, most)
        thin = self._warm.thin[row]
        counts = np.clip(share * surplus, -most * self.level[row], most * self.level[row])
        self.level[row] += np.where(thin, counts, moved)

    def _learn_scale(self, row: Bins, rest: Floats, thin: Mask) -> None:
        share = -np.expm1(-self._rows.grid.step_h / (24 * SCALE_DAYS))
        far = FARTHEST * self.scatter()[row]
        clipped = np.clip(rest, -far, far)
        scale = self.scale[row] + share * (np.abs(clipped) - self.scale[row])
        before = self._last[row]
        power = np.maximum(self.scale[row], 1e-6) ** 2
        product = np.where(np.isfinite(before), clipped * before / (2 * power), self.memory[row])
        memory = np.clip(self.memory[row] + share * (np.clip(product, -1, 1) - self.memory[row]), 0.0, 0.95)
        self.scale[row] = np.where(thin, self.scale[row], scale)
        self.memory[row] = np.where(thin, 0.0, memory)
        self._last[row] = clipped

    def drift(self) -> Floats:
        """Return how far each level has come since the warm-up, in log units, shape (n_rows,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            counts = np.log(self.level / self._start_level)
        return np.where(self._warm.thin, counts, self.level - self._start_level)
