"""Halves and doubles each default of the inference from signals, and writes what moves.

Run as ``.venv/bin/python bench/sensitivity_signals.py``; it takes some ten minutes of two cores and writes
the part *Measured signals* of docs/explanation/sensitivity.md. With ``--quick``, as `make bench` runs it, it
takes the cheapest inputs only, prints, and writes nothing. The recordings are read where
DARKHOURS_SHARED_DATA is set.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from darkhours.app.measured import Question, detect
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.account import Account, Outage
from darkhours.model.panel import Panel
from darkhours.model.state import State
from darkhours.score.detector import from_accounts
from darkhours.score.metrics import Tally, summarise, tally
from darkhours.score.recipes import Recipe, find_recipe
from darkhours.score.synthetic import Scenario, make_scenario
from darkhours.sources import TableOptions, read_recording

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "sensitivity.md"
HEAD = "## Measured signals"
INTRO = f"""{HEAD}

Written by `bench/sensitivity_signals.py`; not by hand. Each default of `Tuning`, halved and doubled; a share
that doubling would bring to 1 goes half of the way to it. The first row says what each input comes to as it
is, the others what moved: F1 by 0.01, the 90th percentile of the edge errors by a tenth and half a minute,
windows that are false by one, dark hours (off the truth) by a quarter. On recordings the share of places that
are found stands for F1, the median distance of the begins from the known one for the edges, what begins too
early for false windows, and the median of dark hours for their error. *Breaks* names the bars, of those that
the project holds itself to, that held and do not any more. One draw (seed 0) of the recipes `outages`, `thin`
(20 days), `noisy`, `curfew-70`, `throttling` and `prober-loss`.

"""
MOVED_F1, MOVED_P90_SHARE, MOVED_MIN, MOVED_H = 0.01, 0.1, 0.5, 0.25


def at(text: str) -> datetime:
    """Return an instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one input comes to.

    Args:
        f1: of events; None where there is no truth for it.
        p90_min: 90th percentile of the edge errors, minutes.
        false: windows that are none.
        hours: dark hours: the error on synthetic truth, the total on recordings.
        broken: bars that do not hold.
        share: what `f1` is called; on recordings it is the share of places that are found.
    """

    f1: float | None
    p90_min: float | None
    false: int
    hours: float | None
    broken: tuple[str, ...]
    share: str = "F1"


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A recipe with what must hold of it: least recall, bins of edge error, false windows, dark hours off."""

    recipe: Recipe
    recall: float
    p90_bins: float
    false: int
    hours: float

    def read(self, tuning: Tuning) -> Reading:
        """Return what detection with these defaults makes of it."""
        scene = _scene(self.recipe)
        question = Question(unrelated=self.recipe.unrelated, tuning=tuning)
        found = from_accounts(detect(scene.panels, question))
        told = sum((tally(truth, found.get(truth.entity, ())) for truth in scene.truths), Tally())
        score = summarise(told)
        p90, hours = score.edge_p90_min, score.dark_error_h or 0.0
        broken = {
            "recall": told.true > 0 and (score.recall or 0.0) < self.recall,
            "edges": p90 is not None and p90 > self.p90_bins * self.recipe.step_min,
            "false": told.false > self.false,
            "hours": hours > self.hours,
        }
        f1 = score.f1 if told.true else None
        return Reading(f1, p90, told.false, hours, tuple(name for name, bad in broken.items() if bad))


@cache
def _scene(recipe: Recipe) -> Scenario:
    return make_scenario(recipe, 0)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded shutdown with a function that holds its accounts against what is known of it."""

    file: str
    judge: Callable[[list[Account]], Reading]

    def read(self, tuning: Tuning) -> Reading:
        """Return what detection with these defaults makes of it."""
        return self.judge(detect(_panels(self.file), Question(tuning=tuning)))


@cache
def _panels(file: str) -> tuple[Panel, ...]:
    return read_recording(Path(os.environ["DARKHOURS_SHARED_DATA"], file), TableOptions()).panels


def _holding(account: Account, instant: datetime) -> Outage | None:
    return next(
        (o for o in account.outages if o.start.at <= instant and (o.end is None or o.end.at > instant)), None
    )


def _count_early(accounts: list[Account], before: datetime) -> int:
    """Return how many windows that are not up begin before an instant."""
    return sum(
        window.state in (State.DARK, State.DEGRADED) and window.start.at < before
        for account in accounts
        for window in account.windows
    )


def _dark_h(account: Account) -> float:
    told = account.totals["dark_h"]
    return 0.0 if told is None else told.value


def _middle(starts: list[datetime]) -> datetime | None:
    return sorted(starts)[len(starts) // 2] if starts else None


def _minutes_off(starts: list[datetime], truth: datetime) -> float | None:
    return statistics.median(abs((s - truth).total_seconds()) / 60 for s in starts) if starts else None


def judge_iran_2019(accounts: list[Account]) -> Reading:
    """Hold 73 counties against what must be shown of them; the edge is the median begin, from 18:00Z."""
    dark = [account for account in accounts if not account.name.endswith("Bam")]
    found = [o for a in dark if (o := _holding(a, at("2019-11-17T12:00"))) is not None]
    starts = [outage.start.at for outage in found]
    early = _count_early(accounts, at("2019-11-15T06:00"))
    hours = statistics.median(map(_dark_h, accounts))
    middle = _middle(starts)
    broken = {
        "ongoing": sum(account.status == "ongoing" for account in accounts) not in (71, 72),
        "Bam": any(_dark_h(account) > 0 for account in accounts if account.name.endswith("Bam")),
        "begin": middle is None or not at("2019-11-16T17:30") <= middle <= at("2019-11-16T18:45"),
        "early": early > 2,  # noqa: PLR2004 — the bar
        "hours": not 79 <= hours <= 83,  # noqa: PLR2004 — the bar
    }
    return Reading(
        len(found) / len(dark),
        _minutes_off(starts, at("2019-11-16T18:00")),
        early,
        hours,
        _names(broken),
        "found",
    )


def judge_venezuela(accounts: list[Account]) -> Reading:
    """Hold 13 states against the failure of the grid on 22 July at 20:41Z, which Bolívar was spared."""
    hit = [account for account in accounts if account.outages]
    starts = [account.outages[0].start.at for account in hit]
    early, middle = _count_early(accounts, at("2019-07-22T15:00")), _middle(starts)
    broken = {
        "found": len(hit) < 11,  # noqa: PLR2004 — the bar
        "Bolívar": any(_dark_h(account) > 0 for account in accounts if "Bol" in account.name),
        "begin": middle is None or not at("2019-07-22T18:30") <= middle <= at("2019-07-22T21:30"),
        "early": early > 0,
    }
    hours = statistics.median(map(_dark_h, accounts))
    return Reading(
        len(hit) / 12, _minutes_off(starts, at("2019-07-22T20:41")), early, hours, _names(broken), "found"
    )


def judge_iran_2026(accounts: list[Account]) -> Reading:
    """Hold five families against the shutdown of 8 to 27 January 2026; the edge is its begin, from 16:45Z."""
    (account,) = accounts
    outage = _holding(account, at("2026-01-12T00:00"))
    early, hours = _count_early(accounts, at("2026-01-07T00:00")), _dark_h(account)
    begins = None if outage is None else outage.start.at
    end = None if outage is None or outage.end is None else outage.end.at
    broken = {
        "one outage": len(account.outages) != 1,
        "begin": begins is None or not at("2026-01-08T16:00") <= begins <= at("2026-01-08T17:30"),
        "end": end is None or not at("2026-01-26T23:30") <= end <= at("2026-01-27T10:00"),
        "probation": account.status != "probation",
        "early": early > 0,
        "hours": not 230 <= hours <= 240,  # noqa: PLR2004 — the bar
    }
    starts = [] if begins is None else [begins]
    return Reading(
        float(bool(starts)),
        _minutes_off(starts, at("2026-01-08T16:45")),
        early,
        hours,
        _names(broken),
        "found",
    )


def _names(broken: dict[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, bad in broken.items() if bad)


Input = Synthetic | Recorded
QUICK: dict[str, Input] = {
    "dense, hourly": Synthetic(find_recipe("outages-hourly"), 0.99, 0.25, 0, 4.0),
    "noisy": Synthetic(replace(find_recipe("noisy"), n_entities=3), 0.0, 1.0, 1, 4.0),
}
FULL: dict[str, Input] = {
    "dense": Synthetic(find_recipe("outages"), 0.99, 0.25, 0, 4.0),
    "thin": Synthetic(replace(find_recipe("thin"), days=20), 0.97, 1.5, 1, 4.0),
    "noisy": Synthetic(find_recipe("noisy"), 0.0, 1.0, 1, 4.0),
    "curfew": Synthetic(find_recipe("curfew-70"), 0.99, 0.25, 0, 2.0),
    "throttling": Synthetic(find_recipe("throttling"), 0.99, 0.5, 0, 4.0),
    "prober": Synthetic(find_recipe("prober-loss"), 0.99, 0.25, 0, 4.0),
}
RECORDED: dict[str, Input] = {
    "Iran 2019": Recorded("monash-ip-observatory/irn-2019-11-11_gif.csv", judge_iran_2019),
    "Venezuela 2019": Recorded("monash-ip-observatory/ven-2019-07-22_gif.csv", judge_venezuela),
    "Iran 2026": Recorded("iran-2026-ioda/ioda-iran-2025-12-01_2026-01-29.csv", judge_iran_2026),
}


def list_inputs(*, quick: bool) -> dict[str, Input]:
    """Return what is measured, by name."""
    recorded = RECORDED if os.environ.get("DARKHOURS_SHARED_DATA") else {}
    if quick:
        return QUICK | {name: item for name, item in recorded.items() if name == "Iran 2026"}
    return FULL | recorded


def scale(value: float, factor: float) -> float:
    """Return a default times a factor; a share that this would bring to 1 goes half of the way to it.

    >>> scale(28, 0.5), scale(3, 0.5), scale(0.85, 2.0), scale(0.85, 0.5)
    (14, 2, 0.925, 0.425)
    """
    if isinstance(value, int):
        return max(1, round(value * factor))
    return (1 + value) / 2 if 0.5 <= value < 1 < factor else value * factor  # noqa: PLR2004 — doubled it is 1


def list_variants() -> Iterator[tuple[str, float, Tuning]]:
    """Yield the name of each default, the factor, and all defaults with that one moved."""
    base = Tuning()
    for item in fields(Tuning):
        value = getattr(base, item.name)
        for key in value if isinstance(value, dict) else (None,):
            for factor in (0.5, 2.0):
                moved = scale(value, factor) if key is None else value | {key: scale(value[key], factor)}
                name = item.name if key is None else f"{item.name}.{key}"
                change: dict[str, Any] = {item.name: moved}
                yield name, factor, replace(base, **change)


def measure(tuning: Tuning, names: tuple[str, ...], quick: bool) -> list[Reading]:  # noqa: FBT001 — for a pool
    """Return what each input comes to with these defaults."""
    inputs = list_inputs(quick=quick)
    return [inputs[name].read(tuning) for name in names]


def show(reading: Reading) -> str:
    """Return what an input comes to, as the first row shows it."""
    parts = [
        None if reading.f1 is None else f"{reading.share} {reading.f1:.2f}",
        None if reading.p90_min is None else f"{reading.p90_min:.1f} min",
        f"{reading.false} false",
        None if reading.hours is None else f"{reading.hours:.2f} h",
    ]
    return ", ".join(part for part in parts if part)


def differ(base: Reading, now: Reading) -> str:
    """Return what moved, as the other rows show it."""
    parts = []
    if base.f1 is not None and abs((now.f1 or 0.0) - base.f1) >= MOVED_F1:
        parts.append(f"{base.share} {(now.f1 or 0.0) - base.f1:+.2f}")
    if base.p90_min is not None:
        if now.p90_min is None:
            parts.append("no edges")
        elif abs(now.p90_min - base.p90_min) >= max(MOVED_MIN, MOVED_P90_SHARE * base.p90_min):
            parts.append(f"{now.p90_min - base.p90_min:+.1f} min")
    if now.false != base.false:
        parts.append(f"{now.false - base.false:+d} false")
    if base.hours is not None and now.hours is not None and abs(now.hours - base.hours) >= MOVED_H:
        parts.append(f"{now.hours - base.hours:+.2f} h")
    return ", ".join(parts) or "·"


def say_broken(names: tuple[str, ...], base: list[Reading], now: list[Reading]) -> str:
    """Return the bars that held before and do not any more."""
    told = [
        f"{name}: {bar}"
        for name, before, after in zip(names, base, now, strict=True)
        for bar in after.broken
        if bar not in before.broken
    ]
    return "; ".join(told)


def tabulate(*, quick: bool) -> Iterator[str]:
    """Yield the rows of the table, each as soon as it is known."""
    names = tuple(list_inputs(quick=quick))
    variants = list(list_variants())
    with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        base = pool.submit(measure, Tuning(), names, quick)
        jobs = [pool.submit(measure, tuning, names, quick) for _, _, tuning in variants]
        before = base.result()
        yield f"| default | × | {' | '.join(names)} | breaks |"
        yield f"|---|--:|{'---|' * len(names)}---|"
        told = "; ".join(
            f"{name}: {bar}" for name, item in zip(names, before, strict=True) for bar in item.broken
        )
        yield f"| *as it is* |  | {' | '.join(map(show, before))} | {told} |"
        for (name, factor, _), job in zip(variants, jobs, strict=True):
            now = job.result()
            cells = [differ(b, n) for b, n in zip(before, now, strict=True)]
            yield f"| `{name}` | {factor:g} | {' | '.join(cells)} | {say_broken(names, before, now)} |"


def main() -> None:
    """Measure everything, print the table, and write it unless it is the quick one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the cheapest inputs; write nothing")
    quick = parser.parse_args().quick
    rows = []
    for row in tabulate(quick=quick):
        print(row, flush=True)
        rows.append(row)
    if not quick:
        before = PAGE.read_text(encoding="utf-8").partition(HEAD)[0].rstrip()
        PAGE.write_text(f"{before}\n\n{INTRO}" + "\n".join([*rows, ""]), encoding="utf-8")
        print(f"wrote {PAGE.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
