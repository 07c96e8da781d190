"""The wheel that is built from this tree works in an environment that has nothing else of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from tree import PACKAGE, ROOT

pytestmark = pytest.mark.slow


def _run(*command: str | Path, **options) -> str:
    ran = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, **options
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel with what is installed: no isolation, no network."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("darkhours-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel alone; the libraries it needs are lent from here by a path file."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", with_pip=False)
    python = home / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    _run(*pip, "install", "--no-deps", "--no-index", wheel)
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(_run(python, "-c", asked).strip())
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def _run_installed(home: Path, *words: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DARKHOURS"))}
    return _run(home / "venv" / "bin" / words[0], *words[1:], cwd=home, env=kept)


def test_the_wheel_carries_all_that_the_package_folder_holds(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path.relative_to(PACKAGE.parent).as_posix() for path in files} <= inside


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "cases/almaty-2022/case.toml",
        "web/docs/explanation/method.md",
        "web/docs/reference/api.md",
    ],
)
def test_the_wheel_carries(wheel, name):
    assert f"darkhours/{name}" in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_carries_its_licence_and_attributions(wheel):
    inside = zipfile.ZipFile(wheel).namelist()
    assert [name.rpartition("/")[2] for name in inside if "/licenses/" in name] == ["LICENSE", "NOTICE"]


def test_the_wheel_carries_no_test_and_no_cache(wheel):
    inside = zipfile.ZipFile(wheel).namelist()
    assert [name for name in inside if "test_" in name or "__pycache__" in name] == []


def test_what_is_installed_is_the_wheel_and_not_this_tree(installed):
    where = _run_installed(installed, "python", "-c", "import darkhours; print(darkhours.__file__)")
    assert Path(where.strip()).is_relative_to(installed)


def test_the_installed_program_lists_its_commands(installed):
    assert "account" in _run_installed(installed, "darkhours", "--help")


def test_the_installed_program_tells_its_demo(installed):
    assert "Almaty" in _run_installed(installed, "darkhours", "demo")
