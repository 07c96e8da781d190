"""The recipes of synthetic truth: every parameter of the generator, in one table."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]
"""Least and most; drawn uniformly between, for each entity anew."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """One sensing system as the generator plays it.

    Args:
        signal: what it measures.
        family: whose and how.
        datasource: who publishes it.
        dark: share of ordinary that is left in the dark; None takes the recipe's.
        noise: sd of the log noise; None takes the recipe's.
        swing: how far the night lies below the day; None takes the recipe's.
        mean: ordinary value by day; None takes the recipe's.
    """

    signal: str
    family: str
    datasource: str
    dark: Span | None = None
    noise: Span | None = None
    swing: Span | None = None
    mean: float | None = None


SENSORS: dict[str, Sensor] = {
    "probing": Sensor("probing.slash24_up_cnt", "ioda.probing", "ioda"),
    "replies": Sensor("probing.replies_cnt", "own.replies", "own", dark=(0.0, 0.0)),
    "index": Sensor("probing.connectivity_idx", "own.index", "own"),
    "atlas": Sensor(
        "atlas.probes_connected_cnt", "ripe.atlas", "ripe", (0.0, 0.05), (0.004, 0.006), (0.0, 0.0), 200.0
    ),
    # A country that is cut off by null routes stays announced: BGP sees next to nothing of it.
    "bgp": Sensor(
        "bgp.visible_slash24_cnt", "ioda.bgp", "ioda", (0.985, 1.0), (0.001, 0.002), (0.0, 0.0), 10_000.0
    ),
    "traffic": Sensor(
        "traffic.requests_idx", "cloudflare.traffic", "cloudflare", (0.0, 0.01), (0.05, 0.15), (0.3, 0.6), 1.0
    ),
}
"""Residual of probing 3 to 7 % as recorded in Iran, January 2026; demand falls to nothing."""

ALL_SENSORS = ("probing", "bgp", "traffic")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of truth, and how it is measured.

    Args:
        name: what the table of scores calls it.
        about: what it shows, in a line.
        plan: what happens; a key of `darkhours.score.plans.PLANS`.
        days: length of the series.
        step_min: width of a bin, minutes.
        n_entities: how many, each with dice of its own.
        sensors: keys of `SENSORS`, a panel each.
        events: least and most events per entity, both included.
        lasts_h: how long an event lasts, hours; drawn log-uniformly.
        share: what is left of the signal in an event, share of ordinary.
        noise: sd of the log noise.
        noise_ar: its autocorrelation from a bin to the next.
        swing: how far the night lies below the day, share of the day.
        weekend: how far the two days of the weekend lie below the others.
        mean: ordinary value of a bin by day.
        poisson: whether values are drawn as counts; the noise then comes on top.
        ramp_bins: width of an edge, bins; 0 is a step.
        decline: share of the level that is lost, linearly over `decline_days`, and never comes back.
        decline_days: how long that takes.
        faults: entities whose sensor fails together, counted from the last; plan `prober` only.
        fault_share: what a failed sensor shows, share of ordinary; NaN where it shows nothing.
        unrelated: whether the entities share no fate, so that a control gate may compare them.
        quiet_days: before the first event.
        smoothed_h: width over which the publisher smooths, whole hours, the same for all entities; 0: none.
        centred: whether its window is centred; else it trails.
    """

    name: str
    about: str
    plan: str
    days: float
    step_min: int = 30
    n_entities: int = 1
    sensors: tuple[str, ...] = ("probing",)
    events: tuple[int, int] = (1, 1)
    lasts_h: Span = (6.0, 72.0)
    share: Span = (0.03, 0.07)
    noise: Span = (0.03, 0.15)
    noise_ar: float = 0.6
    swing: Span = (0.0, 0.6)
    weekend: Span = (0.0, 0.1)
    mean: float = 1000.0
    poisson: bool = False
    ramp_bins: Span = (0.0, 0.0)
    decline: float = 0.0
    decline_days: float = 21.0
    faults: int = 0
    fault_share: float = 0.02
    unrelated: bool = False
    quiet_days: float = 8.0
    smoothed_h: Span = (0.0, 0.0)
    centred: bool = False


_NONE = (0, 0)
_NAN = float("nan")

RECIPES: tuple[Recipe, ...] = (
    Recipe("blackout-88d", "one blackout of 2,112 h", "once", 110, lasts_h=(2112, 2112)),
    Recipe("ongoing", "a blackout that has not ended where the data end", "open", 40, lasts_h=(72, 480)),
    Recipe("curfew-70", "70 nights of 8 h, 560 h in all", "nights", 90, events=(70, 70), lasts_h=(8, 8)),
    Recipe("brief-returns", "20 days with two returns of 2 h, 476 h dark", "returns", 40, lasts_h=(480, 480)),
    Recipe(
        "outages", "dense data, outages of two bins to two days", "scattered", 60, n_entities=8,
        events=(4, 8), lasts_h=(1, 48),
    ),
    Recipe(
        "outages-hourly", "the same by the hour", "scattered", 60, 60, n_entities=8, events=(4, 8),
        lasts_h=(2, 48),
    ),
    Recipe(
        "ramps", "edges that take up to two bins", "scattered", 60, n_entities=8, events=(4, 8),
        lasts_h=(4, 48), ramp_bins=(0.0, 2.0),
    ),
    Recipe(
        "smoothed", "an hourly index, each value the mean of the last 3 to 12 h", "scattered", 60, 60,
        n_entities=8, sensors=("index",), events=(3, 5), lasts_h=(24, 96), smoothed_h=(3.0, 12.0),
    ),
    Recipe(
        "smoothed-centred", "the same, each value the mean of the hours around it", "scattered", 60, 60,
        n_entities=8, sensors=("index",), events=(3, 5), lasts_h=(24, 96), smoothed_h=(3.0, 12.0),
        centred=True,
    ),
    Recipe(
        "thin", "four counts a bin, outages of an hour to a day", "scattered", 45, 10, n_entities=6,
        sensors=("replies",), events=(4, 8), lasts_h=(1, 24), share=(0.0, 0.0), noise=(0.0, 0.05),
        swing=(0.0, 0.3), mean=4.0, poisson=True,
    ),
    Recipe(
        "thin-short", "four counts a bin, outages of two to six bins: more than such data can tell",
        "scattered", 45, 10, n_entities=6, sensors=("replies",), events=(4, 8), lasts_h=(1 / 3, 1),
        share=(0.0, 0.0), noise=(0.0, 0.05), swing=(0.0, 0.3), mean=4.0, poisson=True,
    ),
    Recipe(
        "probes", "200 connected probes, outages of an hour to two days", "scattered", 45, 10, n_entities=4,
        sensors=("atlas",), events=(3, 6), lasts_h=(1, 48), weekend=(0.0, 0.0),
    ),
    Recipe(
        "throttling", "degraded to a quarter or two thirds", "throttled", 60, n_entities=6, events=(2, 4),
        lasts_h=(12, 96), share=(0.25, 0.65), noise=(0.03, 0.08),
    ),
    Recipe(
        "step", "a step to 60 % that stays", "step", 60, n_entities=4, share=(0.6, 0.6), noise=(0.03, 0.08)
    ),
    Recipe(
        "families", "three families, BGP sees nothing", "scattered", 60, n_entities=4, sensors=ALL_SENSORS,
        events=(2, 4), lasts_h=(2, 96),
    ),
    Recipe(
        "disagreement", "traffic returns four days before probing does", "partly", 50, n_entities=4,
        sensors=ALL_SENSORS, lasts_h=(120, 300),
    ),
    Recipe(
        "diurnal", "no outage: swings of 40 % with a weekly dip", "quiet", 60, n_entities=4, events=_NONE,
        swing=(0.4, 0.4), weekend=(0.1, 0.2), noise=(0.03, 0.08),
    ),
    Recipe(
        "decline", "no outage: 30 % lost in three weeks", "quiet", 60, n_entities=4, events=_NONE,
        decline=0.3, noise=(0.03, 0.08), swing=(0.0, 0.3),
    ),
    Recipe(
        "noisy", "no outage: noise of 15 %", "quiet", 70, n_entities=5, events=_NONE, noise=(0.15, 0.15)
    ),
    Recipe(
        "thin-quiet", "no outage: four counts a bin", "quiet", 35, 10, n_entities=4, sensors=("replies",),
        events=_NONE, share=(0.0, 0.0), noise=(0.0, 0.05), swing=(0.0, 0.3), mean=4.0, poisson=True,
    ),
    Recipe(
        "prober-nulls", "no outage: the sensor is silent for half a day to three", "nulls", 40, n_entities=2,
        lasts_h=(12, 72), fault_share=_NAN,
    ),
    Recipe(
        "prober-loss", "20 unrelated entities at 2 % together, and one true outage", "prober", 40,
        n_entities=24, lasts_h=(6, 48), noise=(0.03, 0.08), faults=20, unrelated=True,
    ),
    Recipe("isolated-zeros", "60 single bins of zero, which no outage is", "zeros", 60, events=(60, 60)),
)  # fmt: skip
"""Ours, chosen to hold what the design asks to be shown (issue: *Measured signals*)."""


def find_recipe(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        KeyError: there is none.

    >>> find_recipe("curfew-70").days
    90
    """
    return {recipe.name: recipe for recipe in RECIPES}[name]
