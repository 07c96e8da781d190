"""What is in the tree can be read, installed and trusted on any machine."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from tree import ROOT, describe, find_files, read_pyproject

LARGEST_FILE = 10_000_000  # the gazetteer is the largest there is
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Written in pieces, so that this file is not what it looks for.
MACHINE_PATH = re.compile(r"(^|[^A-Za-z0-9_.])/(" + "|".join(["wo" + "rk", "ro" + "ot", "fa" + "rm"]) + ")/")
INDEX_OPTION = re.compile("--(extra-)?" + r"index-url|--find-" + r"links|registry ?= ?\S")
PACKAGE_HOSTS = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js.org"]
PIN = re.compile(r"^[a-z0-9][a-z0-9.\-]*==[^ ]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def _read_text(path):
    """Return the text of a file; "" for pictures, packed data and whatever else is no text."""
    data = path.read_bytes()
    return "" if b"\0" in data[:4096] else data.decode("utf-8", errors="replace")


def _find_lines(pattern):
    return [
        f"{describe(path)}:{number}: {line.strip()[:100]}"
        for path in find_files()
        for number, line in enumerate(_read_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine():
    assert _find_lines(MACHINE_PATH) == []


def test_no_file_names_a_package_index():
    hosts = re.compile("|".join(re.escape(host) for host in PACKAGE_HOSTS))
    assert _find_lines(hosts) + _find_lines(INDEX_OPTION) == []


@pytest.mark.slow
def test_no_file_names_the_package_index_of_this_machine():
    asked = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    addresses = re.findall(r"https?://[^/' ]+", told)
    hosts = [host for address in addresses if (host := urlsplit(address).hostname)]
    found = [line for host in hosts for line in _find_lines(re.compile(re.escape(host)))]
    assert found == []


def test_no_file_is_so_large_that_a_clone_is_slow():
    large = {
        describe(path): path.stat().st_size for path in find_files() if path.stat().st_size > LARGEST_FILE
    }
    assert large == {}


@pytest.mark.parametrize("name", ["base.txt", "build.txt", "dev.txt"])
def test_the_lock_file_is_there(name):
    assert ROOT / "requirements" / name in LOCKS


@pytest.mark.parametrize("path", LOCKS, ids=describe)
def test_a_lock_file_holds_pins_and_hashes_and_nothing_else(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not (PIN.match(line) or HASH.match(line))] == []


@pytest.mark.parametrize("path", LOCKS, ids=describe)
def test_every_pin_of_a_lock_file_has_a_hash(path):
    lines = [*path.read_text(encoding="utf-8").splitlines(), ""]
    assert [line for line, after in pairwise(lines) if PIN.match(line) and not HASH.match(after)] == []


def test_the_lock_files_agree_with_each_other():
    pins = {path.name: {line for line in path.read_text().splitlines() if PIN.match(line)} for path in LOCKS}
    assert pins["base.txt"] | pins["build.txt"] <= pins["dev.txt"]


def _names(requirements):
    return {re.split(r"[^A-Za-z0-9_.\-]", text)[0].lower().replace("_", "-") for text in requirements}


def test_every_dependency_is_locked():
    project = read_pyproject()["project"]
    locked = _names((ROOT / "requirements" / "base.txt").read_text().splitlines())
    assert _names(project["dependencies"]) <= locked


def test_the_extra_all_names_every_other_extra():
    extras = read_pyproject()["project"]["optional-dependencies"]
    named = re.findall(r"[a-z0-9\-]+", extras["all"][0].partition("[")[2])
    assert set(named) == set(extras) - {"all"}


def test_every_rule_that_is_left_out_has_its_reason_in_words():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.partition("[tool.ruff.lint]")[2].partition("[tool.ruff.lint.pydocstyle]")[0]
    rules = [line for line in section.splitlines() if re.match(r'^  "[A-Z]+[0-9]*",', line)]
    assert len(rules) > 10
    assert [line for line in rules if not re.search(r"# .{12,}", line)] == []


def test_the_version_of_the_program_heads_the_changelog():
    import darkhours

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## (Unreleased|{re.escape(darkhours.__version__)})", changelog, re.MULTILINE)


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE", "README.md", "CONTRIBUTING.md", "Makefile", ".ci/run"])
def test_what_a_newcomer_looks_for_is_there(name):
    assert (ROOT / name).is_file()
