"""The tree as the tests of the house see it: which files there are, and what they hold."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "darkhours"
PURE_ROOMS = ("model", "infer", "account", "score", "render")
NOT_OURS = {".git", ".venv", "build", "dist", "node_modules"}


def describe(path: Path) -> str:
    """Return a path as it is read in a message: from the folder of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def find_files() -> tuple[Path, ...]:
    """Return every file of the project: what git tracks or would, else what is no cache."""
    if (ROOT / ".git").exists():
        asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(asked, capture_output=True, check=True).stdout.decode().split("\0")
        found = [ROOT / name for name in listed if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _is_cache(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file()))


@cache
def find_code(folder: str) -> tuple[Path, ...]:
    """Return the Python files of the project under a folder."""
    return tuple(path for path in find_files() if path.suffix == ".py" and path.is_relative_to(ROOT / folder))


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def read_pyproject() -> dict:
    """Return what pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _is_cache(path: Path) -> bool:
    return any(part in NOT_OURS or part == "__pycache__" or part.endswith("_cache") for part in path.parts)
