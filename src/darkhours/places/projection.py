"""Equal-area projections: the world as Equal Earth, a country by Lambert's azimuthal about its middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

WORLD_WIDTH, WORLD_HEIGHT = 2000, 973
"""The grid of the world: so many units across and down, from pole to pole."""

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_SCALE = WORLD_WIDTH / (2 * math.pi / (_M * _A1))


def equal_earth(latitude: float, longitude: float) -> tuple[float, float]:
    """Return a place on the grid of the world, x to the east and y to the south.

    Args:
        latitude: degrees north, −90 to 90.
        longitude: degrees east, −180 to 180.

    Source: Šavrič, Patterson, Jenny (2018), The Equal Earth map projection, equations 2 and 3.

    >>> [round(part) for part in equal_earth(0, 0)], [round(part) for part in equal_earth(90, 0)]
    ([1000, 486], [1000, 0])
    """
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    six = square * square * square
    x = (
        math.radians(longitude)
        * math.cos(theta)
        / (_M * (_A1 + 3 * _A2 * square + six * (7 * _A3 + 9 * _A4 * square)))
    )
    y = theta * (_A1 + _A2 * square + six * (_A3 + _A4 * square))
    return WORLD_WIDTH / 2 + _SCALE * x, WORLD_HEIGHT / 2 - _SCALE * y


@dataclass(frozen=True, slots=True)
class Azimuthal:
    """Lambert's azimuthal equal-area projection about a middle, in radii of the Earth.

    Args:
        latitude: degrees north of the middle.
        longitude: degrees east of the middle.
    """

    latitude: float
    longitude: float

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return a place relative to the middle, x to the east and y to the south.

        Source: Snyder (1987), Map projections: a working manual, USGS 1395, equations 22-4 and 24-2.

        >>> [round(part, 3) for part in Azimuthal(48, 67).place(58, 67)]
        [0.0, -0.174]
        """
        north, middle = math.radians(latitude), math.radians(self.latitude)
        east = math.radians(longitude - self.longitude)
        flat, along = math.cos(north) * math.cos(east), math.sin(north)
        depth = 1 + math.sin(middle) * along + math.cos(middle) * flat
        k = math.sqrt(2 / max(depth, 1e-9))
        rise = math.cos(middle) * along - math.sin(middle) * flat
        return k * math.cos(north) * math.sin(east), -k * rise
