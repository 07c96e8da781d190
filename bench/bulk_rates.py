"""Measures detection in bulk: one part in this process, its figures as JSON on stdout.

Run by groups/bulk.py as ``python bulk_rates.py PART``. Places are made up: a swing of 20 % by day, noise of
5 %, whole numbers, bins of five minutes; a share of them goes dark for two days. Seconds are of the processor
but where `wall` is said, medians of `RUNS`.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from darkhours.infer.bulk.backward import find_path, smooth_all
from darkhours.infer.bulk.forward import run_filter
from darkhours.infer.bulk.infer import infer_bulk
from darkhours.infer.bulk.resume import State, begin, feed
from darkhours.infer.bulk.sweep import Swept, sweep
from darkhours.infer.bulk.values import Kinds, Learned
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.timelines import Asked
from darkhours.infer.signals.tuning import Tuning
from darkhours.infer.signals.watch import watch
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal

RUNS = 5
EIGHT_WEEKS = 56 * 288
TUNING = Tuning()
FIRST = np.array([0.98, 0.01, 0.01, 0.0, 0.0, 0.0])


def make_panel(n: int, n_bins: int, *, out: float = 0.1, minutes: int = 5, seed: int = 1) -> Panel:
    """Return made-up places, of which a share goes dark for two days."""
    rng, day = np.random.default_rng(seed), 1440 // minutes
    swing = 1 + 0.2 * np.sin(np.arange(n_bins) / day * 2 * np.pi)
    values = 1000 * swing * np.exp(rng.normal(0, 0.05, (n, n_bins)))
    for row in range(round(out * n)):
        at = n_bins // 2 + int(rng.integers(0, n_bins // 4))
        values[row, at : at + 2 * day] *= 0.02
    entities = tuple(Entity(f"asn:{k + 1}", f"AS{k + 1}", "UTC") for k in range(n))
    grid = Grid(datetime(2024, 1, 1, tzinfo=UTC), timedelta(minutes=minutes), n_bins)
    kind = describe_signal("probing.slash24_up_cnt")
    return Panel(kind, "ioda.probing", "made", entities, grid, np.round(values))


def processor_s(act: Callable[[], object], runs: int = RUNS) -> float:
    """Return the seconds of processor that an act takes, after a first time that is not counted."""
    act()
    taken = []
    for _ in range(runs):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def find_paths(swept: Swept) -> None:
    """Find the likeliest path of every entity."""
    with np.errstate(divide="ignore"):
        logs, first = np.log(swept.knobs.moves), np.log(FIRST @ swept.knobs.moves)
    n_bins = swept.told.values.shape[1]
    back, path = np.empty((n_bins, 6), dtype=np.uint8), np.empty(n_bins, dtype=np.uint8)
    for said in swept.told.said:
        find_path(said, logs, first, back, np.empty((2, 6)), path)


def measure_kernels() -> dict[str, float]:
    """Measure baseline, posterior and likeliest path, and the readable code without the last."""
    panel, few = make_panel(15, EIGHT_WEEKS), make_panel(128, 2016)
    fast = processor_s(lambda: find_paths(sweep(make_rows([panel], TUNING), TUNING, unrelated=False)))
    peak = peak_mb()
    slow = processor_s(lambda: watch(make_rows([few], TUNING), TUNING, unrelated=False), 1)
    return {"kernels": panel.values.size / fast, "readable": few.values.size / slow, "peak_mb": peak}


def measure_paths() -> dict[str, float]:
    """Measure whole timelines with 200 histories wherever anything happened."""
    out = {}
    for name, share in (("none", 0.0), ("tenth", 0.1), ("all", 1.0)):
        panel = make_panel(30, EIGHT_WEEKS, out=share)
        asked = Asked(n_samples=200)
        out[name] = panel.values.size / processor_s(lambda p=panel, a=asked: drain(p, a), 3)  # type: ignore[misc]
    return out | {"peak_mb": peak_mb()}


def drain(panel: Panel, asked: Asked) -> int:
    """Make every timeline, keep none."""
    return sum(1 for _ in infer_bulk([panel], asked))


def measure_chain() -> dict[str, float]:
    """Measure forward and backward over given log-likelihoods, against hmmlearn on the same ones."""
    from hmmlearn.base import BaseHMM  # noqa: PLC0415 — a peer that only this part needs

    swept = sweep(make_rows([make_panel(8, EIGHT_WEEKS)], TUNING), TUNING, unrelated=False)
    zero = np.zeros((*swept.told.said.shape[:2], 1))
    deg, dark, mixed = (swept.told.said[:, :, k : k + 1] for k in range(3))
    nats = np.concatenate([zero, deg, dark, mixed, mixed, zero], axis=2)
    after, smoothed = swept.learned, np.empty_like(swept.told.alpha)

    def ours() -> None:
        np.copyto(after.state, FIRST)
        run_filter(swept.kinds, swept.knobs, after, swept.told, 0)
        for e, alpha in enumerate(swept.told.alpha):
            smooth_all(alpha, swept.knobs.moves, smoothed[e])

    class Given(BaseHMM):  # type: ignore[misc]
        def _compute_log_likelihood(self, X: Any) -> Any:  # noqa: ANN401, N803 — as its base has it
            return X

        def _compute_likelihood(self, X: Any) -> Any:  # noqa: ANN401, N803 — as its base has it
            return np.exp(X)

        def _check(self) -> None: ...

    n, took = swept.told.values.size, processor_s(ours)
    out = {"kernels": n / took}
    for form in ("log", "scaling"):
        peer = Given(n_components=6, implementation=form)
        peer.startprob_, peer.transmat_ = FIRST @ swept.knobs.moves, swept.knobs.moves
        theirs = np.stack([peer.predict_proba(each) for each in nats])
        out[f"{form}.apart"] = float(np.abs(theirs - smoothed).max())
        out[form] = n / processor_s(lambda p=peer: [p.predict_proba(each) for each in nats], 3)  # type: ignore[misc]
    return out


def measure_ruptures() -> dict[str, float]:
    """Measure segmentations of ruptures on the log ratios of the same places."""
    import ruptures  # noqa: PLC0415 — a tool that only this part needs

    line = np.log(make_panel(1, 4032, out=1.0).values[0] + 1)
    kernel = processor_s(lambda: ruptures.KernelCPD(kernel="linear").fit(line).predict(pen=10.0))
    pelt = processor_s(lambda: ruptures.Pelt(model="l2").fit(line).predict(pen=10.0), 1)
    return {"kernelcpd": line.size / kernel, "pelt": line.size / pelt}


def measure_step() -> dict[str, float]:
    """Measure one new bin of 80,000 entities by ten minutes, in batches of 4,000, whose state is at hand."""
    few, n = make_panel(100, 28 * 144, minutes=10, out=0.0), 4000
    state = repeat(begin(make_rows([few], TUNING), TUNING)[0], n // 100)
    value = np.tile(few.values[:, -1:], (n // 100, 1))
    held = [state]

    def step() -> None:
        held[0] = feed(held[0], value, reuse=True)[0]

    return {"seconds": processor_s(step, 9) * 80_000 / n, "peak_mb": peak_mb()}


def repeat(state: State, times: int, *, first: int = 0) -> State:
    """Return a state of so many times the entities, numbered from ``first`` on."""

    def tile(values: Any) -> dict[str, Any]:  # noqa: ANN401 — a named tuple of arrays and numbers
        return {
            name: np.concatenate([each] * times) if isinstance(each, np.ndarray) else each
            for name, each in values._asdict().items()
        }

    n = len(state.entities) * times
    kinds = Kinds(**tile(state.kinds) | {"first_row": np.arange(n + 1)})
    return replace(
        state,
        entities=tuple(f"asn:{first + k + 1}" for k in range(n)),
        series=state.series * times,
        kinds=kinds,
        learned=Learned(**tile(state.learned)),
        floor=np.tile(state.floor, times),
        begun=np.tile(state.begun, times),
        values=np.tile(state.values, (times, 1)),
        coverage=np.tile(state.coverage, (times, 1)),
    )


def measure_first() -> dict[str, float]:
    """Measure the first sweep of this process, its imports not counted; wall seconds."""
    begun = time.perf_counter()
    drain(make_panel(2, 600, out=1.0), Asked())
    return {"wall_s": time.perf_counter() - begun}


PARTS = {
    "kernels": measure_kernels,
    "paths": measure_paths,
    "chain": measure_chain,
    "ruptures": measure_ruptures,
    "step": measure_step,
    "first": measure_first,
}


def main() -> None:
    """Measure the part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    print(json.dumps(PARTS[parser.parse_args().part]()))


if __name__ == "__main__":
    main()
