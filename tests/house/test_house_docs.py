"""The docs say what the program does: nothing missing, nothing invented, no link that leads nowhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tree import ROOT, describe, find_files

from darkhours.app.account import make_account
from darkhours.app.cases import open_case
from darkhours.cli import app
from darkhours.render.figures import bound

DOCS = ROOT / "docs"
PAGES = [path for path in find_files() if path.suffix == ".md" and "golden" not in path.parts]
# Pages whose commands are run, in their order, in one empty folder each.
RUN_PAGES = [ROOT / "README.md", DOCS / "tutorial.md", DOCS / "how-to" / "read-an-account.md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMANDS = {name for name in app if not name.startswith("-")}


def _read(path):
    return path.read_text(encoding="utf-8")


def _find_console_lines(path):
    """Return what a reader types: lines after a prompt in the ``console`` blocks of a page."""
    blocks = [text for kind, text in FENCE.findall(_read(path)) if kind == "console"]
    return [line[2:] for text in blocks for line in text.splitlines() if line.startswith("$ ")]


def _anchor(heading):
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def _find_anchors(path):
    text = FENCE.sub("", _read(path))
    return {_anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def _is_broken(page, target):
    if re.match(r"[a-z]+:", target):
        return False
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return True
    return bool(anchor) and path.suffix == ".md" and anchor not in _find_anchors(path)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_its_help_in_the_reference(name):
    assert f"\n## darkhours {name}\n" in _read(DOCS / "reference" / "cli.md")


@pytest.mark.slow
def test_the_reference_is_what_the_program_says_now():
    asked = [sys.executable, "docs/generate.py", "--check"]
    ran = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("path", PAGES, ids=describe)
def test_every_command_that_a_page_names_exists(path):
    typed = [shlex.split(line, comments=True) for line in _find_console_lines(path)]
    named = {words[1] for words in typed if words[:1] == ["darkhours"] and not words[1].startswith("-")}
    assert named <= COMMANDS


@pytest.mark.parametrize("path", PAGES, ids=describe)
def test_no_link_leads_nowhere(path):
    targets = LINK.findall(FENCE.sub("", _read(path)))
    assert [target for target in targets if _is_broken(path, target)] == []


def test_every_page_of_the_docs_can_be_reached_from_the_index():
    seen, queue = set(), [DOCS / "index.md"]
    while queue:
        page = queue.pop()
        if page in seen:
            continue
        seen.add(page)
        linked = [(page.parent / target.partition("#")[0]).resolve() for target in LINK.findall(_read(page))]
        queue += [
            path for path in linked if path.suffix == ".md" and path.is_relative_to(DOCS) and path.exists()
        ]
    assert {path for path in PAGES if path.is_relative_to(DOCS)} - seen == set()


def test_every_word_of_make_is_in_the_contributors_page():
    words = re.findall(r"^([a-z]+):.*## ", _read(ROOT / "Makefile"), re.MULTILINE)
    page = _read(ROOT / "CONTRIBUTING.md")
    assert len(words) >= 8
    assert [word for word in words if f"`make {word}`" not in page] == []


def test_every_room_is_on_the_architecture_page():
    rooms = {path.name for path in (ROOT / "src" / "darkhours").iterdir() if (path / "__init__.py").is_file()}
    page = _read(DOCS / "architecture.md")
    assert [room for room in sorted(rooms) if f"`{room}/`" not in page] == []


@pytest.mark.parametrize("path", sorted((DOCS / "adr").glob("*.md")), ids=describe)
def test_a_decision_says_context_decision_cost_and_undoing(path):
    text = _read(path)
    assert [
        part for part in ("Context", "Decision", "Cost", "How to undo it") if f"\n## {part}\n" not in text
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", RUN_PAGES, ids=describe)
def test_the_commands_of_a_page_run_as_printed(path, tmp_path):
    lines = [line for line in _find_console_lines(path) if line.startswith("darkhours ")]
    assert lines, "expected a page with commands"
    for line in lines:
        called = line.replace("darkhours ", f"{shlex.quote(sys.executable)} -m darkhours ", 1)
        script = ["bash", "-euo", "pipefail", "-c", called]
        ran = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"$ {line}\n{ran.stdout}{ran.stderr}"


def test_the_pages_that_are_run_are_there():
    assert [path for path in RUN_PAGES if not Path(path).is_file()] == []


def test_the_figures_of_the_readme_are_those_of_the_account():
    """They drift with every change of the method unless a test holds them."""
    shown = re.findall(
        r"^ +([\d.]+) h +\[([\d.]+)–([\d.]+)\]",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    totals = make_account(open_case("almaty-2022", None)).totals.values()
    told = {tuple(bound(part) for part in (num.value, num.low, num.high)) for num in totals if num}
    assert len(shown) >= 4
    assert set(shown) <= told
