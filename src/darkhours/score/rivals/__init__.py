"""The rules of other systems, one file a rule, each read from what its authors published.

A rule takes a `Row` and gives alarms; how several families become one answer, and what is ours
where a text is silent, stands in docs/explanation/scoring.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from darkhours.score.rivals import cdn, chocolatine, cloudflare, cusum, disco, ioda, trinocular
from darkhours.score.rivals.row import Alarm, Row

Rule = Callable[[Row], list[Alarm]]


@dataclass(frozen=True, slots=True)
class Rival:
    """A rule with its name.

    Args:
        name: what the command line calls it.
        about: whose rule, in a line.
        rule: a row in, alarms out.
        reads: signals that it can read; empty where it reads any.
    """

    name: str
    about: str
    rule: Rule
    reads: tuple[str, ...] = ()


RIVALS: dict[str, Rival] = {
    rival.name: rival
    for rival in (
        Rival("ioda", "IODA: sliding median, by the text", ioda.find_alarms),
        Rival("ioda-at-once", "IODA: adopts after 7 days in one go", ioda.find_alarms_at_once),
        Rival("flat-median", "a flat 7-day median, 80 % and 50 %", ioda.find_alarms_flat),
        Rival("chocolatine", "Chocolatine: seasonal forecast − PI", chocolatine.find_alarms),
        Rival("cusum", "OONI: two-sided CUSUM", cusum.find_alarms),
        Rival("cloudflare", "Cloudflare Radar: 6 nearest of 28 days", cloudflare.find_alarms),
        Rival("cdn", "Richter 2018: half of the week's least", cdn.find_alarms),
        Rival("disco", "Disco: bursts of lost probes", disco.find_alarms, ("atlas.probes_connected_cnt",)),
        Rival("trinocular", "Trinocular: belief", trinocular.find_alarms, ("probing.replies_cnt",)),
    )
}

__all__ = ["RIVALS", "Alarm", "Rival", "Row", "Rule"]
