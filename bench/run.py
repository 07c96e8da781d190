"""Measures whole processes, wall time and peak memory, and writes docs/benchmarks.md.

Run as ``make bench``, or ``make bench`` after adding a file to ``bench/groups/``: a group is a
module with a docstring (its heading and what it shows), a list named ``TASKS`` and, where there is
more to tell than time and memory, a function ``describe`` that returns text for below the table.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import ModuleType

from task import Task

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
LAUNCHER = ROOT / "bench" / "launch.py"
WARM_RUNS = 7
COLD_RUNS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds from start to end and of processor, and the most memory that it held, in MB."""

    wall_s: float
    processor_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a task took; `cold` is empty where a first run is like any other."""

    task: Task
    warm: tuple[Run, ...]
    cold: tuple[Run, ...]


def run_once(task: Task, folder: Path, environment: dict[str, str]) -> Run:
    """Run a task once in a folder, and measure it.

    Raises:
        RuntimeError: the program failed; nothing is measured of a program that fails.
    """
    report = folder / "report.json"
    command = [sys.executable, "-I", "-S", str(LAUNCHER), str(report), *task.command()]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        code = subprocess.call(command, cwd=folder, env=environment, stdout=out, stderr=err)
    if code != 0:
        said = (folder / "err").read_text(encoding="utf-8", errors="replace")
        message = f"{task.name}: expected exit 0, got {code}; run it by hand: {said[-500:]}"
        raise RuntimeError(message)
    return Run(**json.loads(report.read_text(encoding="utf-8")))


@contextmanager
def prepared(*, cold: bool) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give an empty folder and an environment without bytecode; a cold one has no compile cache either."""
    with tempfile.TemporaryDirectory(prefix="darkhours-bench-") as name:
        environment = dict(os.environ) | {"NO_COLOR": "1", "COLUMNS": "100"}
        environment["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), environment.get("PATH", "")])
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(name) / "bytecode")
        if cold:
            environment["XDG_CACHE_HOME"] = str(Path(name) / "cache")
        yield Path(name), environment


def measure(task: Task, warm_runs: int = WARM_RUNS) -> Result:
    """Run a task cold, then warm, each cold run in a folder of its own."""
    cold = []
    for _ in range(COLD_RUNS if task.cold else 0):
        with prepared(cold=True) as (folder, environment):
            _prepare(task, folder)
            cold.append(run_once(task, folder, environment))
    with prepared(cold=False) as (folder, environment):
        _prepare(task, folder)
        run_once(task, folder, environment)
        warm = [run_once(task, folder, environment) for _ in range(warm_runs)]
    return Result(task, tuple(warm), tuple(cold))


def _prepare(task: Task, folder: Path) -> None:
    if task.prepare is not None:
        task.prepare(folder)


def load_groups(only: str | None) -> list[ModuleType]:
    """Return the modules of bench/groups/ by name, or the one that is asked for."""
    paths = sorted((ROOT / "bench" / "groups").glob("*.py"))
    return [_load(path) for path in paths if only in {None, path.stem}]


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        message = f"{path}: expected a Python file; mend its name"
        raise ValueError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where a dataclass looks for the names of its module
    spec.loader.exec_module(module)
    return module


def tabulate(results: list[Result]) -> str:
    """Return the results as a table; times are medians with their range."""
    rows = ["| task | promised | warm | processor | first run | peak memory |", "|---|--:|--:|--:|--:|--:|"]
    rows += [
        f"| `{result.task.shown or result.task.name}` | {_promise(result.task)} | {_wall(result.warm)} "
        f"| {statistics.median(run.processor_s for run in result.warm):.2f} s | {_wall(result.cold)} "
        f"| {statistics.median(run.peak_mb for run in result.warm):.0f} MB |"
        for result in results
    ]
    return "\n".join(rows)


def _promise(task: Task) -> str:
    return "" if task.promised_s is None else f"< {task.promised_s:g} s"


def _wall(runs: tuple[Run, ...]) -> str:
    times = [run.wall_s for run in runs]
    if not times:
        return ""
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"


def describe_machine() -> str:
    """Return what it was measured on, in a sentence."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    load = f"load of all its work {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    numpy, ours = metadata.version("numpy"), metadata.version("darkhours")
    return (
        f"{_processor()}, {cores} cores, {memory:.0f} GB memory, {platform.system()}; "
        f"{python}, numpy {numpy}; darkhours {ours}; {datetime.now(UTC).date().isoformat()}; {load}"
    )


def _processor() -> str:
    """Return the model of the processor; the architecture where the system does not tell."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def write_page(sections: list[str], warm_runs: int) -> None:
    """Write docs/benchmarks.md whole."""
    opening = (
        "# Benchmarks\n\nWritten by `make bench`; not by hand. "
        f"Measured on: {describe_machine()}.\n\n"
        "Every task is a whole process, from start to exit, in a folder of its own.\n\n"
        f"- *warm*: median of {warm_runs} runs after one that is not counted; least and most in brackets.\n"
        "- *processor*: seconds of processor of those runs, median; other work on the machine hardly\n"
        "  moves it.\n"
        f"- *first run*: median of {COLD_RUNS} runs without bytecode or any cache of ours, as right after\n"
        "  an installation; the files themselves may still be in the memory of the system.\n"
        "- *peak memory*: the most that the process held, median of the warm runs.\n"
        "- *promised*: what the project holds itself to, for warm runs on two idle cores; held against the\n"
        "  lesser of both times, for the machine may have other work.\n"
    )
    PAGE.write_text("\n".join([opening, *sections]), encoding="utf-8")


def write_part(section: str) -> None:
    """Put the part of one group into the page, in the place of its older one, with machine and day."""
    heading, _, rest = section.partition("\n")
    told = f"{heading}\n\n*Measured by itself: {describe_machine()}.*\n{rest.rstrip()}\n"
    parts = re.split(r"(?m)^(?=## )", PAGE.read_text(encoding="utf-8"))
    where = [at for at, part in enumerate(parts) if part.startswith(f"{heading}\n")]
    if where:
        parts[where[0]] = f"{told}\n"
    else:
        parts[-1] = parts[-1].rstrip() + "\n\n"
        parts.append(told)
    PAGE.write_text("".join(parts).rstrip() + "\n", encoding="utf-8")


def main() -> int:
    """Measure every group, print its table, and write the page; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--group", help="measure one group, and write nothing unless told")
    parser.add_argument("--write", action="store_true", help="put that group's part into the page")
    parser.add_argument("--runs", type=int, default=WARM_RUNS, help="warm runs of each task")
    asked = parser.parse_args()
    only, runs = asked.group, asked.runs
    sections, broken = [], []
    for group in load_groups(only):
        results = [measure(task, runs) for task in group.TASKS]
        heading, _, text = (group.__doc__ or group.__name__).strip().partition("\n")
        told = f"\n{group.compare(results)}\n" if hasattr(group, "compare") else ""
        told += f"\n{group.describe()}\n" if hasattr(group, "describe") else ""
        sections.append(
            f"## {heading.rstrip('.')}\n{text}\n\n{tabulate(results)}\n{told}".replace("\n\n\n", "\n\n")
        )
        print(sections[-1])
        broken += [result.task for result in results if not _is_kept(result)]
    if only is not None and asked.write:
        write_part(sections[0])
    if only is None:
        write_page(sections, runs)
        print(f"wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)
    for task in broken:
        print(f"slower than promised: {task.shown or task.name} ({_promise(task)})", file=sys.stderr)
    return 1 if broken else 0


def _is_kept(result: Result) -> bool:
    promised = result.task.promised_s
    taken = statistics.median(min(run.wall_s, run.processor_s) for run in result.warm)
    return promised is None or taken < promised


if __name__ == "__main__":
    sys.exit(main())
