"""Detection in bulk.

Made-up places in bins of five minutes over eight weeks: a swing of 20 % by day, noise of 5 %; a share of them
goes dark for two days. Rates are bins in a second of one core's processor time, whole sweeps from values to
the last figure. The first use compiles the kernels; every later process reads them from disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from task import Task

BENCH = Path(__file__).resolve().parent.parent
TASKS = [Task("darkhours outages --help", promised_s=0.3)]


def describe() -> str:
    """Return what kernels do in a second, what peers do, and what more processes bring."""
    with tempfile.TemporaryDirectory(prefix="darkhours-bench-") as name:
        cache = {"NUMBA_CACHE_DIR": name}
        cold, warm = (run("bulk_rates.py", "first", **cache)["wall_s"] for _ in range(2))
    kernels, paths, step = (run("bulk_rates.py", part) for part in ("kernels", "paths", "step"))
    chain, ruptures = run("bulk_rates.py", "chain"), run("bulk_rates.py", "ruptures")
    spread = run("bulk_spread.py")
    rows = [
        ("baseline, posterior and likeliest path", _million(kernels["kernels"]), "2.0"),
        ("the same without kernels, no likeliest path", _million(kernels["readable"]), ""),
        ("whole timelines, nothing happened", _million(paths["none"]), ""),
        ("whole timelines, 200 histories, one place in ten dark", _million(paths["tenth"]), "0.8"),
        ("whole timelines, 200 histories, every place dark", _million(paths["all"]), ""),
        ("forward and backward alone", _million(chain["kernels"]), ""),
        ("the same by hmmlearn, as it comes", _million(chain["log"]), ""),
        ("the same by hmmlearn, scaling", _million(chain["scaling"]), ""),
        ("ruptures, KernelCPD, 4,032 bins", _million(ruptures["kernelcpd"]), ""),
        ("ruptures, Pelt, 4,032 bins", _million(ruptures["pelt"]), ""),
    ]
    table = ["| what | million bins/s | promised |", "|---|--:|--:|"]
    table += [f"| {' | '.join(row)} |" for row in rows]
    times = {form: chain["kernels"] / chain[form] for form in ("log", "scaling")}
    told = [
        f"Forward and backward alone, over likelihoods of six states, take {times['log']:.1f} times less",
        f"than hmmlearn as it comes (promised: 10), {times['scaling']:.1f} times less than its scaling form;",
        f"probabilities are {chain['scaling.apart']:.0e} apart at most. One new bin of 80,000 places takes",
        f"{step['seconds']:.2f} s. The very first use takes {cold:.0f} s, the first use of a later process",
        f"{warm:.1f} s. Peak memory: {kernels['peak_mb']:.0f} MB for sweeps, {paths['peak_mb']:.0f} MB with",
        "histories (promised: 400).",
    ]
    return "\n\n".join(["\n".join(table), " ".join(told), _spread(spread)])


def _million(rate: float) -> str:
    return f"{rate / 1e6:.3g}"


def _spread(told: dict[str, Any]) -> str:
    """Return what more processes bring, as a table."""
    ways = told["ways"]
    one = ways["one process"]["wall_s"]
    head = f"| {told['batches']} batches of {told['places']} places over two weeks, outages as JSON |"
    lines = [f"{head} wall | million bins/s | times | processor, all |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {name} | {way['wall_s']:.1f} s | {_million(way['bins'])} | {one / way['wall_s']:.2f} "
        f"| {way['processor_s']:.1f} s |"
        for name, way in ways.items()
    ]
    same = "The bytes are the same" if told["same"] else "**The bytes differ**"
    return "\n".join(lines) + (
        f"\n\n{same}. The one process held {told['peak_mb']:.0f} MB at most. Promised on two idle cores: "
        f"1.7 and 1.5 times; the load of all work while this was measured was {told['load']:.1f}."
    )


def run(script: str, *words: str, **more: str) -> dict[str, Any]:
    """Return what a script of the bench prints."""
    command = [sys.executable, str(BENCH / script), *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ) | more)
    if ran.returncode != 0:
        raise RuntimeError(f"{script} {' '.join(words)}: expected exit 0: {ran.stderr[-500:]}")
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told
