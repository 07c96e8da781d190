"""Points as a real observatory has them, made up: counts that swing by day, noise, gaps, outages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

START = datetime(2024, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
BINS_PER_DAY = 288
COUNTRIES = ("KZ", "IR", "EG", "SD", "VE", "UG", "MM", "ET", "IQ", "SY", "PK", "IN", "RU", "CU", "TD", "GA")
GAP, OUTAGE_DAYS = 0.005, 100
"""Share of cells that nobody measured, and how often an entity is dark for an hour: made up by us. Of 80,000
some 25,000 then are in a month: more than any observatory tells, for what is up costs the least."""


@dataclass(frozen=True)
class Crowd:
    """Entities with a level each: countries, and networks in them.

    Args:
        size: how many entities.
        seed: of all chance.
    """

    size: int
    seed: int = 1

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return their ids, each once."""
        places = [f"country:{code}" for code in COUNTRIES]
        pairs = (
            f"asn:{1 + at // len(COUNTRIES)}@{COUNTRIES[at % len(COUNTRIES)]}" for at in range(self.size)
        )
        return tuple([*places, *pairs][: self.size])

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """Return the mean of each: a few are large, half are below a dozen, as routed /24s are."""
        rng = np.random.default_rng(self.seed)
        levels = np.exp(rng.normal(np.log(12), 1.8, self.size))
        levels[: len(COUNTRIES)] *= 1000
        return levels

    @cached_property
    def _chance(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        rng = np.random.default_rng(self.seed + 1)
        pool = rng.normal(0, 1, 4 * self.size)
        return rng.random(self.size), pool, rng.random(4 * self.size)

    def bin(self, number: int) -> NDArray[np.float64]:
        """Return the values of all in one bin, whole numbers, NaN where nobody measured; shape (size,)."""
        phase, pool, dice = self._chance
        offset = (number * 7919) % (3 * self.size)
        swing = 1 + 0.25 * np.sin(2 * np.pi * (number / BINS_PER_DAY + phase))
        mean = self.levels * swing
        values = np.rint(mean + 0.5 * np.sqrt(mean) * pool[offset : offset + self.size])
        values = np.maximum(values, 0.0) + 0.0  # no negative zero
        dark = (number // 12 + np.arange(self.size)) % (24 * OUTAGE_DAYS) == 0
        values[dark] = 0.0
        values[dice[offset : offset + self.size] < GAP] = np.nan
        return values

    def bins(self, first: int, count: int) -> NDArray[np.float64]:
        """Return several bins, shape (size, count)."""
        return np.stack([self.bin(first + at) for at in range(count)], axis=1)
