"""Every default of the inference from signals, in one value: what it is and who chose it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the inference from signals rests on; rates are per hour, never per bin.

    Chosen by us on Iran 2019, Venezuela 2019, Iran 2026 and the synthetic events together, except where
    a source is named; docs/explanation/sensitivity.md tells what halving and doubling each one costs.

    Args:
        dark_below: share of the baseline below which a place is dark (the ontology, *state*).
        degraded_below: share of the baseline below which it is degraded (the ontology, *state*).
        nats_per_bin: bound of a family's log ratio in one bin (the method, *Shared engine*).
        into_per_hour: changes from up into degraded, and into dark.
        up_per_hour: changes from degraded or dark back to up.
        between_per_hour: changes between degraded and dark.
        relapse_per_hour: changes of a place that is newly back into dark.
        settled_per_hour: changes of a place that is newly back into one that is up as before.
        degraded_bins: bins below the border that degraded takes (the method: about six) ...
        degraded_h: ... or this many hours, whichever is longer.
        freedom: degrees of freedom of Student's t.
        slot_samples: clean samples that the shape of a slot is made of (the method, *Signals* 2).
        slot_least: samples from which a shape is used.
        smooth_h: half width over which neighbouring slots lend their samples.
        level_h: memory of the level.
        drift_per_day: most that the level moves in a day.
        told_drift: drift in all that is told.
        admission_h: age at which a bin may teach the baseline.
        clean_above: P(up) from which it may.
        warm_share: share of a series that its warm-up takes ...
        warm_days: ... and the most days of it.
        renew_days: days that a signal rests at a new level, with a second family whole beside it, before its
            baseline is set anew; 0: only where a person signs. Ours: the longest probation of a return.
        gate_least: entities that the control gate needs at least.
        gate_share: share of them that is low in one bin when the sensor, not they, failed.
        bridge_h: silence that is bridged.
        thin_below: expected events in a bin below which counts are scored as counts.
        thin_least: expected events in six hours below which nothing is scored.
        scale_floor: least scatter by what the signal senses, in log units.
        shape_floor: least share of its level that an ordinary slot can have, by what the signal senses.
    """

    dark_below: float = 0.2
    degraded_below: float = 0.85
    nats_per_bin: float = 8.0
    into_per_hour: float = 1 / 2000
    up_per_hour: float = 1 / 20
    between_per_hour: float = 1 / 12
    relapse_per_hour: float = 1 / 48
    settled_per_hour: float = 1 / 24
    degraded_bins: int = 6
    degraded_h: float = 1.0
    freedom: float = 4.0
    slot_samples: int = 28
    slot_least: int = 3
    smooth_h: float = 0.75
    level_h: float = 48.0
    drift_per_day: float = 0.03
    told_drift: float = 0.2
    admission_h: float = 2.0
    clean_above: float = 0.9
    warm_share: float = 0.25
    warm_days: float = 7.0
    renew_days: float = 14.0
    gate_least: int = 8
    gate_share: float = 1 / 3
    bridge_h: float = 1.0
    thin_below: float = 30.0
    thin_least: float = 3.0
    scale_floor: dict[str, float] = field(
        default_factory=lambda: {"reachability": 0.03, "routing": 0.02, "demand": 0.17, "other": 0.05}
    )
    shape_floor: dict[str, float] = field(
        default_factory=lambda: {"reachability": 0.4, "routing": 0.5, "demand": 0.1, "other": 0.25}
    )

    def named(self) -> dict[str, float]:
        """Return every default by name, as the provenance of an account prints it.

        >>> Tuning().named()["scale_floor.demand"]
        0.17
        """
        out: dict[str, float] = {}
        for name, value in asdict(self).items():
            parts = (
                {f"{name}.{key}": v for key, v in value.items()} if isinstance(value, dict) else {name: value}
            )
            out |= {key: float(v) for key, v in parts.items()}
        return out
