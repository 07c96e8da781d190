"""Rooms point downwards, say in a sentence what they are, and hold files that are read in two minutes."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from tree import PACKAGE, ROOT, describe, find_code, parse, read_pyproject

CODE = [path for folder in ("src", "bench", "docs", "tests") for path in find_code(folder)]
PACKAGES = [path for path in find_code("src") if path.name == "__init__.py"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
ROOMS = {
    "model", "places", "sources", "claims", "infer", "account", "score", "render", "store", "spread",
    "notify", "app", "web",
}  # fmt: skip
NO_ROOMS = {"cases"}


def test_rooms_import_downwards_only():
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


def test_the_contract_names_every_room_of_the_design_and_is_exhaustive():
    contracts = {
        contract["id"]: contract for contract in read_pyproject()["tool"]["importlinter"]["contracts"]
    }
    layers = contracts["rooms"]["layers"]
    named = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    groups = {name for name in named if name.startswith("cli_")}  # of commands, a file for each
    assert named - groups == ROOMS | {"cli", "start", "__main__"}
    assert contracts["rooms"]["exhaustive"] is True


def test_every_folder_of_the_package_is_a_room_of_the_design():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - NO_ROOMS <= ROOMS


def test_every_folder_with_code_is_a_package():
    folders = {path.parent for path in find_code("src")} - {PACKAGE.parent}
    assert [describe(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("path", PACKAGES, ids=describe)
def test_a_package_opens_with_one_sentence(path):
    first = (ast.get_docstring(parse(path)) or "").split("\n\n")[0].replace("\n", " ")
    assert first.endswith("."), "expected a sentence that says what is here"
    assert first.count(". ") == 0, "expected one sentence before the blank line"


@pytest.mark.parametrize("path", [path for path in CODE if "src" in path.parts], ids=describe)
def test_a_module_opens_with_a_line_that_says_what_is_here(path):
    opening = (ast.get_docstring(parse(path)) or "").split("\n", maxsplit=1)[0]
    assert opening.endswith((".", ":")), f"expected an opening line that ends with a stop, got {opening!r}"


@pytest.mark.parametrize("path", CODE, ids=describe)
def test_a_file_can_be_read_alone(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize(
    "path", [path for path in CODE if not path.is_relative_to(ROOT / "tests")], ids=describe
)
def test_a_function_fits_on_a_screen(path):
    functions = [
        node for node in ast.walk(parse(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_a_test_file_has_a_name_of_its_own():
    names = [path.name for path in find_code("tests") if path.name not in {"conftest.py", "__init__.py"}]
    assert sorted(names) == sorted(set(names))
