"""Finds what a pure room may not do: read a clock, a file or the network, or roll unseeded dice."""

from __future__ import annotations

import ast

FORBIDDEN_MODULES = {
    "a clock": {"time", "sched"},
    "the network": {
        "socket", "ssl", "http", "urllib.request", "requests", "httpx", "ftplib", "smtplib", "asyncio",
    },
    "files or the system": {
        "os", "pathlib", "io.open", "shutil", "tempfile", "glob", "fileinput", "sqlite3", "subprocess",
        "platform", "getpass", "signal", "sys.argv", "sys.stdin",
    },
    "unseeded chance": {"random", "secrets", "uuid"},
    "other processes": {"threading", "multiprocessing", "concurrent"},
}  # fmt: skip
ALLOWED_MODULES = {"urllib.parse", "importlib.resources", "zoneinfo"}
CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter"}
BUILTINS = {"open", "input", "breakpoint", "exec", "eval", "__import__"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox"}


def find_impurities(tree: ast.AST) -> list[str]:
    """Return one sentence, with its line, for everything in the tree that is not pure."""
    return [
        f"line {getattr(node, 'lineno', 0)}: {reason}" for node in ast.walk(tree) for reason in _judge(node)
    ]


def _judge(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return _judge_names([alias.name for alias in node.names])
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return _judge_names([module]) or _judge_names([f"{module}.{alias.name}" for alias in node.names])
    if isinstance(node, ast.Call):
        return _judge_call(node)
    return []


def _judge_names(names: list[str]) -> list[str]:
    return [
        f"imports {name}: {kind}"
        for name in names
        if name not in ALLOWED_MODULES
        for kind, modules in FORBIDDEN_MODULES.items()
        if any(name == module or name.startswith(f"{module}.") for module in modules)
    ]


def _judge_call(node: ast.Call) -> list[str]:
    name = ast.unparse(node.func)
    last = name.rpartition(".")[2]
    if name in BUILTINS:
        return [f"calls {name}()"]
    if last in CLOCKS and isinstance(node.func, ast.Attribute):
        return [f"reads a clock: {name}()"]
    if last == "default_rng" and not node.args and not node.keywords:
        return [f"rolls unseeded dice: {name}()"]
    if "(" not in name and ".random." in f".{name}" and last not in SEEDED:
        return [f"rolls the dice of the process: {name}()"]
    return []
