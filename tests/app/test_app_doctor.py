"""`doctor`: every extra of the project is told, and every failure names its fix."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from darkhours.app import doctor
from darkhours.app.doctor_extras import WHAT, look_at_extras

ROOT = Path(__file__).parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]
REQUIRES = [f"{line}; extra == '{name}'" for name, lines in EXTRAS.items() for line in lines]


def examine(tmp_path, cases=None, archive=None):
    found = doctor.examine(cases, tmp_path, "a terminal", archive)
    assert all(finding.fix for finding in found if finding.verdict != "ok")
    return {finding.name: finding for finding in found}


def test_every_extra_of_the_project_is_told_with_what_it_is_for(tmp_path):
    assert set(WHAT) == set(EXTRAS) - {"all"}
    assert {f"extra {name}" for name in WHAT} <= set(examine(tmp_path))


@pytest.mark.parametrize("name", WHAT)
def test_an_extra_without_its_packages_names_them_and_its_fix(name):
    extra = {extra.name: extra for extra in look_at_extras(REQUIRES, lambda _: None)}[name]
    told = doctor.say_extra(extra)
    packages = [line.split(">=")[0] for line in EXTRAS[name] if not line.startswith("darkhours[")]
    assert packages
    assert all(package in told.found for package in packages)
    assert (told.verdict, told.fix) == ("note", f"pip install --upgrade 'darkhours[{name}]'")


def test_an_extra_inside_another_is_part_of_it():
    web = {extra.name: extra for extra in look_at_extras(REQUIRES, lambda _: None)}["web"]
    assert {"pyarrow", "fastapi"} <= set(web.lacking)


@pytest.mark.parametrize(
    ("version", "whole"),
    [
        pytest.param("0.13.9", False, id="older"),
        pytest.param("0.14", True, id="the-least"),
        pytest.param("0.14.0rc1", True, id="with-more-to-its-name"),
        pytest.param("1", True, id="newer"),
    ],
)
def test_a_package_that_is_too_old_is_lacking(version, whole):
    (extra,) = look_at_extras(["typst>=0.14; extra == 'pdf'"], lambda _: version)
    assert (not extra.lacking) is whole
    assert version in " ".join(extra.there + extra.lacking)


def test_a_folder_of_cases_that_is_not_there_names_its_fix(tmp_path):
    found = examine(tmp_path, cases=tmp_path / "gone")
    assert found["cases"].verdict == "broken"
    assert "DARKHOURS_CASES" in found["cases"].fix
    assert found["shipped case"].verdict == "ok"


def test_an_archive_is_opened_or_its_fix_is_named(tmp_path):
    pytest.importorskip("pyarrow", reason="the extra archive is not installed")
    from darkhours.store import create_archive

    create_archive(tmp_path / "kept")
    assert "0 series" in examine(tmp_path, archive=tmp_path / "kept")["archive"].found
    gone = examine(tmp_path, archive=tmp_path / "gone")["archive"]
    assert (gone.verdict, "darkhours store init" in gone.fix) == ("broken", True)
    (manifest,) = (tmp_path / "kept").glob("*.sqlite")
    manifest.write_text("no manifest " * 200)
    spoiled = examine(tmp_path, archive=tmp_path / "kept")["archive"]
    assert (spoiled.verdict, "from a copy" in spoiled.fix) == ("broken", True)


def test_kernels_that_cannot_be_kept_are_told(tmp_path, monkeypatch):
    jit = pytest.importorskip("darkhours.sources.mrt.jit", reason="the extra mrt is not installed")
    pytest.importorskip("llvmlite", reason="the extra mrt is not installed")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(jit, "cache_folder", lambda: str(tmp_path / "file" / "kernels"))
    told = examine(tmp_path)["kernels"]
    assert (told.verdict, told.fix) == ("note", "let NUMBA_CACHE_DIR name a folder of yours")
